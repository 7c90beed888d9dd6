"""Whether everything of a problem happens in equal periods, and nothing else is asked for."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue import InCompany
from scheduler.scheduling.engine.elements import STAGE
from scheduler.scheduling.engine.periods.amounts import AMOUNTS

if TYPE_CHECKING:
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.problem import Problem


def suits(problem: Problem) -> bool:
    """Say whether this formulation holds for the problem, down to the last of its rules."""
    if not problem.activities or any(block.activities for block in problem.blocks):
        return False
    sample = problem.activities[0]
    return (
        _is_a_period(problem, sample)
        and all(activity.parts == sample.parts for activity in problem.activities)
        and not any(way.minutes for way in problem.travel)
        and not problem.changeovers
        and not any(
            _needs_rest(problem, party.rest_minutes, party.activities) for party in problem.parties
        )
        and not _costs_arise(problem)
        and _rules_are_known(problem)
    )


def pause(problem: Problem) -> int:
    """Return the minutes of every period in which its people are already free."""
    return problem.grid_minutes - problem.activities[0].ends


def _is_a_period(problem: Problem, activity: Activity) -> bool:
    """Say whether it takes the stage for one step of the grid, its people from the beginning."""
    return (
        all(part.room == STAGE for part in activity.parts)
        and (activity.first, activity.last) == (0, problem.grid_minutes)
        and activity.begins == 0
    )


def _needs_rest(problem: Problem, minutes: int, activities: tuple[str, ...]) -> bool:
    return len(activities) > 1 and minutes > pause(problem)


def _costs_arise(problem: Problem) -> bool:
    """Say whether a weighted wish can cost something that is not counted here."""
    weights = problem.weights
    shared = any(len(party.activities) > 1 for party in problem.parties)
    schools = Counter(a.school for a in problem.activities if a.school is not None)
    return bool(
        (shared and (weights.waiting or weights.venue_moves or weights.extra_days))
        or (weights.school_gap and any(count > 1 for count in schools.values()))
        or weights.venue_idle
    )


def _rules_are_known(problem: Problem) -> bool:
    together = {
        frozenset(pair) for party in problem.parties for pair in combinations(party.activities, 2)
    }
    for rule in problem.rules:
        if rule.weight == 0:
            continue
        if type(rule) not in AMOUNTS:
            return False
        # Company is counted period by period, which needs people who are in one place at a time.
        if isinstance(rule, InCompany) and any(
            frozenset(pair) not in together for pair in combinations(rule.activities, 2)
        ):
            return False
    return True
