"""What the input checks count with: hours, fitting venues, and how a shortage is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import Window
from scheduler.scheduling.engine.sessions import sessions_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.scheduling.engine.elements import Activity, Venue
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.rules import Facts


class Shortage(StrEnum):
    """What a problem can be short of by counting alone."""

    NO_STAGE_FITS = "no_stage_fits"
    NO_TIME_FITS = "no_time_fits"
    STAGE_MINUTES = "stage_minutes_short"
    ROOM_MINUTES = "room_minutes_short"
    BLOCK_TOO_LONG = "block_too_long"
    BLOCKS_PER_SESSION = "blocks_per_session"
    PARTY_MINUTES = "party_minutes_short"


@dataclass(frozen=True)
class Finding:
    """What is short or tight, the activities or blocks it concerns, and the numbers behind it."""

    code: Shortage
    ids: tuple[str, ...]
    facts: Facts

    @property
    def needed(self) -> int | None:
        """What is needed (minutes or sessions), None where nothing fits at all."""
        return _number(self.facts, "needed_minutes")

    @property
    def available(self) -> int | None:
        """What there is of it."""
        return _number(self.facts, "available_minutes")

    @property
    def is_short(self) -> bool:
        """Whether there is less than is needed, which proves that no plan exists."""
        return self.needed is None or self.available is None or self.needed > self.available


def _number(facts: Facts, name: str) -> int | None:
    found = facts.get(name)
    return found if isinstance(found, int) else None


class Count:
    """The numbers that several findings need, counted once."""

    def __init__(self, problem: Problem, share: float) -> None:
        self.problem = problem
        self._share = share
        self.hours: dict[str, list[Window]] = {venue.id: [] for venue in problem.venues}
        self.sessions = sessions_of(problem)
        for session in self.sessions:
            self.hours[session.venue].append(session.window)

    def tells(self, needed: int, available: int) -> bool:
        """Say whether so much of what is there is needed that it has to be told."""
        return needed > self._share * available

    @cached_property
    def venues_by_activity(self) -> dict[str, frozenset[str]]:
        """The venues an activity fits into; all of a block share one, so only common ones."""
        fitting = {
            activity.id: frozenset(v.id for v in self.problem.venues if fits(activity, v))
            for activity in self.problem.activities
        }
        for block in self.problem.blocks:
            shared = frozenset.intersection(*(fitting[id_] for id_ in block.activities))
            fitting.update(dict.fromkeys(block.activities, shared))
        return fitting

    def stage_minutes(self, venues: Iterable[str], lead: int, within: list[Window]) -> int:
        """Return the minutes the stages can be used, after a first warm-up of each session."""
        return sum(
            max(0, both.minutes - lead)
            for venue in venues
            for hours in self.hours[venue]
            for both in common(hours, within)
        )


def fits(activity: Activity, venue: Venue) -> bool:
    """Say whether the venue's stage and rooms could take the activity."""
    rooms = all(venue.rooms_of(part.room) for part in activity.parts)
    return rooms and activity.size <= venue.stage_size


def common(hours: Window, within: list[Window]) -> list[Window]:
    """Return what some windows have in common with the hours."""
    cut = [Window(max(hours.start, w.start), min(hours.end, w.end)) for w in within]
    return [window for window in cut if window.minutes > 0]
