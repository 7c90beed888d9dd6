"""Looks at a problem before it is solved: counts that show by themselves that no plan exists.

Each shortage alone is a proof, but a problem without one may be impossible as well; that is
for `explain.py`. Needs no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.counting import Count, Finding, Shortage, common, fits
from scheduler.scheduling.engine.crowding import crowded_people, crowded_sessions
from scheduler.scheduling.engine.elements import STAGE, Window
from scheduler.scheduling.engine.turns import shortest_span, suits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scheduler.scheduling.engine.elements import Activity, Block
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.rules import Facts

__all__ = ["TIGHT", "Finding", "Shortage", "findings"]

TIGHT = 0.9
"""From this share of what there is on, a plan may exist and yet be hard to find."""


def findings(problem: Problem, share: float = 1.0) -> list[Finding]:
    """Return what is short, the most particular first; empty when counting shows nothing.

    With a share below 1 also what is merely tight: of which more than that share is needed.
    """
    count = Count(problem, share)
    alone = [one for a in problem.activities for one in _alone(count, a)]
    lonely = {id_ for one in alone for id_ in one.ids}
    blocks = [one for block in problem.blocks for one in _block(count, block, lonely)]
    return [
        *alone,
        *blocks,
        *crowded_people(count, lonely),
        *crowded_sessions(count, lonely),
        *_tightest(_shared_stages(count, lonely)),
        *_tightest(_shared_rooms(count, lonely)),
    ]


def _tightest(found: Iterable[tuple[float, Finding]]) -> list[Finding]:
    """Return for the same activities only the count that leaves them least."""
    best: dict[tuple[str, ...], tuple[float, Finding]] = {}
    for taken, one in found:
        if one.ids not in best or taken > best[one.ids][0]:
            best[one.ids] = taken, one
    return [one for _, one in best.values()]


def _taken(needed: int, available: int) -> float:
    return needed / available if available else float(needed)


def _alone(count: Count, activity: Activity) -> Iterator[Finding]:
    venues = [venue for venue in count.problem.venues if fits(activity, venue)]
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
        windows = [both for window in windows for both in common(window, allowed)]
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


def _block(count: Count, block: Block, lonely: set[str]) -> Iterator[Finding]:
    """Yield when no session of a fitting venue is long enough for the whole block."""
    if not suits(count.problem, block) or lonely.intersection(block.activities):
        return
    items = [count.problem.activity_by_id[id_] for id_ in block.activities]
    lead = items[0].stage_begins - items[0].first
    venues = [v for v in count.problem.venues if all(fits(item, v) for item in items)]
    needed_and_longest = [
        (
            lead + shortest_span(venue, items),
            max((window.minutes for window in count.hours[venue.id]), default=0),
        )
        for venue in venues
    ]
    if all(count.tells(needed, longest) for needed, longest in needed_and_longest):
        facts: Facts = {
            "needed_minutes": min((needed for needed, _ in needed_and_longest), default=0),
            "available_minutes": max((longest for _, longest in needed_and_longest), default=0),
            "venues": tuple(venue.id for venue in venues),
            "size": max(item.size for item in items),
            "count": len(items),
        }
        yield Finding(Shortage.BLOCK_TOO_LONG, (block.id,), facts)


def _shared_stages(count: Count, lonely: set[str]) -> Iterator[tuple[float, Finding]]:
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
            if count.tells(needed, available):
                facts = _group_facts(count.problem, users, needed, available)
                yield (
                    _taken(needed, available),
                    Finding(
                        Shortage.STAGE_MINUTES,
                        tuple(a.id for a in users),
                        {**facts, "venues": tuple(sorted(venues)), "limit": limit},
                    ),
                )


def _shared_rooms(count: Count, lonely: set[str]) -> Iterator[tuple[float, Finding]]:
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
            if count.tells(sum(parts), available):
                facts = _group_facts(count.problem, users, sum(parts), available)
                yield (
                    _taken(sum(parts), available),
                    Finding(
                        Shortage.ROOM_MINUTES,
                        tuple(a.id for a in users),
                        {**facts, "venues": tuple(sorted(venues)), "room": kind},
                    ),
                )


def _venue_sets(count: Count, activities: list[Activity]) -> list[frozenset[str]]:
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
