"""What a draft costs as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.scheduling.engine.score import score
from scheduler.scheduling.situation import Situation, plan_of_slots
from scheduler.scheduling.verdict import Placed


@dataclass(frozen=True)
class Cost:
    """What a draft costs as it stands, and what that is made of: amount and cost per term."""

    value: int
    terms: dict[str, tuple[int, int]]


def cost_of(situation: Situation, slots: Iterable[Placed]) -> Cost | None:
    """Return what the places cost; None as long as a group has none."""
    here = [slot for slot in slots if slot.item.ref in situation.items]
    if len(here) < len(situation.items):
        return None
    counted = score(situation.problem, plan_of_slots(here, situation.timescale))
    return Cost(counted.value, {term.code: (term.amount, term.cost) for term in counted.terms})
