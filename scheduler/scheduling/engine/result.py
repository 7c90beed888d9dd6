"""What a search tells: how far it came, and why it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.score import Term


class Status(StrEnum):
    """What is known about the problem after a search."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    IMPOSSIBLE = "impossible"
    UNDECIDED = "undecided"


class StoppedBy(StrEnum):
    """Why a search ended; only a proof or the work limit end it alike in every run."""

    PROOF = "proof"
    WORK_LIMIT = "work_limit"
    CLOCK = "clock"
    REQUEST = "request"


class Measure(StrEnum):
    """What the numbers of a progress count."""

    COST = "cost"
    MOVES = "moves"
    SHIFT = "shift"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a search: the best value so far, and what no plan can be below.

    A repair first counts moved activities, then how far they shift together with the cost; one
    in part begins with those that are left without a place.
    """

    seconds: float
    value: int | None
    bound: int | None
    plan: Plan | None = None
    measure: Measure = Measure.COST

    @property
    def gap(self) -> float | None:
        return gap_of(self.value, self.bound)


@dataclass(frozen=True, slots=True)
class Result:
    """A plan, or why there is none, with everything that was found out on the way.

    `value` is the plan's cost as `score.py` counts it, `bound` a proven minimum of it. `moved`
    and `moves_bound` are filled by a repair, `left_out` and its bound by one in part.
    """

    status: Status
    plan: Plan | None
    value: int | None
    bound: int | None
    seconds: float
    deterministic_seconds: float
    history: tuple[Progress, ...]
    terms: tuple[Term, ...]
    stopped_by: StoppedBy
    moved: tuple[str, ...] = ()
    moves_bound: int | None = None
    left_out: tuple[str, ...] = ()
    left_out_bound: int | None = None

    @property
    def gap(self) -> float | None:
        return gap_of(self.value, self.bound)


def gap_of(value: int | None, bound: int | None) -> float | None:
    """Return by which share of the value a better plan could still be cheaper; 0 is a proof."""
    if value is None or bound is None:
        return None
    return (value - bound) / max(1, abs(value))
