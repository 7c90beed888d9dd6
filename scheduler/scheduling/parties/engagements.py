"""Time of people that is taken, and by what, as the engine and its sentences need it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.programmes.models import Programme
from scheduler.scheduling.engine import Window
from scheduler.scheduling.engine.problem import party_name


class Cause(StrEnum):
    """Why somebody is not free."""

    PROGRAMME = "programme"
    TYPED = "typed"
    CLASSES = "classes"
    AWAY = "away"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class Engagement:
    """Time of somebody that is taken: by another programme, or for a reason that was entered."""

    window: Window
    cause: Cause
    programme: Programme | None = None
    reason: str = ""


Engagements = Mapping[str, list[Engagement]]
"""What takes the time of each person by their id, or of each party by its name."""


def joined(*many: Engagements, whole: Window) -> dict[str, list[Engagement]]:
    """Return each one's engagements that meet a stretch of time, in order, none twice."""
    found: defaultdict[str, set[Engagement]] = defaultdict(set)
    for engagements in many:
        for who, taken in engagements.items():
            found[who].update(taken)
    return {who: kept for who, taken in found.items() if (kept := within(whole, taken))}


def in_order(taken: Iterable[Engagement]) -> list[Engagement]:
    """Return engagements in order of time, always the same."""
    return sorted(taken, key=lambda one: (one.window, one.cause, one.reason, _code(one)))


def _code(engagement: Engagement) -> str:
    return engagement.programme.code if engagement.programme else ""


def by_party(
    memberships: Mapping[str, Iterable[str]], engagements: Engagements
) -> dict[str, list[Engagement]]:
    """Return the engagements under the names of the parties that the engine makes of people."""
    return {
        party_name(memberships[person], windows_of(taken)): taken
        for person, taken in engagements.items()
        if person in memberships
    }


def windows_of(taken: Iterable[Engagement]) -> list[Window]:
    """Return the times alone."""
    return [one.window for one in taken]


def within(whole: Window, taken: Iterable[Engagement]) -> list[Engagement]:
    """Return what meets a stretch of time, in order."""
    return in_order(one for one in taken if one.window.meets(whole))
