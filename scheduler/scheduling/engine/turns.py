"""What can be told about the order within a block from the problem alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import STAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.scheduling.engine.elements import Activity, Block, Part, Venue
    from scheduler.scheduling.engine.problem import Problem


def suits(problem: Problem, block: Block) -> bool:
    """Say whether a block can be a lane."""
    activities = [problem.activity_by_id[id_] for id_ in block.activities]
    preparations = {(activity.stage_begins, room_parts(activity)) for activity in activities}
    trailing = any(activity.last != activity.stage_ends for activity in activities)
    if problem.changeovers and any(activity.setup is not None for activity in activities):
        return False
    return bool(activities) and not block.may_pause and len(preparations) == 1 and not trailing


def told_apart(problem: Problem) -> set[str]:
    """Return the activities whose own start matters: shared people, schools, locks, rules."""
    apart = {lock.activity for lock in problem.locks if lock.start is not None}
    for rule in problem.rules:
        if rule.looks_at_times:
            apart.update(rule.activities)
    for party in problem.parties:
        if len(party.activities) > 1 or party.busy:
            apart.update(party.activities)
    by_school: defaultdict[str, list[str]] = defaultdict(list)
    for activity in problem.activities:
        if activity.school is not None:
            by_school[activity.school].append(activity.id)
    return apart.union(*(ids for ids in by_school.values() if len(ids) > 1))


def shortest_span(venue: Venue, activities: Iterable[Activity]) -> int:
    """Return the least stage minutes from first to last item when warm-up rooms hold them up."""
    items = list(activities)
    turn = min(item.stage_minutes for item in items)
    begins = [0]
    for number in range(1, len(items)):
        after_warm_ups = [
            begins[number - venue.rooms_of(part.room)] + part.minutes
            for part in room_parts(items[0])
            if number >= venue.rooms_of(part.room)
        ]
        begins.append(max(begins[-1] + turn, *after_warm_ups, 0))
    return max(begins[-1] + turn, sum(item.stage_minutes for item in items))


def room_parts(activity: Activity) -> tuple[Part, ...]:
    return tuple(part for part in activity.parts if part.room != STAGE)
