"""Who goes where: people with wishes, places with room, quotas, and who must or must not meet.

A pupil to a workshop, a host family, a station of the tour; a juror to a group. Everything is a
frozen dataclass with ids in and out; `solve.py` finds the best answer and
`check.py` looks at it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.assigning.shape import check_assignment_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_POSSIBLE = -1
"""In a table of costs: this person cannot be at this place."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who needs a place; the first of the `wishes` is the dearest.

    `classes` are what quotas count (a school, a stage, a gender). Who has the higher `claim` comes
    first when it is told who envies whom; the assignment itself does not ask for it.
    """

    id: str
    wishes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    claim: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where `least` to `most` people go."""

    id: str
    most: int = 1
    least: int = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """How many people of one class a place takes: at least, at most.

    `kept` seats are for them alone: nobody else gets one, and those that are not needed stay empty.
    """

    id: str
    place: str
    people: str
    least: int = 0
    most: int | None = None
    kept: int = 0

    @property
    def floor(self) -> int:
        """The seats that are taken by these people or empty."""
        return max(self.least, self.kept)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A person who must not come to a place."""

    person: str
    place: str


@dataclass(frozen=True)
class AssignmentProblem:
    """A whole assignment.

    The cost of a person at a place is the one of the wish's rank (`rank_costs`; without them 0 for
    the first wish, 1 for the second, and so on). A place that was not wished costs
    `unwished_cost`, being left without a place `unplaced_cost`; None means that it must not happen.
    Instead, `costs` may hold a row per person with a number per place, a NumPy array for instance;
    `NOT_POSSIBLE` marks what must not happen. All of one set of `together` get the same place (or
    all none); of a set of `apart` no two get the same. Raises `ProblemError` when the parts do not
    fit together.
    """

    people: tuple[Person, ...]
    places: tuple[Place, ...]
    quotas: tuple[Quota, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    rank_costs: tuple[int, ...] = ()
    unwished_cost: int | None = None
    unplaced_cost: int | None = None
    costs: Sequence[Sequence[int]] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        check_assignment_shape(self)

    @cached_property
    def person_by_id(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def place_by_id(self) -> dict[str, Place]:
        return {place.id: place for place in self.places}

    @cached_property
    def quotas_by_place(self) -> dict[str, tuple[Quota, ...]]:
        held: dict[str, tuple[Quota, ...]] = {}
        for quota in self.quotas:
            held[quota.place] = (*held.get(quota.place, ()), quota)
        return held

    def rank_cost(self, rank: int) -> int:
        """Return what the wish of this rank costs; the first has rank 1."""
        return self.rank_costs[rank - 1] if self.rank_costs else rank - 1
