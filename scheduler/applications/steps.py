"""What every step of an application has in common: locks, places, waiting list, history, audit.

Locks are always taken in one order: category, application, programme. Whoever takes or frees a
place holds the category's row (SQLite: the one write lock), so places are counted by one at a time.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application, HistoryEntry
from scheduler.applications.workflow import Action, Refusal, State, transition
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes.models import Category, Programme

LONGEST_TEXT = 1000
"""So many characters has a reason or a message at most."""


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
    query = select(Category).where(Category.id == category_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def lock_application(application_id: int) -> Application:
    """Return the application as it is now, held until the transaction ends."""
    query = select(Application).where(Application.id == application_id).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_with_category(application: Application) -> Application:
    """Return the application as it is now, held together with its category."""
    lock_category(application.category_id)
    return lock_application(application.id)


def take(application: Application, step: Step, **values: Any) -> Application:
    """Move a locked application along the table, and everything that hangs on its state.

    `values` are columns that the step sets besides; all are written at once (one version).
    A place is taken or freed, a place on the waiting list given or left, history and audit
    written, and the programme's roster revision raised when the accepted set changes. Raises
    `Refused` when the table has no such step or no place is left.
    """
    before = application.state
    after = transition(before, step.action)
    _move_place(application, before, after)
    values["waitlist_position"] = _waitlist_position(application, before, after)
    for name, value in {**values, "state": after, "changed_at": step.now}.items():
        setattr(application, name, value)
    note(application, step, before)
    if (before is State.ACCEPTED) is not (after is State.ACCEPTED):
        raise_roster_revision(application.programme_id)
    return application


def note(
    application: Application,
    step: Step,
    before: State | None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Write a step into the history (for people) and the audit log (for staff)."""
    application.history.append(
        HistoryEntry(
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
    flush()
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


def raise_roster_revision(programme_id: int) -> None:
    """Tell plans made so far that who performs, or with whom, has changed since."""
    db.session.execute(
        update(Programme)
        .where(Programme.id == programme_id)
        .values(roster_revision=Programme.roster_revision + 1)
    )


def _move_place(application: Application, before: State, after: State) -> None:
    """Take or free a place. The sum is the database's, and so is the last word on the limit."""
    if (before is State.ACCEPTED) is (after is State.ACCEPTED):
        return
    category = application.category
    if after is State.ACCEPTED and category.places_free <= 0:
        raise Refused(Refusal.NO_PLACE_LEFT, places=category.places)
    change = 1 if after is State.ACCEPTED else -1
    category.places_taken = Category.places_taken + change
    db.session.flush()


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
