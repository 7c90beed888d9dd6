"""Whether icalendar and ical.js read from feeds the instants that the database keeps."""

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar

from scheduler.calendars.models import CalendarEntry
from tests.calendars.icaljs import read_by_icaljs


def stored_times(entry: CalendarEntry):
    """From and until of an entry, as ical.js tells them: seconds since 1970, days as text."""
    if not entry.is_all_day:
        return tuple(int(each.timestamp()) for each in entry.times)
    return tuple(each.astimezone(ZoneInfo(entry.zone)).date().isoformat() for each in entry.times)


def check_readers(bodies, wanted):
    """Compare what two readers make of feeds with the times that are wanted, by UID.

    Returns how many entries of feeds were compared.
    """
    compared = 0
    for body, calendar in zip(bodies, read_by_icaljs(*bodies), strict=True):
        by_icaljs = {each["uid"]: (each["starts"], each["ends"]) for each in calendar["events"]}
        by_icalendar = {
            str(event["UID"]): (_told(event["DTSTART"].dt), _told(event["DTEND"].dt))
            for event in icalendar.Calendar.from_ical(body).events
        }
        assert by_icaljs == by_icalendar == {uid: wanted[uid] for uid in by_icaljs}
        compared += len(calendar["events"])
    return compared


def _told(moment):
    return int(moment.timestamp()) if isinstance(moment, dt.datetime) else moment.isoformat()
