"""A plan: where and when each activity is placed. Nothing here knows whether it is a good one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """One activity at one venue; `start` is its start on stage, in minutes."""

    activity: str
    venue: str
    start: int


@dataclass(frozen=True)
class Plan:
    """Placements in the order of their activities' ids. Build one with `plan_of`."""

    placements: tuple[Placement, ...]

    @cached_property
    def by_activity(self) -> dict[str, Placement]:
        return {placement.activity: placement for placement in self.placements}


def plan_of(placements: Iterable[Placement]) -> Plan:
    """Return the plan of these placements, sorted, so that equal plans compare equal."""
    return Plan(tuple(sorted(placements)))


def moved_between(before: Plan, after: Plan) -> tuple[str, ...]:
    """Return the activities that both plans hold and that changed venue or start, sorted."""
    return tuple(
        placement.activity
        for placement in after.placements
        if placement.activity in before.by_activity
        and before.by_activity[placement.activity] != placement
    )
