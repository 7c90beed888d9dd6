"""The names of the hard rules: what a violation, a finding or an explanation can point at.

A name is a code with ids; its sentence in the user's language is the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from scheduler.scheduling.engine.catalogue import ProgrammeRule

Fact: TypeAlias = int | str | tuple[str, ...]
Facts: TypeAlias = Mapping[str, Fact]


class Rule(StrEnum):
    """Every hard rule; `STATED` are those of the catalogue, the fact `rule` says which."""

    UNPLACED = "unplaced"
    STAGE_SIZE = "stage_size"
    STAGE_OVERLAP = "stage_overlap"
    ROOM_CAPACITY = "room_capacity"
    OPENING_HOURS = "opening_hours"
    CLOSURE = "closure"
    TIME_LIMIT = "time_limit"
    PARTY_CLASH = "party_clash"
    PARTY_REST = "party_rest"
    PARTY_BUSY = "party_busy"
    BLOCK = "block"
    LOCK = "lock"
    GRID = "grid"
    STATED = "stated"


@dataclass(frozen=True)
class NamedRule:
    """One rule of one problem, such as the closures of one venue; equal when code and ids are."""

    code: Rule
    ids: tuple[str, ...]
    facts: Facts = field(default_factory=dict, compare=False)


def stated_rule(rule: ProgrammeRule) -> NamedRule:
    """Return the name of a rule that the programme states."""
    return NamedRule(Rule.STATED, (rule.id, *rule.activities), {"rule": rule.kind})
