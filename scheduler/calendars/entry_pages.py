"""What an owner has in the calendar, entry by entry, as a page; and each as a file."""

from flask import Response, render_template
from sqlalchemy import Select

from scheduler import clock
from scheduler.calendars import timetable
from scheduler.calendars.models import CalendarEntry
from scheduler.calendars.own_calendar_pages import CalendarsAt
from scheduler.calendars.single_entries import entries_with, file_of, find_entry, labels_of
from scheduler.listing import page_of

FILE_NAME = "entry.ics"


def entries_page(at: CalendarsAt, locale: str) -> str:
    """Show what is to come of all that the owner's calendars can hold, by day."""
    page = page_of(
        _coming(at),
        sorts={"when": (CalendarEntry.starts_at, CalendarEntry.id)},
        default_sort="when",
    )
    labels = labels_of(page.items, at.follows) if at.is_of_several else {}
    names = {entry.uid: labels[entry.id] for entry in page.items if entry.id in labels}
    return render_template(
        "calendars/entries.html",
        at=at,
        page=page,
        labels=names,
        days=timetable.days(page.items, at.subject.zone, locale),
    )


def entry_file(at: CalendarsAt, uid: str, locale: str) -> Response:
    """Return one entry as a file that phones import. It has no METHOD: it asks for nothing."""
    entry = find_entry(at.audiences, uid)
    answer = Response(
        file_of(at.subject.audience, entry, locale), content_type="text/calendar; charset=utf-8"
    )
    # Inline: phones then open it with their calendar instead of putting it among the downloads.
    answer.headers["Content-Disposition"] = f'inline; filename="{FILE_NAME}"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _coming(at: CalendarsAt) -> Select[CalendarEntry]:
    since = clock.now() - timetable.SHOWN_AFTERWARDS
    return entries_with(at.audiences).where(CalendarEntry.ends_at > since)
