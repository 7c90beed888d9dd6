"""The fairest assignment: as few people as possible at the highest cost, and so on down.

Fair matchings, worst rank first: C.-C. Huang, T. Kavitha, K. Mehlhorn, D. Michail, "Fair Matchings
and Related Problems", Algorithmica 74 (2016); for costs instead of ranks R. E. Burkard, F. Rendl,
"Lexicographic bottleneck problems", Operations Research Letters 10 (1991). Not rank-maximal, which
would give as many first wishes as possible first, at the expense of a few.

One level of cost after the other is counted and the count made least. What the prices of one level
exclude from all its best assignments is closed for the next, so that numbers never grow large.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.assigning.flow import optimum, reach
from scheduler.scheduling.engine.assigning.table import NEVER, Table

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assigning.flow import Optimum
    from scheduler.scheduling.engine.assigning.network import Network
    from scheduler.scheduling.engine.assigning.problem import AssignmentProblem
    from scheduler.scheduling.engine.assigning.table import Numbers

WITHOUT_PLACE = NEVER
"""The first level: nobody is worse off than whoever has no place, whatever that costs."""


def levels_of(table: Table) -> list[int]:
    """Return all costs that somebody may have, the highest first, before them `WITHOUT_PLACE`."""
    found: set[int] = set()
    for _, block in table.blocks():
        found.update(np.unique(block[block < NEVER]).tolist())
    without = [WITHOUT_PLACE] if (table.unplaced < NEVER).any() else []
    return [*without, *sorted(found, reverse=True)]


def fairest(problem: AssignmentProblem, network: Network, cheapest: Optimum) -> Numbers:
    """Return each person's place in a fairest assignment; there has to be a possible one."""
    network, table = replace(network), _Level(problem)
    choice = cheapest.choice
    for level in levels_of(Table(problem)):
        table.level = level
        best = optimum(network, table)
        choice = best.choice
        table.close(network, best)
        _tighten(network, best)
    return choice


class _Level(Table):
    """Costs 1 at one level of the real cost and 0 elsewhere; closed pairs are not possible."""

    def __init__(self, problem: AssignmentProblem) -> None:
        super().__init__(problem)
        self._closed = np.zeros((self.people, self.places), np.bool_)
        self._may_be_without = self.unplaced < NEVER
        self._level = WITHOUT_PLACE

    @property
    def level(self) -> int:
        return self._level

    @level.setter
    def level(self, level: int) -> None:
        self._level = level
        at_level = int(level == WITHOUT_PLACE)
        self.unplaced = np.where(self._may_be_without, at_level, NEVER)

    def block(self, first: int, last: int) -> Numbers:
        cells = super().block(first, last)
        closed = self._closed[first:last] | (cells >= NEVER)
        return np.where(closed, NEVER, (cells == self._level).astype(np.int64))

    def close(self, network: Network, best: Optimum) -> None:
        """Close what no assignment uses that is as good as this one at the present level."""
        slack = best.slack
        for first, block in self.blocks():
            rows = slice(first, first + len(block))
            reduced = block - reach(network, best, first, len(block)) - slack[rows, None]
            self._closed[rows] |= reduced > 0
        self._may_be_without &= self.unplaced - slack <= 0


def _tighten(network: Network, best: Optimum) -> None:
    """Keep the gates full or at their least that are so in every assignment as good as this one."""
    potential = best.potential[: network.exit]
    network.kept[potential < 0] = 0
    for gate in np.flatnonzero((potential > 0) & (network.kept > 0)):
        # All its kept seats stay empty: they are taken out of the gate and of the place behind it.
        empty = network.kept[gate]
        for passed in (gate, network.parent[gate]):
            network.most[passed] -= empty
            network.least[passed] = max(0, network.least[passed] - empty)
        network.kept[gate] = 0
    fixed = best.potential[network.parent] - potential
    network.least = np.where(fixed > 0, network.most, network.least)
    network.most = np.where(fixed < 0, network.least, network.most)
