"""Whether the parts of a problem fit together: ids known and unique, windows and numbers sound.

A problem that passes may still be impossible; `inputs.py` and `explain.py` speak about that.
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import STAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.scheduling.engine.elements import Window
    from scheduler.scheduling.engine.problem import Problem


class ProblemError(ValueError):
    """The problem contradicts itself; `code` and `facts` say where, for a sentence elsewhere."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(f"{code}: {facts}")
        self.code = code
        self.facts = facts


def check_shape(problem: Problem) -> None:
    """Raise `ProblemError` at the first thing that does not fit."""
    _check_times(problem)
    check_unique("venue", (venue.id for venue in problem.venues))
    check_unique("activity", (activity.id for activity in problem.activities))
    check_unique("party", (party.id for party in problem.parties))
    check_unique("block", (block.id for block in problem.blocks))
    check_unique("time_limit", (limit.id for limit in problem.time_limits))
    check_unique("lock", (lock.activity for lock in problem.locks))
    check_unique("changeover", (f"{c.before} {c.after}" for c in problem.changeovers))
    check_unique("rule", (rule.id for rule in problem.rules))
    check_unique("block_member", (item for block in problem.blocks for item in block.activities))
    _check_references(problem)
    _check_changeovers(problem)
    _check_weights(problem)
    _check_rules(problem)
    _check_activities(problem)


def check_unique(kind: str, ids: Iterable[str]) -> None:
    """Raise `ProblemError` at the first id that stands there twice."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ProblemError("doubled_id", kind=kind, id=one)
        seen.add(one)


def _check_times(problem: Problem) -> None:
    if problem.grid_minutes < 1:
        raise ProblemError("grid_below_one", grid_minutes=problem.grid_minutes)
    if not problem.days:
        raise ProblemError("no_days")
    _check_windows("days", problem.days)
    _check_order("days", problem.days)
    for limit in problem.time_limits:
        _check_windows(limit.id, limit.windows)
    for venue in problem.venues:
        _check_windows(venue.id, venue.windows)
        _check_windows(venue.id, venue.closures)
        _check_order(venue.id, tuple(sorted(venue.windows)))
        for window in venue.windows:
            if not any(day.holds(window) for day in problem.days):
                raise ProblemError("window_outside_days", id=venue.id, start=window.start)


def _check_order(owner: str, windows: tuple[Window, ...]) -> None:
    for before, after in pairwise(windows):
        if after.start < before.end:
            raise ProblemError("windows_overlap", id=owner, start=after.start)


def _check_windows(owner: str, windows: tuple[Window, ...]) -> None:
    for window in windows:
        if window.start < 0 or window.end <= window.start:
            raise ProblemError("bad_window", id=owner, start=window.start, end=window.end)


def _check_references(problem: Problem) -> None:
    for owner, activity in (
        *((party.id, item) for party in problem.parties for item in party.activities),
        *((block.id, item) for block in problem.blocks for item in block.activities),
        *((limit.id, item) for limit in problem.time_limits for item in limit.activities),
        *(("lock", lock.activity) for lock in problem.locks),
        *((rule.id, item) for rule in problem.rules for item in rule.concerned),
    ):
        if activity not in problem.activity_by_id:
            raise ProblemError("unknown_activity", owner=owner, id=activity)
    for owner, venue in (
        *(("travel", way.origin) for way in problem.travel),
        *(("travel", way.destination) for way in problem.travel),
        *((lock.activity, lock.venue) for lock in problem.locks),
        *((rule.id, venue) for rule in problem.rules for venue in rule.venues_named),
    ):
        if venue is not None and venue not in problem.venue_by_id:
            raise ProblemError("unknown_venue", owner=owner, id=venue)
    for party in problem.parties:
        check_unique("party_activity", party.activities)
        if party.persons < 1 or party.rest_minutes < 0:
            raise ProblemError("bad_party", id=party.id)


def _check_changeovers(problem: Problem) -> None:
    for one in problem.changeovers:
        if one.minutes < 0:
            raise ProblemError("bad_changeover", before=one.before, after=one.after)


def _check_weights(problem: Problem) -> None:
    """A weight below 0 would be a reward, and no cost could be proved to be the least."""
    for wish, weight in asdict(problem.weights).items():
        if weight < 0:
            raise ProblemError("bad_weight", id=wish, weight=weight)


def _check_rules(problem: Problem) -> None:
    for rule in problem.rules:
        check_unique("rule_activity", rule.activities)
        if rule.weight is not None and rule.weight < 0:
            raise ProblemError("bad_weight", id=rule.id, weight=rule.weight)
        flaw = rule.flaw()
        if flaw is not None:
            raise ProblemError(flaw, id=rule.id)


def _check_activities(problem: Problem) -> None:
    for activity in problem.activities:
        stage = sorted((part.begin, part.end) for part in activity.parts if part.room == STAGE)
        if any(part.minutes < 1 for part in activity.parts):
            raise ProblemError("empty_part", id=activity.id)
        if not any(part.room == STAGE and part.attended for part in activity.parts):
            raise ProblemError("no_stage_part", id=activity.id)
        if any(after[0] != before[1] for before, after in pairwise(stage)):
            raise ProblemError("stage_parts_apart", id=activity.id)
