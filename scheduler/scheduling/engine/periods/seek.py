"""Closes in on the best timetable from both sides, one core for each.

One worker proves (`prover.py`); beside it a part of the best plan is set free again and again and
arranged anew. Where the work is limited the two take turns instead, so that every run is alike.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from queue import SimpleQueue
from random import Random
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.catalogue import OneVenue
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.periods.model import PeriodModel
from scheduler.scheduling.engine.periods.neighbours import free
from scheduler.scheduling.engine.periods.prover import Prover, count, find_rooms, plan_reader
from scheduler.scheduling.engine.periods.timetable import Timetable
from scheduler.scheduling.engine.plan import Plan
from scheduler.scheduling.engine.result import StoppedBy
from scheduler.scheduling.engine.run import Limits, News, Outcome, run

if TYPE_CHECKING:
    from scheduler.scheduling.engine.periods.timetable import Counts
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.watch import Audience, Watch

OPENING_WORK = 1.0
STEP_WORK = 0.3
LEAST_WORK = 0.01  # what a step takes beside the solver's work
FIRST_TURN = 2.0
LONGER = 1.5
LEAST_FREE, FIRST_FREE, GROWTH = 6.0, 24.0, 1.1
ROOMS_SHARE = 0.5  # of the steps change only rooms: small models that are mostly proved
TWO = 2


def search(
    problem: Problem, watch: Watch, audience: Audience, limits: Limits, warm_start: Plan | None
) -> Outcome:
    """Search until a proof, a limit or a request ends it; the watch keeps plan and bound."""
    seeking = Search(Timetable(problem), watch, audience, limits)
    if limits.reproducible or limits.workers < TWO:
        seeking.begin(warm_start)
        seeking.take_turns()
    else:
        seeking.side_by_side(warm_start)
    if watch.plan is not None and violations(problem, watch.plan):
        raise RuntimeError("the model of periods made a plan that breaks a rule")
    return seeking.end()


class Search:
    """One search: what has been found, and how much work that took."""

    def __init__(
        self, timetable: Timetable, watch: Watch, audience: Audience, limits: Limits
    ) -> None:
        self._timetable = timetable
        self._watch = watch
        self._audience = audience
        self._limits = limits
        self._random = Random(limits.seed)  # noqa: S311 - chooses what to set free
        self._news: SimpleQueue[News] = SimpleQueue()
        self._prover = Prover(timetable)
        self._free = {False: FIRST_FREE, True: TWO * FIRST_FREE}
        self._current = Plan(())
        self._value = 0
        self._has_rooms_to_keep = any(isinstance(rule, OneVenue) for rule in timetable.rules)
        self._work = 0.0
        self._asked = False
        self._over = False

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
            self._prover.impossible |= outcome.impossible

    def take_turns(self) -> None:
        """Prove, improve, prove for longer, and so on, all in one thread."""
        turn = FIRST_TURN
        while not self._is_over():
            began = self._work
            while not (self._is_over() or self._prover.done) and self._work < began + turn:
                limits = self._within(began + turn - self._work)
                self._add(self._prover.prove(limits, self._hear))
            until = self._work + turn
            while not self._is_over() and self._work < until:
                self._improve()
            turn *= LONGER

    def side_by_side(self, warm_start: Plan | None) -> None:
        """Improve in this thread while another one proves."""
        with ThreadPoolExecutor(1, "prover") as beside:
            proving = beside.submit(self._prove_on)
            try:
                self.begin(warm_start)
                while not self._is_over() and not (proving.done() and proving.exception()):
                    self._improve()
            finally:
                self._over = True
            proving.result()
        self._listen()

    def end(self) -> Outcome:
        """Tell the watch that it is over, and return how it came to that."""
        self._watch.close(float(self._watch.bound or 0))
        status = cp_model.INFEASIBLE if self._prover.impossible else cp_model.UNKNOWN
        return Outcome(status, float(self._watch.bound or 0), self._work, self._reason())

    def _reason(self) -> StoppedBy:
        if self._prover.impossible or self._watch.is_best:
            return StoppedBy.PROOF
        if self._asked:
            return StoppedBy.REQUEST
        return StoppedBy.CLOCK if self._is_late() else StoppedBy.WORK_LIMIT

    # --------------------------------------------------------------- proving

    def _prove_on(self) -> None:
        """Prove until there is nothing left to prove or the search is over."""

        def tell(news: News | None) -> bool:
            if news is not None:
                self._news.put(news)
            return self._over

        while not (self._over or self._prover.done or self._prover.impossible or self._is_late()):
            self._prover.prove(self._within(None), tell)

    # -------------------------------------------------------------- improving

    def _improve(self) -> None:
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

    # --------------------------------------------------------------- watching

    def _hear(self, news: News | None) -> bool:
        if news is not None and news.plan is not None:
            self._keep(news.plan)
        return self._tell(News(bound=news.bound) if news is not None else None)

    def _listen(self) -> bool:
        """Take over what the prover says, and say whether to stop."""
        while not self._news.empty():
            self._hear(self._news.get())
        return self._tell(None) or self._prover.impossible or self._watch.is_best

    def _tell(self, news: News | None) -> bool:
        self._asked = self._watch(news) or self._asked
        return self._asked

    def _add(self, work: float) -> None:
        self._work += work

    def _within(self, work: float | None) -> Limits:
        """Return the limits of one run of one worker."""
        left = None if self._limits.work is None else max(0.0, self._limits.work - self._work)
        return replace(
            self._limits,
            seconds=self._audience.left(self._limits.seconds),
            work=min((one for one in (work, left) if one is not None), default=None),
            workers=1,
            core=True,
        )

    def _is_late(self) -> bool:
        left = self._audience.left(self._limits.seconds)
        return left is not None and left <= 0

    def _is_over(self) -> bool:
        if self._listen() or self._is_late():
            return True
        return self._limits.work is not None and self._work >= self._limits.work
