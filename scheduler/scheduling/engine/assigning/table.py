"""The costs of an assignment as blocks of rows, so that no whole table need be kept twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from scheduler.scheduling.engine.assigning.problem import NOT_POSSIBLE
from scheduler.scheduling.engine.assigning.shape import HIGHEST_COST
from scheduler.scheduling.engine.shape import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scheduler.scheduling.engine.assigning.problem import AssignmentProblem, Person

    Numbers: TypeAlias = NDArray[np.int64]
    Flags: TypeAlias = NDArray[np.bool_]

# Far above every cost and price, far below where sums of a few of them overflow. All bits are set,
# so that NOT_POSSIBLE becomes it by one "and", which leaves costs as they are.
NEVER = (1 << 50) - 1
BLOCK_CELLS = 1 << 18


class Table:
    """What each person costs at each place, and without one; `NEVER` where it must not be."""

    def __init__(self, problem: AssignmentProblem) -> None:
        self.people, self.places = len(problem.people), len(problem.places)
        self._problem = problem
        self._column = {place.id: number for number, place in enumerate(problem.places)}
        self._forbidden: dict[int, list[int]] = {}
        row = {person.id: number for number, person in enumerate(problem.people)}
        for pair in problem.forbidden:
            self._forbidden.setdefault(row[pair.person], []).append(self._column[pair.place])
        unplaced = NEVER if problem.unplaced_cost is None else problem.unplaced_cost
        self.unplaced: Numbers = np.full(self.people, unplaced, np.int64)

        if problem.costs is not None:
            self._check(problem.costs)

    def _check(self, costs: Sequence[Sequence[int]]) -> None:
        for first in range(0, self.people, self.rows_at_once):
            given = np.asarray(costs[first : first + self.rows_at_once])
            is_whole = given.dtype.kind in "iu" or not given.size
            lowest, highest = given.min(initial=0), given.max(initial=0)
            if not is_whole or lowest < NOT_POSSIBLE or highest > HIGHEST_COST:
                raise ProblemError("bad_cost", least=NOT_POSSIBLE, most=HIGHEST_COST)

    @property
    def rows_at_once(self) -> int:
        return max(1, BLOCK_CELLS // max(1, self.places))

    def blocks(self) -> Iterator[tuple[int, Numbers]]:
        """Yield the number of each block's first row, and the block."""
        for first in range(0, self.people, self.rows_at_once):
            yield first, self.block(first, min(first + self.rows_at_once, self.people))

    def block(self, first: int, last: int) -> Numbers:
        """Return the costs of the people from `first` to before `last`, for the caller to keep."""
        cells = self._rows(first, last)
        for row in range(first, last) if self._forbidden else ():
            cells[row - first, self._forbidden.get(row, [])] = NEVER
        return cells

    def entries(self, rows: Numbers, columns: Numbers) -> Numbers:
        """Return single costs; the rows have to be sorted."""
        found = np.empty(len(rows), np.int64)
        step = self.rows_at_once
        for first in range(0, self.people, step):
            begin, end = np.searchsorted(rows, (first, first + step))
            if begin < end:
                block = self.block(first, min(first + step, self.people))
                found[begin:end] = block[rows[begin:end] - first, columns[begin:end]]
        return found

    def _rows(self, first: int, last: int) -> Numbers:
        problem = self._problem
        if problem.costs is not None:
            cells = np.asarray(problem.costs[first:last]).astype(np.int64)
            cells &= NEVER
            return cells
        unwished = NEVER if problem.unwished_cost is None else problem.unwished_cost
        cells = np.full((last - first, self.places), unwished, np.int64)
        for line, person in zip(cells, problem.people[first:last], strict=True):
            self._write_wishes(line, person)
        return cells

    def _write_wishes(self, line: Numbers, person: Person) -> None:
        for rank, place in enumerate(person.wishes, start=1):
            line[self._column[place]] = self._problem.rank_cost(rank)
