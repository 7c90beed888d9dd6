"""Puts units onto a board, each where it costs least of the places looked at."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.plan import Placement

if TYPE_CHECKING:
    from random import Random

    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.many.board import Amounts, Board
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
        for place in self._places(unit, first, MOST_LOOKED_AT, noise, filling=filling):
            found = self._tried(unit, place, noise, filling=filling)
            if found is None:
                continue
            best = found if best is None or found[0] < best[0] else best
            tries -= 1
            if not tries:
                break
        for place in best[1] if best else ():
            board.place(place)
        return best is not None

    def _tried(
        self, unit: Unit, place: Placement, noise: int, *, filling: bool
    ) -> tuple[int, list[Placement]] | None:
        """Return what the unit would cost with its first activity there, and all its places."""
        board = self._board
        before = board.expense.total
        board.place(place)
        placed = self._rest(unit, noise, filling=filling)
        cost = board.expense.total - before
        for one in (place, *(placed or ())):
            board.take(one.activity)
        return None if placed is None else (cost, [place, *placed])

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
        starts, spans = self._starts(activity, possible)
        found: list[tuple[float, int, str]] = []
        cost = np.zeros(len(starts), dtype=np.int64)
        for day, part in spans:
            cost[part] = board.expense.further(activity, day, starts[part])
        for venue, mask in possible.items():
            own = cost + self._at_venue(activity, venue, starts, spans)
            here = np.searchsorted(starts, board.steps.grid * board.steps.numbers(mask))
            if filling:
                own[here] += DEARER * noise * board.left_beside(activity, venue, starts[here])
            costs = own[here] + self._noise.random(len(here)) * noise
            chosen = np.argsort(costs)[:most] if most > 1 else [int(np.argmin(costs))]
            found += [(float(costs[i]), int(starts[here][i]), venue) for i in chosen]
        found.sort()
        return [Placement(activity.id, venue, start) for _, start, venue in found[:most]]

    def _starts(
        self, activity: Activity, possible: dict[str, int]
    ) -> tuple[Amounts, list[tuple[int, slice]]]:
        """Return the starts possible at any venue, and which of them lie on which day."""
        anywhere = 0
        for mask in possible.values():
            anywhere |= mask
        steps = self._board.steps
        starts = steps.numbers(anywhere) * steps.grid
        begins = [day.start for day in self._board.problem.days]
        days = np.searchsorted(begins, starts + activity.first, side="right") - 1
        edges = np.flatnonzero(np.diff(days, prepend=-1, append=len(begins))).tolist()
        return starts, [(int(days[low]), slice(low, high)) for low, high in pairwise(edges)]

    def _at_venue(
        self, activity: Activity, venue: str, starts: Amounts, spans: list[tuple[int, slice]]
    ) -> Amounts:
        cost = np.zeros(len(starts), dtype=np.int64)
        weights = self._board.problem.weights
        for day, part in spans if weights.venue_idle or weights.venue_moves else ():
            cost[part] = self._board.expense.at_venue(activity, day, venue, starts[part])
        return cost
