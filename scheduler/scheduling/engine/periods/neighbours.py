"""Which part of a timetable to set free and arrange anew, while everything else stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue import Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from scheduler.scheduling.engine.periods.timetable import Cell, Timetable

    Rank = Callable[[Cell], tuple[int, int]]

# What is broken is where most can be gained, so it is chosen as often as all others together.
BREACH_SHARE = 0.5


def free(timetable: Timetable, cells: Sequence[Cell], most: int, random: Random) -> set[Cell]:
    """Return about so many of the places, chosen so that something may be gained by them."""
    rank = _around_a_breach(timetable, cells, random) if random.random() < BREACH_SHARE else None
    if rank is None:
        rank = random.choice((_by_people, _by_day, _by_venue, _by_period))(timetable, random)
    shuffled = random.sample(cells, len(cells))
    return set(sorted(shuffled, key=rank)[:most])


def _around_a_breach(timetable: Timetable, cells: Sequence[Cell], random: Random) -> Rank | None:
    """First what some broken rule is about, then its people's others and its periods, then any."""
    seen = Seen(timetable.problem, timetable.plan(cells))
    broken = [breaches for rule in timetable.rules if (breaches := [*rule.breaches(seen)])]
    if not broken:
        return None
    breach = random.choice(random.choice(broken))
    core = {n for id_ in breach.ids if (n := timetable.number(id_)) is not None}
    related = {one for party in timetable.parties if core & set(party) for one in party}
    periods = {cell.period for cell in cells if cell.series in core}
    return lambda cell: (
        cell.series not in core,
        cell.series not in related and cell.period not in periods,
    )


def _by_people(timetable: Timetable, random: Random) -> Rank:
    order: dict[int, int] = {}
    for number, party in enumerate(random.sample(timetable.parties, len(timetable.parties))):
        for one in party:
            order.setdefault(one, number)
    return lambda cell: (order.get(cell.series, len(order)), 0)


def _by_day(timetable: Timetable, random: Random) -> Rank:
    order = random.sample(range(len(timetable.problem.days)), len(timetable.problem.days))
    return lambda cell: (order[timetable.day[cell.period]], 0)


def _by_venue(timetable: Timetable, random: Random) -> Rank:
    order = random.sample(range(len(timetable.problem.venues)), len(timetable.problem.venues))
    return lambda cell: (order[cell.venue], 0)


def _by_period(timetable: Timetable, random: Random) -> Rank:
    periods = random.sample(timetable.periods, len(timetable.periods))
    order = {period: number for number, period in enumerate(periods)}
    return lambda cell: (order[cell.period], 0)
