"""How an assignment looks to those who got it: ranks of wishes, envy, seats that stay empty."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.assigning.check import empty_seats
from scheduler.scheduling.engine.assigning.result import Envy, RankCount, Unfilled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.scheduling.engine.assigning.problem import AssignmentProblem
    from scheduler.scheduling.engine.assigning.table import Numbers, Table

NOBODY = np.iinfo(np.int64).max


def rank_counts(
    problem: AssignmentProblem, places: Mapping[str, str | None]
) -> tuple[RankCount, ...]:
    """Return how many people got which wish: first, second, …, none of them, no place.

    Every rank that somebody could have got is told, also with 0 people; the other two only if they
    happened. Nothing is told where nobody has wishes.
    """
    counts: Counter[int | None] = Counter()
    for person in problem.people:
        place = places[person.id]
        rank = person.wishes.index(place) + 1 if place in person.wishes else 0
        counts[None if place is None else rank] += 1
    longest = max((len(person.wishes) for person in problem.people), default=0)
    if not longest:
        return ()
    wished = [RankCount(rank, counts[rank]) for rank in range(1, longest + 1)]
    rest = [RankCount(rank, counts[rank]) for rank in (0, None) if counts[rank]]
    return (*wished, *rest)


def envy(problem: AssignmentProblem, table: Table, choice: Numbers) -> Envy:
    """Return who would rather, at their own cost, have the place of somebody with no higher claim.

    Places they must not have do not count, and whether a quota would have let them in is not asked.
    """
    claims = np.array([person.claim for person in problem.people], np.int64)
    own = _own_costs(table, choice)
    weakest = np.full(table.places, NOBODY)
    np.minimum.at(weakest, choice[choice >= 0], claims[choice >= 0])
    lowest = np.full(table.people, NOBODY)
    for first, block in table.blocks():
        rows = slice(first, first + len(block))
        wanted = np.where(block < own[rows, None], weakest, NOBODY)
        lowest[rows] = wanted.min(axis=1, initial=NOBODY)
    ids = np.array([person.id for person in problem.people], object)
    return Envy(tuple(ids[lowest < claims]), tuple(ids[lowest == claims]))


def _own_costs(table: Table, choice: Numbers) -> Numbers:
    own = table.unplaced.copy()
    placed = np.flatnonzero(choice >= 0)
    own[placed] = table.entries(placed, choice[placed])
    return own


def unfilled(problem: AssignmentProblem, places: Mapping[str, str | None]) -> tuple[Unfilled, ...]:
    """Return the quotas that keep seats of which some stay empty."""
    kept = {quota.id: quota.kept for quota in problem.quotas}
    empty = empty_seats(problem, places)
    return tuple(Unfilled(id_, kept[id_], count) for id_, count in empty.items() if count)
