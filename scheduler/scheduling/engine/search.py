"""Solves a problem: first a valid plan, then better ones with a proven bound, until told to end.

Loads OR-Tools (and with it NumPy and pandas): import it inside the task that solves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scheduler.scheduling.engine import conference, periods
from scheduler.scheduling.engine.constraints import add_rules
from scheduler.scheduling.engine.hints import give_hints
from scheduler.scheduling.engine.line import search as line
from scheduler.scheduling.engine.many import search as many
from scheduler.scheduling.engine.model import Model
from scheduler.scheduling.engine.result import Progress, Result, Status
from scheduler.scheduling.engine.run import Limits, Outcome
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.squeeze import Approach, squeeze
from scheduler.scheduling.engine.watch import Audience, Watch
from scheduler.scheduling.engine.wishes import amounts, cost_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.score import Wish


class Formulation(Protocol):
    """A way to search the plans of the problems that suit it."""

    def suits(self, problem: Problem, /) -> bool:
        """Say whether this search comes to the same best cost as the general one."""

    def search(
        self,
        problem: Problem,
        watch: Watch,
        audience: Audience,
        limits: Limits,
        start: Plan | None,
        /,
    ) -> Outcome:
        """Let the watch know of plans and bounds, and return how the search ended."""


# Asked in this order; a problem that suits none of them is searched in the general way.
SPECIAL: tuple[Formulation, ...] = (line, periods, conference, many)


def solve(
    problem: Problem,
    *,
    seed: int = 1,
    seconds: float | None = 60,
    deterministic_limit: float | None = None,
    workers: int = 2,
    warm_start: Plan | None = None,
    at_most: Mapping[Wish, int] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """Return the best plan found, its cost and the proven bound.

    With `at_most`, among the plans that have no more than so much of these wishes; each must cost.

    The search ends at a proof, at `deterministic_limit` (the solver's own measure of work: the
    same plan in every run), at `seconds` of wall time, or soon after `should_stop` says so; the
    best plan is kept in every case. Both callbacks run in the calling thread, at most four times
    a second. A `warm_start` may be incomplete or break rules: it is a hint.
    """
    audience = Audience(on_progress, should_stop)
    watch = Watch(audience, lambda plan: score(problem, plan).value)
    limits = Limits(
        seed, seconds, deterministic_limit, workers, reproducible=deterministic_limit is not None
    )

    if at_most or (special := special_for(problem)) is None:
        approach = _approach(problem, watch, audience, limits, warm_start, at_most or {})
        outcome = squeeze(approach)
    else:
        outcome = special.search(problem, watch, audience, limits, warm_start)
    return Result(
        status=status_of(watch, outcome),
        plan=watch.plan,
        value=watch.value,
        bound=None if watch.plan is None else watch.bound,
        seconds=audience.seconds,
        deterministic_seconds=outcome.deterministic_seconds,
        history=tuple(audience.history),
        terms=() if watch.plan is None else score(problem, watch.plan).terms,
        stopped_by=outcome.stopped_by,
    )


def special_for(problem: Problem) -> Formulation | None:
    """Return the search that knows this kind of problem, None for the general one."""
    return next((special for special in SPECIAL if special.suits(problem)), None)


def _approach(
    problem: Problem,
    watch: Watch,
    audience: Audience,
    limits: Limits,
    start: Plan | None,
    at_most: Mapping[Wish, int],
) -> Approach:
    def model(ceiling: int | None) -> Model:
        return _model(problem, ceiling, watch.plan or start, at_most)

    return Approach(model, watch, audience, limits)


def _model(
    problem: Problem, ceiling: int | None, start: Plan | None, at_most: Mapping[Wish, int]
) -> Model:
    """Return the model of plans that cost at most the ceiling, or one that starts from a plan."""
    model = Model(problem)
    add_rules(model)
    counted = amounts(model)
    cost = cost_of(counted)
    model.cp.minimize(cost)
    for wish, most in at_most.items():
        model.cp.add(counted[wish] <= most)
    if ceiling is not None:
        model.cp.add(cost <= ceiling)
    elif start is not None:
        give_hints(model, start)
    return model


def status_of(watch: Watch, outcome: Outcome) -> Status:
    """Return what a run has shown; without a plan and a proof nothing is known."""
    if watch.plan is not None:
        return Status.OPTIMAL if watch.is_best else Status.FEASIBLE
    return Status.IMPOSSIBLE if outcome.impossible else Status.UNDECIDED
