"""What a plan costs: every wish counted from the plan alone, term by term.

The codes are the field names of `Weights`. The model counts the same amounts in its own way; the
tests compare the two.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue import Seen
from scheduler.scheduling.engine.catalogue.base import day_at
from scheduler.scheduling.engine.elements import Weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from scheduler.scheduling.engine.elements import Activity, Party
    from scheduler.scheduling.engine.plan import Placement, Plan
    from scheduler.scheduling.engine.problem import Problem

    Wish: TypeAlias = tuple[str, int]
    """A wish by its code and its weight, as one term of the cost counts it."""


@dataclass(frozen=True, slots=True)
class Term:
    """One wish of one plan: how much of it there is, and what that costs."""

    code: str
    weight: int
    amount: int

    @property
    def cost(self) -> int:
        return self.weight * self.amount

    @property
    def wish(self) -> Wish:
        return self.code, self.weight


@dataclass(frozen=True, slots=True)
class Score:
    """What a whole plan costs, and the terms that add up to it."""

    value: int
    terms: tuple[Term, ...]


def score(problem: Problem, plan: Plan) -> Score:
    """Return the cost of a complete plan; 0 means that every wish is met.

    Raises `KeyError` for an incomplete plan: an unplaced activity has no cost, it breaks a rule.
    """
    missing = [a.id for a in problem.activities if a.id not in plan.by_activity]
    if missing:
        raise KeyError(*missing)
    terms = tuple(
        Term(field.name, getattr(problem.weights, field.name), _COUNTS[field.name](problem, plan))
        for field in fields(Weights)
    ) + _stated(problem, plan)
    return Score(sum(term.cost for term in terms), terms)


def _stated(problem: Problem, plan: Plan) -> tuple[Term, ...]:
    """Return the weighted rules of the programme, those of one kind and weight in one term."""
    seen = Seen(problem, plan)
    amounts: defaultdict[tuple[str, int], int] = defaultdict(int)
    for rule in problem.rules:
        if rule.weight is not None:
            amounts[rule.kind, rule.weight] += sum(one.amount for one in rule.breaches(seen))
    return tuple(Term(kind, weight, amount) for (kind, weight), amount in sorted(amounts.items()))


def waiting_by_party(problem: Problem, plan: Plan) -> dict[str, int]:
    """Return person-minutes on site beyond the performances and `comfort_minutes` for every pause.

    By the parties' ids; the plan must be complete.
    """
    found: dict[str, int] = {}
    for party in problem.parties:
        found[party.id] = 0
        for stays in _stays_by_day(problem, plan, party).values():
            on_site = max(end for _, end, _ in stays) - min(begin for begin, _, _ in stays)
            busy = sum(end - begin for begin, end, _ in stays)
            pauses = problem.comfort_minutes * (len(stays) - 1)
            found[party.id] += party.persons * max(0, on_site - busy - pauses)
    return found


def _waiting(problem: Problem, plan: Plan) -> int:
    return sum(waiting_by_party(problem, plan).values())


def _school_gap(problem: Problem, plan: Plan) -> int:
    """Minutes missing to `comfort_minutes` between two groups of one school on the same day."""
    by_school: defaultdict[str, list[Activity]] = defaultdict(list)
    for activity in problem.activities:
        if activity.school is not None:
            by_school[activity.school].append(activity)
    pairs = (pair for groups in by_school.values() for pair in combinations(groups, 2))
    total = 0
    for one, other in pairs:
        first, second = plan.by_activity[one.id], plan.by_activity[other.id]
        if _day(problem, first, one) != _day(problem, second, other):
            continue
        between = max(
            second.start + other.begins - first.start - one.ends,
            first.start + one.begins - second.start - other.ends,
        )
        total += max(0, problem.comfort_minutes - between)
    return total


def _venue_moves(problem: Problem, plan: Plan) -> int:
    """Persons times the venues they see on one day beyond the first."""
    return sum(
        party.persons * (len({venue for _, _, venue in stays}) - 1)
        for party in problem.parties
        for stays in _stays_by_day(problem, plan, party).values()
    )


def _extra_days(problem: Problem, plan: Plan) -> int:
    """Persons times the days they have to come beyond the first."""
    return sum(
        party.persons * (len(_stays_by_day(problem, plan, party)) - 1)
        for party in problem.parties
        if party.activities
    )


def _jury_idle(problem: Problem, plan: Plan) -> int:
    """Minutes within a block, session by session, in which its stage is not used."""
    uses: defaultdict[object, list[tuple[int, int, int]]] = defaultdict(list)
    for block in problem.blocks:
        for id_ in block.activities:
            activity, place = problem.activity_by_id[id_], plan.by_activity[id_]
            begin, end = place.start + activity.stage_begins, place.start + activity.stage_ends
            uses[block.id, _session(problem, place, activity)].append((begin, end, end - begin))
    return _idle(uses.values())


def _venue_idle(problem: Problem, plan: Plan) -> int:
    """Minutes a venue is in use, session by session, without anything on its stage."""
    uses: defaultdict[object, list[tuple[int, int, int]]] = defaultdict(list)
    for place in plan.placements:
        activity = problem.activity_by_id[place.activity]
        begin, end = place.start + activity.first, place.start + activity.last
        session = place.venue, _session(problem, place, activity)
        uses[session].append((begin, end, activity.stage_minutes))
    return _idle(uses.values())


def _region_runs(problem: Problem, plan: Plan) -> int:
    """Pairs of one region directly after one another within a block."""
    total = 0
    for block in problem.blocks:
        order = sorted(block.activities, key=lambda id_: plan.by_activity[id_].start)
        regions = [problem.activity_by_id[id_].region for id_ in order]
        total += sum(1 for one, other in pairwise(regions) if one is not None and one == other)
    return total


_COUNTS: dict[str, Callable[[Problem, Plan], int]] = {
    "waiting": _waiting,
    "school_gap": _school_gap,
    "venue_moves": _venue_moves,
    "extra_days": _extra_days,
    "jury_idle": _jury_idle,
    "venue_idle": _venue_idle,
    "region_runs": _region_runs,
}


def _idle(uses: Iterable[list[tuple[int, int, int]]]) -> int:
    return sum(
        max(end for _, end, _ in session)
        - min(begin for begin, _, _ in session)
        - sum(used for _, _, used in session)
        for session in uses
    )


def _stays_by_day(
    problem: Problem, plan: Plan, party: Party
) -> dict[int, list[tuple[int, int, str]]]:
    stays: defaultdict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for id_ in party.activities:
        activity, place = problem.activity_by_id[id_], plan.by_activity[id_]
        stay = (place.start + party.begins(activity), place.start + activity.ends, place.venue)
        stays[_day(problem, place, activity)].append(stay)
    return stays


def _day(problem: Problem, place: Placement, activity: Activity) -> int:
    return day_at(problem.days, place.start + activity.first)


def _session(problem: Problem, place: Placement, activity: Activity) -> tuple[int, int]:
    """Return a mark of the stretch between closing and closure that a placement lies in."""
    venue = problem.venue_by_id[place.venue]
    begin = place.start + activity.first
    opened = max((w.start for w in venue.windows if w.start <= begin), default=-1)
    reopened = max((c.end for c in venue.closures if c.end <= begin), default=-1)
    return opened, max(opened, reopened)
