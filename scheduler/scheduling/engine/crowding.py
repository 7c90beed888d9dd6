"""Counts over people and over whole sessions: who is needed too long, which blocks are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.counting import Finding, Shortage, common, fits
from scheduler.scheduling.engine.elements import Window
from scheduler.scheduling.engine.turns import shortest_span, suits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scheduler.scheduling.engine.counting import Count
    from scheduler.scheduling.engine.elements import Activity, Block, Party
    from scheduler.scheduling.engine.rules import Facts
    from scheduler.scheduling.engine.sessions import Session

HALF = 2


def crowded_people(count: Count, lonely: set[str]) -> Iterator[Finding]:
    """Yield people whose activities, with the rests between them, take longer than they can."""
    for party in count.problem.parties:
        items = [count.problem.activity_by_id[id_] for id_ in party.activities]
        if len(items) > 1 and lonely.isdisjoint(party.activities):
            yield from _crowded(count, party, items)


def _crowded(count: Count, party: Party, items: list[Activity]) -> Iterator[Finding]:
    """Count each stay with the rest after it, and each free stretch with as much behind it."""
    rest = party.rest_minutes
    needed = sum(item.ends - party.begins(item) + rest for item in items)
    free = _merged(window for item in items for window in _stays(count, party, item))
    stretches = _merged(Window(window.start, window.end + rest) for window in free)
    available = sum(window.minutes for window in stretches)
    if count.tells(needed, available):
        facts = {
            "needed_minutes": needed,
            "available_minutes": available,
            "persons": party.persons,
            "count": len(items),
            "rest_minutes": rest,
        }
        yield Finding(Shortage.PARTY_MINUTES, (party.id, *party.activities), facts)


def _stays(count: Count, party: Party, item: Activity) -> Iterator[Window]:
    """Yield when the party could be there for this activity, looking at hours and limits alone."""
    before, after = party.begins(item) - item.first, item.last - item.ends
    limits = [limit for limit in count.problem.time_limits if item.id in limit.activities]
    for venue in sorted(count.venues_by_activity[item.id]):
        for hours in count.hours[venue]:
            if hours.end - after <= hours.start + before:
                continue
            cut = [Window(hours.start + before, hours.end - after)]
            for limit in limits:
                cut = [both for window in cut for both in common(window, list(limit.windows))]
            yield from cut


def _merged(windows: Iterable[Window]) -> list[Window]:
    found: list[Window] = []
    for window in sorted(windows):
        if found and window.start <= found[-1].end:
            found[-1] = Window(found[-1].start, max(found[-1].end, window.end))
        else:
            found.append(window)
    return found


def crowded_sessions(count: Count, lonely: set[str]) -> Iterator[Finding]:
    """Yield blocks that each fill more than half a session, when they are more than sessions."""
    sessions = count.sessions
    large: dict[str, set[int]] = {}
    for block in count.problem.blocks:
        if suits(count.problem, block) and lonely.isdisjoint(block.activities):
            taken = dict(_sessions_for(count, block, sessions))
            if taken and all(HALF * need > length for need, length in taken.values()):
                large[block.id] = set(taken)
    for places in sorted({frozenset(some) for some in large.values()}, key=sorted):
        blocks = tuple(sorted(id_ for id_, some in large.items() if some <= places))
        if len(blocks) > len(places):
            facts: Facts = {
                "needed_minutes": len(blocks),
                "available_minutes": len(places),
                "venues": tuple(sorted({sessions[index].venue for index in places})),
            }
            yield Finding(Shortage.BLOCKS_PER_SESSION, blocks, facts)


def _sessions_for(
    count: Count, block: Block, sessions: list[Session]
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the sessions that hold the whole block: its minutes on stage there, and theirs."""
    items = [count.problem.activity_by_id[id_] for id_ in block.activities]
    # Whichever block comes first there, no stage can begin earlier than the shortest warm-up ends.
    lead = min(a.stage_begins - a.first for a in count.problem.activities)
    for index, session in enumerate(sessions):
        venue = count.problem.venue_by_id[session.venue]
        length = session.window.minutes - lead
        if all(fits(item, venue) for item in items):
            need = shortest_span(venue, items)
            if need <= length:
                yield index, (need, length)
