"""People as sets that go to the same place, with what each set costs there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.assignment_flow import reach
from scheduler.scheduling.engine.assignment_table import NEVER

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assignment import AssignmentProblem
    from scheduler.scheduling.engine.assignment_flow import Optimum
    from scheduler.scheduling.engine.assignment_network import Network
    from scheduler.scheduling.engine.assignment_table import Numbers, Table


@dataclass(frozen=True)
class Sets:
    """People who stay together are one set, everybody else one alone; `members` are their rows.

    `costs` of each person at each place, and in a last column without one. `beyond` says of each
    set by how much an assignment that sends it there is dearer than `least`, what everything costs
    without the rules that are no flow. `apart` names sets by number; `guess` is a first place each.
    """

    problem: AssignmentProblem
    members: list[list[int]]
    apart: list[list[int]]
    costs: Numbers
    beyond: Numbers
    least: int
    guess: Numbers


def sets_of(problem: AssignmentProblem, network: Network, table: Table, best: Optimum) -> Sets:
    """Return the sets of a problem; `best` has to be the cheapest flow."""
    row_by_id = {person.id: row for row, person in enumerate(problem.people)}
    together = [[row_by_id[id_] for id_ in ids] for ids in problem.together]
    members = _merged(len(problem.people), together)
    number = {row: n for n, rows in enumerate(members) for row in rows}
    apart = [[number[row_by_id[id_]] for id_ in ids] for ids in problem.apart]
    costs, alone = _columns(network, table, best)
    beyond = np.array([np.minimum(alone[rows].sum(axis=0), NEVER) for rows in members])
    for numbers in apart:  # a set that holds two of them can go nowhere
        torn = [number for number in numbers if numbers.count(number) > 1]
        beyond[torn, :-1] = NEVER
    guess = best.choice[[rows[0] for rows in members]] % costs.shape[1]
    return Sets(problem, members, apart, costs, beyond, best.value, guess)


def _merged(people: int, sets: list[list[int]]) -> list[list[int]]:
    """Return all people in sets, those that share somebody made one."""
    own = {row: [row] for row in range(people)}
    for rows in sets:
        joined = sorted({row for one in rows for row in own[one]})
        for row in joined:
            own[row] = joined
    return [rows for row, rows in own.items() if rows[0] == row]


def _columns(network: Network, table: Table, best: Optimum) -> tuple[Numbers, Numbers]:
    """Return everybody's costs, and how much dearer each makes an assignment than the cheapest."""
    costs = np.empty((table.people, table.places + 1), np.int64)
    beyond = np.empty_like(costs)
    costs[:, -1] = beyond[:, -1] = table.unplaced
    for first, block in table.blocks():
        rows = slice(first, first + len(block))
        costs[rows, :-1] = block
        beyond[rows, :-1] = block - reach(network, best, first, len(block))
    beyond -= best.slack[:, None]
    beyond[costs >= NEVER] = NEVER
    return costs, beyond
