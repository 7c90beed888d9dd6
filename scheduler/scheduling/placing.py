"""From the engine's placements to slots: wall times and a warm-up room for each group."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.engine import Plan as EnginePlan
from scheduler.scheduling.models import Slot
from scheduler.scheduling.situation import Situation
from scheduler.scheduling.timescale import Timescale

Stored = list[list[str]]
"""Places as JSON keeps them: the application's ref, the venue's code, the start on stage (ISO)."""


def stored_places(plan: EnginePlan, timescale: Timescale) -> Stored:
    """Return an engine plan's places as they are stored."""
    return [
        [one.activity, one.venue, timescale.instant(one.start).isoformat()]
        for one in plan.placements
    ]


def slots_of(plan: EnginePlan, situation: Situation) -> list[Slot]:
    """Return unsaved slots for an engine plan, warm-up rooms included."""
    slots: list[Slot] = []
    for placement in plan.placements:
        item = situation.items[placement.activity]
        slot = Slot.of(item, allotted_minutes=situation.allotted.get(item.ref))
        place(
            slot,
            programme=situation.programme,
            venue=situation.venues[placement.venue],
            starts_at=situation.timescale.instant(placement.start),
        )
        slots.append(slot)
    assign_warmup_rooms(slots)
    return slots


def place(slot: Slot, *, programme: Programme, venue: Venue, starts_at: dt.datetime) -> None:
    """Set a slot's venue and all its times from the start on stage and its length."""
    item = slot.item
    minutes = min(slot.allotted_minutes or item.minutes, item.minutes)
    slot.venue = venue
    slot.starts_at = starts_at
    slot.ends_at = starts_at + dt.timedelta(minutes=minutes)
    slot.changeover_ends_at = slot.ends_at + dt.timedelta(minutes=item.changeover_minutes)
    slot.warmup_starts_at = slot.warmup_ends_at = starts_at
    if item.warms_up:
        slot.warmup_ends_at -= dt.timedelta(minutes=programme.warmup_ends_before_minutes)
        slot.warmup_starts_at = slot.warmup_ends_at - dt.timedelta(minutes=programme.warmup_minutes)


def assign_warmup_rooms(slots: Iterable[Slot]) -> None:
    """Give every slot a room of its venue, numbered from 1, keeping the present one where it can.

    The left-edge rule: in order of time, each takes its own room if the venue has it and it is
    free, else the lowest free one. With n at once it needs n rooms; more than the venue has is a
    broken rule that the checker reports, not this function.
    """
    by_venue: defaultdict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        if not slot.item.warms_up:
            slot.warmup_room = 0
            continue
        by_venue[slot.venue.id].append(slot)
    for group in by_venue.values():
        free_at: dict[int, dt.datetime] = {}
        for slot in sorted(group, key=lambda s: (s.warmup_starts_at, s.item.ref)):
            slot.warmup_room = _free_room(slot, free_at)
            free_at[slot.warmup_room] = slot.warmup_ends_at


def _free_room(slot: Slot, free_at: dict[int, dt.datetime]) -> int:
    def is_free(room: int) -> bool:
        return room not in free_at or free_at[room] <= slot.warmup_starts_at

    if slot.warmup_room in range(1, slot.venue.warmup_rooms + 1) and is_free(slot.warmup_room):
        return slot.warmup_room
    room = 1
    while not is_free(room):
        room += 1
    return room
