"""What the last search of an assignment found, as it is stored and as pages read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from scheduler.scheduling.assigning.models import Goal, WishAssignment
from scheduler.scheduling.engine.result import Status

if TYPE_CHECKING:
    from scheduler.scheduling.assigning.taking_part import Candidate
    from scheduler.scheduling.engine.assigning.result import AssignmentResult, Limit, Shortage


@dataclass(frozen=True)
class Lack:
    """Why nothing is possible: so many are `needed` and `available` at options, by their codes.

    `is_of_room`: too little room for people; otherwise too few people for what must be filled.
    """

    is_of_room: bool
    needed: int
    available: int
    options: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How the search ended. `value` is what it costs and no assignment costs less than `bound`."""

    status: Status
    goal: Goal
    people: int
    value: int | None
    bound: int | None
    envious: int
    lack: Lack | None
    colliding: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, assignment: WishAssignment) -> Self | None:
        """Read what is stored; None before the first search has ended."""
        kept = assignment.result
        if not kept:
            return None
        lack = kept["lack"]
        return cls(
            Status(kept["status"]),
            Goal(kept["goal"]),
            kept["people"],
            kept["value"],
            kept["bound"],
            kept["envious"],
            Lack(**{**lack, "options": tuple(lack["options"])}) if lack else None,
            tuple((rule, tuple(ids)) for rule, ids in kept["colliding"]),
        )

    @property
    def is_found(self) -> bool:
        """Tell whether there is an assignment."""
        return self.value is not None

    @property
    def is_proved(self) -> bool:
        """Tell whether none is better by the goal that was set."""
        return self.status is Status.OPTIMAL


def stored(result: "AssignmentResult", goal: Goal, people: int) -> dict[str, Any]:
    """Return how a search ended, as it is stored; who got what stands with each participant."""
    return {
        "status": result.status.value,
        "goal": goal.value,
        "people": people,
        "value": result.value,
        "bound": result.bound,
        "envious": len(_envious(result)),
        "lack": _lack(result.shortage) if result.shortage else None,
        "colliding": [[one.rule, list(one.ids)] for one in result.collisions],
    }


def take_over(
    assignment: WishAssignment, result: "AssignmentResult", found: Sequence["Candidate"]
) -> None:
    """Write what everybody was given to their rows, which all have to be there."""
    key_by_code = {option.code: option.id for option in assignment.options}
    envious = _envious(result)
    place_by_ref = result.place_by_person
    for one in found:
        row = one.participant
        if row is None or one.ref not in place_by_ref:
            continue
        place = place_by_ref[one.ref]
        row.given_id = key_by_code.get(place) if place is not None else None
        row.given_rank = rank_of(row.given_id, row.wishes)
        row.is_envious = one.ref in envious


def rank_of(given: int | None, wishes: Sequence[int]) -> int | None:
    """Return which wish an option is, from 1; 0 if it was not wished, None without wishes."""
    if given is None or not wishes:
        return None
    return wishes.index(given) + 1 if given in wishes else 0


def _envious(result: "AssignmentResult") -> set[str]:
    return set() if result.envy is None else {*result.envy.lower, *result.envy.equal}


def _lack(shortage: "Shortage") -> dict[str, Any]:
    is_of_room = shortage.lack.value == "room"
    limits: Sequence[Limit] = shortage.at_most if is_of_room else shortage.at_least
    return {
        "is_of_room": is_of_room,
        "needed": shortage.needed,
        "available": shortage.available,
        "options": list(dict.fromkeys(limit.place for limit in limits)),
    }
