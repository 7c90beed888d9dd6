"""What a delay does to a published plan: everything slips until the gaps have swallowed it.

Needs no solver. A repair of the same delay sees it as something that holds the stage, or keeps
people away, for so many minutes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import STAGE, Activity, Lock, Part, TimeLimit, Window
from scheduler.scheduling.engine.plan import Placement, Plan, plan_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.scheduling.engine.problem import Problem

DELAY = "delay"
"""The id of what holds the stage meanwhile, and the code of limits that a delay sets."""


def first_after(problem: Problem, published: Plan, venue: str, minute: int) -> Placement | None:
    """Return what is the first on that stage from a minute on, on the same day."""
    day = next((day for day in problem.days if day.start <= minute < day.end), None)
    later = [
        place
        for place in published.placements
        if place.venue == venue and day is not None and minute <= place.start < day.end
    ]
    return min(later, key=lambda place: (place.start, place.activity), default=None)


def slipped(problem: Problem, published: Plan, late: Mapping[str, int]) -> Plan:
    """Return the plan when these begin so many minutes later and the others wait for the stage.

    The order on each stage stays; who is not held up begins as published. Rules may be broken.
    """
    by_stage: defaultdict[str, list[Placement]] = defaultdict(list)
    for place in sorted(published.placements, key=lambda one: (one.start, one.activity)):
        if place.activity in problem.activity_by_id:
            by_stage[place.venue].append(place)
    return plan_of(one for places in by_stage.values() for one in _queued(problem, places, late))


def _queued(problem: Problem, places: list[Placement], late: Mapping[str, int]) -> list[Placement]:
    found: list[Placement] = []
    free = 0  # when whoever slipped last has left the stage; nobody else's overlap counts
    for place in places:
        activity = problem.activity_by_id[place.activity]
        begin = max(place.start + late.get(place.activity, 0), free - activity.stage_begins)
        found.append(replace(place, start=begin))
        if begin > place.start:
            free = begin + activity.stage_ends
    return found


def held_up(
    problem: Problem, published: Plan, first: Placement, minutes: int
) -> tuple[Problem, Plan]:
    """Return problem and plan with something that holds the stage from the first's start on.

    Inside a category's block it belongs to the block: a jury that waits is not interrupted.
    """
    stop = Activity(DELAY, (Part(STAGE, 0, minutes),))
    blocks = tuple(
        replace(block, activities=(*block.activities, DELAY))
        if _goes_on(published, block.activities, first)
        else block
        for block in problem.blocks
    )
    delayed = replace(
        problem,
        activities=(*problem.activities, stop),
        blocks=blocks,
        locks=(*problem.locks, Lock(DELAY, first.venue, first.start)),
    )
    places = (*published.placements, Placement(DELAY, first.venue, first.start))
    return delayed, plan_of(places)


def _goes_on(published: Plan, activities: tuple[str, ...], first: Placement) -> bool:
    """Say whether a block has begun before the delay and goes on with it."""
    places = [published.by_activity[id_] for id_ in activities if id_ in published.by_activity]
    here = [place.start for place in places if place.venue == first.venue]
    return bool(here) and min(here) < first.start <= max(here)


def kept_away(problem: Problem, published: Plan, late: Mapping[str, int]) -> Problem:
    """Return the problem in which these come so many minutes later than they were told."""
    end = problem.days[-1].end
    limits = []
    for id_, minutes in sorted(late.items()):
        begin = published.by_activity[id_].start + problem.activity_by_id[id_].begins + minutes
        windows = (Window(begin, end),) if begin < end else ()
        limits.append(TimeLimit(f"{DELAY} {id_}", DELAY, (id_,), windows))
    return replace(problem, time_limits=(*problem.time_limits, *limits))
