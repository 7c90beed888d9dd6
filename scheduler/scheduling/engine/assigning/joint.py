"""Assignments with rules that are no flow: kept together, kept apart, quotas that cross.

Without these rules the problem is a flow. Its prices tell by how much each pair makes an assignment
dearer than the flow. Only pairs below a margin become variables of CP-SAT: what it finds within the
margin is the best of all, since whoever uses another pair is dearer than the margin. The margin
grows until that is so.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.assigning.fairest import levels_of
from scheduler.scheduling.engine.assigning.model import AssignmentModel
from scheduler.scheduling.engine.assigning.result import Aim
from scheduler.scheduling.engine.assigning.table import NEVER
from scheduler.scheduling.engine.result import Status
from scheduler.scheduling.engine.run import Limits, solver_for

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assigning.sets import Sets
    from scheduler.scheduling.engine.assigning.table import Numbers, Table

FIRST_MARGIN = 0.005  # of the least cost
MARGIN_GROWS = 2


@dataclass(frozen=True, slots=True)
class Joint:
    """Each person's place (-1 is none), what is known of it, and what nothing costs less than."""

    status: Status
    choice: Numbers | None
    bound: int


def joint(sets: Sets, table: Table, aim: Aim, seconds: float) -> Joint:
    """Return the best assignment under all rules, or the best that was found in time."""
    ends = monotonic() + seconds
    found = _cheapest(sets, ends)
    if aim is Aim.CHEAPEST or found.choice is None:
        return found
    return _fairest(sets, levels_of(table), found, ends)


def _cheapest(sets: Sets, ends: float) -> Joint:
    widest = int(sets.beyond[sets.beyond < NEVER].max(initial=0))
    margin = max(1, int(FIRST_MARGIN * sets.least))
    while True:
        model = AssignmentModel(sets, margin)
        model.cp.minimize(model.cost)
        solver, status = _solved(model, ends)
        if status == cp_model.UNKNOWN:
            return Joint(Status.UNDECIDED, None, sets.least)
        if status == cp_model.INFEASIBLE:
            if margin >= widest:
                return Joint(Status.IMPOSSIBLE, None, sets.least)
            margin *= MARGIN_GROWS
            continue
        over = round(solver.objective_value) - sets.least
        proved = status == cp_model.OPTIMAL
        if not proved or over <= margin or margin >= widest:
            lowest = round(solver.best_objective_bound) - sets.least
            bound = lowest if margin >= widest else min(lowest, margin + 1)
            choice = model.choice(model.columns(solver))
            known = Status.OPTIMAL if proved else Status.FEASIBLE
            return Joint(known, choice, sets.least + max(0, bound))
        margin = over


def _fairest(sets: Sets, levels: list[int], cheapest: Joint, ends: float) -> Joint:
    """Make the count of one level after the other least, the highest cost first."""
    model, choice = AssignmentModel(sets, NEVER), cheapest.choice
    for level in levels:
        count = model.count_at(level)
        model.cp.minimize(count)
        solver, status = _solved(model, ends)
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            columns = model.columns(solver)
            choice = model.choice(columns)
            model.hint(columns)
        if status != cp_model.OPTIMAL:
            return Joint(Status.FEASIBLE, choice, cheapest.bound)
        model.cp.add(count <= round(solver.objective_value))
    return Joint(Status.OPTIMAL, choice, cheapest.bound)


def _solved(model: AssignmentModel, ends: float) -> tuple[cp_model.CpSolver, object]:
    # One worker finds the same in every run, unless the clock ends it.
    solver = solver_for(Limits(seconds=ends - monotonic(), reproducible=True))
    return solver, solver.solve(model.cp)
