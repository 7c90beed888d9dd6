"""Reading when somebody is busy out of a calendar that may have been made to harm us.

A few lines can stand for a billion events, or for none that is ever found. So a calendar is read in
a process of its own, which has so many seconds and so much memory and no more (`read`); rules that
repeat by the second or minute are refused at once, because no appointment does.
"""

import datetime as dt
import json
import re
import subprocess
import sys
from dataclasses import dataclass

from scheduler.calendars.entries import Times
from scheduler.calendars.outside.refusals import Refusal
from scheduler.errors import Refused

MOST_OCTETS = 2_000_000
MOST_EVENTS = 5_000
"""Events in a file, and times at which they take place within the days that are asked for."""
SECONDS = 20
MEMORY = 1_000_000_000
"""Octets of address space: what the libraries need alone is a tenth of it."""

_BEGIN = re.compile(rb"^BEGIN:VEVENT[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_TOO_FREQUENT = re.compile(rb"FREQ=(SECOND|MINUTE)LY", re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n[ \t]")


@dataclass(frozen=True, slots=True)
class BusyCalendar:
    """What a calendar says about some days: how many events it has there, and when they are.

    `spans` are in order and apart; `until` is when the last of them ends.
    """

    events: int
    spans: list[Times]

    @property
    def until(self) -> dt.datetime | None:
        """When the last of them ends."""
        return self.spans[-1][1] if self.spans else None


def read(content: bytes, *, within: Times, zone: str) -> BusyCalendar:
    """Return when the calendar's owner is busy between two instants.

    Times without a zone are times of `zone`. What is cancelled, or marked as free, does not count.
    Raises `Refused` with a code of `outside.refusals.Refusal`.
    """
    _check(content)
    asked = [instant.isoformat() for instant in within]
    module = "scheduler.calendars.outside.expanding"
    command = [sys.executable, "-m", module, *asked, zone, str(SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; nothing of the file is an argument
            command,
            input=content,
            capture_output=True,
            check=False,
            timeout=SECONDS * 2,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Refusal.TOO_HARD) from error
    return _told(done.stdout)


def _check(content: bytes) -> None:
    if len(content) > MOST_OCTETS:
        raise Refused(Refusal.TOO_LARGE)
    if b"BEGIN:VCALENDAR" not in content[:1_000].upper():
        raise Refused(Refusal.NO_CALENDAR)
    unfolded = _FOLD.sub(b"", content)
    if len(_BEGIN.findall(unfolded)) > MOST_EVENTS:
        raise Refused(Refusal.TOO_MANY_EVENTS, most=MOST_EVENTS)
    if _TOO_FREQUENT.search(unfolded):
        raise Refused(Refusal.TOO_FREQUENT)


def _told(output: bytes) -> BusyCalendar:
    """Return what the process found; what broke off had too much to do."""
    try:
        found = json.loads(output)
    except ValueError as error:
        raise Refused(Refusal.TOO_HARD) from error
    if "refused" in found:
        raise Refused(Refusal(found["refused"]), **found["facts"])
    instant = dt.datetime.fromisoformat
    spans = [(instant(start), instant(end)) for start, end in found["spans"]]
    return BusyCalendar(found["events"], spans)
