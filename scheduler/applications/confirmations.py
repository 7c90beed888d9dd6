"""Accepted groups whose school has not confirmed by the programme's date: reminded, and passed on.

Schools are reminded once. Where the programme says so, a place that is not confirmed passes on by
itself; never before the school has had some days since the reminder, so that neither a late
acceptance nor a setting that was changed late takes a place by surprise.
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, exists, select

from scheduler.access.permissions import ANONYMOUS
from scheduler.applications import notices, offers
from scheduler.applications.models import Application
from scheduler.applications.steps import Step, lock_with_category, take
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.programmes.kinds import DateKind
from scheduler.programmes.models import Programme, ProgrammeDate

REMINDED_BEFORE = dt.timedelta(days=3)
"""So long before the date schools are reminded."""

LEAST_NOTICE = dt.timedelta(days=2)
"""So long a school has at least between the reminder and the end."""

AT_ONCE = 100
"""So many are looked after in one turn of the worker."""


def is_overdue(now: dt.datetime) -> ColumnElement[bool]:
    """Return the condition that an accepted group should have been confirmed by now."""
    passed = exists().where(
        ProgrammeDate.programme_id == Application.programme_id,
        ProgrammeDate.kind == DateKind.CONFIRM_BY,
        ProgrammeDate.at <= now,
    )
    return _is_open() & passed


def overdue_of(application_ids: Collection[int], *, now: dt.datetime) -> set[int]:
    """Return which of these entries are overdue, in one query."""
    query = select(Application.id).where(Application.id.in_(application_ids), is_overdue(now))
    return set(db.session.scalars(query))


def confirm_by(application: Application) -> dt.datetime | None:
    """Return until when the school confirms; None where the programme has no such date."""
    at = db.session.scalar(
        select(ProgrammeDate.at).where(
            ProgrammeDate.programme_id == application.programme_id,
            ProgrammeDate.kind == DateKind.CONFIRM_BY,
        )
    )
    reminded = application.confirm_reminded_at
    return max(at, reminded + LEAST_NOTICE) if at is not None and reminded is not None else at


def remind(*, now: dt.datetime) -> int:
    """Remind the schools whose date is near, of all their groups in one mail; return how many."""
    near = ProgrammeDate.at <= now + REMINDED_BEFORE
    query = _dated().where(near, Application.confirm_reminded_at.is_(None), _is_to_come(now))
    reminded = 0
    with notices.one_mail_each(now=now):
        for application in _locked(query):
            if application.confirm_reminded_at is not None or not _is_unconfirmed(application):
                continue
            application.confirm_reminded_at = now
            db.session.flush()
            notices.remind_to_confirm(application, confirm_by(application), now=now)
            reminded += 1
    return reminded


def pass_on(*, now: dt.datetime) -> int:
    """Take back the places that were not confirmed in time, and offer them on; return how many.

    Only where the programme says so. A coordinator can put the entry on the waiting list again.
    Schools and coordinators get one mail each for all of it.
    """
    query = _dated().where(
        Programme.passes_on_unconfirmed,
        ProgrammeDate.at <= now,
        Application.confirm_reminded_at <= now - LEAST_NOTICE,
        _is_to_come(now),
    )
    ended = 0
    with notices.one_mail_each(now=now):
        for application in _locked(query):
            if not _is_unconfirmed(application):
                continue
            take(application, Step(Action.NOT_CONFIRMED, ANONYMOUS, now), decided_at=now)
            notices.tell_not_confirmed(application, now=now)
            offers.promote(application.category, now=now, passed_over=application.id)
            ended += 1
    return ended


def _dated() -> Select[Application]:
    return (
        select(Application)
        .join(Programme, Programme.id == Application.programme_id)
        .join(ProgrammeDate, ProgrammeDate.programme_id == Programme.id)
        .where(ProgrammeDate.kind == DateKind.CONFIRM_BY, _is_open())
        .order_by(Application.category_id, Application.id)
        .limit(AT_ONCE)
    )


def _locked(query: Select[Application]) -> list[Application]:
    """Return the entries as they are now, held with their categories, in the order of all locks."""
    return [lock_with_category(each) for each in db.session.scalars(query).all()]


def _is_open() -> ColumnElement[bool]:
    return (Application.state == State.ACCEPTED) & Application.confirmed_at.is_(None)


def _is_to_come(now: dt.datetime) -> ColumnElement[bool]:
    """What is over is left as it was."""
    return Programme.ends_on >= now.date()


def _is_unconfirmed(application: Application) -> bool:
    return application.state is State.ACCEPTED and application.confirmed_at is None
