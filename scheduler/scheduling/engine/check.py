"""Finds every broken rule of a plan, by looking at the plan alone.

Written independently of the model that makes plans: nothing is shared but the problem itself and
the rules' names. Plans made by hand on the board are judged by the same functions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue import Seen
from scheduler.scheduling.engine.elements import STAGE, Activity, Party, Venue, Window
from scheduler.scheduling.engine.rules import Facts, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.scheduling.engine.elements import Block, TimeLimit
    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem


@dataclass(frozen=True)
class Violation:
    """A rule that a plan breaks: whom it concerns (`ids`) and the numbers behind it (`facts`)."""

    code: Rule
    ids: tuple[str, ...]
    facts: Facts


@dataclass(frozen=True)
class _Placed:
    """An activity where the plan puts it."""

    activity: Activity
    venue: Venue
    start: int

    def between(self, begin: int, end: int) -> Window:
        return Window(self.start + begin, self.start + end)

    @property
    def whole(self) -> Window:
        return self.between(self.activity.first, self.activity.last)

    @property
    def stage(self) -> Window:
        return self.between(self.activity.stage_begins, self.activity.stage_ends)

    def presence(self, party: Party) -> Window:
        return self.between(party.begins(self.activity), self.activity.ends)


def violations(problem: Problem, plan: Plan) -> list[Violation]:
    """Return every broken hard rule, in a stable order; an empty list means a valid plan.

    Activities without a place count as broken too; placements of things the problem does not
    know are reported as unplaced with the fact `unknown`.
    """
    placed = _placed(problem, plan)
    found = [
        *_unplaced(problem, plan, placed),
        *(one for item in placed.values() for one in _of_activity(problem, item)),
        *_stages(problem, placed),
        *_rooms(problem, placed),
        *(one for limit in problem.time_limits for one in _limit(limit, placed)),
        *(one for party in problem.parties for one in _party(problem, party, placed)),
        *(one for block in problem.blocks for one in _block(block, placed)),
        *_locks(problem, placed),
        *_stated(problem, plan),
    ]
    return sorted(found, key=lambda one: (one.code, one.ids))


def _placed(problem: Problem, plan: Plan) -> dict[str, _Placed]:
    return {
        one.activity: _Placed(
            problem.activity_by_id[one.activity], problem.venue_by_id[one.venue], one.start
        )
        for one in plan.placements
        if one.activity in problem.activity_by_id and one.venue in problem.venue_by_id
    }


def _unplaced(problem: Problem, plan: Plan, placed: dict[str, _Placed]) -> Iterator[Violation]:
    for activity in problem.activities:
        if activity.id not in placed:
            yield Violation(Rule.UNPLACED, (activity.id,), {})
    for one in plan.placements:
        if one.activity not in problem.activity_by_id:
            yield Violation(Rule.UNPLACED, (one.activity,), {"unknown": one.activity})


def _of_activity(problem: Problem, item: _Placed) -> Iterator[Violation]:
    """Yield what is wrong with one activity in its place, whoever else is there."""
    activity, venue, whole = item.activity, item.venue, item.whole
    ids = (activity.id, venue.id)
    hours = {"start": whole.start, "end": whole.end}
    if activity.size > venue.stage_size:
        facts = {"size": activity.size, "stage_size": venue.stage_size}
        yield Violation(Rule.STAGE_SIZE, ids, facts)
    if not any(window.holds(whole) for window in venue.windows):
        yield Violation(Rule.OPENING_HOURS, ids, hours)
    for closed in venue.closures:
        if closed.meets(whole):
            facts = hours | {"closed_from": closed.start, "closed_until": closed.end}
            yield Violation(Rule.CLOSURE, ids, facts)
    if item.start % problem.grid_minutes:
        yield Violation(Rule.GRID, ids, {"start": item.start, "grid": problem.grid_minutes})


def _stages(problem: Problem, placed: dict[str, _Placed]) -> Iterator[Violation]:
    """Yield who share a stage too closely: at once, or without the time to rearrange it."""
    by_venue: defaultdict[str, list[_Placed]] = defaultdict(list)
    for item in placed.values():
        by_venue[item.venue.id].append(item)
    for items in by_venue.values():
        items.sort(key=lambda item: (item.stage, item.activity.id))
        for earlier, later in combinations(items, 2):
            setups = (earlier.activity.setup, later.activity.setup)
            pause = sum(c.minutes for c in problem.changeovers if (c.before, c.after) == setups)
            missing = min(earlier.stage.end + pause, later.stage.end) - later.stage.start
            if pause:
                missing = earlier.stage.end + pause - later.stage.start
            if missing > 0:
                ids = (*sorted((earlier.activity.id, later.activity.id)), earlier.venue.id)
                facts: Facts = {"minutes": missing}
                yield Violation(
                    Rule.STAGE_OVERLAP,
                    ids,
                    {**facts, "changeover_minutes": pause} if pause else facts,
                )


def _rooms(problem: Problem, placed: dict[str, _Placed]) -> Iterator[Violation]:
    """Yield the moments at which more rooms of a kind are needed than a venue has."""
    uses: defaultdict[tuple[str, str], list[tuple[Window, str]]] = defaultdict(list)
    for item in placed.values():
        for part in item.activity.parts:
            if part.room != STAGE:
                use = (item.between(part.begin, part.end), item.activity.id)
                uses[item.venue.id, part.room].append(use)
    for (venue, kind), windows in sorted(uses.items()):
        rooms = problem.venue_by_id[venue].rooms_of(kind)
        for moment, _ in windows:
            users = sorted(id_ for use, id_ in windows if use.start <= moment.start < use.end)
            if len(users) > rooms:
                facts: Facts = {"room": kind, "count": rooms, "needed": len(users)}
                yield Violation(
                    Rule.ROOM_CAPACITY, (venue, *users), {**facts, "start": moment.start}
                )


def _limit(limit: TimeLimit, placed: dict[str, _Placed]) -> Iterator[Violation]:
    for id_ in limit.activities:
        if id_ not in placed:
            continue
        item = placed[id_]
        there = item.between(item.activity.begins, item.activity.ends)
        if not any(window.holds(there) for window in limit.windows):
            facts: Facts = {"rule": limit.code, "start": there.start, "end": there.end}
            yield Violation(Rule.TIME_LIMIT, (limit.id, id_), facts)


def _party(problem: Problem, party: Party, placed: dict[str, _Placed]) -> Iterator[Violation]:
    items = [placed[id_] for id_ in party.activities if id_ in placed]
    for item in items:
        for busy in party.busy:
            if busy.meets(item.presence(party)):
                ids = (party.id, item.activity.id)
                facts = {"busy_from": busy.start, "busy_until": busy.end}
                yield Violation(Rule.PARTY_BUSY, ids, facts)
    for one, other in combinations(items, 2):
        yield from _in_a_row(problem, party, one, other)


def _in_a_row(problem: Problem, party: Party, one: _Placed, other: _Placed) -> Iterator[Violation]:
    """Yield what the way and the rest between two of a party's activities are short of."""
    earlier, later = sorted((one, other), key=lambda i: (i.presence(party), i.activity.id))
    between = later.presence(party).start - earlier.presence(party).end
    way = problem.travel_minutes(earlier.venue.id, later.venue.id) if party.travels else 0
    ids = (party.id, earlier.activity.id, later.activity.id)
    facts: Facts = {"minutes": between, "persons": party.persons}
    if between < way:
        yield Violation(Rule.PARTY_CLASH, ids, {**facts, "travel_minutes": way})
    if 0 <= between < party.rest_minutes:  # who is in two places has worse than no rest
        needed = {**facts, "needed_minutes": party.rest_minutes}
        yield Violation(Rule.PARTY_REST, ids, needed)


def _block(block: Block, placed: dict[str, _Placed]) -> Iterator[Violation]:
    """Yield how a block is torn apart: over venues, over hours, by others, by idle time."""
    items = sorted(
        (placed[id_] for id_ in block.activities if id_ in placed),
        key=lambda item: item.stage,
    )
    if not items:
        return
    venues = tuple(sorted({item.venue.id for item in items}))
    if len(venues) > 1:
        yield Violation(Rule.BLOCK, (block.id,), {"reason": "venues", "venues": venues})
        return
    span = Window(items[0].stage.start, items[-1].stage.end)
    for other in placed.values():
        mine = other.activity.id in block.activities
        if not mine and other.venue.id == venues[0] and other.stage.meets(span):
            ids = (block.id, other.activity.id)
            yield Violation(Rule.BLOCK, ids, {"reason": "interrupted"})
    if not block.may_pause and _sessions_used(items) > 1:
        yield Violation(Rule.BLOCK, (block.id,), {"reason": "sessions"})
    used = sum(item.stage.minutes for item in items)
    if block.max_idle_minutes is not None and span.minutes - used > block.max_idle_minutes:
        facts: Facts = {
            "reason": "idle",
            "minutes": span.minutes - used,
            "allowed_minutes": block.max_idle_minutes,
        }
        yield Violation(Rule.BLOCK, (block.id,), facts)


def _sessions_used(items: list[_Placed]) -> int:
    """Count the stretches of opening time the items fall into; outside of any counts as one."""
    venue = items[0].venue
    used = set()
    for item in items:
        window = next((w for w in venue.windows if w.holds(item.whole)), None)
        closed_before = sum(1 for closed in venue.closures if closed.end <= item.whole.start)
        used.add((window, closed_before if window else None))
    return len(used)


def _locks(problem: Problem, placed: dict[str, _Placed]) -> Iterator[Violation]:
    for lock in problem.locks:
        item = placed.get(lock.activity)
        if item is None:
            continue
        if lock.venue is not None and lock.venue != item.venue.id:
            yield Violation(Rule.LOCK, (lock.activity,), {"venue": lock.venue})
        if lock.start is not None and lock.start != item.start:
            yield Violation(Rule.LOCK, (lock.activity,), {"start": lock.start})


def _stated(problem: Problem, plan: Plan) -> Iterator[Violation]:
    seen = Seen(problem, plan)
    for rule in problem.rules:
        if rule.is_hard:
            for breach in rule.breaches(seen):
                facts = {**breach.facts, "rule": rule.kind, "amount": breach.amount}
                yield Violation(Rule.STATED, (rule.id, *breach.ids), facts)
