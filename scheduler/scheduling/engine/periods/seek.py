"""Searches timetables: a part of the best plan is set free again and again and arranged anew.

What it comes to is proved beside it (`prover.py`, `closing_in.py`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue import OneVenue
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.closing_in import TWO, ClosingIn
from scheduler.scheduling.engine.periods.model import PeriodModel
from scheduler.scheduling.engine.periods.neighbours import free
from scheduler.scheduling.engine.periods.prover import Prover, count, find_rooms, plan_reader
from scheduler.scheduling.engine.periods.timetable import Timetable
from scheduler.scheduling.engine.plan import Plan
from scheduler.scheduling.engine.result import StoppedBy
from scheduler.scheduling.engine.run import News, run

if TYPE_CHECKING:
    from scheduler.scheduling.engine.periods.timetable import Counts
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.run import Limits, Outcome
    from scheduler.scheduling.engine.watch import Audience, Watch

OPENING_WORK = 1.0
STEP_WORK = 0.3
LEAST_WORK = 0.01  # what a step takes beside the solver's work
LEAST_FREE, FIRST_FREE, GROWTH = 6.0, 24.0, 1.1
ROOMS_SHARE = 0.5  # of the steps change only rooms: small models that are mostly proved


def search(
    problem: Problem, watch: Watch, audience: Audience, limits: Limits, warm_start: Plan | None
) -> Outcome:
    """Search until a proof, a limit or a request ends it; the watch keeps plan and bound."""
    return Search(Timetable(problem), watch, audience, limits).search(warm_start)


class Search(ClosingIn):
    """Improves a timetable by setting a part of it free and arranging that anew."""

    def __init__(
        self, timetable: Timetable, watch: Watch, audience: Audience, limits: Limits
    ) -> None:
        super().__init__(timetable.problem, Prover(timetable), watch, audience, limits)
        self._timetable = timetable
        self._random = Random(limits.seed)  # noqa: S311 - chooses what to set free
        self._free = {False: FIRST_FREE, True: TWO * FIRST_FREE}
        self._current = Plan(())
        self._value = 0
        self._has_rooms_to_keep = any(isinstance(rule, OneVenue) for rule in timetable.rules)

    def begin(self, warm_start: Plan | None) -> None:
        """Find a first plan: the one given, one by way of counting, or any at all."""
        if warm_start is not None and not violations(self._timetable.problem, warm_start):
            self._keep(warm_start)
            return
        found: list[Counts] = []
        limits = self._within(OPENING_WORK)
        outcome = count(self._timetable, limits, found, lambda _: self._listen() or bool(found))
        self._add(outcome.deterministic_seconds)
        if found and not self._is_over():
            limits = self._within(None)
            rooms = find_rooms(self._timetable, found[-1], limits, self._keep_plan)
            self._add(rooms.deterministic_seconds)
        if self._watch.plan is None and not self._is_over():
            whole = PeriodModel(self._timetable, rooms=True)
            self._hint(whole, warm_start)
            outcome = self._solve(whole, None, first=True)
            if outcome.impossible:
                self._prover.impossible = True

    # -------------------------------------------------------------- improving

    def improve(self) -> None:
        """Set a part of the best plan free and arrange it anew, no worse than before.

        Where that part is the whole and nothing better was found, the plan is proved the best.
        """
        only_rooms = self._has_rooms_to_keep and self._random.random() < ROOMS_SHARE
        cells = self._timetable.cells(self._current)
        loose = free(self._timetable, cells, int(self._free[only_rooms]), self._random)
        kept = [cell for cell in cells if cell not in loose]
        counts = Counter((cell.series, cell.period) for cell in loose) if only_rooms else None
        model = PeriodModel(self._timetable, rooms=True, kept=kept, counts=counts)
        model.cp.add(model.cost <= self._value)
        proved = self._solve(model, STEP_WORK).stopped_by is StoppedBy.PROOF
        if proved and not kept and not only_rooms:
            self._tell(News(bound=float(self._value)))
        size = self._free[only_rooms] * (GROWTH if proved else 1 / GROWTH)
        self._free[only_rooms] = min(float(len(cells)), max(LEAST_FREE, size))

    def _solve(self, model: PeriodModel, work: float | None, *, first: bool = False) -> Outcome:
        """Solve a model and keep what it finds.

        With `first` one plan is enough, and linear programs see what cannot be by counting.
        """
        found: list[Plan] = []  # each better than the one before

        def tell(news: News | None) -> bool:
            if news is not None and news.plan is not None:
                found.append(news.plan)
            return self._listen() or (first and bool(found))

        limits = replace(self._within(work), seed=self._random.randrange(1, 2**30), core=not first)
        outcome = run(model.cp, limits, plan_reader(model), tell)
        self._add(max(LEAST_WORK, outcome.deterministic_seconds))
        if found:
            self._keep(found[-1])
        return outcome

    def _keep_plan(self, news: News | None) -> bool:
        """Keep a plan that is found; what is said of bounds holds for a part of the plans only."""
        if news is not None and news.plan is not None:
            self._keep(news.plan)
        return self._listen()

    def _keep(self, plan: Plan) -> None:
        value = self._timetable.cost(plan)
        if self._watch.value is not None and value > self._value:
            return
        self._current, self._value = plan, value
        self._prover.learn(value)
        if self._watch.value is None or value < self._watch.value:
            self._tell(News(plan, 0.0))

    def _hint(self, model: PeriodModel, plan: Plan | None) -> None:
        if plan is not None:
            places = set(self._timetable.cells(plan))
            for cell, literal in model.at.items():
                model.cp.add_hint(literal, cell in places)
