"""What the next piece costs, and what the rest of an order costs at least, for many sets at once.

A set of pieces is a whole number with a bit for each piece; functions take arrays of them. All
costs are whole numbers held as floats, exact far beyond any real problem.
"""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.line.tables import Table, product

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from scheduler.scheduling.engine.line.cores import Core
    from scheduler.scheduling.engine.line.tables import Costs, Sets

COMPARED_PLAYERS = 16  # every two are compared for every set
SLACK = 1e-6  # what sums of fractions may be off a whole number


class Remaining:
    """The costs of one core's pieces after a set of them has been played."""

    def __init__(self, core: Core) -> None:
        self.bits: Sets = np.left_shift(1, np.arange(len(core.minutes), dtype=np.int64))
        self._minutes = np.array(core.minutes, np.float64)
        players = core.players
        self._plays = np.zeros((len(players), len(core.minutes)))
        for number, player in enumerate(players):
            self._plays[number, list(player.pieces)] = 1.0
        self._pay = np.array([player.pay for player in players], np.float64)
        self._pieces_of: Sets = self._plays.astype(np.int64) @ self.bits
        self._waits = self._pay[:, None] * (1 - self._plays) * self._minutes
        self._as_first = _penalties(core, [player.as_first for player in players])
        self._as_last = _penalties(core, [player.as_last for player in players])
        self._tables: list[Table] = []
        self._tabled = 0

    def next_costs(self, sets: Sets) -> Costs:
        """Return for each set what each piece costs when it is played next."""
        played = sets[:, None] & self._pieces_of
        started, ended = played != 0, played == self._pieces_of
        costs = product((started & ~ended).astype(np.float64), self._waits)
        if self._as_first.any():
            costs += (~started).astype(np.float64) @ self._as_first
        if self._as_last.any():
            left = self._pieces_of & ~played
            costs += ((left & (left - 1)) == 0).astype(np.float64) @ self._as_last
        return costs

    # ------------------------------------------------------------ least costs

    def at_a_glance(self, sets: Sets) -> Costs:
        """Return what the rest costs at least as far as one look shows."""
        bounds = np.zeros(len(sets))
        for table in self._tables:
            bounds += table.least(sets)
        return bounds

    def least(self, sets: Sets) -> Costs:
        """Return what the rest costs at least.

        Of two players who have begun and not ended, whoever ends later waits through the other's
        pieces. A piece of several such players can count for each of them only in part. Where
        there are tables, the first knows what is waited for during its pieces, and players have
        to be compared only in the others.
        """
        played = sets[:, None] & self._pieces_of
        there = ((played != 0) & (played != self._pieces_of)).astype(np.float64)
        left = ((sets[:, None] & self.bits) == 0) * self._minutes
        compared = there[:, self._compared]
        left /= np.maximum(product(compared, self._plays[self._compared]), 1)
        one, other = self._pairs
        both = compared[:, one] * compared[:, other]
        bounds = self._unequal(left, both, 0)
        if self._tables:
            beyond = self._unequal(left, both, self._tabled)
            bounds = np.maximum(bounds, beyond + self._tables[0].least(sets))
            bounds = np.maximum(bounds, self.at_a_glance(sets))
        rounded: Costs = np.ceil(bounds - SLACK)
        return rounded

    def _unequal(self, left: Costs, both: Costs, begin: int) -> Costs:
        """Return what pairs who are there wait for one another, in pieces from this one on."""
        one, other = self._pairs
        waits, plays = self._waits_per_minute[:, begin:], self._plays[self._compared][:, begin:]
        left = left[:, begin:]
        first = product(left, (waits[one] * plays[other]).T)
        second = product(left, (waits[other] * plays[one]).T)
        total: Costs = np.einsum("sp,sp->s", np.minimum(first, second), both)
        return total

    @cached_property
    def _compared(self) -> NDArray[np.intp]:
        """The players of whom every two are compared: those whose waiting may cost most."""
        weight = self._pay * (self._plays @ self._minutes)
        return np.argsort(-weight, kind="stable")[:COMPARED_PLAYERS]

    @cached_property
    def _pairs(self) -> tuple[list[int], list[int]]:
        pairs = list(combinations(range(len(self._compared)), 2))
        return [one for one, _ in pairs], [other for _, other in pairs]

    @cached_property
    def _waits_per_minute(self) -> Costs:
        waits: Costs = (self._pay[:, None] * (1 - self._plays))[self._compared]
        return waits

    def sharpen(self, pieces: int, pulse: Callable[[int], None]) -> None:
        """Make tables of so many pieces each, unless there are larger ones."""
        if self._tabled >= min(pieces, len(self.bits)):
            return
        begins = range(0, len(self.bits), pieces)
        ends = [min(begin + pieces, len(self.bits)) for begin in begins]
        self._tables = [
            Table(self._plays, self._waits, begin, end, pulse)
            for begin, end in zip(begins, ends, strict=True)
        ]
        self._tabled = ends[0]


def _penalties(core: Core, costs: list[Mapping[int, int]]) -> Costs:
    """Return a row for each player with what each piece costs more in that place."""
    table = np.zeros((len(core.players), len(core.minutes)))
    for number, more in enumerate(costs):
        for piece, cost in more.items():
            table[number, piece] = cost
    return table
