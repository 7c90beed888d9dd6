"""The result becomes decisions: winners are accepted, the rest waitlisted in drawn order."""

import datetime as dt

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.applications.decisions import Decision, Outcome, decide_many
from scheduler.applications.models import Application
from scheduler.applications.notices import one_mail_each, tell_decision
from scheduler.applications.steps import lock_category
from scheduler.applications.workflow import Action, State
from scheduler.audit import services as audit
from scheduler.database import db, held
from scheduler.errors import Refused
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job
from scheduler.lotteries import draw
from scheduler.lotteries.models import Applied, Lottery, LotteryEntry, LotteryState
from scheduler.lotteries.refusals import Refusal

APPLY = "lotteries.apply"
APPLICABLE = frozenset({LotteryState.DRAWN, LotteryState.APPLYING, LotteryState.APPLIED})
PORTION = 200
"""So many decisions share a transaction, so that nobody else waits for thousands of them."""


def begin(lottery: Lottery, *, result_url: str, actor: Actor, now: dt.datetime) -> Job:
    """Start the job that applies the result; again only for those that were refused before."""
    lottery = held(Lottery, lottery.id)
    if lottery.state not in APPLICABLE:
        raise Refused(Refusal.NOT_DRAWN)
    if lottery.state is LotteryState.DRAWN:
        lottery.state = LotteryState.APPLYING
        db.session.flush()
    open_refused(lottery)
    return jobs.start(
        APPLY, account_id=actor.account_id, now=now, result_url=result_url, ref=lottery.ref
    )


def open_refused(lottery: Lottery) -> None:
    """Let what could not be decided on be tried again."""
    db.session.execute(
        update(LotteryEntry)
        .where(LotteryEntry.lottery_id == lottery.id, LotteryEntry.applied == Applied.REFUSED)
        .values(applied=None, refusal=None)
    )


def apply(
    lottery: Lottery, *, actor: Actor, now: dt.datetime, most: int | None = None
) -> dict[Applied, int]:
    """Accept the winners, then waitlist the others, in drawn order; return how many of each.

    Whoever is not submitted any more (withdrawn, returned, decided by hand) is skipped, and the
    place of a skipped winner stays free for the waiting list. Each entry keeps what happened to it;
    all are told at the end, each person in one mail. With `most`, only so many of the rest are
    taken: repeat it until none is. A killed worker's job goes on where the last commit left it.
    """
    lottery = held(Lottery, lottery.id)
    if lottery.state not in APPLICABLE:
        raise Refused(Refusal.NOT_DRAWN)
    for category_id in sorted(category.id for category in lottery.categories):
        lock_category(category_id)
    entries = _left(lottery, most)
    total = _count(lottery)
    due = [entry for entry in entries if entry.application.state is State.SUBMITTED]
    for entry in entries:
        entry.applied, entry.refusal = Applied.SKIPPED, None
    outcomes = decide_many(
        [(entry.application.ref, _decision(entry, total)) for entry in due],
        actor=actor,
        now=now,
        is_quiet=True,
    )
    for entry, outcome in zip(due, outcomes, strict=True):
        entry.applied, entry.refusal = _applied(entry, outcome)
    counts = {kind: sum(entry.applied is kind for entry in entries) for kind in Applied}
    db.session.flush()
    if most is None or len(entries) < most:
        lottery.state = LotteryState.APPLIED
        lottery.applied_at = lottery.applied_at or now
        db.session.flush()
        _tell(lottery, total, now)
    audit.record(
        "lottery:apply",
        account_id=actor.account_id,
        subject_type="lottery",
        subject_ref=lottery.ref,
        now=now,
        **{kind.value: count for kind, count in counts.items()},
    )
    return counts


def _tell(lottery: Lottery, total: int, now: dt.datetime) -> None:
    """Tell the schools what was decided and still stands, in drawn order."""
    query = (
        select(LotteryEntry)
        .where(
            LotteryEntry.lottery_id == lottery.id,
            LotteryEntry.applied.in_([Applied.ACCEPTED, Applied.WAITLISTED]),
            LotteryEntry.told_at.is_(None),
        )
        .options(joinedload(LotteryEntry.application).joinedload(Application.school))
        .order_by(LotteryEntry.outcome, LotteryEntry.rank)
    )
    with one_mail_each(now=now):
        for entry in db.session.scalars(query):
            decision = _decision(entry, total)
            if entry.application.state == str(entry.applied):
                tell_decision(entry.application, decision.action, now=now, reason=decision.reason)
            entry.told_at = now
    db.session.flush()


def _left(lottery: Lottery, most: int | None) -> list[LotteryEntry]:
    """Return the entries that nothing was done to yet: winners first, each kind by rank."""
    query = (
        select(LotteryEntry)
        .where(LotteryEntry.lottery_id == lottery.id, LotteryEntry.applied.is_(None))
        .options(joinedload(LotteryEntry.application))
        .order_by(LotteryEntry.outcome, LotteryEntry.rank)
        .limit(most)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def _count(lottery: Lottery) -> int:
    query = select(func.max(LotteryEntry.rank)).where(LotteryEntry.lottery_id == lottery.id)
    return db.session.scalar(query) or 0


def _decision(entry: LotteryEntry, total: int) -> Decision:
    is_winner = entry.outcome is draw.Outcome.PLACE
    # Kept as it is and shown to readers of every language: the name of the thing in each of them.
    reason = f"Lottery / 抽签 / 抽籤 {entry.lottery.ref} · {entry.receipt} · {entry.rank}/{total}"
    action = Action.ACCEPT if is_winner else Action.WAITLIST
    return Decision(action, entry.application.version, reason)


def _applied(entry: LotteryEntry, outcome: Outcome) -> tuple[Applied, str | None]:
    error = outcome.error
    if error is not None:
        code = str(error.code) if isinstance(error, Refused) else type(error).__name__
        return Applied.REFUSED, code
    is_winner = entry.outcome is draw.Outcome.PLACE
    return (Applied.ACCEPTED if is_winner else Applied.WAITLISTED), None
