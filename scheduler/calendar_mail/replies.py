"""Answers as mail programs send them (RFC 5546 3.2.3). Pure: bytes to facts, never raises.

A message is taken apart only as far as it takes to find one small calendar in it; nothing in that
is expanded or followed, and whatever cannot be understood is no answer.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from typing import Any
from urllib.parse import unquote

from icalendar import Calendar

from scheduler.calendars.ical import clean_line
from scheduler.calendars.itip import PartStat

MOST_OCTETS = 64 * 1024
"""Of a calendar within a message: an answer has one or two thousand."""
MOST_PARTS = 50
LONGEST_COMMENT = 500
UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,  # instants before the year 1, once they are put into UTC
    RecursionError,
)
_FIRST_YEAR = 2000
_LARGEST_SEQUENCE = 2**31 - 1
_TYPES = frozenset({"text/calendar", "application/ics"})
_ADDRESSED_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To")
_MAILTO = "mailto:"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a message answers. `written_to` is where it went, and whom it calls the organiser."""

    method: str
    uid: str
    sequence: int
    attendee: str
    standing: PartStat | None
    stamp: dt.datetime
    comment: str
    written_to: str


def read(content: bytes) -> Reply | None:
    """Return the answer that a message carries; None if it carries none that can be understood."""
    try:
        message = message_from_bytes(content, policy=policy.compat32)
        for octets in _calendars(message):
            reply = _read(octets, _receivers(message))
            if reply is not None:
                return reply
    except (*UNREADABLE, MessageError):
        return None
    return None


def _calendars(message: Message) -> Iterator[bytes]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        if part.get_content_type() not in _TYPES:
            continue
        octets = part.get_payload(decode=True)
        if isinstance(octets, bytes) and len(octets) <= MOST_OCTETS:
            yield octets


def _receivers(message: Message) -> str:
    fields = (value for name in _ADDRESSED_TO for value in message.get_all(name, []))
    return " ".join(str(field)[:2_000] for field in fields)


def _read(octets: bytes, receivers: str) -> Reply | None:
    """Return the answer in a calendar that has exactly one event with exactly one attendee."""
    try:
        calendar = Calendar.from_ical(octets.decode("utf-8", errors="replace"))
    except UNREADABLE:
        return None
    events = [part for part in calendar.subcomponents if part.name == "VEVENT"]
    if len(events) != 1 or "RECURRENCE-ID" in events[0]:
        return None
    (event,) = events
    attendee = event.get("ATTENDEE")
    if attendee is None or isinstance(attendee, list):
        return None
    return Reply(
        method=str(calendar.get("METHOD", "")).upper(),
        uid=str(event["UID"]),
        sequence=_sequence(event.get("SEQUENCE", 0)),
        attendee=_address(attendee),
        standing=_standing(attendee),
        stamp=_stamp(event["DTSTAMP"]),
        comment=_comment(event.get("COMMENT", "")),
        written_to=f"{receivers} {event.get('ORGANIZER', '')}",
    )


def _sequence(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= _LARGEST_SEQUENCE:
        raise ValueError("no SEQUENCE")
    return number


def _address(attendee: Any) -> str:
    text = str(attendee).strip()
    is_mailto = text[: len(_MAILTO)].lower() == _MAILTO
    return unquote(text[len(_MAILTO) :] if is_mailto else text).strip().lower()


def _standing(attendee: Any) -> PartStat | None:
    word = str(attendee.params.get("PARTSTAT", PartStat.NEEDS_ACTION)).upper()
    return PartStat(word) if word in set(PartStat) else None


def _stamp(value: Any) -> dt.datetime:
    stamp = value.dt
    if not isinstance(stamp, dt.datetime) or stamp.year < _FIRST_YEAR:
        raise TypeError("no DTSTAMP")
    return stamp.astimezone(dt.UTC) if stamp.tzinfo else stamp.replace(tzinfo=dt.UTC)


def _comment(value: Any) -> str:
    comments = value if isinstance(value, list) else [value]
    return clean_line(" ".join(map(str, comments)))[:LONGEST_COMMENT]
