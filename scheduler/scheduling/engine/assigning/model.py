"""An assignment as CP-SAT sees it: a variable for each set of people and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from scheduler.scheduling.engine.assigning.fairest import WITHOUT_PLACE
from scheduler.scheduling.engine.assigning.table import NEVER
from scheduler.scheduling.engine.terms import total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.scheduling.engine.assigning.problem import Place
    from scheduler.scheduling.engine.assigning.sets import Sets
    from scheduler.scheduling.engine.assigning.table import Numbers
    from scheduler.scheduling.engine.terms import Expr, Literal


class AssignmentModel:
    """All rules, for the pairs that are dearer than the cheapest flow by at most `margin`."""

    def __init__(self, sets: Sets, margin: int) -> None:
        self.cp = cp_model.CpModel()
        self._sets = sets
        self._without = sets.costs.shape[1] - 1
        self._takes: list[dict[int, Literal]] = []
        for number, is_cheap in enumerate(sets.beyond <= min(margin, NEVER - 1)):
            columns = np.flatnonzero(is_cheap).tolist()
            takes = {column: self.cp.new_bool_var(f"{number} {column}") for column in columns}
            self.cp.add_exactly_one(takes.values())
            self._takes.append(takes)
        self.hint(sets.guess)
        for column, place in enumerate(sets.problem.places):
            self._add_place(column, place)
            for apart in sets.apart:
                rivals = [self._takes[number] for number in sorted(set(apart))]
                self.cp.add_at_most_one(takes[column] for takes in rivals if column in takes)

    def hint(self, columns: Numbers) -> None:
        """Make this column of each set the search's first guess."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]
        for takes, guess in zip(self._takes, columns.tolist(), strict=True):
            for column, literal in takes.items():
                self.cp.add_hint(literal, column == guess)

    def columns(self, solver: cp_model.CpSolver) -> Numbers:
        """Return the column of each set in what the solver found."""
        taken = (
            next(column for column, literal in takes.items() if solver.boolean_value(literal))
            for takes in self._takes
        )
        return np.fromiter(taken, np.int64)

    def choice(self, columns: Numbers) -> Numbers:
        """Return each person's place, -1 for none."""
        found = np.empty(len(self._sets.costs), np.int64)
        for rows, column in zip(self._sets.members, columns.tolist(), strict=True):
            found[rows] = -1 if column == self._without else column
        return found

    @property
    def cost(self) -> Expr:
        costs = self._sets.costs
        return total(
            int(costs[rows, column].sum()) * literal for rows, column, literal in self._pairs()
        )

    def count_at(self, level: int) -> Expr:
        """Return how many people are at a level of cost; see `fairest`."""
        return total(
            people * literal
            for rows, column, literal in self._pairs()
            if (people := self._at_level(rows, column, level))
        )

    def _pairs(self) -> Iterator[tuple[list[int], int, Literal]]:
        for rows, takes in zip(self._sets.members, self._takes, strict=True):
            for column, literal in takes.items():
                yield rows, column, literal

    def _at_level(self, rows: list[int], column: int, level: int) -> int:
        if column == self._without:
            return len(rows) if level == WITHOUT_PLACE else 0
        return int((self._sets.costs[rows, column] == level).sum())

    def _add_place(self, column: int, place: Place) -> None:
        there = self._count(column, None)
        self.cp.add(there >= place.least)
        held = [there]
        for quota in self._sets.problem.quotas_by_place.get(place.id, ()):
            counted = self._count(column, quota.people)
            self.cp.add(counted >= quota.least)
            if quota.most is not None:
                self.cp.add(counted <= quota.most)
            if quota.kept:
                empty = self.cp.new_int_var(0, quota.kept, f"empty {quota.id}")
                self.cp.add(empty >= quota.kept - counted)
                held.append(empty + 0)
        self.cp.add(total(held) <= place.most)

    def _count(self, column: int, class_: str | None) -> Expr:
        """Return how many people, or how many of one class, come to a place."""
        people = self._sets.problem.people
        parts = []
        for rows, takes in zip(self._sets.members, self._takes, strict=True):
            size = sum(1 for row in rows if class_ is None or class_ in people[row].classes)
            if size and column in takes:
                parts.append(size * takes[column])
        return total(parts)
