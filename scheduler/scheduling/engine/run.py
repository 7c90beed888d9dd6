"""Runs the solver in a thread of its own, so that whoever waits can watch it and stop it.

What the solver finds is handed over in the waiting thread: a caller may use its own database
session in what it does with the news.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import Empty, Queue
from time import monotonic
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.result import StoppedBy

if TYPE_CHECKING:
    from collections.abc import Callable

    from ortools.sat.python import cp_model_helper

    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.terms import Read

PULSE_SECONDS = 0.25

# On two cores one full worker runs beside the neighbourhood search: which one it is decides
# whether the bound moves. Below a ceiling there is mostly nothing to improve yet, and a second
# full worker does more. See docs/benchmarks.md, Planning.
IMPROVING = ("max_lp",)
PROVING = ("max_lp", "objective_lb_search_max_lp")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a run may take: in seconds, and in the solver's own measure of work.

    A `reproducible` run uses one worker and comes to the same in every run, as long as the clock
    does not end it. With `core` it proves by cores, without linear programs.
    """

    seed: int = 1
    seconds: float | None = None
    work: float | None = None
    workers: int = 2
    reproducible: bool = False
    core: bool = False
    full_workers: tuple[str, ...] = IMPROVING


@dataclass(frozen=True, slots=True)
class News:
    """Something the solver found: a plan, a better bound, or both."""

    plan: Plan | None = None
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run of the solver ended."""

    status: cp_model_helper.CpSolverStatus
    bound: float
    deterministic_seconds: float
    stopped_by: StoppedBy

    @property
    def impossible(self) -> bool:
        return bool(self.status == cp_model.INFEASIBLE)


def run(
    cp: cp_model.CpModel,
    limits: Limits,
    read: Callable[[Read], Plan],
    tell: Callable[[News | None], bool],
) -> Outcome:
    """Solve and return how it ended; every plan on the way goes to `tell`.

    `tell` is called in this thread with every news, and with None when there is none for a
    moment; as soon as it returns True the solver is asked to stop.
    """
    solver = solver_for(limits)
    news: Queue[News] = Queue()
    solver.best_bound_callback = lambda bound: news.put(News(bound=bound))
    asked, started = False, monotonic()
    with ThreadPoolExecutor(1, "solver") as beside:
        search = beside.submit(solver.solve, cp, _Watcher(read, news))
        search.add_done_callback(lambda _: news.put(News()))  # wakes whoever waits for news
        try:
            while not search.done() or not news.empty():
                asked = tell(_next(news)) or asked
                if asked:
                    solver.stop_search()
        finally:
            while not wait([search], PULSE_SECONDS).done:
                solver.stop_search()
    return _outcome(solver, search.result(), limits, monotonic() - started, asked=asked)


def _next(news: Queue[News]) -> News | None:
    try:
        return news.get(timeout=PULSE_SECONDS)
    except Empty:
        return None


def _outcome(
    solver: cp_model.CpSolver,
    status: cp_model_helper.CpSolverStatus,
    limits: Limits,
    seconds: float,
    *,
    asked: bool,
) -> Outcome:
    if status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}:
        stopped_by = StoppedBy.PROOF
    elif asked:
        stopped_by = StoppedBy.REQUEST
    elif limits.seconds is not None and seconds >= limits.seconds:
        stopped_by = StoppedBy.CLOCK
    else:
        stopped_by = StoppedBy.WORK_LIMIT
    work = solver.response_proto.deterministic_time
    return Outcome(status, solver.best_objective_bound, work, stopped_by)


def solver_for(limits: Limits) -> cp_model.CpSolver:
    """Return a solver under these limits."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.random_seed = limits.seed
    if limits.seconds is not None:
        parameters.max_time_in_seconds = max(0.01, limits.seconds)
    if limits.work is not None:
        parameters.max_deterministic_time = limits.work
    if limits.core:
        parameters.num_workers = 1
        parameters.optimize_with_core = True
        parameters.linearization_level = 0
        return solver
    if limits.reproducible:
        # One worker: interleaving two is reproducible as well, but the one that moves the bound
        # then gets a small share of the turns and proves nothing in a minute (measured).
        parameters.num_workers = 1
        parameters.linearization_level = 2
        return solver
    parameters.num_workers = limits.workers
    if limits.full_workers and limits.workers > 1:
        parameters.subsolvers.extend(limits.full_workers)
        parameters.ignore_subsolvers.append("default_lp")
    return solver


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Passes every solution on as a plan."""

    def __init__(self, read: Callable[[Read], Plan], news: Queue[News]) -> None:
        super().__init__()
        self._read = read
        self._news = news

    def on_solution_callback(self) -> None:
        self._news.put(News(self._read(self.value)))
