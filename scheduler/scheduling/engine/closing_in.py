"""Closes in on the best plan from both sides, one core for each.

One worker proves what no plan can be below; beside it the best plan is improved part by part. Where
the work is limited the two take turns instead, so that every run is alike.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.result import StoppedBy
from scheduler.scheduling.engine.run import Limits, News, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.watch import Audience, Watch

FIRST_TURN = 2.0
LONGER = 1.5
TWO = 2


class Proving(Protocol):
    """Whoever raises the bound."""

    impossible: bool
    done: bool

    def prove(self, limits: Limits, tell: Callable[[News | None], bool], /) -> float:
        """Search within the limits and return the work done; plans and bounds go to `tell`."""

    def learn(self, cost: int, /) -> None:
        """Hear of a plan that somebody found."""


class ClosingIn(ABC):
    """One search: what has been found, and how much work that took."""

    def __init__(
        self, problem: Problem, prover: Proving, watch: Watch, audience: Audience, limits: Limits
    ) -> None:
        self._problem = problem
        self._prover = prover
        self._watch = watch
        self._audience = audience
        self._limits = limits
        self._news: SimpleQueue[News] = SimpleQueue()
        self._work = 0.0
        self._asked = False
        self._over = False

    @abstractmethod
    def begin(self, warm_start: Plan | None) -> None:
        """Find a first plan, unless nothing at all can be found within the limits."""

    @abstractmethod
    def improve(self) -> None:
        """Do one step towards a better plan."""

    @abstractmethod
    def _keep(self, plan: Plan) -> None:
        """Take a plan over if it is worth it."""

    def search(self, warm_start: Plan | None) -> Outcome:
        """Search until a proof, a limit or a request ends it; the watch keeps plan and bound.

        Raises `RuntimeError` when the best plan breaks a rule: the model is wrong then.
        """
        if self._limits.reproducible or self._limits.workers < TWO:
            self.begin(warm_start)
            self._take_turns()
        else:
            self._side_by_side(warm_start)
        if self._watch.plan is not None and violations(self._problem, self._watch.plan):
            raise RuntimeError("the model made a plan that breaks a rule")
        return self._end()

    def _take_turns(self) -> None:
        """Prove, improve, prove for longer, and so on, all in one thread."""
        turn = FIRST_TURN
        while not self._is_over():
            began = self._work
            while not (self._is_over() or self._prover.done) and self._work < began + turn:
                limits = self._within(began + turn - self._work)
                self._add(self._prover.prove(limits, self._hear))
            until = self._work + turn
            while not self._is_over() and self._work < until:
                self.improve()
            turn *= LONGER

    def _side_by_side(self, warm_start: Plan | None) -> None:
        """Improve in this thread while another one proves."""
        with ThreadPoolExecutor(1, "prover") as beside:
            proving = beside.submit(self._prove_on)
            try:
                self.begin(warm_start)
                while not self._is_over() and not (proving.done() and proving.exception()):
                    self.improve()
            finally:
                self._over = True
            proving.result()
        self._listen()

    def _end(self) -> Outcome:
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

    def _prove_on(self) -> None:
        """Prove until there is nothing left to prove or the search is over."""

        def tell(news: News | None) -> bool:
            if news is not None:
                self._news.put(news)
            return self._over

        while not (self._over or self._prover.done or self._prover.impossible or self._is_late()):
            self._prover.prove(self._within(None), tell)

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
