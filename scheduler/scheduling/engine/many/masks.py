"""Sets of possible starts as whole numbers: bit s stands for a start at step s of the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]


class Steps:
    """The steps of a problem's grid, from the first midnight to the end of the last day."""

    def __init__(self, grid_minutes: int, end: int) -> None:
        self.grid = grid_minutes
        self.count = end // grid_minutes + 1
        self.all = (1 << self.count) - 1
        self._bytes = -(-self.count // 8)

    def within(self, low: int, high: int) -> int:
        """Return the steps at minutes from `low` to `high`, both included."""
        first = max(0, -(-low // self.grid))
        last = min(self.count - 1, high // self.grid)
        return ((1 << (last - first + 1)) - 1) << first if first <= last else 0

    def numbers(self, mask: int) -> NDArray[np.int64]:
        """Return the steps of a mask in order."""
        content = np.frombuffer(mask.to_bytes(self._bytes, "little"), dtype=np.uint8)
        return np.flatnonzero(np.unpackbits(content, bitorder="little"))

    def mask(self, flags: Flags) -> int:
        """Return the mask of the steps that are flagged."""
        return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
