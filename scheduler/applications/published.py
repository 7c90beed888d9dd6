"""When a group performs, as it was published; read from calendars, where it is written."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import raiseload

from scheduler.applications.models import Application
from scheduler.calendars.ical import Status
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db


def performance_key(ref: str) -> str:
    """Return the key under which an application's performance stands in calendars."""
    return f"performance:{ref}"


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
