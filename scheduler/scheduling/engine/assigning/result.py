"""What an assignment comes to: who goes where, how good that is proved to be, how fair it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.scheduling.engine.result import Status


class Aim(StrEnum):
    """What is best: see `solve.assign`."""

    CHEAPEST = "cheapest"
    FAIREST = "fairest"


@dataclass(frozen=True, slots=True, order=True)
class Assigned:
    """A person and the place, or None for somebody who is left without."""

    person: str
    place: str | None


@dataclass(frozen=True, slots=True)
class Price:
    """What each person who comes to a place, or comes there under a quota, is charged in the proof.

    A full one has a price, one that has to be filled gives a reward (a price below 0).
    """

    place: str
    quota: str | None
    price: int


@dataclass(frozen=True, slots=True)
class RankCount:
    """How many people got the wish of this rank; 0 is a place they did not wish, None no place."""

    rank: int | None
    people: int


@dataclass(frozen=True, slots=True)
class Envy:
    """Who would rather have a place that somebody with a lower claim, or an equal one, has.

    Who envies somebody with a lower claim is not counted again among the equal ones.
    """

    lower: tuple[str, ...]
    equal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Seats that stay empty because a quota keeps them for people who did not need them."""

    quota: str
    kept: int
    empty: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that an explanation names: the least or most of a place, or of a quota there."""

    place: str
    quota: str | None
    number: int


class Lack(StrEnum):
    """What there is too little of."""

    ROOM = "room"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Shortage:
    """Why nothing is possible, as a count that anybody can repeat.

    Too little room: these `people` can go only where the limits `at_most` are full, and with what
    `at_least` reserves there for others `needed` seats face `available` ones. Too few people: the
    limits `at_least` ask for more than the people who may go there and `at_most` let in.
    """

    lack: Lack
    needed: int
    available: int
    people: tuple[str, ...]
    at_most: tuple[Limit, ...]
    at_least: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Collision:
    """A rule that leaves nothing together with others: `together`, `apart`, `quota`, `place_least`.

    With the places and the quotas that nest, these rules cannot all hold; without any one of them
    they can, unless the time ended before that was found out.
    """

    rule: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class AssignmentResult:
    """An assignment that was checked again, or why there is none.

    No valid assignment costs less than `bound`. `prices` prove it for anybody who looks at them
    (`check.proven_minimum`); without them it is the solver's word. The fairest one may
    cost more than the bound: the difference is the price of fairness.
    """

    status: Status
    aim: Aim
    assigned: tuple[Assigned, ...]
    value: int | None
    bound: int | None
    prices: tuple[Price, ...]
    ranks: tuple[RankCount, ...]
    envy: Envy | None
    unfilled: tuple[Unfilled, ...]
    shortage: Shortage | None
    collisions: tuple[Collision, ...]
    seconds: float

    @cached_property
    def place_by_person(self) -> Mapping[str, str | None]:
        return {one.person: one.place for one in self.assigned}
