"""What has to be placed together: activities that hard rules tie to one another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue.days import OneDay
from scheduler.scheduling.engine.catalogue.order import Following, InOrder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.scheduling.engine.catalogue import ProgrammeRule
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.many.board import Board
    from scheduler.scheduling.engine.plan import Placement
    from scheduler.scheduling.engine.problem import Problem


@dataclass(frozen=True, eq=False)
class Unit:
    """Activities with the rules between them, the hardest to place first."""

    activities: tuple[Activity, ...]
    rules: tuple[ProgrammeRule, ...]

    def allowed(self, board: Board, activity: Activity) -> int:
        """Return the starts that the rules leave to it beside those already placed."""
        mask = board.steps.all
        for rule in self.rules:
            if activity.id in rule.activities:
                mask &= _allowed(board, rule, activity)
        return mask


def joined(parts: Iterable[Iterable[str]], ids: Iterable[str]) -> list[list[str]]:
    """Return the ids in groups, such that all of one part are in one group."""
    group_of = {id_: [id_] for id_ in ids}
    for part in parts:
        first, *others = part
        for other in others:
            mine, theirs = group_of[first], group_of[other]
            if mine is not theirs:
                mine.extend(theirs)
                group_of.update(dict.fromkeys(theirs, mine))
    return list({id(group): group for group in group_of.values()}.values())


def units_of(board: Board) -> list[Unit]:
    """Return all activities in units, in the order of the problem."""
    problem = board.problem
    rules: defaultdict[str, list[ProgrammeRule]] = defaultdict(list)
    for rule in problem.rules:
        rules[rule.activities[0]].append(rule)
    return [
        Unit(
            tuple(sorted(_activities(problem, ids), key=lambda one: _room_for(board, one))),
            tuple(rule for id_ in ids for rule in rules[id_]),
        )
        for ids in joined((rule.activities for rule in problem.rules), problem.activity_by_id)
    ]


def _activities(problem: Problem, ids: Iterable[str]) -> list[Activity]:
    return [problem.activity_by_id[id_] for id_ in ids]


def _room_for(board: Board, activity: Activity) -> tuple[int, int]:
    starts = sum(mask.bit_count() for mask in board.open[activity.id].values())
    return starts // max(1, activity.last - activity.first), -activity.stage_minutes


def _allowed(board: Board, rule: ProgrammeRule, activity: Activity) -> int:
    placed = board.places
    if isinstance(rule, OneDay):
        others = (placed[id_] for id_ in rule.activities if id_ in placed)
        return _same_day(board, activity, next(others, None))
    low, high = 0, board.problem.days[-1].end
    if isinstance(rule, InOrder):
        before = True
        for id_ in rule.activities:
            before = before and id_ != activity.id
            if id_ in placed and before:
                low = max(low, placed[id_].start)
            elif id_ in placed and id_ != activity.id:
                high = min(high, placed[id_].start)
    elif isinstance(rule, Following):
        low, high = _following(board, rule, activity, low, high)
    return board.steps.within(low, high)


def _same_day(board: Board, activity: Activity, place: Placement | None) -> int:
    if place is None:
        return board.steps.all
    theirs = board.problem.activity_by_id[place.activity]
    day = board.problem.days[board.expense.day(place.start + theirs.first)]
    return board.steps.within(day.start - activity.first, day.end - 1 - activity.first)


def _following(
    board: Board, rule: Following, activity: Activity, low: int, high: int
) -> tuple[int, int]:
    first, then = _activities(board.problem, rule.activities)
    placed = board.places
    if activity is then and first.id in placed:
        free = placed[first.id].start + first.ends - then.begins
        low = free + rule.least_minutes
        high = high if rule.most_minutes is None else free + rule.most_minutes
    elif activity is first and then.id in placed:
        due = placed[then.id].start + then.begins - first.ends
        high = due - rule.least_minutes
        low = low if rule.most_minutes is None else due - rule.most_minutes
    return low, high


def kin_of(problem: Problem, units: list[Unit]) -> list[list[int]]:
    """Return for each unit the others that share people with it, the closest first."""
    number = {one.id: index for index, unit in enumerate(units) for one in unit.activities}
    shared: list[defaultdict[int, int]] = [defaultdict(int) for _ in units]
    for party in problem.parties:
        members = sorted({number[id_] for id_ in party.activities})
        for one in members:
            for other in members:
                if one != other:
                    shared[one][other] += party.persons
    return [sorted(one, key=lambda other: (-one[other], other)) for one in shared]
