"""Why an assignment is not possible: what is short, as a count of people and seats.

From a person who found no place (or a place that is not filled) one follows everything that could
still be moved. What is reached this way is closed: nothing in it can be helped from outside. Its
people and limits are the explanation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.assigning.result import Lack, Limit, Shortage
from scheduler.scheduling.engine.assigning.table import NEVER

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assigning.flow import Optimum
    from scheduler.scheduling.engine.assigning.network import Network
    from scheduler.scheduling.engine.assigning.problem import AssignmentProblem
    from scheduler.scheduling.engine.assigning.table import Flags, Table


def shortage(problem: AssignmentProblem, network: Network, table: Table, best: Optimum) -> Shortage:
    """Return what is short; `best` has to be an assignment that breaks rules because it must."""
    stranded = (best.cost >= best.fine) & (best.choice < 0)
    search = _Search(problem, network, table, best)
    if stranded.any() or best.excess.any():
        return search.room(stranded)
    return search.people()


class _Search:
    def __init__(
        self, problem: AssignmentProblem, network: Network, table: Table, best: Optimum
    ) -> None:
        self._problem, self._network, self._table, self._best = problem, network, table, best
        # Of gates that cannot keep their rules the flow shows what passes; the rest stands beside.
        self._may_rise = best.load < network.most
        self._may_fall = best.load > network.least
        self._inner = np.flatnonzero(network.parent < network.exit)

    def room(self, stranded: Flags) -> Shortage:
        """Follow one stranded person (or an overfull gate) to all that is full before them."""
        people = np.zeros(len(stranded), np.bool_)
        gates = np.zeros(len(self._network.gates), np.bool_)
        if stranded.any():
            people[np.argmax(stranded)] = True
        else:
            gates[np.argmax(self._best.excess > 0)] = True
        before = -1
        while (now := int(people.sum() + gates.sum())) > before:
            before = now
            gates |= self._open_to(people)
            people |= np.append(gates, False)[self._best.node]  # the exit is none
            self._spread(gates, forwards=True)
        leave, enter = self._border(gates)
        at_most, at_least = self._limits(leave, "most"), self._limits(enter, "least")
        needed = int(people.sum()) + sum(limit.number for limit in at_least)
        available = sum(limit.number for limit in at_most)
        return Shortage(Lack.ROOM, needed, available, self._ids(people), at_most, at_least)

    def people(self) -> Shortage:
        """Follow one gate that is not filled back to all who could still come there."""
        gates = np.zeros(len(self._network.gates), np.bool_)
        gates[np.argmax(self._best.missing > 0)] = True
        people = self._who_may_enter(gates)
        before = -1
        while (now := int(people.sum() + gates.sum())) > before:
            before = now
            people = self._who_may_enter(gates)
            gates |= np.isin(np.arange(len(gates)), self._best.node[people])
            self._spread(gates, forwards=False)
        leave, enter = self._border(gates)
        at_least, at_most = self._limits(leave, "least"), self._limits(enter, "most")
        empty = int(self._network.kept[gates].sum())
        needed = sum(limit.number for limit in at_least) - empty
        available = int(people.sum()) + sum(limit.number for limit in at_most)
        return Shortage(Lack.PEOPLE, needed, available, self._ids(people), at_most, at_least)

    def _spread(self, gates: Flags, *, forwards: bool) -> None:
        """Add the gates between which people could still be moved, in place."""
        inner, parent = self._inner, self._network.parent[self._inner]
        up, down = (
            (self._may_rise, self._may_fall) if forwards else (self._may_fall, self._may_rise)
        )
        gates[parent[gates[inner] & up[inner]]] = True
        gates[inner[gates[parent] & down[inner]]] = True

    def _open_to(self, people: Flags) -> Flags:
        """Return the first gates that these people may go to."""
        reached = np.zeros(len(self._network.gates), np.bool_)
        for first, block in self._table.blocks():
            rows = np.flatnonzero(people[first : first + len(block)])
            entry = self._network.entry[self._network.kind[first + rows]]
            reached[entry[block[rows] < NEVER]] = True
        return reached

    def _who_may_enter(self, gates: Flags) -> Flags:
        found = np.zeros(self._table.people, np.bool_)
        for first, block in self._table.blocks():
            entry = self._network.entry[self._network.kind[first : first + len(block)]]
            found[first : first + len(block)] = ((block < NEVER) & gates[entry]).any(axis=1)
        return found

    def _border(self, gates: Flags) -> tuple[list[int], list[int]]:
        """Return the gates by which one leaves these, and by which one enters them."""
        behind = np.append(gates, False)[self._network.parent]  # the exit is none
        return np.flatnonzero(gates & ~behind).tolist(), np.flatnonzero(behind & ~gates).tolist()

    def _limits(self, gates: list[int], which: str) -> tuple[Limit, ...]:
        numbers = getattr(self._network, which)
        named = [(self._network.gates[gate], int(numbers[gate])) for gate in gates]
        limits = [Limit(gate.place, gate.quota, number) for gate, number in named]
        return tuple(limit for limit in limits if which == "most" or limit.number)

    def _ids(self, people: Flags) -> tuple[str, ...]:
        return tuple(self._problem.people[row].id for row in np.flatnonzero(people))
