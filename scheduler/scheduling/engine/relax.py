"""Names the rules of a problem, and makes the problem in which only some of them hold.

An explanation is verified with such problems: by solving them afresh, without the literals that
it was found by.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import Room
from scheduler.scheduling.engine.rules import NamedRule, Rule, stated_rule
from scheduler.scheduling.engine.sessions import closure_rule, opening_rule

if TYPE_CHECKING:
    from collections.abc import Collection

    from scheduler.scheduling.engine.elements import Party, Venue
    from scheduler.scheduling.engine.problem import Problem


def only(problem: Problem, rules: Collection[NamedRule]) -> Problem:
    """Return the problem with just these rules; a stage still holds one activity at a time."""
    kept = set(rules)
    return replace(
        problem,
        venues=tuple(_venue(problem, venue, kept) for venue in problem.venues),
        parties=tuple(party for one in problem.parties for party in _parties(one, kept)),
        blocks=tuple(b for b in problem.blocks if NamedRule(Rule.BLOCK, (b.id,)) in kept),
        time_limits=tuple(
            limit
            for limit in problem.time_limits
            if NamedRule(Rule.TIME_LIMIT, (limit.id,)) in kept
        ),
        locks=tuple(
            lock for lock in problem.locks if NamedRule(Rule.LOCK, (lock.activity,)) in kept
        ),
        rules=tuple(r for r in problem.rules if not r.is_hard or stated_rule(r) in kept),
    )


def _venue(problem: Problem, venue: Venue, kept: set[NamedRule]) -> Venue:
    largest = max(activity.size for activity in problem.activities)
    sized = NamedRule(Rule.STAGE_SIZE, (venue.id,)) in kept
    kinds = sorted({part.room for a in problem.activities for part in a.parts})
    return replace(
        venue,
        stage_size=venue.stage_size if sized else max(largest, venue.stage_size),
        windows=venue.windows if opening_rule(venue) in kept else problem.days,
        closures=tuple(one for one in venue.closures if closure_rule(venue, one) in kept),
        rooms=tuple(Room(kind, _rooms(problem, venue, kind, kept)) for kind in kinds),
    )


def _rooms(problem: Problem, venue: Venue, kind: str, kept: set[NamedRule]) -> int:
    if NamedRule(Rule.ROOM_CAPACITY, (venue.id, kind)) in kept:
        return venue.rooms_of(kind)
    return sum(len(activity.parts) for activity in problem.activities)


def _parties(party: Party, kept: set[NamedRule]) -> tuple[Party, ...]:
    clash = NamedRule(Rule.PARTY_CLASH, (party.id,)) in kept
    rest = NamedRule(Rule.PARTY_REST, (party.id,)) in kept
    busy = party.busy if NamedRule(Rule.PARTY_BUSY, (party.id,)) in kept else ()
    if not clash and not rest:  # busy times alone hold for each activity by itself
        return tuple(
            replace(party, id=f"{party.id} {id_}", activities=(id_,), busy=busy)
            for id_ in party.activities
        )
    rest_minutes = party.rest_minutes if rest else 0
    travels = party.travels and clash
    return (replace(party, rest_minutes=rest_minutes, travels=travels, busy=busy),)
