"""A bound from parts of the problem: groups of people, each with the activities they are in.

Everybody counts in one group at most, and what else goes on is left out. So a group alone costs at
most what it costs in any plan, and the least costs of all groups together are a bound.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Self

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.constraints import add_rules
from scheduler.scheduling.engine.many.units import joined
from scheduler.scheduling.engine.model import Model
from scheduler.scheduling.engine.run import Limits, solver_for
from scheduler.scheduling.engine.wishes import objective

if TYPE_CHECKING:
    from concurrent.futures import Future
    from types import TracebackType

    from scheduler.scheduling.engine.elements import Party
    from scheduler.scheduling.engine.problem import Problem

MOST_TOGETHER = 24
SECONDS, WORK = 4.0, 2.0  # for each group
ROUNDS_BETWEEN = 50
BOUND_SLACK = 1e-6


class Shares:
    """The groups' bounds, found one after the other; in a thread unless it is reproducible."""

    def __init__(self, problem: Problem, limits: Limits) -> None:
        self.bound = 0
        self.impossible = False
        self._limits = limits
        self._problems = list(_groups(problem))
        self._beside = ThreadPoolExecutor(1, "bound")
        self._running: Future[tuple[int, bool]] | None = None
        self._solver = cp_model.CpSolver()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._problems.clear()
        while self._running is not None and not self._running.done():
            self._solver.stop_search()
            try:
                self._running.result(timeout=0.1)
            except TimeoutError:
                continue
        self._beside.shutdown()

    def advance(self, rounds: int) -> None:
        """Take over what is found, and begin the next group."""
        if self._running is not None:
            if not self._running.done() and not self._limits.reproducible:
                return
            self._take_over(self._running.result())
            self._running = None
        due = not self._limits.reproducible or rounds % ROUNDS_BETWEEN == 1
        if self._problems and due:
            self._running = self._beside.submit(self._solve, self._problems.pop(0))

    def _take_over(self, found: tuple[int, bool]) -> None:
        self.bound += found[0]
        self.impossible = self.impossible or found[1]

    def _solve(self, problem: Problem) -> tuple[int, bool]:
        model = Model(problem)
        add_rules(model)
        model.cp.minimize(objective(model))
        reproducible = self._limits.reproducible
        seconds = None if reproducible else SECONDS
        self._solver = solver_for(Limits(self._limits.seed, seconds, WORK, core=True))
        status = self._solver.solve(model.cp)
        if status == cp_model.INFEASIBLE:
            return 0, True
        return max(0, ceil(self._solver.best_objective_bound - BOUND_SLACK)), False


def _groups(problem: Problem) -> list[Problem]:
    """Return the problem of each group in which anybody could have to pay, most people first."""
    groups = [frozenset(ids) for ids in _together(problem)]
    found = []
    group_of = {id_: group for group in groups for id_ in group}
    counted = {
        p.id
        for p in problem.parties
        if p.activities and group_of[p.activities[0]].issuperset(p.activities)
    }
    for group in groups:
        parties = tuple(
            p for p in problem.parties if p.id in counted and group.issuperset(p.activities)
        )
        if any(len(party.activities) > 1 for party in parties) or problem.weights.school_gap:
            found.append(_part(problem, group, parties))
    alone = replace(problem.weights, school_gap=0)
    for party in problem.parties:
        if 1 < len(party.activities) <= MOST_TOGETHER and party.id not in counted:
            part = _part(problem, frozenset(party.activities), (party,))
            found.append(
                replace(part, weights=replace(alone, venue_idle=0, jury_idle=0, region_runs=0))
            )
    return sorted(found, key=lambda part: -sum(one.persons for one in part.parties))


def _together(problem: Problem) -> list[list[str]]:
    """Join activities by rules and the largest parties, as long as groups stay small."""
    parts: list[tuple[str, ...]] = [rule.activities for rule in problem.rules]
    ids = list(problem.activity_by_id)
    groups = joined(parts, ids)
    for party in sorted(problem.parties, key=lambda one: (-one.persons, one.id)):
        touched = [group for group in groups if not set(group).isdisjoint(party.activities)]
        if len(touched) > 1 and sum(map(len, touched)) <= MOST_TOGETHER:
            groups = [group for group in groups if group not in touched]
            groups.append([id_ for group in touched for id_ in group])
    return groups


def _part(problem: Problem, ids: frozenset[str], parties: tuple[Party, ...]) -> Problem:
    """Return what of the problem lies within these activities; nothing there costs more."""
    return replace(
        problem,
        activities=tuple(one for one in problem.activities if one.id in ids),
        parties=parties,
        blocks=(),
        time_limits=tuple(
            replace(limit, activities=tuple(id_ for id_ in limit.activities if id_ in ids))
            for limit in problem.time_limits
            if not ids.isdisjoint(limit.activities)
        ),
        locks=tuple(lock for lock in problem.locks if lock.activity in ids),
        rules=tuple(rule for rule in problem.rules if ids.issuperset(rule.activities)),
        weights=replace(problem.weights, venue_idle=0, jury_idle=0, region_runs=0),
    )
