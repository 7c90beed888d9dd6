"""What is late, and what follows from it: items moved by some minutes, wherever clocks are. Pure.

Time passes for travellers as it passes anywhere: instants are moved, and walls follow. So lengths
and pauses stay what they were, also in the night in which clocks change.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from scheduler.itineraries.findings import Item
from scheduler.itineraries.kinds import ItemKind


class Reach(StrEnum):
    """How far a delay goes."""

    ITEM = "item"
    DAY = "day"
    REST = "rest"


Some = TypeVar("Some", bound=Item)


@dataclass(frozen=True, slots=True)
class Moved:
    """An item as it would be after a delay."""

    ref: str
    kind: ItemKind
    starts_at: dt.datetime
    starts_zone: str
    ends_at: dt.datetime
    ends_zone: str
    from_airport: str
    to_airport: str
    group_ids: frozenset[int]


def later(item: Item, minutes: int) -> Moved:
    """Return what an item is so many minutes later (earlier if negative), without changing it."""
    span = dt.timedelta(minutes=minutes)
    return Moved(
        ref=item.ref,
        kind=item.kind,
        starts_at=item.starts_at + span,
        starts_zone=item.starts_zone,
        ends_at=item.ends_at + span,
        ends_zone=item.ends_zone,
        from_airport=item.from_airport,
        to_airport=item.to_airport,
        group_ids=item.group_ids,
    )


def following(items: Iterable[Some], late: Some, reach: Reach) -> list[Some]:
    """Return the late item and what follows it for any of its groups, by time.

    With `DAY`, what begins on the day at its place on which the late item begins.
    """
    if reach is Reach.ITEM:
        return [late]
    day = _day(late)
    found = [
        item
        for item in items
        if item.ref != late.ref
        and item.starts_at >= late.starts_at
        and _share(item.group_ids, late.group_ids)
        and (reach is Reach.REST or _day(item) == day)
    ]
    return [late, *sorted(found, key=lambda item: (item.starts_at, item.ref))]


def concerns_others(item: Item, late: Item) -> bool:
    """Tell whether an item is also for groups that the late one is not for."""
    return bool(late.group_ids) and not (item.group_ids and item.group_ids <= late.group_ids)


def _share(some: frozenset[int], others: frozenset[int]) -> bool:
    return not some or not others or bool(some & others)


def _day(item: Item) -> dt.date:
    return item.starts_at.astimezone(ZoneInfo(item.starts_zone)).date()
