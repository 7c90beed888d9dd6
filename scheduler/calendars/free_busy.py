"""When something is taken, and nothing of what takes place there (RFC 5545 3.6.4). Pure."""

import datetime as dt
from collections.abc import Iterable

from scheduler.calendars.entries import Times
from scheduler.calendars.ical import CLOSING
from scheduler.calendars.stored_items import OPENING, StoredItem

BREAK = b"\r\n"
BUSY = "BUSY"
KINDS = {"CONFIRMED": BUSY, "TENTATIVE": "BUSY-TENTATIVE"}
"""What is cancelled takes no time."""


def free_busy(
    uid: str,
    items: Iterable[StoredItem],
    zone: str,
    modified_at: dt.datetime,
    within: Times | None = None,
) -> bytes:
    """Return a calendar with one VFREEBUSY: the spans that the items take, those that touch joined.

    The same items give the same octets: DTSTAMP is the time of their last change. `within` cuts
    the spans; without it, all are told.
    """
    taken = busy_spans(items, zone)
    if within is not None:
        taken = {kind: _cut(spans, within) for kind, spans in taken.items()}
    spans = [span for found in taken.values() for span in found]
    told = within or (_whole(spans) if spans else None)
    lines = [b"BEGIN:VFREEBUSY", f"UID:{uid}".encode(), f"DTSTAMP:{_stamp(modified_at)}".encode()]
    if told is not None:
        lines += (f"DTSTART:{_stamp(told[0])}".encode(), f"DTEND:{_stamp(told[1])}".encode())
    for kind, found in taken.items():
        lines += (
            f"FREEBUSY;FBTYPE={kind}:{_stamp(start)}/{_stamp(end)}".encode() for start, end in found
        )
    return OPENING + BREAK.join([*lines, b"END:VFREEBUSY"]) + BREAK + CLOSING


def busy_spans(items: Iterable[StoredItem], zone: str) -> dict[str, list[Times]]:
    """Return by kind the spans in which any of the items takes time, in order and apart."""
    by_kind: dict[str, list[Times]] = {kind: [] for kind in KINDS.values()}
    for item in items:
        kind = KINDS.get(_value(item, "STATUS"))
        if kind is not None and _value(item, "TRANSP") == "OPAQUE":
            by_kind[kind].append(item.times(zone))
    return {kind: joined(spans) for kind, spans in by_kind.items()}


def joined(spans: Iterable[Times]) -> list[Times]:
    """Return spans in order, those that overlap or touch made one."""
    found: list[Times] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _cut(spans: Iterable[Times], within: Times) -> list[Times]:
    since, until = within
    cut = ((max(start, since), min(end, until)) for start, end in spans)
    return [(start, end) for start, end in cut if start < end]


def _whole(spans: list[Times]) -> Times:
    return min(start for start, _ in spans), max(end for _, end in spans)


def _value(item: StoredItem, name: str) -> str:
    line = item.line(name)
    return line.value if line else ""


def _stamp(instant: dt.datetime) -> str:
    return f"{instant.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
