"""Raises the bound: first with venues only counted, then with the whole timetable.

Counting is quickly proved, its best timetables mostly find rooms at little more cost, and what they
come to with rooms is the ceiling under which the whole timetable is searched.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.periods.model import PeriodModel
from scheduler.scheduling.engine.plan import Plan
from scheduler.scheduling.engine.result import StoppedBy
from scheduler.scheduling.engine.run import Limits, News, Outcome, run
from scheduler.scheduling.engine.watch import BOUND_SLACK, INFINITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.scheduling.engine.periods.timetable import Counts, Timetable
    from scheduler.scheduling.engine.terms import Read

    Tell = Callable[[News | None], bool]

ROOMS_WORK = 1.0
NO_PLAN = Plan(())


class Prover:
    """Proves by cores: what cannot all be avoided at once costs something.

    A proof that is interrupted begins anew with the next call; its bound is kept.
    """

    def __init__(self, timetable: Timetable) -> None:
        self.impossible = False
        self.done = False
        self.bound = 0
        self._best: int | None = None
        self._timetable = timetable
        self._counting = True

    def prove(self, limits: Limits, tell: Tell) -> float:
        """Search within the limits and return the work done; plans and bounds go to `tell`."""
        if self._counting:
            return self._count(limits, tell)
        model = PeriodModel(self._timetable, rooms=True)
        model.cp.add(model.cost >= self.bound)
        ceiling = self._best
        if ceiling is not None:
            model.cp.add(model.cost <= ceiling - 1)
        outcome = run(model.cp, limits, plan_reader(model), tell)
        self.done = outcome.stopped_by is StoppedBy.PROOF
        if outcome.impossible and ceiling is not None:
            self._raise(float(ceiling), tell)
        else:
            self._hear(outcome)
            self._raise(outcome.bound, tell)
        return outcome.deterministic_seconds

    def _count(self, limits: Limits, tell: Tell) -> float:
        found: list[Counts] = []
        outcome = count(self._timetable, limits, found, lambda news: tell(_bound_of(news)))
        self._hear(outcome)
        if outcome.stopped_by is StoppedBy.PROOF:
            self._counting = False
        self._raise(outcome.bound, tell)
        if not found:
            return outcome.deterministic_seconds
        rooms = find_rooms(self._timetable, found[-1], limits, lambda news: tell(self._note(news)))
        return outcome.deterministic_seconds + rooms.deterministic_seconds

    def learn(self, cost: int) -> None:
        """Hear of a plan that somebody found; the next proof begins below the best of them."""
        self._best = cost if self._best is None else min(cost, self._best)

    def _hear(self, outcome: Outcome) -> None:
        """Note that nothing is possible; what was proved beside an interrupted run stays proved."""
        if outcome.impossible:
            self.impossible = True

    def _note(self, news: News | None) -> News | None:
        """Remember a plan with given counts; a bound with them says nothing about others."""
        if news is None or news.plan is None:
            return None
        self.learn(self._timetable.cost(news.plan))
        return News(news.plan)

    def _raise(self, bound: float, tell: Tell) -> None:
        if not self.impossible and bound < INFINITE:
            self.bound = max(self.bound, ceil(bound - BOUND_SLACK))
            tell(News(bound=self.bound))


def count(timetable: Timetable, limits: Limits, found: list[Counts], tell: Tell) -> Outcome:
    """Search for timetables whose venues are only counted; they are added to `found`."""
    model = PeriodModel(timetable, rooms=False)

    def read(value: Read) -> Plan:
        found.append(model.by_period(value))
        return NO_PLAN

    return run(model.cp, limits, read, tell)


def find_rooms(timetable: Timetable, counts: Counts, limits: Limits, tell: Tell) -> Outcome:
    """Search for venues for a timetable in which they were only counted."""
    model = PeriodModel(timetable, rooms=True, counts=counts)
    work = ROOMS_WORK if limits.work is None else min(ROOMS_WORK, limits.work)
    return run(model.cp, replace(limits, work=work), plan_reader(model), tell)


def plan_reader(model: PeriodModel) -> Callable[[Read], Plan]:
    """Return what reads the plan out of the variables of a model with rooms."""
    return lambda value: model.timetable.plan(model.cells(value))


def _bound_of(news: News | None) -> News | None:
    return None if news is None else News(bound=news.bound)
