"""Looks at an assignment again, sharing nothing with what made it: every rule, cost and proof.

Slow and plain on purpose, but for the proof, which has to look at every pair.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from scheduler.scheduling.engine.assigning.problem import (
        AssignmentProblem,
        Person,
        Place,
        Quota,
    )
    from scheduler.scheduling.engine.assigning.result import Price

    Places = Mapping[str, str | None]

CELLS_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an assignment breaks, the ids it is about, and how many people it holds."""

    code: str
    ids: tuple[str, ...]
    people: int = 0


def broken_rules(problem: AssignmentProblem, places: Places) -> list[Broken]:
    """Return everything that is wrong with an assignment; nothing if it is valid."""
    return [
        *_pairs(problem, places),
        *_numbers(problem, places),
        *_kept(problem, places),
        *_company(problem, places),
    ]


def value_of(problem: AssignmentProblem, places: Places) -> int:
    """Return the cost of a valid assignment."""
    cost = _Costs(problem).of
    costs = (cost(row, places[one.id]) for row, one in enumerate(problem.people))
    return sum(one for one in costs if one is not None)


class _Costs:
    """What a person, by number, costs at a place or without one; None: it must not be."""

    def __init__(self, problem: AssignmentProblem) -> None:
        self._problem = problem
        self._column = {place.id: number for number, place in enumerate(problem.places)}
        self._forbidden = {(one.person, one.place) for one in problem.forbidden}

    def of(self, row: int, place: str | None) -> int | None:
        problem, person = self._problem, self._problem.people[row]
        if place is None:
            return problem.unplaced_cost
        if (person.id, place) in self._forbidden:
            return None
        if problem.costs is not None:
            cost = int(problem.costs[row][self._column[place]])
            return None if cost < 0 else cost
        if place in person.wishes:
            return problem.rank_cost(1 + person.wishes.index(place))
        return problem.unwished_cost


def _pairs(problem: AssignmentProblem, places: Places) -> Iterator[Broken]:
    cost = _Costs(problem).of
    for id_ in places:
        if id_ not in problem.person_by_id:
            yield Broken("unknown_person", (id_,))
    for row, person in enumerate(problem.people):
        place = places.get(person.id)
        if place is None:
            if problem.unplaced_cost is None or person.id not in places:
                yield Broken("without_place", (person.id,))
        elif place not in problem.place_by_id:
            yield Broken("unknown_place", (person.id, place))
        elif cost(row, place) is None:
            yield Broken("not_possible", (person.id, place))


def _numbers(problem: AssignmentProblem, places: Places) -> Iterator[Broken]:
    there = Counter(places.values())
    for place in problem.places:
        yield from _outside((place.id,), there[place.id], place)
    for quota in problem.quotas:
        yield from _outside((quota.id, quota.place), len(_under(problem, quota, places)), quota)


def _outside(ids: tuple[str, ...], people: int, limits: Place | Quota) -> Iterator[Broken]:
    kind = "quota" if len(ids) > 1 else "place"
    if people < limits.least:
        yield Broken(f"{kind}_least", ids, people)
    if limits.most is not None and people > limits.most:
        yield Broken(f"{kind}_most", ids, people)


def _under(problem: AssignmentProblem, quota: Quota, places: Places) -> list[Person]:
    """Return the people whom a quota counts."""
    return [
        person
        for person in problem.people
        if places.get(person.id) == quota.place and quota.people in person.classes
    ]


def empty_seats(problem: AssignmentProblem, places: Places) -> dict[str, int]:
    """Return how many of the kept seats stay empty, by quota."""
    return {
        quota.id: max(0, quota.kept - len(_under(problem, quota, places)))
        for quota in problem.quotas
        if quota.kept
    }


def _kept(problem: AssignmentProblem, places: Places) -> Iterator[Broken]:
    there = Counter(places.values())
    empty = empty_seats(problem, places)
    for place in problem.places:
        kept = [q.id for q in problem.quotas if q.place == place.id and empty.get(q.id)]
        if kept and there[place.id] + sum(empty[id_] for id_ in kept) > place.most:
            yield Broken("kept_seats", (place.id, *kept), there[place.id])


def _company(problem: AssignmentProblem, places: Places) -> Iterator[Broken]:
    for members in problem.together:
        if len({places.get(id_) for id_ in members}) > 1:
            yield Broken("together", members)
    for members in problem.apart:
        for one, other in combinations(members, 2):
            if places.get(one) is not None and places.get(one) == places.get(other):
                yield Broken("apart", (one, other))


def proven_minimum(problem: AssignmentProblem, prices: Iterable[Price]) -> int:
    """Return a number that no valid assignment costs less than, whatever the prices are.

    If everybody could go where cost and prices together are least, this would be the cost, less
    what full places would have taken in. (Lagrange's bound: rules are weighed, not demanded.)
    """
    price = {(one.place, one.quota): one.price for one in prices}
    column = {place.id: number for number, place in enumerate(problem.places)}
    total = -sum(_paid(price.get((place.id, None), 0), place) for place in problem.places)
    for quota in problem.quotas:
        own = price.get((quota.place, quota.id), 0)
        both = own + price.get((quota.place, None), 0)
        total -= own * (quota.floor if own < 0 else _ceiling(problem, quota))
        total += min(0, both) * (quota.floor - quota.least)
    charged = np.array([price.get((place.id, None), 0) for place in problem.places], np.int64)
    step = max(1, CELLS_AT_ONCE // max(1, len(problem.places)))
    for first in range(0, len(problem.people), step):
        total += _least_of_rows(problem, first, first + step, price, column, charged)
    return total


def _paid(price: int, place: Place) -> int:
    return price * (place.least if price < 0 else place.most)


def _ceiling(problem: AssignmentProblem, quota: Quota) -> int:
    everybody = max(len(problem.people), quota.floor)
    return everybody if quota.most is None else quota.most


def _least_of_rows(
    problem: AssignmentProblem,
    first: int,
    last: int,
    price: Mapping[tuple[str, str | None], int],
    column: Mapping[str, int],
    charged: NDArray[np.int64],
) -> int:
    people = problem.people[first:last]
    never = 1 << 50
    if problem.costs is not None:
        cells = np.array(problem.costs[first:last], np.int64)
        cells = cells.reshape(len(people), len(column))
        np.putmask(cells, cells < 0, never)
    else:
        cells = np.full((len(people), len(column)), _or_never(problem.unwished_cost, never))
        for row, person in enumerate(people):
            for rank, place in enumerate(person.wishes, start=1):
                cells[row, column[place]] = problem.rank_cost(rank)
    row_of = {person.id: row for row, person in enumerate(people)}
    for one in problem.forbidden:
        if one.person in row_of:
            cells[row_of[one.person], column[one.place]] = never
    cells += charged
    for quota in problem.quotas:
        counted = [row for row, person in enumerate(people) if quota.people in person.classes]
        cells[counted, column[quota.place]] += price.get((quota.place, quota.id), 0)
    least = cells.min(axis=1, initial=_or_never(problem.unplaced_cost, never))
    return int(least.sum())


def _or_never(cost: int | None, never: int) -> int:
    return never if cost is None else cost
