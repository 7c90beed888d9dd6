"""A draft changed by hand: groups placed, moved, resized, taken out, locked; rooms dealt anew.

Whatever a change breaks, the board shows it; only what cannot be meant is refused. `edition` is
always the one that the editor saw: if the same group was changed since, that is refused, and other
groups' changes stand beside this one (`changes.hold`). Each change is kept, to be told and undone.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application, Piece
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes.models import Venue
from scheduler.scheduling.activities.planning import turns_in
from scheduler.scheduling.board.change_models import ChangeKind
from scheduler.scheduling.board.changes import Move, hold, keep_change, place_of_slot
from scheduler.scheduling.items import Item, performance_of
from scheduler.scheduling.lengths import standing_lengths
from scheduler.scheduling.models import Plan, Slot
from scheduler.scheduling.placing import assign_warmup_rooms, place
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.services import audit_plan, slots_of_plan
from scheduler.scheduling.timescale import timescale_of


class Wanted(NamedTuple):
    """A group's ref, and the venue's code and the beginning on stage that it is to have."""

    ref: str
    venue: str
    starts_at: dt.datetime


def move(
    plan: Plan,
    *,
    application_ref: str,
    venue_code: str,
    starts_at: dt.datetime,
    edition: int,
    actor: Actor,
    now: dt.datetime,
) -> Slot:
    """Put one group somewhere else, or somewhere at all if it has no place yet; return its slot.

    A locked slot, an unknown venue or a time outside the programme is refused; a group that is
    neither placed nor accepted raises `NotFound`.
    """
    hold(plan, edition, [application_ref])
    slots = slots_of_plan(plan)
    move = _put(plan, slots, Wanted(application_ref, venue_code, starts_at))
    assign_warmup_rooms(slots)
    keep_change(plan, ChangeKind.MOVE, [move], actor=actor, now=now)
    facts = {"application": application_ref, "was": move.was, "now_at": move.now}
    audit_plan("plan:move", plan, actor, now, **facts)
    return _slot_of(slots, application_ref)


def _put(plan: Plan, slots: list[Slot], wanted: Wanted) -> Move:
    """Put a group somewhere, whether it has a slot already or gets one."""
    slot = next((one for one in slots if one.item.ref == wanted.ref), None)
    if slot is not None and slot.is_locked:
        raise Refused(Refusal.SLOT_LOCKED)
    venue = venue_for(plan, wanted.venue, wanted.starts_at)
    was = place_of_slot(slot)
    if slot is None:
        slot = Slot.of(
            unplaced_item(plan, wanted.ref),
            warmup_room=0,
            is_locked=False,
            allotted_minutes=standing_lengths(plan.programme).get(wanted.ref),
        )
        slots.append(slot)
    place(slot, programme=plan.programme, venue=venue, starts_at=wanted.starts_at)
    if was is None:
        plan.slots.append(slot)
    return Move(wanted.ref, was, place_of_slot(slot))


def swap(
    plan: Plan,
    *,
    application_ref: str,
    other_ref: str,
    edition: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Let two groups change places in one step: each begins when and where the other began.

    Refused if either is locked or was changed since; raises `NotFound` if one has no place.
    """
    hold(plan, edition, [application_ref, other_ref])
    slots = slots_of_plan(plan)
    pair = [_slot_of(slots, application_ref), _slot_of(slots, other_ref)]
    if pair[0] is pair[1]:
        raise Refused(Refusal.SWAPPED_WITH_ITSELF)
    if any(slot.is_locked for slot in pair):
        raise Refused(Refusal.SLOT_LOCKED)
    before = [place_of_slot(slot) for slot in pair]
    spots = [(slot.venue, slot.starts_at) for slot in reversed(pair)]
    for slot, (venue, starts_at) in zip(pair, spots, strict=True):
        place(slot, programme=plan.programme, venue=venue, starts_at=starts_at)
    assign_warmup_rooms(slots)
    moves = [
        Move(slot.item.ref, was, place_of_slot(slot))
        for slot, was in zip(pair, before, strict=True)
    ]
    keep_change(plan, ChangeKind.SWAP, moves, actor=actor, now=now)
    audit_plan("plan:swap", plan, actor, now, applications=[application_ref, other_ref])


def resize(
    plan: Plan,
    *,
    application_ref: str,
    minutes: int,
    edition: int,
    actor: Actor,
    now: dt.datetime,
) -> Slot:
    """Allot a group so many minutes on stage in this draft; its changeover follows them.

    Refused below one minute and above what its category allows, and for a locked slot. What does
    not perform is as long as its activity says: that raises `NotFound`.
    """
    hold(plan, edition, [application_ref])
    slot = slot_of(plan, application_ref)
    if not slot.item.warms_up:
        raise NotFound
    if slot.is_locked:
        raise Refused(Refusal.SLOT_LOCKED)
    require_length(slot.item, minutes)
    was = place_of_slot(slot)
    slot.allotted_minutes = minutes if minutes < slot.item.minutes else None
    place(slot, programme=plan.programme, venue=slot.venue, starts_at=slot.starts_at)
    move = Move(application_ref, was, place_of_slot(slot))
    keep_change(plan, ChangeKind.RESIZE, [move], actor=actor, now=now)
    audit_plan("plan:resize", plan, actor, now, application=application_ref, minutes=minutes)
    return slot


def give_way(
    plan: Plan,
    places: Sequence[Wanted],
    *,
    edition: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Put a group where it was asked for and others elsewhere, as was shown, in one step.

    Refused if one of them is locked, has lost its place or was changed since, or if a place cannot
    be meant.
    """
    hold(plan, edition, [each.ref for each in places])
    slots = slots_of_plan(plan)
    moves = [_put(plan, slots, each) for each in places]
    assign_warmup_rooms(slots)
    keep_change(plan, ChangeKind.MOVE, moves, actor=actor, now=now)
    refs = [each.ref for each in places]
    audit_plan("plan:give_way", plan, actor, now, applications=refs)


def take_out(
    plan: Plan, *, application_ref: str, edition: int, actor: Actor, now: dt.datetime
) -> None:
    """Take a group out of the draft; accepted ones then wait for a place again.

    Once such a draft is published, the group's entries in calendars are cancelled.
    """
    hold(plan, edition, [application_ref])
    slots = slots_of_plan(plan)
    slot = _slot_of(slots, application_ref)
    move = Move(application_ref, place_of_slot(slot), None)
    plan.slots.remove(slot)
    assign_warmup_rooms(one for one in slots if one is not slot)
    keep_change(plan, ChangeKind.TAKE_OUT, [move], actor=actor, now=now)
    audit_plan("plan:take_out", plan, actor, now, application=application_ref)


def set_lock(
    plan: Plan,
    *,
    application_ref: str,
    is_locked: bool,
    edition: int,
    actor: Actor,
    now: dt.datetime,
) -> Slot:
    """Hold a slot where it is, for hand and solver alike, or let it go."""
    hold(plan, edition, [application_ref])
    slot = slot_of(plan, application_ref)
    moves = _lock([slot], is_locked=is_locked)
    keep_change(plan, ChangeKind.LOCK, moves, actor=actor, now=now)
    audit_plan("plan:lock", plan, actor, now, application=application_ref, is_locked=is_locked)
    return slot


def lock_all(plan: Plan, *, is_locked: bool, edition: int, actor: Actor, now: dt.datetime) -> int:
    """Hold every slot where it is, or let all go; return for how many that is new."""
    hold(plan, edition)
    changed = [slot for slot in slots_of_plan(plan) if slot.is_locked is not is_locked]
    if not changed:
        return 0
    moves = _lock(changed, is_locked=is_locked)
    keep_change(plan, ChangeKind.LOCK_ALL, moves, actor=actor, now=now)
    audit_plan("plan:lock_all", plan, actor, now, count=len(changed), is_locked=is_locked)
    return len(changed)


def _lock(slots: list[Slot], *, is_locked: bool) -> list[Move]:
    before = [place_of_slot(slot) for slot in slots]
    for slot in slots:
        slot.is_locked = is_locked
    return [
        Move(slot.item.ref, was, place_of_slot(slot))
        for slot, was in zip(slots, before, strict=True)
    ]


def deal_rooms(plan: Plan, *, edition: int, actor: Actor, now: dt.datetime) -> None:
    """Give every group a warm-up room that its venue has, keeping what is right."""
    hold(plan, edition)
    assign_warmup_rooms(slots_of_plan(plan))
    keep_change(plan, ChangeKind.ROOMS, [], actor=actor, now=now)
    audit_plan("plan:rooms", plan, actor, now)


def stated_seconds(application_ref: str) -> int:
    """Return how long the works last that a group has stated."""
    query = (
        select(func.sum(Piece.duration_seconds))
        .join(Application, Piece.application_id == Application.id)
        .where(Application.ref == application_ref)
    )
    return db.session.scalar(query) or 0


def slot_of(plan: Plan, application_ref: str) -> Slot:
    """Return a group's slot in the plan; raises `NotFound`."""
    return _slot_of(slots_of_plan(plan), application_ref)


def unplaced_item(plan: Plan, application_ref: str) -> Item:
    """Return an accepted group's performance, or a turn of an activity; raises `NotFound`."""
    found = db.session.scalar(
        select(Application).where(
            Application.programme_id == plan.programme_id,
            Application.ref == application_ref,
            Application.state == State.ACCEPTED,
        )
    )
    if found is not None:
        return performance_of(found)
    for item in turns_in(plan.programme):
        if item.ref == application_ref:
            return item
    raise NotFound


def require_length(item: Item, minutes: int) -> None:
    """Refuse a time on stage below one minute or above what the item's category allows."""
    if not 1 <= minutes <= item.minutes:
        raise Refused(Refusal.LENGTH_OUTSIDE, most=item.minutes, field="minutes")


def venue_for(plan: Plan, code: str, starts_at: dt.datetime) -> Venue:
    """Return the venue of a place within the programme's days; refuses any other place."""
    venue = db.session.scalar(
        select(Venue).where(Venue.programme_id == plan.programme_id, Venue.code == code)
    )
    if venue is None:
        raise Refused(Refusal.NO_SUCH_VENUE)
    timescale = timescale_of(plan.programme)
    if not timescale.days()[0].start <= timescale.minute(starts_at) < timescale.days()[-1].end:
        raise Refused(Refusal.OUTSIDE_DAYS)
    return venue


def _slot_of(slots: list[Slot], application_ref: str) -> Slot:
    for slot in slots:
        if slot.item.ref == application_ref:
            return slot
    raise NotFound
