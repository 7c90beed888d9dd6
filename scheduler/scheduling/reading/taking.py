"""A place that others give way for: the moves that were shown, made in one step."""

import datetime as dt
import json
from collections.abc import Iterable

from scheduler.access.permissions import Actor
from scheduler.errors import Conflict, Refused
from scheduler.scheduling.board import editing
from scheduler.scheduling.board.changes import hold
from scheduler.scheduling.board.editing import Wanted
from scheduler.scheduling.engine import Placement
from scheduler.scheduling.engine.moves import change_to
from scheduler.scheduling.models import Plan
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.services import slots_of_plan
from scheduler.scheduling.situation import plan_of_slots, situation_of_draft


def take(plan: Plan, wanted: list[Wanted], *, edition: int, actor: Actor, now: dt.datetime) -> None:
    """Make all the moves as one change of the draft, which can be undone as one.

    Refused if one of the groups was changed since, or if the moves would now break a rule: then
    something else stands where it was not when they were shown.
    """
    hold(plan, edition, [each.ref for each in wanted])
    slots = slots_of_plan(plan)
    situation = situation_of_draft(plan, slots)
    known = [slot for slot in slots if slot.item.ref in situation.items]
    scale = situation.timescale
    places = [Placement(each.ref, each.venue, scale.minute(each.starts_at)) for each in wanted]
    if any(
        place.activity not in situation.items or place.venue not in situation.venues
        for place in places
    ):
        raise Refused(Refusal.WAY_CLOSED)
    if change_to(situation.problem, plan_of_slots(known, scale), places).broken:
        raise Refused(Refusal.WAY_CLOSED)
    editing.give_way(plan, wanted, edition=edition, actor=actor, now=now)


def shown(text: str) -> list[Wanted]:
    """Return the moves that a page kept by `kept`; raises `Conflict` for what no page wrote."""
    try:
        return [
            Wanted(str(ref), str(venue), dt.datetime.fromisoformat(at).astimezone(dt.UTC))
            for ref, venue, at in json.loads(text)
        ]
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise Conflict from None


def kept(wanted: Iterable[Wanted]) -> str:
    """Return moves as a page keeps them for its button."""
    return json.dumps([(ref, venue, at.isoformat()) for ref, venue, at in wanted])
