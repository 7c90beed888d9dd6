"""What can be told about the order within a block from the problem alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import STAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.scheduling.engine.elements import Activity, Block, Part, Venue
    from scheduler.scheduling.engine.problem import Problem

PAIR = 2
"""Whoever is in so many activities is modelled by what parts the two (`ways.py`)."""


def suits(problem: Problem, block: Block) -> bool:
    """Say whether a block can be a lane."""
    activities = [problem.activity_by_id[id_] for id_ in block.activities]
    preparations = {(activity.stage_begins, room_parts(activity)) for activity in activities}
    trailing = any(activity.last != activity.stage_ends for activity in activities)
    if problem.changeovers and any(activity.setup is not None for activity in activities):
        return False
    return bool(activities) and not block.may_pause and len(preparations) == 1 and not trailing


def lanes_of(problem: Problem) -> list[Block]:
    """Return the blocks that are modelled turn by turn."""
    return [block for block in problem.blocks if suits(problem, block)]


def told_apart(problem: Problem) -> set[str]:
    """Return the activities whose own start matters: shared people, schools, locks, rules.

    Whoever attends a whole block sees its turns, not who has them. When people are busy is part of
    each activity's own hours.
    """
    apart = {lock.activity for lock in problem.locks if lock.start is not None}
    lanes = lanes_of(problem)
    for rule in problem.rules:
        if rule.looks_at_times:
            attended = whole(lanes, rule.activities) if rule.looks_at_turns else []
            apart.update(_but(attended, rule.activities))
    for party in problem.parties:
        if len(party.activities) > 1:
            apart.update(_but(whole(lanes, party.activities), party.activities))
    by_school: defaultdict[str, list[str]] = defaultdict(list)
    for activity in problem.activities:
        if activity.school is not None:
            by_school[activity.school].append(activity.id)
    return apart.union(*(ids for ids in by_school.values() if len(ids) > 1))


def whole(lanes: Iterable[Block], activities: Iterable[str]) -> list[Block]:
    """Return the lanes that are attended as a whole by who attends these activities.

    None for a pair: what parts two activities is said of the two (`ways.py`).
    """
    wanted = set(activities)
    return [block for block in lanes if len(wanted) > PAIR and wanted.issuperset(block.activities)]


def _but(lanes: Iterable[Block], activities: Iterable[str]) -> set[str]:
    return set(activities).difference(*(block.activities for block in lanes))


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
