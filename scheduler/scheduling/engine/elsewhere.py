"""Why an activity stands where it does, and where else it could stand while all others stay.

Its places are tried one after the other, every few minutes and right beside its neighbours, and
each is judged by the independent checker and the score. Needs no solver.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue.base import day_at
from scheduler.scheduling.engine.moves import Around, Change, change_to
from scheduler.scheduling.engine.plan import Placement
from scheduler.scheduling.engine.rules import NamedRule, Rule, stated_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scheduler.scheduling.engine.check import Violation
    from scheduler.scheduling.engine.elements import Activity, Venue
    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem

STEP_MINUTES = 5


@dataclass(frozen=True)
class Hold:
    """A rule that keeps an activity away from places: from how many, and which would be cheaper.

    `cheaper` is the cheapest place that only this rule forbids, if it costs less than the present
    one.
    """

    rule: NamedRule
    places: int
    cheaper: Change | None


@dataclass(frozen=True)
class Survey:
    """Where an activity could stand: `tried` places, of which `free` break no further rule.

    `best` holds the best place of each venue and day, fewest broken rules first, then the
    cheapest; `holds` the rules that forbid the others; `swaps` the groups that could change places
    with it without breaking a rule, the cheapest first.
    """

    tried: int
    free: int
    best: tuple[Change, ...]
    holds: tuple[Hold, ...]
    swaps: tuple[Change, ...]


def survey(problem: Problem, plan: Plan, activity: str) -> Survey:
    """Return where else the activity could stand, whether it has a place already or not."""
    changes = list(_changes(problem, plan, activity))
    return Survey(
        len(changes),
        sum(1 for one in changes if not one.broken),
        tuple(_best_of_each(problem, changes)),
        tuple(sorted(_holds(problem, changes), key=lambda hold: (-hold.places, hold.rule.ids))),
        tuple(sorted(_swaps(problem, plan, activity), key=lambda one: (one.cost, one.places))),
    )


def _changes(problem: Problem, plan: Plan, activity: str) -> Iterator[Change]:
    item, now = problem.activity_by_id[activity], plan.by_activity.get(activity)
    for venue in problem.venues:
        around = Around(problem, plan, {activity}, {venue.id})
        for start in sorted(_starts(problem, plan, item, venue)):
            place = Placement(activity, venue.id, start)
            if place != now:
                yield around.change((place,))


def _starts(problem: Problem, plan: Plan, item: Activity, venue: Venue) -> set[int]:
    """Return the starts to try: within the hours, in steps, and seamless beside the others."""
    grid = problem.grid_minutes
    step = -(-STEP_MINUTES // grid) * grid
    found: set[int] = set()
    for window in venue.windows:
        first = -(-(window.start - item.first) // grid) * grid
        last = (window.end - item.last) // grid * grid
        inside = range(first, last + 1)
        found.update(range(-(-first // step) * step, last + 1, step))
        found.update(start for start in (first, last) if start in inside)
        found.update(s for s in _seams(problem, plan, item, venue) if s in inside)
    return found


def _seams(problem: Problem, plan: Plan, item: Activity, venue: Venue) -> Iterator[int]:
    grid = problem.grid_minutes
    for place in plan.placements:
        if place.venue == venue.id and place.activity in problem.activity_by_id:
            other = problem.activity_by_id[place.activity]
            yield -(-(place.start + other.stage_ends - item.stage_begins) // grid) * grid
            yield (place.start + other.stage_begins - item.stage_ends) // grid * grid


def _best_of_each(problem: Problem, changes: Iterable[Change]) -> Iterator[Change]:
    of_each: defaultdict[tuple[str, int], list[Change]] = defaultdict(list)
    for one in changes:
        (place,) = one.places
        begin = place.start + problem.activity_by_id[place.activity].first
        of_each[place.venue, day_at(problem.days, begin)].append(one)
    best = [min(some, key=_rank) for some in of_each.values()]
    yield from sorted(best, key=_rank)


def _rank(change: Change) -> tuple[int, int, tuple[Placement, ...]]:
    return len(change.broken), change.cost, change.places


def _holds(problem: Problem, changes: Iterable[Change]) -> Iterator[Hold]:
    places: defaultdict[NamedRule, list[Change]] = defaultdict(list)
    alone: defaultdict[NamedRule, list[Change]] = defaultdict(list)
    for one in changes:
        rules = {rule_of(problem, violation) for violation in one.broken}
        for rule in rules:
            places[rule].append(one)
        if len(rules) == 1:
            alone[rules.pop()].append(one)
    for rule, ruled_out in places.items():
        cheapest = min(alone[rule], key=lambda one: (one.cost, one.places), default=None)
        is_cheaper = cheapest is not None and cheapest.cost < 0
        yield Hold(rule, len(ruled_out), cheapest if is_cheaper else None)


def rule_of(problem: Problem, violation: Violation) -> NamedRule:
    """Return the rule that a violation breaks, as an explanation would name it."""
    code, ids, facts = violation.code, violation.ids, violation.facts
    if code in {Rule.STAGE_SIZE, Rule.OPENING_HOURS, Rule.CLOSURE}:
        return NamedRule(code, ids[1:2], facts)
    if code is Rule.ROOM_CAPACITY:
        return NamedRule(code, (ids[0], str(facts["room"])), facts)
    if code is Rule.STAGE_OVERLAP:
        return NamedRule(code, ids[-1:], facts)
    if code is Rule.STATED:
        return stated_rule(next(rule for rule in problem.rules if rule.id == ids[0]))
    return NamedRule(code, ids[:1], facts)


def _swaps(problem: Problem, plan: Plan, activity: str) -> Iterator[Change]:
    """Yield the exchanges of two places, as they are, that break nothing."""
    mine = plan.by_activity.get(activity)
    if mine is None:
        return
    for theirs in plan.placements:
        if theirs.activity == activity or theirs.activity not in problem.activity_by_id:
            continue
        change = change_to(
            problem,
            plan,
            (
                Placement(activity, theirs.venue, theirs.start),
                Placement(theirs.activity, mine.venue, mine.start),
            ),
        )
        if not change.broken:
            yield change
