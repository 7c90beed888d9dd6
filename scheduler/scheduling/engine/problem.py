"""A whole problem: what is to be placed, where, for whom and under which rules.

Everything is a frozen dataclass with ids in and out. The shape of a problem is checked when it is
made; whether it can be solved is another matter.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import Party, Weights
from scheduler.scheduling.engine.shape import check_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scheduler.scheduling.engine.catalogue import ProgrammeRule
    from scheduler.scheduling.engine.elements import (
        Activity,
        Block,
        Changeover,
        Lock,
        TimeLimit,
        Travel,
        Venue,
        Window,
    )


@dataclass(frozen=True)
class Problem:
    """A whole programme to be planned.

    `days` are the windows within which people stay on site. Starts are multiples of
    `grid_minutes`. Up to `comfort_minutes` between two performances nobody counts as waiting, and
    a school's two groups are wished at least that far apart. Raises `ProblemError` when the parts
    do not fit together.
    """

    days: tuple[Window, ...]
    venues: tuple[Venue, ...]
    activities: tuple[Activity, ...]
    parties: tuple[Party, ...] = ()
    blocks: tuple[Block, ...] = ()
    time_limits: tuple[TimeLimit, ...] = ()
    travel: tuple[Travel, ...] = ()
    changeovers: tuple[Changeover, ...] = ()
    locks: tuple[Lock, ...] = ()
    rules: tuple[ProgrammeRule, ...] = ()
    weights: Weights = field(default_factory=Weights)
    grid_minutes: int = 1
    comfort_minutes: int = 90

    def __post_init__(self) -> None:
        check_shape(self)

    @cached_property
    def venue_by_id(self) -> dict[str, Venue]:
        return {venue.id: venue for venue in self.venues}

    @cached_property
    def activity_by_id(self) -> dict[str, Activity]:
        return {activity.id: activity for activity in self.activities}

    @cached_property
    def travel_by_pair(self) -> dict[tuple[str, str], int]:
        back = {(way.destination, way.origin): way.minutes for way in self.travel}
        return back | {(way.origin, way.destination): way.minutes for way in self.travel}

    @cached_property
    def changeover_by_pair(self) -> dict[tuple[str | None, str | None], int]:
        return {(one.before, one.after): one.minutes for one in self.changeovers}

    def changeover_minutes(self, earlier: Activity, later: Activity) -> int:
        """Return the minutes between the two on one stage, 0 where none are given."""
        return self.changeover_by_pair.get((earlier.setup, later.setup), 0)

    def travel_minutes(self, origin: str, destination: str) -> int:
        """Return the minutes of the way, 0 inside one venue and where no way is given."""
        if origin == destination:
            return 0
        return self.travel_by_pair.get((origin, destination), 0)


def parties_of(
    memberships: Mapping[str, Iterable[str]],
    *,
    rest_minutes: int = 60,
    only_shared: bool = True,
    busy: Mapping[str, Iterable[Window]] | None = None,
) -> tuple[Party, ...]:
    """Return one party for all persons who are in the same activities, in a stable order.

    Persons in one activity can never clash and are left out unless they are `busy` at some time
    or `only_shared` is off. Only who is busy at the same times shares a party.
    """
    times = busy or {}
    persons: defaultdict[tuple[tuple[str, ...], tuple[Window, ...]], int] = defaultdict(int)
    for person, activities in memberships.items():
        stretches = tuple(sorted(set(times.get(person, ()))))
        persons[tuple(sorted(set(activities))), stretches] += 1
    return tuple(
        Party(party_name(activities, stretches), activities, count, rest_minutes, busy=stretches)
        for (activities, stretches), count in sorted(persons.items())
        if len(activities) > 1 or (activities and (stretches or not only_shared))
    )


def party_name(activities: Iterable[str], busy: Iterable[Window] = ()) -> str:
    """Return what a party is called: the same rosters and busy times always give the same name."""
    times = (f"@{window.start}-{window.end}" for window in sorted(set(busy)))
    return "+".join((*sorted(set(activities)), *times))
