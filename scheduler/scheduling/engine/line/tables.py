"""Tables of what some pieces of a core alone would cost, for every set of them that is left.

Other pieces only make waiting longer, so the tables of different pieces add up to a bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Sets: TypeAlias = NDArray[np.int64]
Costs: TypeAlias = NDArray[np.float64]

CHUNK = 1 << 16
BLOCK = 64


class Table:
    """The least cost of putting any of a few successive pieces last, and the others before.

    By symmetry that is also what it costs to put them first, the way in which it is counted here.
    """

    def __init__(
        self, plays: Costs, waits: Costs, begin: int, end: int, pulse: Callable[[int], None]
    ) -> None:
        """Look at all sets of the pieces from `begin` up to `end`, and tell how many there are.

        A row of `plays` holds the pieces of a player, one of `waits` what each piece costs.
        """
        self._begin = begin
        self._count = end - begin
        self._waits = waits[:, begin:end]
        self._bits: Sets = np.left_shift(1, np.arange(self._count, dtype=np.int64))
        self._pieces_of: Sets = plays[:, begin:end].astype(np.int64) @ self._bits
        self._costs = np.full(1 << self._count, np.inf)
        self._costs[0] = 0.0
        size = np.bitwise_count(np.arange(len(self._costs), dtype=np.int64))
        by_size = np.split(np.argsort(size, kind="stable"), np.cumsum(np.bincount(size))[:-1])
        for sets in by_size[:-1]:
            for part in np.array_split(sets, 1 + len(sets) // CHUNK):
                self._extend(part)
                pulse(len(part))

    def least(self, played: Sets) -> Costs:
        """Return what is still to come at least when these sets of all pieces have been played."""
        left = ~(played >> self._begin) & (len(self._costs) - 1)
        costs: Costs = self._costs[left]
        return costs

    def _extend(self, sets: Sets) -> None:
        """Enter what the sets with one piece more cost when they are reached from these."""
        played = sets[:, None] & self._pieces_of
        there = ((played != 0) & (played != self._pieces_of)).astype(np.float64)
        costs = product(there, self._waits)
        costs += self._costs[sets, None]
        for piece, bit in enumerate(self._bits):
            missing = (sets & bit) == 0
            longer = sets[missing] | bit
            self._costs[longer] = np.minimum(self._costs[longer], costs[missing, piece])


def product(rows: Costs, matrix: Costs) -> Costs:
    """Multiply a few rows at a time.

    Larger products are handed out to several threads, which mostly wait for one another and take
    the processor from whoever else needs it.
    """
    count, width = len(rows) // BLOCK, matrix.shape[1]
    whole = count * BLOCK
    blocks = rows[:whole].reshape(count, BLOCK, rows.shape[1]) @ matrix
    costs: Costs = np.empty((len(rows), width))
    costs[:whole] = blocks.reshape(whole, width)
    costs[whole:] = rows[whole:] @ matrix
    return costs
