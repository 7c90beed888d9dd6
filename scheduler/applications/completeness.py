"""What an entry still lacks before it can be submitted. Pure: limits and counts in, codes out."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Shortfall(StrEnum):
    """Why an entry is not complete; sentences in `applications.texts`."""

    TOO_FEW_MEMBERS = "too_few_members"
    TOO_MANY_MEMBERS = "too_many_members"
    LEADER_NOT_NAMED = "leader_not_named"
    CONDUCTOR_NOT_NAMED = "conductor_not_named"
    ACCOMPANIST_NOT_NAMED = "accompanist_not_named"
    TOO_FEW_ADVISERS = "too_few_advisers"
    TOO_MANY_ADVISERS = "too_many_advisers"
    TOO_FEW_CHAPERONES = "too_few_chaperones"
    NO_WORKS = "no_works"
    TOO_MANY_WORKS = "works_over_limit"
    TOO_LONG = "works_too_long"
    CONSENT_NOT_DECLARED = "consent_not_declared"
    NOT_ANSWERED = "field_not_answered"
    NOT_ANSWERED_BY_ALL = "field_not_answered_by_all"
    SCHOOLS_NOT_READY = "schools_not_ready"
    SEALED_FORM_MISSING = "sealed_form_missing"
    SEALED_FORM_OUTDATED = "sealed_form_no_longer_matches"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a category asks of a group."""

    min_members: int
    max_members: int
    max_works: int
    max_minutes: int
    needs_conductor: bool = False
    needs_accompanist: bool = False
    has_works: bool = True
    min_advisers: int = 0
    max_advisers: int | None = None
    min_chaperones: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What counts of a group: pupils, roles filled, works with their total duration, consents."""

    pupils: int
    works: int
    seconds: int
    has_leader: bool
    has_conductor: bool
    has_accompanist: bool
    without_consent: int
    advisers: int = 0
    chaperones: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps an entry from being submitted, with the numbers of its sentence."""

    code: Shortfall
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_later(self) -> bool:
        """Tell whether it is asked only of accepted groups."""
        return bool(self.facts.get("is_later"))


def missing_from(entry: Entry, limits: Limits) -> tuple[Missing, ...]:
    """Return everything that keeps the entry from being submitted, in the order of the form."""
    return (*_roles(entry, limits), *_works(entry, limits), *_members(entry, limits))


def _roles(entry: Entry, limits: Limits) -> list[Missing]:
    found = []
    if not entry.has_leader:
        found.append(Missing(Shortfall.LEADER_NOT_NAMED))
    if limits.needs_conductor and not entry.has_conductor:
        found.append(Missing(Shortfall.CONDUCTOR_NOT_NAMED))
    if limits.needs_accompanist and not entry.has_accompanist:
        found.append(Missing(Shortfall.ACCOMPANIST_NOT_NAMED))
    found.extend(_counted_roles(entry, limits))
    return found


def _counted_roles(entry: Entry, limits: Limits) -> list[Missing]:
    found = []
    advisers, chaperones = entry.advisers, entry.chaperones
    if advisers < limits.min_advisers:
        facts = {"advisers": advisers, "least": limits.min_advisers}
        found.append(Missing(Shortfall.TOO_FEW_ADVISERS, facts))
    if limits.max_advisers is not None and advisers > limits.max_advisers:
        facts = {"advisers": advisers, "most": limits.max_advisers}
        found.append(Missing(Shortfall.TOO_MANY_ADVISERS, facts))
    if chaperones < limits.min_chaperones:
        facts = {"chaperones": chaperones, "least": limits.min_chaperones}
        found.append(Missing(Shortfall.TOO_FEW_CHAPERONES, facts))
    return found


def _works(entry: Entry, limits: Limits) -> list[Missing]:
    if not limits.has_works:
        return []
    found = []
    if entry.works == 0:
        found.append(Missing(Shortfall.NO_WORKS))
    if entry.works > limits.max_works:
        facts = {"works": entry.works, "most": limits.max_works}
        found.append(Missing(Shortfall.TOO_MANY_WORKS, facts))
    if entry.seconds > limits.max_minutes * 60:
        duration = f"{entry.seconds // 60}:{entry.seconds % 60:02}"
        found.append(
            Missing(Shortfall.TOO_LONG, {"duration": duration, "most": limits.max_minutes})
        )
    return found


def _members(entry: Entry, limits: Limits) -> list[Missing]:
    found = []
    if entry.pupils < limits.min_members:
        facts = {"pupils": entry.pupils, "least": limits.min_members}
        found.append(Missing(Shortfall.TOO_FEW_MEMBERS, facts))
    if entry.pupils > limits.max_members:
        facts = {"pupils": entry.pupils, "most": limits.max_members}
        found.append(Missing(Shortfall.TOO_MANY_MEMBERS, facts))
    if entry.without_consent:
        found.append(Missing(Shortfall.CONSENT_NOT_DECLARED, {"pupils": entry.without_consent}))
    return found
