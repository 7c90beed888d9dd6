"""What every step of an application has in common: locks, places, waiting list, history, audit.

Locks are always taken in one order: category, application, quota, programme. Whoever takes or
frees a place holds the category's row (SQLite: the one write lock), so places are counted by one
at a time.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.applications import levels
from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole
from scheduler.applications.substitution_models import end_requests
from scheduler.applications.sums import count_places, last_level, raise_roster_revision
from scheduler.applications.workflow import HOLDS_PLACE, Action, Refusal, State, transition
from scheduler.audit import services as audit
from scheduler.database import db, held
from scheduler.errors import NotFound, Refused
from scheduler.programmes.models import Category

LONGEST_TEXT = 1000
"""So many characters has a reason or a message at most."""

BEGINS_ANEW = frozenset({State.DRAFT, State.REJECTED, State.WITHDRAWN})
"""States in which nothing of the way of approval stands any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """Who does what, when, and what is said about it."""

    action: Action
    actor: Actor
    now: dt.datetime
    reason: str | None = None
    fields: tuple[str, ...] = ()


def lock_category(category_id: int) -> Category:
    """Return the category as it is now, held until the transaction ends."""
    return held(Category, category_id)


def lock_application(application_id: int) -> Application:
    """Return the application as it is now, held until the transaction ends."""
    query = locked_applications().where(Application.id == application_id)
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def locked_applications() -> Select[Application]:
    """Return the query that holds applications, with what every step asks about them."""
    around = (Application.programme, Application.category, Application.school)
    query = select(Application).options(*(joinedload(each, innerjoin=True) for each in around))
    return query.with_for_update(of=Application)


def id_of(application: Application) -> int:
    """Return its id, also when the rest would have to be loaded again first."""
    key = inspect(application).identity
    return int(key[0]) if key else application.id


def lock_with_category(application: Application) -> Application:
    """Return the application as it is now, held together with its category."""
    lock_category(application.category_id)
    return lock_application(application.id)


def take(application: Application, step: Step, **values: Any) -> Application:
    """Move a locked application along the table, and everything that hangs on its state.

    `values` are columns that the step sets besides; all are written at once (one version).
    A place is taken or freed, a quota used or freed, a place on the waiting list given or left,
    history and audit written, and the programme's roster revision raised when the accepted set
    changes. Raises `Refused` when the table has no such step or no place is left.
    """
    prepare(application, step, **values)
    flush()
    return application


def prepare(application: Application, step: Step, **values: Any) -> None:
    """Do what `take` does, up to the flush: so the steps of many are written together."""
    before = application.state
    after = transition(before, step.action)
    values["places_held"] = _move_places(application, after, step.now, values)
    if "waitlist_position" not in values:
        values["waitlist_position"] = _waitlist_position(application, before, after)
    if after is not State.OFFERED:
        values["offer_ends_at"] = None
    if after is not State.ACCEPTED:
        values |= {"confirmed_at": None, "confirm_reminded_at": None}
    if after in BEGINS_ANEW:
        levels.release_all(application)
        values["level"] = None
    for name, value in {**values, "state": after, "changed_at": step.now}.items():
        setattr(application, name, value)
    _note(application, step, before)
    if before is State.ACCEPTED and after is not State.ACCEPTED:
        end_requests(application, now=step.now)
    if (before is State.ACCEPTED) is not (after is State.ACCEPTED):
        raise_roster_revision(application.programme_id)


def note(
    application: Application,
    step: Step,
    before: State | None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Write a step into the history (for people) and the audit log (for staff)."""
    _note(application, step, before, changes)
    flush()


def _note(
    application: Application,
    step: Step,
    before: State | None,
    changes: dict[str, Any] | None = None,
) -> None:
    # Added from its own side: appending would load the whole history first.
    db.session.add(
        HistoryEntry(
            application=application,
            at=step.now,
            account_id=step.actor.account_id,
            actor_name=step.actor.name,
            action=step.action,
            from_state=before,
            to_state=application.state,
            reason=step.reason,
            fields=list(step.fields),
            changes=changes or {},
        )
    )
    audit.record(
        f"application:{step.action}",
        account_id=step.actor.account_id,
        subject_type="application",
        subject_ref=application.ref,
        now=step.now,
        from_state=before,
        to_state=application.state,
    )


def flush() -> None:
    """Flush; a group name that was taken at the same moment is refused like one taken before."""
    try:
        db.session.flush()
    except IntegrityError as error:
        text = str(error.orig)
        if "uq_application_live_group_name" in text or "application.group_name" in text:
            raise Refused(Refusal.NAME_TAKEN, field="name") from error
        raise


def places_needed(application: Application) -> int:
    """Return what the whole entry takes of its category: a place, or one for each pupil."""
    if not application.category.counts_persons:
        return 1
    query = select(func.count()).where(
        Member.application_id == application.id, Member.role == MemberRole.PUPIL
    )
    return max(1, db.session.scalar(query) or 0)


def _move_places(
    application: Application, after: State, now: dt.datetime, values: dict[str, Any]
) -> int:
    """Take or free places, and the organiser's quota with them; return how many are held now.

    The sum is the database's, and so is the last word on the limit.
    """
    held = application.places_held
    asked = values.pop("places_held", None) or held or places_needed(application)
    wanted = asked if after in HOLDS_PLACE else 0
    if wanted == held:
        return held
    category = application.category
    if wanted - held > category.places_free:
        raise Refused(Refusal.NO_PLACE_LEFT, places=category.places)
    if held == 0 or wanted == 0:
        _move_quota(application, is_gained=wanted > 0, now=now)
    count_places(category, wanted - held)
    return wanted


def _move_quota(application: Application, *, is_gained: bool, now: dt.datetime) -> None:
    last = last_level(application)
    if last is None:
        return
    if is_gained:
        levels.count_nomination(application, last, now)
    else:
        levels.release_nomination(application, last)


def _waitlist_position(application: Application, before: State, after: State) -> int | None:
    """Append to the waiting list; whoever leaves it leaves a gap, so that nobody's place moves."""
    if after is not State.WAITLISTED:
        return None
    if before is State.WAITLISTED:
        return application.waitlist_position
    last = db.session.scalar(
        select(func.max(Application.waitlist_position)).where(
            Application.category_id == application.category_id
        )
    )
    return (last or 0) + 1
