"""What would help when rules collide: for each of them the smallest change that was proved to.

A rule is first left out altogether. Where that makes the whole problem possible, smaller changes of
its numbers are tried, and the smallest one under which a plan was found is told. A change that
nobody decided in time is not told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import Room, Window
from scheduler.scheduling.engine.relax import only
from scheduler.scheduling.engine.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scheduler.scheduling.engine.elements import Venue
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.rules import NamedRule

MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)
ROOMS = (1, 2, 3, 4)


class Way(StrEnum):
    """How a rule would have to give way; `alone` means that even without it no plan exists."""

    DROP = "drop"
    ALONE = "alone"
    LATER = "later"
    EARLIER = "earlier"
    LESS_REST = "less_rest"
    MORE_ROOMS = "more_rooms"
    LARGER = "larger"


@dataclass(frozen=True, slots=True)
class Relief:
    """The change of one rule that helps: by how many minutes, rooms or people, 0 where none."""

    way: Way
    amount: int = 0


@dataclass(frozen=True)
class _Trial:
    """One number of a rule that could be changed, and the problem after a change by so much."""

    way: Way
    amounts: Sequence[int]
    changed: Callable[[int], Problem]


def relief_of(
    problem: Problem,
    rule: NamedRule,
    every: Sequence[NamedRule],
    is_possible: Callable[[Problem], bool | None],
) -> Relief | None:
    """Return what would help if only this rule gave way; None if that stayed open.

    `every` are all rules of the problem. `is_possible` decides a problem by solving it.
    """
    without = is_possible(only(problem, [other for other in every if other != rule]))
    if without is None:
        return None
    if not without:
        return Relief(Way.ALONE)
    found = [
        Relief(trial.way, amount)
        for trial in _trials(problem, rule)
        if (amount := _smallest(trial, is_possible)) is not None
    ]
    return min(found, key=lambda one: one.amount, default=Relief(Way.DROP))


def _smallest(trial: _Trial, is_possible: Callable[[Problem], bool | None]) -> int | None:
    """Return the smallest amount that was seen to help, by halving; more never helps less."""
    low, high = 0, len(trial.amounts)
    while low < high:
        middle = (low + high) // 2
        if is_possible(trial.changed(trial.amounts[middle])):
            high = middle
        else:
            low = middle + 1
    return trial.amounts[low] if low < len(trial.amounts) else None


def _trials(problem: Problem, rule: NamedRule) -> Iterator[_Trial]:
    if rule.code is Rule.TIME_LIMIT:
        yield _Trial(Way.LATER, MINUTES, lambda n: _limit(problem, rule.ids[0], 0, n))
        yield _Trial(Way.EARLIER, MINUTES, lambda n: _limit(problem, rule.ids[0], n, 0))
    elif rule.code is Rule.OPENING_HOURS:
        yield _Trial(Way.LATER, MINUTES, lambda n: _hours(problem, rule.ids[0], 0, n))
        yield _Trial(Way.EARLIER, MINUTES, lambda n: _hours(problem, rule.ids[0], n, 0))
    elif rule.code is Rule.PARTY_REST:
        rest = next(party.rest_minutes for party in problem.parties if party.id == rule.ids[0])
        amounts = [minutes for minutes in MINUTES if minutes <= rest]
        yield _Trial(Way.LESS_REST, amounts, lambda n: _rest(problem, rule.ids[0], n))
    elif rule.code is Rule.ROOM_CAPACITY:
        yield _Trial(Way.MORE_ROOMS, ROOMS, lambda n: _rooms(problem, rule.ids, n))
    elif rule.code is Rule.STAGE_SIZE:
        held = problem.venue_by_id[rule.ids[0]].stage_size
        larger = sorted({a.size - held for a in problem.activities if a.size > held})
        yield _Trial(Way.LARGER, larger, lambda n: _stage(problem, rule.ids[0], n))


def _wider(problem: Problem, window: Window, earlier: int, later: int) -> Window:
    """Return the window with more time at its ends, inside of its day or, across days, of all."""
    first, last = problem.days[0].start, problem.days[-1].end
    whole = Window(min(first, window.start), max(last, window.end))
    around = next((day for day in problem.days if day.holds(window)), whole)
    return Window(max(around.start, window.start - earlier), min(around.end, window.end + later))


def _limit(problem: Problem, id_: str, earlier: int, later: int) -> Problem:
    return replace(
        problem,
        time_limits=tuple(
            replace(limit, windows=tuple(_wider(problem, w, earlier, later) for w in limit.windows))
            if limit.id == id_
            else limit
            for limit in problem.time_limits
        ),
    )


def _venue(problem: Problem, id_: str, change: Callable[[Venue], Venue]) -> Problem:
    venues = tuple(change(venue) if venue.id == id_ else venue for venue in problem.venues)
    return replace(problem, venues=venues)


def _hours(problem: Problem, id_: str, earlier: int, later: int) -> Problem:
    """Open a venue earlier and later; windows that then meet become one."""

    def widened(venue: Venue) -> Venue:
        merged: list[Window] = []
        for window in sorted(_wider(problem, w, earlier, later) for w in venue.windows):
            if merged and window.start <= merged[-1].end:
                merged[-1] = Window(merged[-1].start, max(merged[-1].end, window.end))
            else:
                merged.append(window)
        return replace(venue, windows=tuple(merged))

    return _venue(problem, id_, widened)


def _rooms(problem: Problem, ids: tuple[str, ...], more: int) -> Problem:
    venue_id, kind = ids[0], ids[1]

    def with_more(venue: Venue) -> Venue:
        others = tuple(room for room in venue.rooms if room.kind != kind)
        return replace(venue, rooms=(*others, Room(kind, venue.rooms_of(kind) + more)))

    return _venue(problem, venue_id, with_more)


def _stage(problem: Problem, id_: str, more: int) -> Problem:
    return _venue(problem, id_, lambda venue: replace(venue, stage_size=venue.stage_size + more))


def _rest(problem: Problem, id_: str, less: int) -> Problem:
    return replace(
        problem,
        parties=tuple(
            replace(party, rest_minutes=party.rest_minutes - less) if party.id == id_ else party
            for party in problem.parties
        ),
    )
