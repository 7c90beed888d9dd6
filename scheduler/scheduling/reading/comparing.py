"""Two timetables side by side: what each costs, who waits longer, who stands elsewhere."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from scheduler.errors import NotFound
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.basis import Basis, Place
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.score import Score, score, waiting_by_party
from scheduler.scheduling.find import find_release
from scheduler.scheduling.items import Item
from scheduler.scheduling.models import Plan, PlanState, Release
from scheduler.scheduling.services import find_plan
from scheduler.scheduling.situation import Situation, situation_of, with_lengths

RELEASE = "R"
"""What the name of a release begins with; drafts are called by their refs."""


@dataclass(frozen=True)
class Side:
    """One of the two: its broken rules, its cost, and how long people of each school wait.

    `cost` is None, and nobody's waiting is counted, as long as a group has no place.
    """

    broken: int
    missing: int
    cost: Score | None
    waiting: Counter[str]


@dataclass(frozen=True)
class Elsewhere:
    """A group that stands elsewhere in the other timetable; None where it has no place."""

    item: Item
    was: tuple[Venue, dt.datetime] | None
    now: tuple[Venue, dt.datetime] | None


@dataclass(frozen=True)
class TermPair:
    """A part of the cost in both: the amounts, and by how much the second costs more."""

    code: str
    amounts: tuple[int, int]
    costlier: int


@dataclass(frozen=True)
class SchoolPair:
    """How many minutes a school's people wait in all, in both."""

    school: str
    minutes: tuple[int, int]


@dataclass(frozen=True)
class Comparison:
    """The second timetable against the first."""

    first: Side
    second: Side
    terms: list[TermPair]
    schools: list[SchoolPair]
    elsewhere: list[Elsewhere]


def find_other(plan: Plan, name: str) -> Plan | Release:
    """Return the draft or release of the plan's programme by its name; raises `NotFound`."""
    number = name.removeprefix(RELEASE)
    if number != name and number.isdigit():
        return find_release(plan.programme.code, int(number))
    other = find_plan(name)
    if other.programme_id != plan.programme_id or other.state is not PlanState.DRAFT:
        raise NotFound
    return other


def compare(first: Plan | Release, second: Plan | Release) -> Comparison:
    """Compare two timetables of one programme by its groups, venues and rules as they are now."""
    programme: Programme = first.programme
    situation = situation_of(programme)
    places = [_basis(one).within(situation) for one in (first, second)]
    left, right = (_side(one, with_lengths(situation, one.lengths(situation))) for one in places)
    return Comparison(
        left,
        right,
        terms=_terms(left.cost, right.cost),
        schools=_schools(left, right),
        elsewhere=_elsewhere(situation, *places),
    )


def _basis(thing: Plan | Release) -> Basis:
    return Basis.of_release(thing) if isinstance(thing, Release) else Basis.of_plan(thing)


def _side(basis: Basis, situation: Situation) -> Side:
    plan, problem = basis.plan(situation), situation.problem
    missing = len(situation.items) - len(basis.places)
    broken = len(violations(problem, plan)) - missing
    if missing:
        return Side(broken, missing, None, Counter())
    waiting: Counter[str] = Counter()
    minutes = waiting_by_party(problem, plan)
    for party in problem.parties:
        items = (situation.items[ref] for ref in party.activities)
        fewest = min(items, key=lambda item: len(item.groups))
        waiting[fewest.school_text] += minutes[party.id]
    return Side(broken, missing, score(problem, plan), +waiting)


def _terms(first: Score | None, second: Score | None) -> list[TermPair]:
    """Return the parts of the cost that differ; none where either cannot be counted."""
    if first is None or second is None:
        return []
    return [
        TermPair(one.code, (one.amount, other.amount), other.cost - one.cost)
        for one, other in zip(first.terms, second.terms, strict=True)
        if one.amount != other.amount
    ]


def _schools(first: Side, second: Side) -> list[SchoolPair]:
    """Return the schools whose people wait longer or less; none where either cannot be counted."""
    if first.cost is None or second.cost is None:
        return []
    return [
        SchoolPair(school, (first.waiting[school], second.waiting[school]))
        for school in sorted(first.waiting | second.waiting)
        if first.waiting[school] != second.waiting[school]
    ]


def _elsewhere(situation: Situation, first: Basis, second: Basis) -> list[Elsewhere]:
    def place(kept: Place | None) -> tuple[Venue, dt.datetime] | None:
        return (situation.venues[kept.venue_code], kept.starts_at) if kept else None

    found = [
        Elsewhere(item, place(first.places.get(ref)), place(second.places.get(ref)))
        for ref, item in situation.items.items()
    ]
    moved = [one for one in found if one.was != one.now]
    return sorted(moved, key=lambda one: ((one.now or one.was or ())[1:], one.item.ref))
