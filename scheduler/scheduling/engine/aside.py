"""A place for what fits nowhere: one more day with one more venue, which stands for "no time".

So the model of whole plans also finds the plan that leaves out the fewest. Needs no solver.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.elements import (
    STAGE,
    Lock,
    Room,
    TimeLimit,
    Venue,
    Weights,
    Window,
)
from scheduler.scheduling.engine.plan import plan_of
from scheduler.scheduling.engine.present import stands_alone
from scheduler.scheduling.engine.rules import Rule

if TYPE_CHECKING:
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.plan import Placement, Plan
    from scheduler.scheduling.engine.problem import Problem

ASIDE = "\0aside"
"""The venue that is none; no code of a real one can be the same."""


def is_aside(place: Placement) -> bool:
    return place.venue == ASIDE


def with_aside(problem: Problem, published: Plan) -> Problem:
    """Return the problem in which what lost its place may also be set aside.

    Blocks and hard rules of the programme that hold such an activity are given up, and so are
    wishes: what counts is who has a place, and how far they are from where they were. What is
    locked where it cannot be is set aside for certain.
    """
    broken = _broken(problem, published)
    stuck = _stuck(problem, published)
    locked = {lock.activity for lock in problem.locks}
    loose = stuck | (broken.intersection(problem.activity_by_id) - locked)
    day = _extra_day(problem, loose)
    everywhere = Window(0, problem.days[-1].end)
    kept = tuple(a.id for a in problem.activities if a.id not in loose)
    return replace(
        problem,
        days=(*problem.days, day),
        venues=(*problem.venues, _nowhere(problem, day)),
        blocks=tuple(b for b in problem.blocks if not broken.intersection((b.id, *b.activities))),
        rules=tuple(
            rule
            for rule in problem.rules
            if rule.is_hard and not broken.intersection((rule.id, *rule.concerned))
        ),
        time_limits=(
            *(_opened(limit, loose, day) for limit in problem.time_limits),
            TimeLimit(ASIDE, ASIDE, kept, (everywhere,)),
        ),
        locks=tuple(
            Lock(lock.activity, ASIDE) if lock.activity in stuck else lock for lock in problem.locks
        ),
        weights=Weights(0, 0, 0, 0, 0, 0, 0),
    )


def _broken(problem: Problem, published: Plan) -> frozenset[str]:
    """Return what is not right any more: activities, new ones too, blocks, rules."""
    found = violations(problem, plan_of(_known(problem, published)))
    return frozenset(
        id_ for one in found for id_ in (one.ids[:1] if one.code is Rule.STATED else one.ids)
    )


def _stuck(problem: Problem, published: Plan) -> frozenset[str]:
    """Return what a lock holds in a place where it cannot be."""
    locked = {lock.activity for lock in problem.locks}
    return frozenset(
        place.activity
        for place in _known(problem, published)
        if place.activity in locked and not stands_alone(problem, place)
    )


def _known(problem: Problem, published: Plan) -> list[Placement]:
    return [
        place
        for place in published.placements
        if place.activity in problem.activity_by_id and place.venue in problem.venue_by_id
    ]


def _nowhere(problem: Problem, day: Window) -> Venue:
    kinds = sorted({part.room for a in problem.activities for part in a.parts} - {STAGE})
    rooms = tuple(Room(kind, len(problem.activities)) for kind in kinds)
    largest = max((activity.size for activity in problem.activities), default=0)
    return Venue(ASIDE, largest, (day,), (), rooms)


def _opened(limit: TimeLimit, loose: frozenset[str], day: Window) -> TimeLimit:
    if not loose.intersection(limit.activities):
        return limit
    return replace(limit, windows=(*limit.windows, day))


def _extra_day(problem: Problem, loose: frozenset[str]) -> Window:
    """Return a day that is long enough for all of them one after another, rests included."""
    rest = max((party.rest_minutes for party in problem.parties), default=0)
    minutes = [_needs(problem.activity_by_id[id_], rest) for id_ in loose]
    begin = problem.days[-1].end
    return Window(begin, begin + sum(minutes) + problem.grid_minutes * (len(minutes) + 2))


def _needs(activity: Activity, rest: int) -> int:
    return activity.last - activity.first + rest
