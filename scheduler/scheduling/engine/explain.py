"""Says which rules collide when no plan exists: named rules, few, and verified.

Every rule of the model gets a literal, the solver names a set of literals that cannot hold
together, the set is verified by solving a problem with just these rules, and every rule that is
not needed is taken out. What was not proved in time is called undecided, never impossible.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.constraints import add_rules
from scheduler.scheduling.engine.inputs import Finding, findings
from scheduler.scheduling.engine.local import local_collision
from scheduler.scheduling.engine.model import Model
from scheduler.scheduling.engine.relax import only
from scheduler.scheduling.engine.relief import Relief, relief_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.rules import NamedRule


LIGHT_WORK = 0.2
"""So much of the solver's own measure of work is tried in the light way first."""

RELIEF_SECONDS = 5.0
"""So long one change is tried; what is not decided then is not told."""


class Verdict(StrEnum):
    """What an explanation comes to."""

    CONFLICT = "conflict"
    POSSIBLE = "possible"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Rules that cannot hold together, and what counting alone has found.

    With `minimal` the problem becomes possible as soon as any one of the rules is dropped (as far
    as these rules are concerned). Without, some of them may not be needed. `reliefs` say for each
    rule what would help the whole problem if only that rule gave way; None where it stayed open.
    """

    verdict: Verdict
    rules: tuple[NamedRule, ...]
    minimal: bool
    findings: tuple[Finding, ...]
    seconds: float
    reliefs: tuple[Relief | None, ...] = ()


def explain(
    problem: Problem,
    *,
    seconds: float = 30,
    seed: int = 1,
    relieved: bool = True,
    should_stop: Callable[[], bool] | None = None,
) -> Explanation:
    """Return why a problem has no plan, that it has one, or that time was too short to tell.

    What would help is found out afterwards, unless `relieved` is off. `should_stop` is asked
    between the steps, each of which is short.
    """
    clock = _Clock(seconds, should_stop)
    short = tuple(findings(problem))
    rules = local_collision(problem, _named, lambda part: _is_possible(part, clock.left, seed))
    if rules is not None and _cannot_hold(problem, rules, clock, seed):
        verdict = Verdict.CONFLICT
    else:
        verdict, rules = _colliding(problem, clock, seed)
    if verdict is not Verdict.CONFLICT:
        if short:  # counting has proved what the search did not get to
            verdict = Verdict.CONFLICT
        return Explanation(verdict, (), minimal=False, findings=short, seconds=clock.spent)
    rules, minimal = _without_needless(problem, rules, clock, seed)
    ordered = tuple(sorted(rules, key=lambda rule: (rule.code, rule.ids)))
    reliefs = _reliefs(problem, ordered, clock, seed) if relieved else ()
    return Explanation(verdict, ordered, minimal, short, clock.spent, reliefs)


def _named(model: Model) -> Sequence[NamedRule]:
    """Add the rules to a relaxable model and return their names."""
    add_rules(model)
    return list(model.literal_by_rule)


class _Clock:
    """The time an explanation has left, and whether somebody wants it to end."""

    def __init__(self, seconds: float, should_stop: Callable[[], bool] | None) -> None:
        self._started = monotonic()
        self._seconds = seconds
        self._should_stop = should_stop

    @property
    def spent(self) -> float:
        return monotonic() - self._started

    @property
    def left(self) -> float:
        stopped = self._should_stop is not None and self._should_stop()
        return 0.0 if stopped else self._seconds - self.spent


def _colliding(problem: Problem, clock: _Clock, seed: int) -> tuple[Verdict, Sequence[NamedRule]]:
    """Return rules that cannot hold together, verified, but perhaps more than needed."""
    model = Model(problem, relaxable=True)
    every = _named(model)
    rule_by_index = {literal.index: rule for rule, literal in model.literal_by_rule.items()}
    model.cp.add_assumptions(list(model.literal_by_rule.values()))
    # Half the time for naming, half for verifying; cores need a single worker.
    solver = _solver(clock.left / 2, seed)
    status = solver.solve(model.cp)
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Verdict.POSSIBLE, ()
    if status == cp_model.INFEASIBLE:
        # The solver may name literals that were no assumptions: keep what we know.
        core = solver.sufficient_assumptions_for_infeasibility()
        named = [rule_by_index[index] for index in core if index in rule_by_index]
        if _cannot_hold(problem, named, clock, seed):
            return Verdict.CONFLICT, named
    if _cannot_hold(problem, every, clock, seed):
        return Verdict.CONFLICT, every
    return Verdict.UNDECIDED, ()


def _without_needless(
    problem: Problem, rules: Sequence[NamedRule], clock: _Clock, seed: int
) -> tuple[Sequence[NamedRule], bool]:
    """Take out one rule after the other that is not needed; say whether all were tried."""
    minimal = True
    for rule in list(rules):
        fewer = [other for other in rules if other != rule]
        proof = _cannot_hold(problem, fewer, clock, seed)
        if proof:
            rules = fewer
        minimal = minimal and proof is not None
    return rules, minimal


def _cannot_hold(
    problem: Problem, rules: Sequence[NamedRule], clock: _Clock, seed: int
) -> bool | None:
    """Say whether these rules alone leave no plan; None when that stays open."""
    possible = _is_possible(only(problem, rules), clock.left, seed)
    return None if possible is None else not possible


def _is_possible(problem: Problem, seconds: float, seed: int) -> bool | None:
    """Say whether the problem has a plan; None when that stays open."""
    if seconds <= 0:
        return None
    model = Model(problem)
    add_rules(model)
    clock = _Clock(seconds, None)
    status = _light(_solver(seconds, seed)).solve(model.cp)
    if status == cp_model.UNKNOWN and clock.left > 0:
        status = _solver(clock.left, seed).solve(model.cp)
    if status == cp_model.UNKNOWN:
        return None
    return bool(status != cp_model.INFEASIBLE)


def _reliefs(
    problem: Problem,
    rules: Sequence[NamedRule],
    clock: _Clock,
    seed: int,
) -> tuple[Relief | None, ...]:
    """Return what would help, one rule after the other, as long as there is time."""
    every = _named(Model(problem, relaxable=True))

    def is_possible(changed: Problem) -> bool | None:
        return _is_possible(changed, min(clock.left, RELIEF_SECONDS), seed)

    return tuple(relief_of(problem, rule, every, is_possible) for rule in rules)


def _light(solver: cp_model.CpSolver) -> cp_model.CpSolver:
    """Leave out what looks for more than a first plan, for a little work: three times as fast."""
    solver.parameters.linearization_level = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.max_deterministic_time = LIGHT_WORK
    return solver


def _solver(seconds: float, seed: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    return solver
