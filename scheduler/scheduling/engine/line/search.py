"""Searches the best order where a plan is nothing but an order; `line/shape.py` says when it is.

The pieces are first reduced to cores, each of which is searched by itself, with more and more sets
of pieces kept until its best order is proved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.line.cores import cores_of
from scheduler.scheduling.engine.line.orders import Orders
from scheduler.scheduling.engine.line.shape import plan_in, suits, whole_of
from scheduler.scheduling.engine.result import StoppedBy
from scheduler.scheduling.engine.run import News, Outcome
from scheduler.scheduling.engine.score import score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.run import Limits
    from scheduler.scheduling.engine.watch import Audience, Watch

__all__ = ["search", "suits"]

# One unit of work, the solver's own seconds, is about as many sets of pieces looked at.
SETS_PER_SECOND = 1_000_000
# Narrower searches may find orders that cost a twentieth more: made better from there, they often
# become the best.
WIDE = 24_000
NEAR = 20
# How many sets of each size are kept in one search after the other, and for how many pieces there
# are tables. The last needs some 400 MB; what is not proved then stays unproved.
STEPS = ((250, 0), (2_000, 16), (WIDE, 20), (64_000, 21), (250_000, 22))


def search(
    problem: Problem, watch: Watch, audience: Audience, limits: Limits, start: Plan | None
) -> Outcome:
    """Search the best order until a proof, a limit or a request ends it; nothing is random."""
    hunt = _Hunt(problem, watch, audience, limits)
    stopped_by = hunt.run(_first_order(problem, start))
    status = cp_model.OPTIMAL if watch.is_best else cp_model.FEASIBLE
    return Outcome(status, hunt.bound, hunt.sets / SETS_PER_SECOND, stopped_by)


def _first_order(problem: Problem, start: Plan | None) -> list[int]:
    """Return the order of the plan to start from, what it does not hold last."""
    begins = {place.activity: place.start for place in start.placements} if start else {}
    after_all = max(begins.values(), default=0) + 1
    return sorted(
        range(len(problem.activities)),
        key=lambda index: begins.get(problem.activities[index].id, after_all),
    )


class _EndedError(Exception):
    """Time, work or a request ends the search."""

    def __init__(self, stopped_by: StoppedBy) -> None:
        super().__init__(stopped_by)
        self.stopped_by = stopped_by


class _Hunt:
    """One search: the cores with the best order of each and what none of it can be below."""

    def __init__(self, problem: Problem, watch: Watch, audience: Audience, limits: Limits) -> None:
        self.sets = 0
        self._problem = problem
        self._watch = watch
        self._audience = audience
        self._limits = limits
        self._whole = whole_of(problem)
        self._cores = cores_of(self._whole)
        self._bounds = [0.0] * len(self._cores)
        self._best: list[Sequence[int]] = []
        self._unavoidable = 0

    @property
    def bound(self) -> float:
        return self._unavoidable + sum(self._bounds)

    def run(self, first: Sequence[int]) -> StoppedBy:
        """Start from this order, search until something ends it, and say what that was."""
        plan = plan_in(self._problem, first)
        self._unavoidable = score(self._problem, plan).value - self._whole.cost(first)
        place = {piece: place for place, piece in enumerate(first)}
        for core in self._cores:
            places = [place[members[0]] for members in core.members]
            self._best.append(sorted(range(len(places)), key=places.__getitem__))
        try:
            self._tell(plan)
            self._tell(self._best_plan())
            self._improve()
        except _EndedError as ended:
            stopped_by = ended.stopped_by
        else:
            stopped_by = StoppedBy.WORK_LIMIT
        self._watch.close(self.bound)
        return StoppedBy.PROOF if self._watch.is_best else stopped_by

    def _improve(self) -> None:
        orders = [Orders(core, self._pulse) for core in self._cores]
        for width, pieces in STEPS:
            for number, core in enumerate(self._cores):
                value = core.cost(self._best[number])
                if self._bounds[number] < value:
                    orders[number].sharpen(pieces)
                    near = value // NEAR if width < WIDE else 0
                    found = orders[number].sweep(value + near, width)
                    self._bounds[number] = max(self._bounds[number], found.bound)
                    self._take(number, found.order)
                    if found.order is not None and self._bounds[number] < value:
                        self._take(number, orders[number].settle(found.order))

    def _take(self, number: int, order: Sequence[int] | None) -> None:
        """Keep the order of a core when it is better, and tell how far the search is."""
        core = self._cores[number]
        if order is not None and core.cost(order) < core.cost(self._best[number]):
            self._best[number] = order
        self._tell(self._best_plan())

    def _best_plan(self) -> Plan:
        """Return the plan of the best orders, one core after the other."""
        order = [
            member
            for core, best in zip(self._cores, self._best, strict=True)
            for piece in best
            for member in core.members[piece]
        ]
        return plan_in(self._problem, order)

    def _tell(self, plan: Plan) -> None:
        if self._watch(News(plan, self.bound)):
            raise _EndedError(StoppedBy.REQUEST)

    def _pulse(self, sets: int) -> None:
        """Count what was looked at, let the watch speak, and stop when something ends it all."""
        self.sets += sets
        left = self._audience.left(self._limits.seconds)
        work = self._limits.work
        if self._watch(None):
            raise _EndedError(StoppedBy.REQUEST)
        if left is not None and left <= 0:
            raise _EndedError(StoppedBy.CLOCK)
        if work is not None and self.sets >= work * SETS_PER_SECOND:
            raise _EndedError(StoppedBy.WORK_LIMIT)
