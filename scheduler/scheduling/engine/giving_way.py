"""How few others have to give way so that an activity can stand at a certain place.

The plan is repaired around that place, within a time that a reader waits for; what is not proved
in it is called undecided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.check import Violation, violations
from scheduler.scheduling.engine.elements import Lock
from scheduler.scheduling.engine.moves import Change, change_to, part_of
from scheduler.scheduling.engine.plan import plan_of
from scheduler.scheduling.engine.result import Status

if TYPE_CHECKING:
    from scheduler.scheduling.engine.plan import Placement, Plan
    from scheduler.scheduling.engine.problem import Problem

SECONDS = 1.5


class Answer(StrEnum):
    """What is known about a place once others may give way."""

    NEVER = "never"
    FOUND = "found"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class GivingWay:
    """Whether a place can be had, and what that changes.

    `forbids` are rules that the place breaks whoever gives way. `change` holds all new places, the
    one asked for first; `is_fewest` says that no valid plan moves fewer others.
    """

    answer: Answer
    forbids: tuple[Violation, ...] = ()
    change: Change | None = None
    is_fewest: bool = False


def give_way(
    problem: Problem, plan: Plan, place: Placement, *, seconds: float = SECONDS, seed: int = 1
) -> GivingWay:
    """Return the valid plan with the activity at this place that moves the fewest others.

    Locks of others hold. Activities without a place are left out, and whatever the plan breaks
    already has to be mended as well.
    """
    alone = part_of(replace(problem, locks=()), {place.activity})
    forbids = tuple(violations(alone, plan_of([place])))
    if forbids:
        return GivingWay(Answer.NEVER, forbids)
    asked = plan_of((plan.by_activity | {place.activity: place}).values())
    locks = tuple(one for one in problem.locks if one.activity != place.activity)
    held = replace(problem, locks=(*locks, Lock(place.activity, place.venue, place.start)))
    whole = part_of(held, set(asked.by_activity) & set(problem.activity_by_id))
    return _repaired(whole, plan, asked, place, seconds, seed)


def _repaired(
    problem: Problem, plan: Plan, asked: Plan, place: Placement, seconds: float, seed: int
) -> GivingWay:
    # OR-Tools is loaded only when it is needed: most places are judged without it.
    from scheduler.scheduling.engine.repair import repair  # noqa: PLC0415

    result = repair(problem, asked, seconds=seconds, seed=seed, workers=1)
    if result.plan is None:
        is_proven = result.status is Status.IMPOSSIBLE
        return GivingWay(Answer.NEVER if is_proven else Answer.UNDECIDED)
    others = tuple(result.plan.by_activity[id_] for id_ in result.moved)
    present = replace(problem, locks=())
    known = plan_of(one for one in plan.placements if one.activity in problem.activity_by_id)
    change = change_to(present, known, (place, *others))
    return GivingWay(Answer.FOUND, (), change, result.moves_bound == len(others))
