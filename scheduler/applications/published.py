"""How groups stand in everybody's calendar: what planning publishes them under, and as what."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import raiseload

from scheduler.applications.models import Application
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Scope
from scheduler.calendars.ical import Status
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db


def timetable_scope(programme_code: str) -> Scope:
    """Return the source under which a programme's performances are published."""
    return Scope("timetable", programme_code)


def performance_key(application_ref: str) -> str:
    """Return what a group's performance is called within its programme's timetable."""
    return f"performance:{application_ref}"


def published_performance(application: Application) -> CalendarEntry | None:
    """Return the group's entry in the published timetable, if it stands there."""
    scope = timetable_scope(application.programme.code)
    return calendars.standing_entry(scope, performance_key(application.ref))


def performance_by_id(applications: Iterable[Application]) -> dict[int, CalendarEntry]:
    """Return the published performance of each application that has one, in one query."""
    id_by_key = {performance_key(each.ref): each.id for each in applications}
    if not id_by_key:
        return {}
    entries = db.session.scalars(
        select(CalendarEntry)
        .where(CalendarEntry.key.in_(id_by_key), CalendarEntry.status != Status.CANCELLED)
        .options(raiseload("*"))
    )
    return {id_by_key[entry.key]: entry for entry in entries}
