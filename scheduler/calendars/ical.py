"""iCalendar bytes from plain records: one VEVENT, and a feed around many of them.

Pure: no database, no request, no clock. The same input gives the same bytes, always. What is
written, and why, follows RFC 5545, RFC 7986 and what real calendar programs accept:

* instants in UTC, so no VTIMEZONE can be wrong; the local time is told in words by the caller
* DTSTAMP equals LAST-MODIFIED: the last change of what is shown, never the moment of rendering
* no METHOD, no UID on the calendar itself, no attendees; alarms only for who chose them
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard
from icalendar.parser import Contentline, Parameters
from icalendar.prop import vCategory, vInline, vInt, vText, vUri

PRODUCT = "-//Ambassador Scheduler//Calendars//EN"
CLOSING = b"END:VCALENDAR\r\n"
END = b"END:VEVENT\r\n"
REFRESH_EVERY = timedelta(hours=1)
SEGMENT_OCTETS = 74
"""Octets between two folds. A folded line begins with a space, which makes 75 of them."""

CONTINUATION = (0x80, 0xBF)
"""First and last of the octets that continue a UTF-8 sequence."""

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
BLANKS = re.compile(r"[ \t]+")


class Status(StrEnum):
    """How certain an item is, in the words of RFC 5545 3.8.1.11."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a calendar, in one language, ready to be rendered.

    `starts` and `ends` are both instants with a zone, or both dates; a last date is exclusive, so a
    day's item ends on the next date. `modified_at` is the time of the last change of anything here.
    """

    uid: str
    sequence: int
    modified_at: datetime
    starts: datetime | date
    ends: datetime | date
    summary: str
    location: str = ""
    description: str = ""
    status: Status = Status.CONFIRMED
    is_busy: bool = True
    geo: tuple[float, float] | None = None
    url: str = ""
    categories: tuple[str, ...] = ()
    color: str = ""
    """One of the colour names of CSS 3 (RFC 7986 5.9)."""
    alarm_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What stands above the items of a feed; `zone` is where its reader lives."""

    name: str
    description: str
    zone: str


def render_item(item: Item) -> bytes:
    """Return the lines from BEGIN:VEVENT to END:VEVENT with their last line break.

    The bytes depend on nothing but the item, so they can be kept and joined into any feed.
    Raises ValueError when the item does not end after it starts or mixes dates and instants.
    """
    return bytes(_vevent(item).to_ical())


def render_feed(head: FeedHead, items: Iterable[bytes]) -> bytes:
    """Return a whole feed made of the given rendered items, in their order.

    Equals, byte for byte, what rendering everything in one go gives. A feed without items carries
    one VTIMEZONE, because RFC 5545 3.6 wants a component and strict readers refuse an empty shell.
    """
    return _opening(head) + (b"".join(items) or _zone_block(head.zone)) + CLOSING


def render_whole(head: FeedHead, items: Iterable[Item]) -> bytes:
    """Return the feed rendered in one go by `icalendar`: the slow twin that proves the fast one."""
    calendar = _vcalendar(head)
    for item in items:
        calendar.add_component(_vevent(item))
    if not calendar.subcomponents:
        calendar.add_component(_vtimezone(head.zone))
    return bytes(calendar.to_ical())


@lru_cache
def _opening(head: FeedHead) -> bytes:
    """Return what stands above the items; thousands of feeds of one programme share it."""
    return bytes(_vcalendar(head).to_ical()).removesuffix(CLOSING)


@lru_cache
def _zone_block(zone: str) -> bytes:
    return bytes(_vtimezone(zone).to_ical())


def clean_text(text: str) -> str:
    """Return text that a TEXT value may hold: line breaks as LF, no other control characters.

    Characters that programs take for line breaks (U+0085, U+2028 and others) become line breaks,
    lone surrogates and byte order marks are dropped.
    """
    lines = (CONTROL.sub("", line).rstrip() for line in LINE_BREAK.split(text))
    return "\n".join(lines).strip("\n")


def clean_line(text: str) -> str:
    """Return the text on one line: breaks become ", " as between the parts of an address."""
    parts = (BLANKS.sub(" ", line).strip() for line in clean_text(text).split("\n"))
    return ", ".join(part for part in parts if part)


def escaped(text: str) -> str:
    """Return a text of one line as a TEXT value has it (RFC 5545 3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def fold(line: str) -> bytes:
    r"""Return a content line in UTF-8, folded to at most 75 octets, without its last break.

    Never cuts inside a UTF-8 sequence (RFC 5545 3.1) nor between a backslash and its letter.
    `icalendar` 7.3 does the latter after an escaped backslash: it looks at one character, and the
    second of `\\` is not the first of `\n`.
    """
    octets = line.encode()
    segments = []
    start = 0
    while len(octets) - start > SEGMENT_OCTETS:
        end = _cut(octets, start)
        segments.append(octets[start:end])
        start = end
    segments.append(octets[start:])
    return b"\r\n ".join(segments)


def _cut(octets: bytes, start: int) -> int:
    end = start + SEGMENT_OCTETS
    while CONTINUATION[0] <= octets[end] <= CONTINUATION[1]:
        end -= 1
    segment = octets[start:end]
    backslashes = len(segment) - len(segment.rstrip(b"\\"))
    if backslashes % 2 or segment.endswith(b"^"):  # the escapes of RFC 6868 begin with a caret
        end -= 1
    return end


class _Line(Contentline):
    """A content line with our folding."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        return fold(self)


class _Text(vText):
    r"""A TEXT value escaped as RFC 5545 3.3.11 says; `vText` turns a literal `\N` into a break."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        return escaped(self).replace("\n", "\\n").encode()


class _Folded:
    """Makes a component write its content lines with our folding."""

    def content_line(self, name: str, value: Any, sorted: bool = True) -> Contentline:  # noqa: A002, FBT001, FBT002 - the library's signature
        parameters: Any = getattr(value, "params", None) or Parameters()
        line: Contentline = _Line.from_parts(name, parameters, value, sorted=sorted)
        return line


class _Event(_Folded, Event):
    pass


class _Alarm(_Folded, Alarm):
    pass


class _Calendar(_Folded, Calendar):
    pass


class _Timezone(_Folded, Timezone):
    pass


def _vevent(item: Item) -> _Event:
    _check_times(item)
    event = _Event()
    event.add("uid", _Text(item.uid))
    event.add("sequence", vInt(item.sequence))
    event.add("dtstamp", item.modified_at)
    event.add("last-modified", item.modified_at)
    event.add("dtstart", _utc(item.starts))
    event.add("dtend", _utc(item.ends))
    event.add("summary", _Text(clean_line(item.summary)))
    event.add("status", _Text(item.status))
    event.add("transp", _Text(_transparency(item)))
    _add_place(event, item)
    _add_particulars(event, item)
    if item.alarm_minutes is not None:
        event.add_component(_valarm(item))
    return event


def _valarm(item: Item) -> _Alarm:
    """Return a call before the item begins; its words are the item's title (RFC 5545 3.6.6)."""
    alarm = _Alarm()
    alarm.add("action", _Text("DISPLAY"))
    alarm.add("trigger", vInline(f"-PT{item.alarm_minutes}M"))
    alarm.add("description", _Text(clean_line(item.summary)))
    return alarm


def _add_place(event: _Event, item: Item) -> None:
    if location := clean_line(item.location):
        event.add("location", _Text(location))
    if item.geo is not None:
        # Written here because `vGeo` prints small numbers as 1e-05, which is not a FLOAT.
        event.add("geo", vInline("{:.6f};{:.6f}".format(*item.geo)))


def _add_particulars(event: _Event, item: Item) -> None:
    if description := clean_text(item.description):
        event.add("description", _Text(description))
    if item.url:
        event.add("url", vUri(item.url))
    if item.color:
        event.add("color", _Text(item.color))
    if names := [name for category in item.categories if (name := clean_line(category))]:
        event.add("categories", vCategory([_Text(name) for name in names]))


def _transparency(item: Item) -> str:
    takes_time = item.is_busy and item.status is not Status.CANCELLED
    return "OPAQUE" if takes_time else "TRANSPARENT"


def _utc(moment: datetime | date) -> datetime | date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _check_times(item: Item) -> None:
    if isinstance(item.starts, datetime) is not isinstance(item.ends, datetime):
        raise ValueError("An item starts and ends with dates or with instants, not one of each.")
    if _utc(item.ends) <= _utc(item.starts):  # wall times of one zone would compare as written
        raise ValueError("An item ends after it starts (RFC 5545 3.8.2.2).")


def _vcalendar(head: FeedHead) -> _Calendar:
    calendar = _Calendar()
    calendar.add("version", _Text("2.0"))
    calendar.add("prodid", _Text(PRODUCT))
    calendar.add("calscale", _Text("GREGORIAN"))
    name, description = _Text(clean_line(head.name)), _Text(clean_line(head.description))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    if description:
        calendar.add("description", description)
        calendar.add("x-wr-caldesc", description)
    # RFC 7986 5.7 requires VALUE here, and `Calendar.refresh_interval` leaves it out.
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vInline("PT1H"))
    return calendar


def _vtimezone(zone: str) -> _Timezone:
    """Return a block for the zone if its offset never changes in a year, else one for UTC.

    Nothing refers to it: it keeps an empty feed valid, and a block without rules cannot be wrong.
    """
    january, july = (
        datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7)
    )
    is_fixed = january == july
    offset = january if is_fixed else timedelta(0)
    block = _Timezone()
    block.add("tzid", _Text(zone if is_fixed else "Etc/UTC"))
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local by RFC 5545 3.6.5
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    block.add_component(standard)
    return block
