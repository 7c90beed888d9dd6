"""What a draft breaks, asked of the engine's independent checker, with its rules in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from scheduler.programmes.models import Venue
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.items import Item
from scheduler.scheduling.models import Plan, Slot
from scheduler.scheduling.rule_texts import Names, broken_sentence
from scheduler.scheduling.situation import Situation, plan_of_slots, situation_of_draft

LEFT = "left"
GONE = "gone"
ROOM_NUMBER = "room_number"
"""Rules that the engine does not know: it plans what is there only, and counts rooms."""


class Placed(Protocol):
    """A group in its place: a draft's slot, or a line of a release."""

    @property
    def item(self) -> Item:
        """What is placed."""

    @property
    def venue(self) -> Venue | None:
        """Where it performs; None if the venue is gone."""

    @property
    def starts_at(self) -> dt.datetime:
        """When it is on stage."""

    @property
    def warmup_room(self) -> int:
        """The number of its warm-up room."""


@dataclass(frozen=True)
class Broken:
    """One broken rule: its code, the groups concerned (refs), and the facts for its sentence."""

    code: str
    ids: tuple[str, ...]
    facts: dict[str, Any]
    applications: frozenset[str]


def broken_rules(plan: Plan, slots: Iterable[Slot]) -> list[Broken]:
    """Return every rule that the draft breaks, for the groups and venues as they are now.

    A group that was accepted since is reported as unplaced; one that has left makes its slot a
    broken rule too (`left`), as does an activity that is planned no more (`gone`), because
    publishing would put it into calendars.
    """
    slots = list(slots)
    situation = situation_of_draft(plan, slots)
    return broken_in(situation, slots)


def broken_in(situation: Situation, slots: Iterable[Placed]) -> list[Broken]:
    """Return the broken rules of slots within a situation that is already read."""
    slots = list(slots)
    present = set(situation.items)
    left = {slot.item.ref: slot.item for slot in slots if slot.item.ref not in present}
    known = [
        slot
        for slot in slots
        if slot.item.ref in present and slot.venue and slot.venue.code in situation.venues
    ]
    found = violations(situation.problem, plan_of_slots(known, situation.timescale))
    gone = [
        Broken(LEFT if item.warms_up else GONE, (ref,), {"name": item.title}, frozenset({ref}))
        for ref, item in left.items()
    ]
    judged = [
        Broken(str(v.code), v.ids, dict(v.facts), _applications(v.ids, v.facts, present))
        for v in found
    ]
    return [*gone, *judged, *_missing_rooms(known, judged)]


def _missing_rooms(slots: Iterable[Placed], judged: list[Broken]) -> list[Broken]:
    """Return the slots whose warm-up room their venue does not have.

    Where too many warm up at once that rule says it already; else, as after a venue has lost a
    room, the rooms only need to be dealt anew.
    """
    crowded = {ref for one in judged if one.code == Rule.ROOM_CAPACITY for ref in one.applications}
    return [
        Broken(
            ROOM_NUMBER,
            (slot.venue.code, slot.item.ref),
            {"room": slot.warmup_room, "count": slot.venue.warmup_rooms},
            frozenset({slot.item.ref}),
        )
        for slot in slots
        if slot.venue
        and slot.warmup_room > slot.venue.warmup_rooms
        and slot.item.ref not in crowded
    ]


def sentences(situation: Situation, broken: Iterable[Broken]) -> list[str]:
    """Return broken rules in the reader's language."""
    names = Names(situation)
    return [broken_sentence(one.code, one.ids, one.facts, names) for one in broken]


def _applications(ids: tuple[str, ...], facts: Any, present: set[str]) -> frozenset[str]:
    named = set(ids)
    for fact in facts.values():
        named |= set(fact) if isinstance(fact, list | tuple) else {str(fact)}
    return frozenset(named & present)
