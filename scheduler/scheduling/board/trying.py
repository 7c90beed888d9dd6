"""A place that is tried for a group while it is carried: what would break there, and cost more."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.errors import NotFound, Refused
from scheduler.programmes.models import Venue
from scheduler.scheduling.board.editing import require_length, venue_for
from scheduler.scheduling.costs import cost_of
from scheduler.scheduling.items import Item
from scheduler.scheduling.models import Plan, PlanState, Slot
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.services import slots_of_plan
from scheduler.scheduling.situation import Situation, situation_of_draft, with_lengths
from scheduler.scheduling.verdict import Placed, broken_in, sentences


@dataclass(frozen=True)
class Tried:
    """The rules that a place would break, in words, and what the draft would cost more.

    `cost` is None unless every group has a time, with the change and without it.
    """

    broken: list[str]
    cost: int | None


@dataclass(frozen=True)
class Spot:
    """A group in a place where it does not stand; its room would be dealt with the move."""

    item: Item
    venue: Venue
    starts_at: dt.datetime
    warmup_room: int = 0


def try_place(
    plan: Plan, *, application_ref: str, venue_code: str, starts_at: dt.datetime
) -> Tried:
    """Judge a place as a move there would be judged, and change nothing.

    Told is what concerns the group in that place, and what nobody broke before. Refuses what a
    move refuses; a group that is neither placed nor accepted raises `NotFound`.
    """
    return _place(_read(plan), plan, application_ref, venue_code, starts_at)


def try_swap(plan: Plan, *, application_ref: str, other_ref: str) -> Tried:
    """Judge two groups in each other's places as one change; both must have one."""
    return _swap(_read(plan), application_ref, other_ref)


def try_onto(
    plan: Plan, *, application_ref: str, venue_code: str, starts_at: dt.datetime, other_ref: str
) -> tuple[Tried, Tried]:
    """Judge a place where another group stands, and the swap with that group instead."""
    read = _read(plan)
    there = _place(read, plan, application_ref, venue_code, starts_at)
    return there, _swap(read, application_ref, other_ref)


def try_length(plan: Plan, *, application_ref: str, minutes: int) -> Tried:
    """Judge another length of a group's time on stage as a change to it would be judged."""
    situation, slots = _read(plan)
    slot = next((one for one in slots if one.item.ref == application_ref), None)
    if slot is None or not slot.item.warms_up:
        raise NotFound
    require_length(slot.item, minutes)
    then = with_lengths(situation, {**situation.allotted, application_ref: minutes})
    return tried(situation, slots, [slot], then=then)


_Read = tuple[Situation, list[Slot]]


def _read(plan: Plan) -> _Read:
    if plan.state is not PlanState.DRAFT:
        raise Refused(Refusal.NOT_A_DRAFT)
    slots = slots_of_plan(plan)
    return situation_of_draft(plan, slots), slots


def _place(
    read: _Read, plan: Plan, application_ref: str, venue_code: str, starts_at: dt.datetime
) -> Tried:
    situation, slots = read
    venue = venue_for(plan, venue_code, starts_at)
    spot = Spot(_item(situation, slots, application_ref), venue, starts_at)
    return tried(situation, slots, [spot])


def _swap(read: _Read, application_ref: str, other_ref: str) -> Tried:
    situation, slots = read
    by_ref = {slot.item.ref: slot for slot in slots}
    if application_ref not in by_ref or other_ref not in by_ref:
        raise NotFound
    one, other = by_ref[application_ref], by_ref[other_ref]
    spots = [
        Spot(one.item, other.venue, other.starts_at),
        Spot(other.item, one.venue, one.starts_at),
    ]
    return tried(situation, slots, spots)


def tried(
    situation: Situation,
    slots: list[Slot],
    spots: Iterable[Placed],
    *,
    then: Situation | None = None,
) -> Tried:
    """Judge a draft in which some groups stand elsewhere, or the situation is another `then`."""
    spots = list(spots)
    carried = {spot.item.ref for spot in spots}
    others = [slot for slot in slots if slot.item.ref not in carried]
    after, places = then or situation, [*others, *spots]
    before = broken_in(situation, slots)
    broken = [
        one for one in broken_in(after, places) if one.applications & carried or one not in before
    ]
    cost, was = cost_of(after, places), cost_of(situation, slots)
    more = cost.value - was.value if cost and was else None
    return Tried(list(dict.fromkeys(sentences(situation, broken))), more)


def _item(situation: Situation, slots: list[Slot], ref: str) -> Item:
    placed = {slot.item.ref: slot.item for slot in slots}
    found = placed.get(ref) or situation.items.get(ref)
    if found is None:
        raise NotFound
    return found
