"""What a draft breaks, asked of the engine's independent checker, with its rules in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.models import Plan, Slot
from scheduler.scheduling.rule_texts import Names, broken_sentence
from scheduler.scheduling.situation import Situation, plan_of_slots, situation_of


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
    broken rule too (`left`), because publishing would put it into calendars.
    """
    slots = list(slots)
    situation = situation_of(plan.programme, [slot for slot in slots if slot.is_locked])
    return broken_in(situation, slots)


def broken_in(situation: Situation, slots: Iterable[Slot]) -> list[Broken]:
    """Return the broken rules of slots within a situation that is already read."""
    slots = list(slots)
    present = set(situation.applications)
    left = [slot.application.ref for slot in slots if slot.application.ref not in present]
    known = [
        slot
        for slot in slots
        if slot.application.ref in present and slot.venue.code in situation.venues
    ]
    found = violations(situation.problem, plan_of_slots(known, situation.timescale))
    gone = [Broken("left", (ref,), {}, frozenset({ref})) for ref in left]
    return gone + [
        Broken(str(v.code), v.ids, dict(v.facts), _applications(v.ids, v.facts, present))
        for v in found
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
