"""What cannot be right about an itinerary, found group by group. Pure.

Instants are compared, never wall times: a flight to the west may land "before" it left.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from scheduler.itineraries.kinds import GROUND, JOURNEYS, MINUTES_BEFORE, ItemKind
from scheduler.workdays.counting import WorkCalendar

CLOSED_ON_HOLIDAYS = frozenset({ItemKind.SCHOOL_DAY})


class Doubt(StrEnum):
    """What is wrong or worth a look; sentences in `texts`."""

    OVERLAPS = "overlaps"
    TOO_SHORT = "too_short"
    NOBODY_TRAVELS = "nobody_travels"
    OTHER_AIRPORT = "other_airport"
    HOLIDAY = "holiday"
    CLOCKS_CHANGE = "clocks_change"


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about an item; `other` is the ref of the item before it, where that matters."""

    doubt: Doubt
    ref: str
    other: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_hint(self) -> bool:
        """Tell whether nothing is wrong: it is only easily forgotten."""
        return self.doubt is Doubt.CLOCKS_CHANGE


class Item(Protocol):
    """What is looked at of an itinerary's item."""

    @property
    def ref(self) -> str:
        """Its name."""

    @property
    def kind(self) -> ItemKind:
        """What it is."""

    @property
    def starts_at(self) -> dt.datetime:
        """The instant at which it begins."""

    @property
    def starts_zone(self) -> str:
        """The zone of the clocks where it begins."""

    @property
    def ends_at(self) -> dt.datetime:
        """The instant at which it is over."""

    @property
    def ends_zone(self) -> str:
        """The zone of the clocks where it ends."""

    @property
    def from_airport(self) -> str:
        """The code of the airport that it leaves from, if any."""

    @property
    def to_airport(self) -> str:
        """The code of the airport that it leads to, if any."""

    @property
    def group_ids(self) -> frozenset[int]:
        """The groups it is for; none stands for all."""


def findings(
    items: Iterable[Item], group_ids: Iterable[int], calendars: Mapping[str, WorkCalendar]
) -> list[Finding]:
    """Return every doubt once, by the time of its item, whichever groups share it.

    `calendars` are the working days of each zone that an item begins in.
    """
    by_time = sorted(items, key=lambda item: (item.starts_at, item.ends_at, item.ref))
    found: dict[tuple[str, str, Doubt], Finding] = {}
    for group_id in sorted(group_ids) or [0]:
        own = [item for item in by_time if not item.group_ids or group_id in item.group_ids]
        for each in (*_in_order(own), *_on_holidays(own, calendars)):
            found.setdefault((each.ref, each.other, each.doubt), each)
    place = {item.ref: number for number, item in enumerate(by_time)}
    return sorted(found.values(), key=lambda each: (place[each.ref], each.doubt))


def _in_order(items: Sequence[Item]) -> list[Finding]:
    """Look at each item and whatever of the same group was over last before it."""
    found: list[Finding] = []
    last: Item | None = None
    flight: Item | None = None
    for item in items:
        if item.kind in GROUND:
            continue
        if last is not None:
            found += _after(last, item)
        if flight is not None and last is flight:
            found += _from_where_it_landed(flight, item)
        if last is None or item.ends_at >= last.ends_at:
            last = item
        flight = item if item.kind is ItemKind.FLIGHT else flight
    return found


def _after(before: Item, item: Item) -> list[Finding]:
    if item.starts_at < before.ends_at:
        return [Finding(Doubt.OVERLAPS, item.ref, before.ref)]
    found: list[Finding] = []
    minutes = _minutes(item.starts_at - before.ends_at)
    needed = MINUTES_BEFORE.get(item.kind, 0)
    if minutes < needed:
        facts = {"minutes": minutes, "needed": needed}
        found.append(Finding(Doubt.TOO_SHORT, item.ref, before.ref, facts))
    if _offset(before.ends_at, before.ends_zone) != _offset(before.ends_at, item.starts_zone):
        found.append(Finding(Doubt.NOBODY_TRAVELS, item.ref, before.ref))
    elif (change := _change(before.ends_at, item.starts_at, item.starts_zone)) != 0:
        found.append(Finding(Doubt.CLOCKS_CHANGE, item.ref, before.ref, {"minutes": change}))
    return found


def _from_where_it_landed(flight: Item, item: Item) -> list[Finding]:
    """Whoever changes planes does so at one airport, unless something leads to the other."""
    airports = (flight.to_airport, item.from_airport)
    if item.kind in JOURNEYS and all(airports) and airports[0] != airports[1]:
        facts = {"landed": airports[0], "leaves": airports[1]}
        return [Finding(Doubt.OTHER_AIRPORT, item.ref, flight.ref, facts)]
    return []


def _on_holidays(items: Iterable[Item], calendars: Mapping[str, WorkCalendar]) -> Iterable[Finding]:
    for item in items:
        if item.kind not in CLOSED_ON_HOLIDAYS:
            continue
        day = item.starts_at.astimezone(ZoneInfo(item.starts_zone)).date()
        if not calendars[item.starts_zone].is_working(day):
            yield Finding(Doubt.HOLIDAY, item.ref, facts={"day": day})


def _offset(instant: dt.datetime, zone: str) -> dt.timedelta:
    return instant.astimezone(ZoneInfo(zone)).utcoffset() or dt.timedelta()


def _change(first: dt.datetime, last: dt.datetime, zone: str) -> int:
    """Return by how many minutes the clocks of a zone go forward between two instants."""
    return _minutes(_offset(last, zone) - _offset(first, zone))


def _minutes(span: dt.timedelta) -> int:
    return int(span.total_seconds()) // 60
