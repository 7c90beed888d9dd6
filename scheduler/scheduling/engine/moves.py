"""What follows when some activities of a plan are put elsewhere and all others stay.

Asked of the independent checker and the score, on the part of the problem that the move can touch;
the differences are those of the whole plan.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.check import Violation, violations
from scheduler.scheduling.engine.plan import Placement, Plan, plan_of
from scheduler.scheduling.engine.score import Term, score, waiting_by_party

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.rules import Rule


@dataclass(frozen=True)
class Change:
    """What other places for some activities come to.

    `broken` and `mended` are the rules that are newly broken and no longer broken, `terms` the
    wishes that change, with what is added to their amounts; `waits` says by how many minutes each
    person of how many waits longer (or, below 0, less long).
    """

    places: tuple[Placement, ...]
    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    terms: tuple[Term, ...]
    waits: tuple[tuple[int, int], ...]

    @property
    def cost(self) -> int:
        """What is added to the plan's cost."""
        return sum(term.cost for term in self.terms)


def change_to(problem: Problem, plan: Plan, places: Iterable[Placement]) -> Change:
    """Return what follows from these places; locks of what moves are taken as opened."""
    wanted = tuple(places)
    moving = {place.activity for place in wanted}
    return Around(problem, plan, moving, {place.venue for place in wanted}).change(wanted)


class Around:
    """A plan as it looks from some activities that may move to some venues."""

    def __init__(
        self, problem: Problem, plan: Plan, moving: Collection[str], venues: Collection[str]
    ) -> None:
        seen = {place.venue for place in plan.placements if place.activity in moving} | {*venues}
        placed = {place.activity for place in plan.placements} & set(problem.activity_by_id)
        here = {place.activity for place in plan.placements if place.venue in seen}
        near = _near(problem, moving, here) & (placed | set(moving))
        self._problem = part_of(problem, near, moving)
        self._plan = _cut(plan, near)
        self._before = violations(self._problem, self._plan)
        present = self._problem
        if not set(moving) <= placed:
            present = part_of(problem, near & placed, moving)
        self._terms = _amounts(present, self._plan)
        self._waits = waiting_by_party(present, self._plan)

    def change(self, places: tuple[Placement, ...]) -> Change:
        """Return what follows from these places of the activities that may move."""
        then = plan_of((self._plan.by_activity | {one.activity: one for one in places}).values())
        after = violations(self._problem, then)
        amounts = _amounts(self._problem, then)
        amounts.subtract(self._terms)
        return Change(
            places,
            tuple(one for one in after if one not in self._before),
            tuple(one for one in self._before if _name(one) not in map(_name, after)),
            tuple(Term(code, weight, n) for (code, weight), n in sorted(amounts.items()) if n),
            tuple(self._longer_waits(then)),
        )

    def _longer_waits(self, then: Plan) -> Iterator[tuple[int, int]]:
        persons = {party.id: party.persons for party in self._problem.parties}
        for id_, minutes in waiting_by_party(self._problem, then).items():
            longer = minutes - self._waits.get(id_, 0)
            if longer:
                yield persons[id_], longer // persons[id_]


def _name(violation: Violation) -> tuple[Rule, tuple[str, ...]]:
    return violation.code, violation.ids


def _amounts(problem: Problem, plan: Plan) -> Counter[tuple[str, int]]:
    found: Counter[tuple[str, int]] = Counter()
    for term in score(problem, plan).terms:
        found[term.code, term.weight] += term.amount
    return found


def _near(problem: Problem, moving: Collection[str], here: set[str]) -> set[str]:
    """Return the activities that these can meet: in a venue, by people, school, block or rule."""
    schools = {problem.activity_by_id[id_].school for id_ in moving} - {None}
    near = here | {a.id for a in problem.activities if a.school in schools} | set(moving)
    shared = [party.activities for party in problem.parties]
    for ids in (*shared, *(rule.concerned for rule in problem.rules)):
        if not set(moving).isdisjoint(ids):
            near.update(ids)
    for block in problem.blocks:
        if not near.isdisjoint(block.activities):
            near.update(block.activities)
    return near


def part_of(
    problem: Problem, near: Collection[str], about: Collection[str] | None = None
) -> Problem:
    """Return the problem of some activities; with `about`, only what is said about those."""
    asked = near if about is None else set(about)

    def kept(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(id_ for id_ in ids if id_ in near)

    def concerned(ids: tuple[str, ...]) -> bool:
        return any(id_ in asked for id_ in ids)

    return replace(
        problem,
        activities=tuple(a for a in problem.activities if a.id in near),
        parties=tuple(
            replace(party, activities=kept(party.activities))
            for party in problem.parties
            if concerned(party.activities)
        ),
        blocks=tuple(
            replace(block, activities=kept(block.activities))
            for block in problem.blocks
            if kept(block.activities)
        ),
        time_limits=tuple(
            replace(limit, activities=tuple(id_ for id_ in limit.activities if id_ in asked))
            for limit in problem.time_limits
        ),
        locks=tuple(lock for lock in problem.locks if about is None and lock.activity in near),
        rules=tuple(
            part
            for rule in problem.rules
            if concerned(rule.concerned) and (part := rule.among(near)) is not None
        ),
    )


def _cut(plan: Plan, near: set[str]) -> Plan:
    return Plan(tuple(place for place in plan.placements if place.activity in near))
