"""The waiting list moving on: offers with a deadline, taken up, declined or passed on.

Whoever waits is ordered by the programme's published rule. An entry that could not come with as
many as fit is passed over, and keeps its place in line; the log of each move is the history.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, select

from scheduler.access.permissions import ANONYMOUS, Actor
from scheduler.applications import levels, notices
from scheduler.applications.coming import leave_behind
from scheduler.applications.models import Application
from scheduler.applications.steps import (
    LONGEST_TEXT,
    Step,
    lock_category,
    lock_with_category,
    places_needed,
    take,
)
from scheduler.applications.workflow import Action, Refusal, State, transition
from scheduler.database import db
from scheduler.errors import Conflict, NotAllowed, Refused
from scheduler.programmes.approval import WaitlistOrder, WaitlistPolicy
from scheduler.programmes.kinds import Allocation
from scheduler.programmes.models import Category


def policy_of(programme_id: int) -> WaitlistPolicy:
    """Return how the programme's waiting lists move on; the default where nothing was set."""
    query = select(WaitlistPolicy).where(WaitlistPolicy.programme_id == programme_id)
    return db.session.scalar(query) or WaitlistPolicy(
        programme_id=programme_id, order=WaitlistOrder.LISTED, is_automatic=False, offer_hours=72
    )


def in_line(category: Category) -> Select[Application]:
    """Return the query for a category's waiting list, the first in line first."""
    query = select(Application).where(
        Application.category_id == category.id, Application.state == State.WAITLISTED
    )
    return query.order_by(Application.waitlist_position)


def terms(application: Application, *, now: dt.datetime) -> dict[str, Any]:
    """Return what an offer to this entry holds and until when; raises `Refused` if nothing fits.

    The place is held from now on. A delegation that may come in part is offered what is free.
    """
    places = _places_that_fit(application)
    if places is None:
        raise Refused(Refusal.NO_PLACE_LEFT, places=application.category.places)
    hours = policy_of(application.programme_id).offer_hours or 1
    return {"places_held": places, "offer_ends_at": now + dt.timedelta(hours=hours)}


def promote(category: Category, *, now: dt.datetime, passed_over: int | None = None) -> int:
    """Give free places to whoever waits first, if the programme moves on by itself.

    Needs the category's lock. Without offer hours the place is given at once, else offered. Who
    would exceed a quota, or comes with more than is free, is passed over. Returns how many moved.
    """
    policy = policy_of(category.programme_id)
    if not policy.is_automatic:
        return 0
    moved = 0
    with notices.one_mail_each(now=now):
        for application in db.session.scalars(in_line(category)).all():
            if category.places_free <= 0:
                break
            if application.id != passed_over and _promote(application, policy, now):
                moved += 1
    return moved


def _promote(application: Application, policy: WaitlistPolicy, now: dt.datetime) -> bool:
    places = _places_that_fit(application)
    if places is None:
        return False
    action = Action.OFFER if policy.offer_hours else Action.ACCEPT
    step = Step(action, ANONYMOUS, now)
    if action is Action.ACCEPT and places < places_needed(application):
        return False
    try:
        with notices.told_if_done(), db.session.begin_nested():
            if action is Action.OFFER:
                take(application, step, decided_at=now, **terms(application, now=now))
            else:
                take(application, step, decided_at=now)
            notices.tell_decision(application, action, now=now, reason=None)
    except Refused:
        db.session.refresh(application)
        return False
    return True


def take_up(
    application: Application,
    *,
    actor: Actor,
    now: dt.datetime,
    coming: Collection[int] = (),
    places_by_school: Mapping[int, int] | None = None,
) -> Application:
    """Take an offered place for the school.

    Where fewer places are offered than pupils are entered, `coming` names the school's own members
    who come (ids of `Member`), and `places_by_school` how many of each guest school do; the others
    leave the group. Raises `Refused` after the offer's end, or if more are named than places are
    held, and `Conflict` where a choice was made that is no longer called for.
    """
    application = lock_with_category(application)
    transition(application.state, Action.TAKE_UP)
    if application.offer_ends_at is not None and now >= application.offer_ends_at:
        raise Refused(Refusal.OFFER_ENDED)
    places = None
    if application.places_held < places_needed(application):
        places = leave_behind(application, coming, places_by_school or {}, now=now)
    elif coming or any((places_by_school or {}).values()):
        raise Conflict  # who comes was chosen while not all could: the group has changed since
    step = Step(Action.TAKE_UP, actor, now)
    taken = take(application, step, places_held=places, decided_at=now)
    promote(application.category, now=now)
    return taken


def lapse(*, now: dt.datetime) -> int:
    """End the offers whose time is over, and offer their places on; return how many ended.

    The entry leaves the list; a coordinator can put it back on it.
    """
    query = select(Application.id, Application.category_id).where(
        Application.state == State.OFFERED, Application.offer_ends_at <= now
    )
    due = db.session.execute(query.order_by(Application.category_id, Application.id)).all()
    with notices.one_mail_each(now=now):
        return sum(_lapse(category_id, application_id, now) for application_id, category_id in due)


def _lapse(category_id: int, application_id: int, now: dt.datetime) -> bool:
    category = lock_category(category_id)
    application = db.session.get_one(Application, application_id, populate_existing=True)
    if application.state is not State.OFFERED or (application.offer_ends_at or now) > now:
        return False
    take(application, Step(Action.LAPSE, ANONYMOUS, now), decided_at=now)
    notices.tell_lapse(application, now=now)
    promote(category, now=now)
    return True


def move(
    application: Application,
    *,
    rank: int,
    reason: str,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Application:
    """Move a waiting entry to a rank of its list (1 is first), with a reason that is kept.

    Positions of the others keep their order. Raises `Refused` without a reason or for a rank that
    the list does not have, `Conflict` if the entry was changed meanwhile.
    """
    application = lock_with_category(application)
    if not levels.may_decide(actor, application, now):
        raise NotAllowed
    if application.version != version:
        raise Conflict
    transition(application.state, Action.MOVE)
    if not reason.strip():
        raise Refused(Refusal.REASON_MISSING, field="reason")
    if len(reason) > LONGEST_TEXT:
        raise Refused(Refusal.TEXT_TOO_LONG, field="reason", most=LONGEST_TEXT)
    line = list(db.session.scalars(in_line(application.category)))
    if not 1 <= rank <= len(line):
        raise Refused(Refusal.RANK_UNKNOWN, field="rank", most=len(line))
    line.remove(application)
    line.insert(rank - 1, application)
    _number(line)
    return take(application, Step(Action.MOVE, actor, now, reason.strip()))


def list_anew(category: Category) -> None:
    """Put a category's list into the order of the programme's rule; needs the category's lock.

    Where places go down a ranking, whoever waits does so in its order, as the decisions made it.
    """
    is_ranked = category.allocation is Allocation.RANKED
    by_submission = policy_of(category.programme_id).order is WaitlistOrder.SUBMITTED
    line = list(db.session.scalars(in_line(category)))
    if by_submission and not is_ranked:
        line.sort(key=lambda each: (each.submitted_at or each.created_at, each.id))
        _number(line)


def _number(line: list[Application]) -> None:
    """Write the positions anew, first beyond the last one so that none is there twice."""
    beyond = max((each.waitlist_position or 0 for each in line), default=0) + 1
    positions = sorted(each.waitlist_position or 0 for each in line)
    for start, numbers in ((beyond, range(len(line))), (0, positions)):
        for application, number in zip(line, numbers, strict=True):
            application.waitlist_position = start + number
        db.session.flush()


def _places_that_fit(application: Application) -> int | None:
    """Return how many places the entry can be given now: all it needs, or part where it may."""
    needed, free = places_needed(application), application.category.places_free
    if needed <= free:
        return needed
    least = application.least_members
    return free if least is not None and least <= free else None
