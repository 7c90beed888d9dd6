"""The process that reads one calendar from outside and ends: see `reading`, which bounds it."""

import datetime as dt
import json
import resource
import sys
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from scheduler.calendars.entries import Times
from scheduler.calendars.free_busy import joined
from scheduler.calendars.outside.reading import MEMORY, MOST_EVENTS
from scheduler.calendars.outside.refusals import Refusal


def main() -> None:
    """Read a calendar from standard input, and write what it says about the asked days."""
    since, until, zone, seconds = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    within = dt.datetime.fromisoformat(since), dt.datetime.fromisoformat(until)
    json.dump(_answer(sys.stdin.buffer.read(), within, ZoneInfo(zone)), sys.stdout)


def _answer(content: bytes, within: Times, zone: ZoneInfo) -> dict[str, object]:
    try:
        calendar = icalendar.Calendar.from_ical(content)
        found = recurring_ical_events.of(calendar, skip_bad_series=True)
        events = [event for event in found.between(*within) if _takes_time(event)]
        spans = [span for event in events if (span := _times(event, zone)) is not None]
    except MemoryError:
        return {"refused": Refusal.TOO_HARD, "facts": {}}
    except Exception:  # noqa: BLE001 - whatever two libraries say of a file that is none
        return {"refused": Refusal.NO_CALENDAR, "facts": {}}
    if len(events) > MOST_EVENTS:
        return {"refused": Refusal.TOO_MANY_EVENTS, "facts": {"most": MOST_EVENTS}}
    since, until = within
    cut = [(max(start, since), min(end, until)) for start, end in spans]
    kept = joined((start, end) for start, end in cut if start < end)
    told = [[start.isoformat(), end.isoformat()] for start, end in kept]
    return {"events": len(events), "spans": told}


def _takes_time(event: icalendar.Event) -> bool:
    is_free = str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT"
    return not is_free and str(event.get("STATUS", "")).upper() != "CANCELLED"


def _times(event: icalendar.Event, zone: ZoneInfo) -> Times | None:
    start, end = (_instant(moment, zone) for moment in (event.start, event.end))
    return (start, end) if start < end else None


def _instant(moment: dt.date, zone: ZoneInfo) -> dt.datetime:
    """Return a moment as an instant: a day begins at midnight, a time without a zone is local."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    return aware.astimezone(dt.UTC)


if __name__ == "__main__":
    main()
