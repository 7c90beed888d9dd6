"""When one activity may start, looking at it alone: hours, time limits, busy people, locks.

Values are steps of the grid, as the model counts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.rules import NamedRule, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scheduler.scheduling.engine.elements import Activity, Venue, Window
    from scheduler.scheduling.engine.problem import Problem


def starts_in(problem: Problem, activity: Activity, window: Window) -> cp_model.Domain:
    """Return the steps at which the whole activity lies inside the window."""
    reach = (window.start - activity.first, window.end - activity.last)
    return _steps(problem, [reach])


def starts_under_rules(
    problem: Problem, activity: Activity
) -> Iterator[tuple[NamedRule, cp_model.Domain]]:
    """Yield the rules that limit this activity's start, whatever the venue, with their steps."""
    for limit in problem.time_limits:
        if activity.id in limit.activities:
            reaches = [(w.start - activity.begins, w.end - activity.ends) for w in limit.windows]
            rule = NamedRule(Rule.TIME_LIMIT, (limit.id,), {"rule": limit.code})
            yield rule, _steps(problem, reaches)
    for party in problem.parties:
        if party.busy and activity.id in party.activities:
            begins = party.begins(activity)
            forbidden = [(w.start - activity.ends + 1, w.end - begins - 1) for w in party.busy]
            rule = NamedRule(Rule.PARTY_BUSY, (party.id,))
            yield rule, _steps(problem, _gaps(problem, forbidden))
    for lock in problem.locks:
        if lock.activity == activity.id and lock.start is not None:
            rule = NamedRule(Rule.LOCK, (activity.id,))
            yield rule, _steps(problem, [(lock.start, lock.start)])


def excluded_by(problem: Problem, activity: Activity, venue: str) -> Iterator[NamedRule]:
    """Yield the rules that keep this activity out of this venue at any time."""
    place = problem.venue_by_id[venue]
    if activity.size > place.stage_size:
        yield stage_size_rule(place)
    for kind in sorted({part.room for part in activity.parts}):
        if not place.rooms_of(kind):
            yield NamedRule(Rule.ROOM_CAPACITY, (venue, kind), {"count": 0})
    for lock in problem.locks:
        if lock.activity == activity.id and lock.venue not in {None, venue}:
            yield NamedRule(Rule.LOCK, (activity.id,))


def stage_size_rule(venue: Venue) -> NamedRule:
    return NamedRule(Rule.STAGE_SIZE, (venue.id,), {"stage_size": venue.stage_size})


def _steps(problem: Problem, reaches: Iterable[tuple[int, int]]) -> cp_model.Domain:
    grid = problem.grid_minutes
    steps = [[-(-low // grid), high // grid] for low, high in reaches]
    return cp_model.Domain.from_intervals([step for step in steps if step[0] <= step[1]])


def _gaps(problem: Problem, forbidden: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what is left of the programme around the forbidden starts."""
    free, begin = [], 0
    for low, high in sorted(forbidden):
        free.append((begin, low - 1))
        begin = max(begin, high + 1)
    return [*free, (begin, problem.days[-1].end)]
