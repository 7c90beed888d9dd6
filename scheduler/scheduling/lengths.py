"""How long each group is on stage: as its category allows, or as long as a draft allots to it.

An allotted length belongs to a group's place in a draft, and with it to the release that the draft
becomes. Searches keep the lengths of what they begin from; what begins from nothing, and a group
without a place, keeps those of the release that stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from scheduler.programmes.models import Programme
from scheduler.scheduling.engine import Activity
from scheduler.scheduling.engine.elements import STAGE, Part
from scheduler.scheduling.items import Item
from scheduler.scheduling.timetable import latest_release

Lengths = Mapping[str, int]
"""Minutes on stage by the item's ref, where they are not its category's."""


class Allotting(Protocol):
    """Something in its place, and how long it is on stage there; None as its category says."""

    @property
    def item(self) -> Item:
        """What has the place."""

    @property
    def allotted_minutes(self) -> int | None:
        """The minutes on stage."""


def lengths_in(lines: Iterable[Allotting]) -> dict[str, int]:
    """Return the lengths that slots or lines allot."""
    return {line.item.ref: line.allotted_minutes for line in lines if line.allotted_minutes}


def standing_lengths(programme: Programme) -> dict[str, int]:
    """Return the lengths of the release that stands; none before the first. One query."""
    release = latest_release(programme)
    slots = release.slots if release else {}
    return {ref: kept["minutes"] for ref, kept in slots.items() if kept.get("minutes")}


def lasting(activity: Activity, minutes: int) -> Activity:
    """Return a performance that takes so long on stage, with its changeover right behind it."""
    longer = minutes - activity.ends

    def moved(part: Part) -> Part:
        if part.begin > 0:
            return replace(part, begin=part.begin + longer)
        return replace(part, minutes=minutes) if part.room == STAGE and part.attended else part

    return replace(activity, parts=tuple(moved(part) for part in activity.parts))
