"""The search for the best order of a core: all sets of pieces that can come first, size by size.

What an order costs so far depends only on the set of pieces that it began with, and so does what
is still to come (Garcia de la Banda, Stuckey and Chu 2011). So sets of one size are made from
those one smaller, and kept as long as their cost and the least cost of the rest stay below the
best order known. When only the most promising sets of each size are kept, the search is a quick
one for good orders, and what was left out bounds what it may have missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.line.bounds import Remaining

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from scheduler.scheduling.engine.line.cores import Core
    from scheduler.scheduling.engine.line.tables import Costs, Sets

CHUNK = 1 << 16  # sets looked at in one go: what they need stays within some 50 MB


@dataclass(frozen=True)
class Found:
    """The best order below the ceiling, if there is one, and what no order can be below."""

    order: tuple[int, ...] | None
    bound: float


@dataclass(frozen=True)
class _Layer:
    """Sets of one size, the least cost of beginning with each, and which set and piece made it."""

    sets: Sets
    costs: Costs
    before: NDArray[np.int32]
    piece: NDArray[np.int8]

    def chosen(self, index: NDArray[np.intp]) -> _Layer:
        return _Layer(self.sets[index], self.costs[index], self.before[index], self.piece[index])


class Orders:
    """Searches the orders of one core, each time with more sets kept."""

    def __init__(self, core: Core, pulse: Callable[[int], None]) -> None:
        """Take the core and what is told, now and then, how many more sets were looked at.

        What `pulse` raises ends a search and is passed on.
        """
        self._core = core
        self._pulse = pulse
        self._rest = Remaining(core)

    def sharpen(self, pieces: int) -> None:
        """Make the bounds stronger, at the price of looking once at all sets of so many pieces."""
        self._rest.sharpen(pieces, self._pulse)

    def sweep(self, ceiling: float, width: int) -> Found:
        """Return the best order found that costs less than the ceiling, keeping so many sets."""
        none = np.zeros(1, np.int64)
        layer = _Layer(none, np.zeros(1), none.astype(np.int32), none.astype(np.int8))
        layers: list[_Layer] = []
        bound = ceiling
        for _ in self._core.minutes:
            layer = _cheapest(list(self._longer(layer, ceiling)))
            layer, least_cost = self._promising(layer, ceiling)
            if len(layer.sets) > width:
                nearest = np.argpartition(least_cost, width)
                bound = min(bound, float(least_cost[nearest[width:]].min()))
                layer = layer.chosen(nearest[:width])
            if not len(layer.sets):
                return Found(None, bound)
            layers.append(layer)
        return Found(_order(layers), min(bound, float(layer.costs[0])))

    def settle(self, order: Sequence[int]) -> tuple[int, ...]:
        """Return the order with single pieces moved for as long as that makes it cheaper."""
        best, value = tuple(order), self._core.cost(order)
        moved = True
        while moved:
            moved = False
            for piece in order:
                self._pulse(len(order) * len(self._core.players))
                rest = [other for other in best if other != piece]
                places = range(len(order))
                tried = min(((*rest[:at], piece, *rest[at:]) for at in places), key=self._core.cost)
                cost = self._core.cost(tried)
                if cost < value:
                    best, value, moved = tried, cost, True
        return best

    def _longer(self, layer: _Layer, ceiling: float) -> Iterator[_Layer]:
        """Yield the sets with one piece more, those reached in several ways several times."""
        rest = self._rest
        for begin in range(0, len(layer.sets), CHUNK):
            self._pulse(0)
            sets = layer.sets[begin : begin + CHUNK]
            costs = layer.costs[begin : begin + CHUNK, None] + rest.next_costs(sets)
            missing = (sets[:, None] & rest.bits) == 0
            before, piece = np.nonzero(missing & (costs < ceiling))
            longer = sets[before] | rest.bits[piece]
            cost = costs[before, piece]
            hopeful = np.nonzero(cost + rest.at_a_glance(longer) < ceiling)[0]
            came_from = (before + begin).astype(np.int32)
            yield _Layer(longer, cost, came_from, piece.astype(np.int8)).chosen(hopeful)

    def _promising(self, layer: _Layer, ceiling: float) -> tuple[_Layer, Costs]:
        """Return the sets from which less than the ceiling may be reached, and their bounds."""
        bounds = np.empty(len(layer.sets))
        for begin in range(0, len(layer.sets), CHUNK):
            part = slice(begin, begin + CHUNK)
            bounds[part] = layer.costs[part] + self._rest.least(layer.sets[part])
            self._pulse(len(bounds[part]))
        kept = np.nonzero(bounds < ceiling)[0]
        return layer.chosen(kept), bounds[kept]


def _cheapest(parts: Sequence[_Layer]) -> _Layer:
    """Return each set once, the way it is reached at the least cost."""
    names = ("sets", "costs", "before", "piece")
    whole = _Layer(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    by_set = np.lexsort((whole.costs, whole.sets))
    sets = whole.sets[by_set]
    first = np.ones(len(sets), np.bool_)
    first[1:] = sets[1:] != sets[:-1]
    return whole.chosen(by_set[first])


def _order(layers: Sequence[_Layer]) -> tuple[int, ...]:
    """Follow the ways back from the set of all pieces."""
    order: list[int] = []
    at = 0
    for layer in reversed(layers):
        order.append(int(layer.piece[at]))
        at = int(layer.before[at])
    return tuple(reversed(order))
