"""Starts a search from a plan that is already there.

A hint that leaves variables open is mostly lost, so the plan is first completed by solving the
model with everything in its place; when that cannot be done the bare places are hinted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.scheduling.engine.lanes import Lane
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.plan import Placement, Plan
    from scheduler.scheduling.engine.terms import Literal

COMPLETING_WORK = 5.0  # deterministic seconds; a plan in its place takes far less


def give_hints(model: Model, plan: Plan) -> bool:
    """Make the plan the search's first guess; say whether it was a whole and valid one."""
    places = dict(_places(model, plan))
    model.cp.clear_hints()  # type: ignore[no-untyped-call]
    complete = _completed(model.cp, places)
    for index, value in (complete or places).items():
        model.cp.add_hint(model.cp.get_int_var_from_proto_index(index), value)
    return complete is not None


def _completed(cp: cp_model.CpModel, places: dict[int, int]) -> dict[int, int] | None:
    """Return values for all variables that go with these places, or None when there are none."""
    fixed = cp.clone()
    for index, value in places.items():
        fixed.add(fixed.get_int_var_from_proto_index(index) == value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = COMPLETING_WORK
    if solver.solve(fixed) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return dict(enumerate(solver.response_proto.solution))


def _places(model: Model, plan: Plan) -> Iterator[tuple[int, int]]:
    """Yield the variables that a plan fixes, with their values."""
    grid = model.problem.grid_minutes
    seen: set[int] = set()
    for id_, place in plan.by_activity.items():
        if id_ not in model.at:
            continue
        if id_ in model.step and model.step[id_].index not in seen:
            yield model.step[id_].index, place.start // grid
        for literal, value in _session(model, place):
            if literal.index not in seen:
                yield literal.index, value
            seen.add(literal.index)
    for lane in model.lanes.values():
        yield from _turns(lane, plan, grid)


def _session(model: Model, place: Placement) -> Iterator[tuple[Literal, int]]:
    activity = model.problem.activity_by_id[place.activity]
    begin = place.start + activity.first
    for index, literal in model.at[place.activity].items():
        session = model.sessions[index]
        inside = session.window.start <= begin < session.window.end
        yield literal, int(inside and session.venue == place.venue)


def _turns(lane: Lane, plan: Plan, grid: int) -> Iterator[tuple[int, int]]:
    kind_by_id = {item.id: index for index, k in enumerate(lane.kinds) for item in k.members}
    placed = sorted(
        (plan.by_activity[id_] for id_ in kind_by_id if id_ in plan.by_activity),
        key=lambda place: place.start,
    )
    if len(placed) < len(lane.turns):
        return
    for turn, row, place in zip(lane.turns, lane.takes, placed, strict=True):
        yield turn.index, place.start // grid
        for index, literal in enumerate(row):
            yield literal.index, int(index == kind_by_id[place.activity])
