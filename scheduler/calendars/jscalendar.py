"""A stored feed as a group of JSCalendar (RFC 8984): the same entries as objects. Pure."""

import datetime as dt
from typing import Any

from scheduler.calendars.content_lines import content_lines, texts
from scheduler.calendars.ical import PRODUCT
from scheduler.calendars.stored_items import StoredItem, items_of

MEDIA_TYPE = "application/jscalendar+json;type=group"
FREE_BUSY = {"OPAQUE": "busy", "TRANSPARENT": "free"}
UTC = "Etc/UTC"

Object = dict[str, Any]


def jscalendar(body: bytes, uid: str, updated: dt.datetime) -> Object:
    """Return a stored feed as a Group, ready to become JSON.

    A group must have a UID (RFC 8984 4.1.2); the feed itself has none (docs/calendars.md).
    """
    head = content_lines(body.partition(b"BEGIN:VEVENT")[0])
    return {
        "@type": "Group",
        "uid": uid,
        "prodId": PRODUCT,
        "updated": _instant(updated),
        "title": next(line.text for line in head if line.name == "NAME"),
        "entries": [_event(item) for item in items_of(body).values()],
    }


def _event(item: StoredItem) -> Object:
    lines = {line.name: line for line in reversed(item.lines)}  # of two, an alarm's comes later
    text = {name: line.text for name, line in lines.items()}
    starts_at, ends_at = item.times(UTC)
    is_all_day = lines["DTSTART"].parameters.get("VALUE") == "DATE"
    event: Object = {
        "@type": "Event",
        "uid": item.uid,
        "sequence": int(text["SEQUENCE"]),
        "updated": _instant(item.instant_of("LAST-MODIFIED", UTC)),
        "title": text["SUMMARY"],
        "start": f"{starts_at:%Y-%m-%dT%H:%M:%S}",
        "timeZone": None if is_all_day else UTC,
        "duration": _duration(ends_at - starts_at),
        "status": text["STATUS"].lower(),
        "freeBusyStatus": FREE_BUSY[text["TRANSP"]],
    }
    if is_all_day:
        event["showWithoutTime"] = True
    return event | _particulars(text) | _place(text) | _categories(item) | _alert(text)


def _particulars(text: dict[str, str]) -> Object:
    found: Object = {}
    if "DESCRIPTION" in text:
        found["description"] = text["DESCRIPTION"]
    if "URL" in text:
        found["links"] = {"1": {"@type": "Link", "href": text["URL"]}}
    if "COLOR" in text:
        found["color"] = text["COLOR"]
    return found


def _place(text: dict[str, str]) -> Object:
    place: Object = {}
    if "LOCATION" in text:
        place["name"] = text["LOCATION"]
    if "GEO" in text:
        place["coordinates"] = "geo:" + text["GEO"].replace(";", ",")
    return {"locations": {"1": {"@type": "Location", **place}}} if place else {}


def _categories(item: StoredItem) -> Object:
    line = item.line("CATEGORIES")
    return {"keywords": dict.fromkeys(texts(line.value), True)} if line else {}


def _alert(text: dict[str, str]) -> Object:
    if "TRIGGER" not in text:
        return {}
    trigger = {"@type": "OffsetTrigger", "offset": text["TRIGGER"]}
    return {"alerts": {"1": {"@type": "Alert", "trigger": trigger, "action": "display"}}}


def _instant(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _duration(length: dt.timedelta) -> str:
    """Return a length as RFC 8984 1.4.6 writes it: "PT1H25M", "P2D", "P1DT30M"."""
    hours, rest = divmod(length.seconds, 3_600)
    minutes, seconds = divmod(rest, 60)
    units = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    times = "".join(f"{count}{unit}" for count, unit in units if count)
    days = f"{length.days}D" if length.days else ""
    return f"P{days}" + (f"T{times}" if times else "")
