"""How a group stands in everybody's calendar: what planning publishes it under, and as what."""

from scheduler.applications.models import Application
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Scope
from scheduler.calendars.models import CalendarEntry


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
