"""Puts units onto a board, each where it costs least of the places looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.plan import Placement

if TYPE_CHECKING:
    from random import Random

    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.many.board import Board
    from scheduler.scheduling.engine.many.units import Unit


MOST_LOOKED_AT = 40
DEARER = 4  # how much of the noise a minute left beside counts when days are filled


class Inserter:
    """Tries the cheapest places of a unit's first activity, and for each places the others.

    Up to `noise` cost units are added at random, so that it chooses differently each time. When
    all that counts is that everything finds a place, `filling` looks above all at the minutes that
    would be left beside it on the stage, so that days fill without gaps.
    """

    def __init__(self, board: Board, random: Random) -> None:
        self._board = board
        self._noise = np.random.default_rng(random.randrange(2**32))

    def insert(self, unit: Unit, tries: int, noise: int, *, filling: bool) -> bool:
        """Place all of the unit, or nothing of it; say which."""
        board, first = self._board, unit.activities[0]
        best: tuple[int, list[Placement]] | None = None
        before = board.expense.total
        left = tries
        for place in self._places(unit, first, MOST_LOOKED_AT, noise, filling=filling):
            if not left:
                break
            board.place(place)
            if best is None or board.expense.total - before < best[0]:
                placed = self._rest(unit, noise, filling=filling)
                left -= placed is not None
                if placed is not None:
                    cost = board.expense.total - before
                    if best is None or cost < best[0]:
                        best = cost, [place, *placed]
                    for one in placed:
                        board.take(one.activity)
            board.take(first.id)
        if best is None:
            return False
        for place in best[1]:
            board.place(place)
        return True

    def _rest(self, unit: Unit, noise: int, *, filling: bool) -> list[Placement] | None:
        placed: list[Placement] = []
        for activity in unit.activities[1:]:
            places = self._places(unit, activity, 1, noise, filling=filling)
            if not places:
                for one in placed:
                    self._board.take(one.activity)
                return None
            self._board.place(places[0])
            placed.append(places[0])
        return placed

    def _places(
        self, unit: Unit, activity: Activity, most: int, noise: int, *, filling: bool
    ) -> list[Placement]:
        """Return the cheapest places of an activity, the cheapest first."""
        board = self._board
        possible = board.possible(activity, unit.allowed(board, activity))
        if not possible:
            return []
        anywhere = 0
        for mask in possible.values():
            anywhere |= mask
        numbers = board.steps.numbers(anywhere)
        starts = numbers * board.steps.grid
        days = np.searchsorted(
            [day.start for day in board.problem.days], starts + activity.first, side="right"
        )
        cost = np.zeros(len(starts), dtype=np.int64)
        edges = np.flatnonzero(np.diff(days, prepend=-1, append=-1))
        spans = [(int(a), int(b)) for a, b in zip(edges[:-1], edges[1:], strict=True)]
        for begin, end in spans:
            day = int(days[begin]) - 1
            cost[begin:end] = board.expense.further(activity, day, starts[begin:end])
        found: list[tuple[float, int, str]] = []
        weights = board.problem.weights
        for venue, mask in possible.items():
            own = cost.copy()
            if weights.venue_idle or weights.venue_moves:
                for begin, end in spans:
                    day = int(days[begin]) - 1
                    own[begin:end] += board.expense.at_venue(
                        activity, day, venue, starts[begin:end]
                    )
            here = np.searchsorted(numbers, board.steps.numbers(mask))
            if filling:
                own[here] += DEARER * noise * board.left_beside(activity, venue, starts[here])
            costs = own[here] + self._noise.random(len(here)) * noise
            chosen = np.argsort(costs)[:most] if most > 1 else [int(np.argmin(costs))]
            found += [(float(costs[i]), int(starts[here][i]), venue) for i in chosen]
        found.sort()
        return [Placement(activity.id, venue, start) for _, start, venue in found[:most]]
