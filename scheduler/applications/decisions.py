"""What reviewers do with entries: pass on, accept, waitlist, return, reject; one or many."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.applications import changes, levels, notices, offers
from scheduler.applications.models import Application
from scheduler.applications.steps import (
    LONGEST_TEXT,
    Step,
    lock_category,
    lock_with_category,
    take,
)
from scheduler.applications.turn import demand_turn
from scheduler.applications.workflow import DECISIONS, HOLDS_PLACE, Action, Refusal, State
from scheduler.database import db
from scheduler.errors import Conflict, NotFound, Refused, SchedulerError
from scheduler.programmes.approval import ApprovalLevel, LevelKind
from scheduler.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on the version of an application that was seen.

    `reason` is shown to the school: why it was rejected, or what to change. `fields` are those
    that the school may change after a return. With `is_of_panel` a coordinator carries out what
    reviewers of the entry's level have judged, whoever else has the turn. Unless it
    `approves_changes`, an entry is refused whose changes wait for approval.
    """

    action: Action
    version: int
    reason: str | None = None
    fields: tuple[str, ...] = ()
    is_of_panel: bool = False
    approves_changes: bool = True


UNDECIDED = frozenset({Action.RETURN, Action.RECALL, Action.NOMINATE})
"""After these nothing is decided yet."""

UNDER_REVIEW = frozenset({State.SUBMITTED, State.RETURNED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one of many decisions went: the application as it stands now, or why nothing was done."""

    ref: str
    application: Application | None
    error: SchedulerError | None = None


def decide(
    application: Application,
    decision: Decision,
    *,
    actor: Actor,
    now: dt.datetime,
    is_quiet: bool = False,
) -> Application:
    """Apply a decision and tell the school's officers and the leader by mail.

    Passing on uses the level's quota; accepting takes places of the category, leaving the accepted
    set frees them, and they are offered on where the programme says so; the waiting list is
    appended to. Raises `NotAllowed` (own school, or nobody who decides here), `Conflict` (somebody
    changed the application since it was seen) or `Refused` (another level's turn, for example);
    then nothing is applied.
    """
    application = lock_with_category(application)
    demand_turn(actor, application, now, is_of_panel=decision.is_of_panel)
    if application.version != decision.version:
        raise Conflict
    _demand_grounds(application, decision)
    _demand_level(application, decision.action)
    held = application.places_held
    approved = changes.settle(application, decision.action, approves=decision.approves_changes)
    fields = tuple(str(field) for field in decision.fields)
    step = Step(decision.action, actor, now, decision.reason or None, fields or approved)
    take(application, step, **_values(application, decision, now))
    if application.state not in UNDER_REVIEW:
        changes.forget(application)
    if not is_quiet and decision.action in notices.MAIL_BY_ACTION:
        notices.tell_decision(application, decision.action, now=now, reason=decision.reason)
    if decision.action is Action.WAITLIST:
        offers.list_anew(application.category)
    if held > application.places_held:
        offers.promote(application.category, now=now, passed_over=application.id)
    return application


def _values(application: Application, decision: Decision, now: dt.datetime) -> dict[str, Any]:
    """Return the columns that a decision sets; passing on leaves the way up to the next level."""
    is_return = decision.action is Action.RETURN
    values: dict[str, Any] = {
        "returned_fields": sorted(map(str, decision.fields)) if is_return else [],
        "returned_message": decision.reason if is_return else None,
        "decided_at": None if decision.action in UNDECIDED else now,
    }
    if decision.action is Action.NOMINATE:
        values["level"] = _nominate(application, now)
    elif is_return:
        values["level"] = _returning_level(application)
        changes.keep_for_return(application, values["level"], decision.fields, now=now)
    elif decision.action is Action.RECALL:
        values["level"] = changes.turn_after_recall(application)
    elif decision.action is Action.OFFER:
        values |= offers.terms(application, now=now)
    else:
        values["level"] = None
    return values


def _returning_level(application: Application) -> ApprovalLevel | None:
    if application.state is State.SUBMITTED:
        return application.level
    return levels.level_of_kind(application, LevelKind.ORGANISER)


def _nominate(application: Application, now: dt.datetime) -> ApprovalLevel:
    following = levels.level_after(application)
    if application.level is None or following is None:
        raise Refused(Refusal.LAST_LEVEL)
    levels.count_nomination(application, application.level, now)
    return following


def _demand_level(application: Application, action: Action) -> None:
    """Raise `Refused` for what the level that has its turn cannot decide."""
    if application.state is not State.SUBMITTED or application.level is None:
        return
    if action is Action.RETURN and not application.level.may_return:
        raise Refused(Refusal.LEVEL_MAY_NOT_RETURN)
    if action in {Action.ACCEPT, Action.WAITLIST} and not levels.is_last(application):
        raise Refused(Refusal.NOT_THE_LAST_LEVEL)


def decide_many(
    decisions: Sequence[tuple[str, Decision]],
    *,
    actor: Actor,
    now: dt.datetime,
    is_quiet: bool = False,
) -> list[Outcome]:
    """Apply each decision for itself, in the order given, and report each one's outcome.

    What is refused leaves no trace and does not hold up the others; a crash undoes them all. Each
    person is told of all their entries in one mail.
    """
    refs = [ref for ref, _decision in decisions]
    found = db.session.scalars(select(Application).where(Application.ref.in_(refs))).all()
    application_by_ref = {application.ref: application for application in found}
    # Taken up front and in one order, so that two batches cannot wait for each other.
    for category_id in sorted({application.category_id for application in found}):
        lock_category(category_id)
    with notices.one_mail_each(now=now):
        return [
            _outcome(
                ref, application_by_ref.get(ref), decision, is_quiet=is_quiet, actor=actor, now=now
            )
            for ref, decision in decisions
        ]


def refs_in(programme: Programme, refs: Collection[str]) -> set[str]:
    """Return which of the references are of the programme's entries."""
    query = select(Application.ref).where(
        Application.programme_id == programme.id, Application.ref.in_(refs)
    )
    return set(db.session.scalars(query))


def _outcome(
    ref: str,
    application: Application | None,
    decision: Decision,
    *,
    is_quiet: bool,
    actor: Actor,
    now: dt.datetime,
) -> Outcome:
    if application is None:
        return Outcome(ref, None, NotFound())
    try:
        with notices.told_if_done(), db.session.begin_nested():
            decided = decide(application, decision, actor=actor, now=now, is_quiet=is_quiet)
    except SchedulerError as error:
        return Outcome(ref, application, error)
    return Outcome(ref, decided)


def _demand_grounds(application: Application, decision: Decision) -> None:
    """Raise `Refused` unless the school is told what it must be told."""
    if decision.action not in DECISIONS:
        raise Refused(Refusal.NOT_FROM_THIS_STATE, state=application.state, action=decision.action)
    text = decision.reason or ""
    if len(text) > LONGEST_TEXT:
        raise Refused(Refusal.TEXT_TOO_LONG, field="reason", most=LONGEST_TEXT)
    if decision.action is Action.RETURN:
        if not text:
            raise Refused(Refusal.MESSAGE_MISSING, field="reason")
        if not decision.fields:
            raise Refused(Refusal.FIELDS_MISSING, field="fields")
    takes_away = application.state in HOLDS_PLACE and decision.action is not Action.ACCEPT
    comes_back = application.state is State.WITHDRAWN
    if comes_back and application.submitted_at is None:
        raise Refused(Refusal.NOT_FROM_THIS_STATE, state=application.state, action=decision.action)
    if not text and (decision.action is Action.REJECT or takes_away or comes_back):
        raise Refused(Refusal.REASON_MISSING, field="reason")
