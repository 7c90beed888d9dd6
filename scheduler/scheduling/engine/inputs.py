"""Looks at a problem before it is solved: counts that show by themselves that no plan exists.

Each finding alone is a proof, but a problem without findings may be impossible as well; that is
for `explain.py`. Needs no solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import STAGE, Window
from scheduler.scheduling.engine.sessions import sessions_of
from scheduler.scheduling.engine.turns import shortest_span, suits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scheduler.scheduling.engine.elements import Activity, Block, Venue
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.rules import Facts


class Shortage(StrEnum):
    """What a problem can be short of by counting alone."""

    NO_STAGE_FITS = "no_stage_fits"
    NO_TIME_FITS = "no_time_fits"
    STAGE_MINUTES = "stage_minutes_short"
    ROOM_MINUTES = "room_minutes_short"
    BLOCK_TOO_LONG = "block_too_long"


@dataclass(frozen=True)
class Finding:
    """A shortage, the activities or blocks it concerns, and the numbers that prove it."""

    code: Shortage
    ids: tuple[str, ...]
    facts: Facts


def findings(problem: Problem) -> list[Finding]:
    """Return what is short, the most particular first; empty when counting shows nothing."""
    count = _Count(problem)
    alone = [one for a in problem.activities for one in _alone(count, a)]
    lonely = {id_ for one in alone for id_ in one.ids}
    blocks = [one for block in problem.blocks for one in _block(count, block, lonely)]
    return alone + blocks + list(_shared_stages(count, lonely)) + list(_shared_rooms(count, lonely))


class _Count:
    """The numbers that several findings need, counted once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.hours: dict[str, list[Window]] = {venue.id: [] for venue in problem.venues}
        for session in sessions_of(problem):
            self.hours[session.venue].append(session.window)

    @cached_property
    def venues_by_activity(self) -> dict[str, frozenset[str]]:
        """The venues an activity fits into; all of a block share one, so only common ones."""
        fitting = {
            activity.id: frozenset(v.id for v in self.problem.venues if _fits(activity, v))
            for activity in self.problem.activities
        }
        for block in self.problem.blocks:
            common = frozenset.intersection(*(fitting[id_] for id_ in block.activities))
            fitting.update(dict.fromkeys(block.activities, common))
        return fitting

    def stage_minutes(self, venues: Iterable[str], lead: int, within: list[Window]) -> int:
        """Return the minutes the stages can be used, after a first warm-up of each session."""
        return sum(
            max(0, common.minutes - lead)
            for venue in venues
            for hours in self.hours[venue]
            for common in _common(hours, within)
        )


def _fits(activity: Activity, venue: Venue) -> bool:
    rooms = all(venue.rooms_of(part.room) for part in activity.parts)
    return rooms and activity.size <= venue.stage_size


def _common(hours: Window, within: list[Window]) -> list[Window]:
    cut = [Window(max(hours.start, w.start), min(hours.end, w.end)) for w in within]
    return [window for window in cut if window.minutes > 0]


def _alone(count: _Count, activity: Activity) -> Iterator[Finding]:
    venues = [venue for venue in count.problem.venues if _fits(activity, venue)]
    if not venues:
        largest = max((venue.stage_size for venue in count.problem.venues), default=0)
        facts: Facts = {"size": activity.size, "stage_size": largest}
        yield Finding(Shortage.NO_STAGE_FITS, (activity.id,), facts)
        return
    windows = [window for venue in venues for window in count.hours[venue.id]]
    limits = [limit for limit in count.problem.time_limits if activity.id in limit.activities]
    for limit in limits:  # people may be there before the venue opens for the whole use, or after
        lead, tail = activity.begins - activity.first, activity.last - activity.ends
        allowed = [Window(max(0, w.start - lead), w.end + tail) for w in limit.windows]
        windows = [common for window in windows for common in _common(window, allowed)]
    longest = max((window.minutes for window in windows), default=0)
    needed = activity.last - activity.first
    if longest < needed:
        yield Finding(
            Shortage.NO_TIME_FITS,
            (activity.id,),
            {
                "needed_minutes": needed,
                "available_minutes": longest,
                "venues": tuple(venue.id for venue in venues),
                "limits": tuple(limit.id for limit in limits),
            },
        )


def _block(count: _Count, block: Block, lonely: set[str]) -> Iterator[Finding]:
    """Yield when no session of a fitting venue is long enough for the whole block."""
    if not suits(count.problem, block) or lonely.intersection(block.activities):
        return
    items = [count.problem.activity_by_id[id_] for id_ in block.activities]
    lead = items[0].stage_begins - items[0].first
    venues = [v for v in count.problem.venues if all(_fits(item, v) for item in items)]
    needed_and_longest = [
        (
            lead + shortest_span(venue, items),
            max((window.minutes for window in count.hours[venue.id]), default=0),
        )
        for venue in venues
    ]
    if all(needed > longest for needed, longest in needed_and_longest):
        facts: Facts = {
            "needed_minutes": min((needed for needed, _ in needed_and_longest), default=0),
            "available_minutes": max((longest for _, longest in needed_and_longest), default=0),
            "venues": tuple(venue.id for venue in venues),
            "size": max(item.size for item in items),
            "count": len(items),
        }
        yield Finding(Shortage.BLOCK_TOO_LONG, (block.id,), facts)


def _shared_stages(count: _Count, lonely: set[str]) -> Iterator[Finding]:
    """Yield groups of activities whose stages together are not open long enough."""
    always = [Window(day.start, day.end) for day in count.problem.days]
    rest = [a for a in count.problem.activities if a.id not in lonely]
    groups = [("", rest, always)] + [
        (limit.id, [a for a in rest if a.id in limit.activities], list(limit.windows))
        for limit in count.problem.time_limits
    ]
    for limit, activities, windows in groups:
        for venues in _venue_sets(count, activities):
            users = [a for a in activities if count.venues_by_activity[a.id] <= venues]
            lead = 0 if limit else min(a.stage_begins - a.first for a in users)
            tail = max(a.stage_ends - a.ends for a in users) if limit else 0
            within = [Window(w.start, w.end + tail) for w in windows]
            needed = sum(a.stage_minutes for a in users)
            available = count.stage_minutes(venues, lead, within)
            if needed > available:
                facts = _group_facts(count.problem, users, needed, available)
                yield Finding(
                    Shortage.STAGE_MINUTES,
                    tuple(a.id for a in users),
                    {**facts, "venues": tuple(sorted(venues)), "limit": limit},
                )


def _shared_rooms(count: _Count, lonely: set[str]) -> Iterator[Finding]:
    """Yield kinds of rooms that are needed longer than the venues are open."""
    always = [Window(day.start, day.end) for day in count.problem.days]
    rest = [a for a in count.problem.activities if a.id not in lonely]
    for kind in sorted({part.room for a in rest for part in a.parts} - {STAGE}):
        for venues in _venue_sets(count, rest):
            users = [a for a in rest if count.venues_by_activity[a.id] <= venues]
            parts = [part.minutes for a in users for part in a.parts if part.room == kind]
            available = sum(
                count.problem.venue_by_id[venue].rooms_of(kind)
                * count.stage_minutes([venue], 0, always)
                for venue in venues
            )
            if sum(parts) > available:
                facts = _group_facts(count.problem, users, sum(parts), available)
                yield Finding(
                    Shortage.ROOM_MINUTES,
                    tuple(a.id for a in users),
                    {**facts, "venues": tuple(sorted(venues)), "room": kind},
                )


def _venue_sets(count: _Count, activities: list[Activity]) -> list[frozenset[str]]:
    """Return the sets of venues worth counting: what some activity is limited to, and unions."""
    single = {count.venues_by_activity[a.id] for a in activities}
    joined = {one | other for one in single for other in single}
    return sorted(joined - {frozenset()}, key=lambda venues: (len(venues), sorted(venues)))


def _group_facts(
    problem: Problem, users: list[Activity], needed: int, available: int
) -> dict[str, int | str | tuple[str, ...]]:
    ids = {a.id for a in users}
    return {
        "needed_minutes": needed,
        "available_minutes": available,
        "size": min(a.size for a in users),
        "largest": max(a.size for a in users),
        "count": len(users),
        "blocks": tuple(block.id for block in problem.blocks if ids.intersection(block.activities)),
    }
