"""Which rules collide where places and quotas alone would leave an assignment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.assigning.flow import optimum
from scheduler.scheduling.engine.assigning.model import AssignmentModel
from scheduler.scheduling.engine.assigning.network import network_of
from scheduler.scheduling.engine.assigning.problem import Quota
from scheduler.scheduling.engine.assigning.result import Collision
from scheduler.scheduling.engine.assigning.sets import SharedTable, sets_of
from scheduler.scheduling.engine.assigning.table import NEVER
from scheduler.scheduling.engine.run import Limits, solver_for

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assigning.problem import AssignmentProblem, Place


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of a problem that are no flow."""

    together: tuple[tuple[str, ...], ...]
    apart: tuple[tuple[str, ...], ...]
    beside: tuple[Quota | Place, ...]

    @property
    def named(self) -> tuple[Collision, ...]:
        return (
            *(Collision("together", ids) for ids in self.together),
            *(Collision("apart", ids) for ids in self.apart),
            *(_name(one) for one in self.beside),
        )

    def only(self, names: list[Collision]) -> _Rules:
        return _Rules(
            tuple(ids for ids in self.together if Collision("together", ids) in names),
            tuple(ids for ids in self.apart if Collision("apart", ids) in names),
            tuple(one for one in self.beside if _name(one) in names),
        )


def _name(one: Quota | Place) -> Collision:
    return Collision("quota" if isinstance(one, Quota) else "place_least", (one.id,))


def colliding(problem: AssignmentProblem, ends: float) -> tuple[Collision, ...]:
    """Return rules that, with the places and the other quotas, leave nothing; all are needed.

    The problem has to be impossible. When the time ends, some of the rules may not be needed.
    """
    every = _Rules(problem.together, problem.apart, tuple(network_of(problem).beside))
    needed = list(dict.fromkeys(every.named))
    for rule in list(needed):
        fewer = [other for other in needed if other != rule]
        if monotonic() < ends and _is_impossible(_with(problem, every, every.only(fewer)), ends):
            needed = fewer
    return tuple(needed)


def _with(problem: AssignmentProblem, every: _Rules, rules: _Rules) -> AssignmentProblem:
    """Return the problem with only these of its rules that are no flow."""
    dropped = {(type(one), one.id) for one in every.beside}
    dropped -= {(type(one), one.id) for one in rules.beside}
    return replace(
        problem,
        together=rules.together,
        apart=rules.apart,
        quotas=tuple(one for one in problem.quotas if (Quota, one.id) not in dropped),
        places=tuple(
            replace(one, least=0) if (type(one), one.id) in dropped else one
            for one in problem.places
        ),
    )


def _is_impossible(problem: AssignmentProblem, ends: float) -> bool:
    """Say whether that is proved; what could not be decided in time is not."""
    network, table = network_of(problem), SharedTable(problem)
    best = optimum(network, table)
    if not best.is_possible:
        return True
    model = AssignmentModel(sets_of(problem, network, table, best), NEVER)
    solver = solver_for(Limits(seconds=ends - monotonic(), reproducible=True))
    return bool(solver.solve(model.cp) == cp_model.INFEASIBLE)
