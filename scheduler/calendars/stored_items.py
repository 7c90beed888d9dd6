"""A stored feed taken apart into its items again, octet for octet. Pure.

What a calendar program gets one by one over CalDAV is cut out of the same octets that feeds are
sent from, so both always say the same, an owner's choices included.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from scheduler.calendars.content_lines import ContentLine, content_lines
from scheduler.calendars.entries import Times
from scheduler.calendars.ical import CLOSING, PRODUCT

BREAK = b"\r\n"
BEGIN = b"BEGIN:VEVENT\r\n"
END = b"\r\nEND:VEVENT"
OPENING = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\nCALSCALE:GREGORIAN\r\n".encode()
UID = b"\r\nUID:"


@dataclass(frozen=True)
class StoredItem:
    """One VEVENT of a feed: its lines from BEGIN to END as they stand there."""

    uid: str
    octets: bytes

    @property
    def etag(self) -> str:
        """The mark of this version, without quotes."""
        return hashlib.sha256(self.octets).hexdigest()[:32]

    @property
    def calendar(self) -> bytes:
        """The item as a calendar of its own (RFC 4791 4.1: one UID, no METHOD)."""
        return OPENING + self.octets + CLOSING

    @cached_property
    def lines(self) -> list[ContentLine]:
        """Its content lines, those of an alarm among them."""
        return content_lines(self.octets)

    def line(self, name: str) -> ContentLine | None:
        """Return the first line of a property, if the item has it."""
        return next((line for line in self.lines if line.name == name), None)

    def times(self, zone: str) -> Times:
        """Return from and until as instants; days are days of the zone."""
        return self.instant_of("DTSTART", zone), self.instant_of("DTEND", zone)

    def instant_of(self, name: str, zone: str) -> dt.datetime:
        """Return the value of a date-time property; a day begins at midnight in the zone."""
        line = self.line(name)
        if line is None:
            raise ValueError(f"A stored item without {name}.")
        form = "%Y%m%d" if line.parameters.get("VALUE") == "DATE" else "%Y%m%dT%H%M%SZ"
        is_day = form == "%Y%m%d"
        place = ZoneInfo(zone) if is_day else dt.UTC
        return dt.datetime.strptime(line.value, form).replace(tzinfo=place).astimezone(dt.UTC)


def items_of(body: bytes) -> dict[str, StoredItem]:
    """Return the items of a stored feed by UID, in the feed's order."""
    # A folded text may hold these words too, but never at the beginning of a line.
    parts = body.split(BREAK + BEGIN)[1:]
    octets = (BEGIN + part.partition(END)[0] + END + BREAK for part in parts)
    return {item.uid: item for item in map(_item, octets)}


def differing(before: bytes, after: bytes) -> list[str]:
    """Return the UIDs of items that came, went or changed between two versions of a feed."""
    old, new = items_of(before), items_of(after)
    return sorted(
        uid
        for uid in old.keys() | new.keys()
        if uid not in old or uid not in new or old[uid].octets != new[uid].octets
    )


def _item(octets: bytes) -> StoredItem:
    start = octets.index(UID) + len(UID)
    return StoredItem(octets[start : octets.index(BREAK, start)].decode(), octets)
