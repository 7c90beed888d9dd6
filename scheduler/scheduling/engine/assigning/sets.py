"""People as sets that go to the same place, with what each set costs there.

For the flow that comes first, whoever is in a set bears an equal share of what the set costs at a
place. The flow may still tear a set, but gains nothing by it at one place that it does not pay at
the other; so it costs little less than the best assignment that keeps all sets together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.assigning.flow import reach
from scheduler.scheduling.engine.assigning.table import NEVER, Table

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assigning.flow import Optimum
    from scheduler.scheduling.engine.assigning.network import Network
    from scheduler.scheduling.engine.assigning.problem import AssignmentProblem
    from scheduler.scheduling.engine.assigning.table import Numbers


class SharedTable(Table):
    """Costs in which all of one set have the same, but for a rest of 1: together what it costs."""

    def __init__(self, problem: AssignmentProblem) -> None:
        super().__init__(problem)
        self.members = _members(problem)
        self._shares: dict[int, Numbers] = {}
        for rows in self.members:
            if len(rows) > 1:
                costs = np.vstack([super(SharedTable, self).block(row, row + 1) for row in rows])
                for number, row in enumerate(rows):
                    share = (costs.sum(axis=0) + number) // len(rows)
                    share[(costs >= NEVER).any(axis=0)] = NEVER
                    self._shares[row] = share

    def block(self, first: int, last: int) -> Numbers:
        cells = super().block(first, last)
        for row in range(first, last) if self._shares else ():
            if row in self._shares:
                cells[row - first] = self._shares[row]
        return cells


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


def sets_of(
    problem: AssignmentProblem, network: Network, table: SharedTable, best: Optimum
) -> Sets:
    """Return the sets of a problem; `best` has to be the cheapest flow of the shared costs."""
    row_by_id = {person.id: row for row, person in enumerate(problem.people)}
    members = table.members
    number = {row: n for n, rows in enumerate(members) for row in rows}
    apart = [[number[row_by_id[id_]] for id_ in ids] for ids in problem.apart]
    costs, alone = _columns(Table(problem)), _columns(table)
    for first in range(0, table.people, table.rows_at_once):
        rows = slice(first, first + table.rows_at_once)
        alone[rows, :-1] -= reach(network, best, first, len(alone[rows]))
    alone -= best.slack[:, None]
    alone[costs >= NEVER] = NEVER
    beyond = np.array([np.minimum(alone[rows].sum(axis=0), NEVER) for rows in members])
    for numbers in apart:  # a set that holds two of them can go nowhere
        torn = [number for number in numbers if numbers.count(number) > 1]
        beyond[torn, :-1] = NEVER
    guess = best.choice[[rows[0] for rows in members]] % costs.shape[1]
    return Sets(problem, members, apart, costs, beyond, best.value, guess)


def _members(problem: AssignmentProblem) -> list[list[int]]:
    """Return all people in sets, those that share somebody made one."""
    row_by_id = {person.id: row for row, person in enumerate(problem.people)}
    own = {row: [row] for row in range(len(problem.people))}
    for ids in problem.together:
        joined = sorted({row for id_ in ids for row in own[row_by_id[id_]]})
        for row in joined:
            own[row] = joined
    return [rows for row, rows in own.items() if rows[0] == row]


def _columns(table: Table) -> Numbers:
    """Return everybody's costs, those of going without a place in the last column."""
    costs = np.empty((table.people, table.places + 1), np.int64)
    costs[:, -1] = table.unplaced
    for first, block in table.blocks():
        costs[first : first + len(block), :-1] = block
    return costs
