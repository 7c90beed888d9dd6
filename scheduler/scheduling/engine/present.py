"""What a repair may still change at a moment of the event: nothing that has begun, nobody too soon.

Needs no solver.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.elements import Lock, TimeLimit, Window
from scheduler.scheduling.engine.plan import plan_of

if TYPE_CHECKING:
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.plan import Placement, Plan
    from scheduler.scheduling.engine.problem import Problem

NOTICE = "notice"
"""The code of the limits that keep people from being called too soon."""


def as_of(problem: Problem, published: Plan, now: int, notice_minutes: int = 0) -> Problem:
    """Return the problem as it stands at a minute of the programme.

    What has begun is locked to its place, unless it cannot be there any more. Nobody is called
    earlier than they were told, nor, if they were not told, at all, unless they learn of it
    `notice_minutes` before.
    """
    known = {
        place.activity: place
        for place in published.placements
        if place.activity in problem.activity_by_id and place.venue in problem.venue_by_id
    }
    begun = {
        place.activity: Lock(place.activity, place.venue, place.start)
        for place in known.values()
        if place.start < now and stands_alone(problem, place)
    }
    locks = tuple(lock for lock in problem.locks if lock.activity not in begun)
    free = [activity for activity in problem.activities if activity.id not in begun]
    return replace(
        problem,
        locks=(*locks, *begun.values()),
        time_limits=(*problem.time_limits, *_notices(problem, free, known, now, notice_minutes)),
    )


def leave_near(problem: Problem, published: Plan, until: int) -> Problem:
    """Return the problem in which what begins up to a minute stays, unless it is hit.

    Hit is who breaks a rule where it was published, for instance because its venue is closed. It
    begins when its people have to be there. It is the problem itself when nobody is that near.
    """
    hit = {id_ for one in violations(replace(problem, locks=()), published) for id_ in one.ids}
    settled = hit | {lock.activity for lock in problem.locks}
    near = tuple(
        Lock(place.activity, place.venue, place.start)
        for place in published.placements
        if place.activity in problem.activity_by_id
        and place.activity not in settled
        and place.venue in problem.venue_by_id
        and place.start + problem.activity_by_id[place.activity].begins <= until
    )
    return replace(problem, locks=(*problem.locks, *near)) if near else problem


def stands_alone(problem: Problem, place: Placement) -> bool:
    """Say whether an activity could be in this place if nobody else were there.

    Whether somebody locked it to another one is left aside.
    """
    alone = replace(problem, blocks=(), rules=(), locks=())
    return not any(place.activity in one.ids for one in violations(alone, plan_of([place])))


def _notices(
    problem: Problem,
    activities: list[Activity],
    known: dict[str, Placement],
    now: int,
    notice_minutes: int,
) -> tuple[TimeLimit, ...]:
    soonest, end = max(0, now + notice_minutes), problem.days[-1].end
    told = {
        activity.id: max(known[activity.id].start + activity.begins, 0)
        for activity in activities
        if activity.id in known
    }
    at_hand = {id_: begin for id_, begin in told.items() if begin < soonest}
    others = tuple(a.id for a in activities if a.id not in at_hand)
    single = [
        TimeLimit(f"{NOTICE} {id_}", NOTICE, (id_,), _from(begin, end))
        for id_, begin in sorted(at_hand.items())
    ]
    return (*single, TimeLimit(NOTICE, NOTICE, others, _from(soonest, end)))


def _from(begin: int, end: int) -> tuple[Window, ...]:
    """Return the window up to the end of the programme, none when that is over."""
    return (Window(begin, end),) if begin < end else ()
