"""The problem as a timetable: numbered periods, and series of activities that are alike."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from scheduler.scheduling.engine.catalogue import Following, InOrder, Seen
from scheduler.scheduling.engine.limits import excluded_by, starts_in, starts_under_rules
from scheduler.scheduling.engine.plan import Placement, Plan, plan_of
from scheduler.scheduling.engine.sessions import sessions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scheduler.scheduling.engine.catalogue import ProgrammeRule
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.problem import Problem

    # Size, parties, rules, and where it could be in each period.
    Likeness = tuple[
        int, frozenset[str], frozenset[object], tuple[tuple[int, tuple[int, ...]], ...]
    ]

# How many of each series (by number) are in each period.
Counts: TypeAlias = "Mapping[tuple[int, int], int]"


@dataclass(frozen=True)
class Series:
    """Activities that may swap places without any rule noticing, such as one course's lessons.

    `venues` says for each period where one of them could be. In one where they share people
    (`alone`) there is at most one of them at a time.
    """

    members: tuple[str, ...]
    size: int
    venues: Mapping[int, tuple[int, ...]]
    alone: bool


@dataclass(frozen=True, order=True)
class Cell:
    """A place in the timetable: one of a series, in a period, in a venue; all by number."""

    series: int
    period: int
    venue: int


class Timetable:
    """A problem of equal periods. A period's number is its start in steps of the grid."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rules = tuple(rule for rule in problem.rules if rule.weight != 0)
        self.day: dict[int, int] = {}
        self.open: defaultdict[int, list[int]] = defaultdict(list)
        self._open_up()
        self.series = tuple(self._series())
        self._number = {id_: n for n, one in enumerate(self.series) for id_ in one.members}
        self.parties = sorted(
            {
                tuple(sorted({self._number[id_] for id_ in party.activities}))
                for party in problem.parties
                if len(party.activities) > 1
            }
        )
        self.levels = self._levels()
        first = min(filter(self._is_crowded, self.levels), default=None)
        self.crowded = tuple(one for one in self.levels if first is not None and one >= first)
        self.of_rule = {rule.id: self._of(rule) for rule in self.rules}

    def _open_up(self) -> None:
        """Note which venues are open in which periods."""
        number = {venue.id: index for index, venue in enumerate(self.problem.venues)}
        sample = self.problem.activities[0]
        for session in sessions_of(self.problem):
            domain = starts_in(self.problem, sample, session.window)
            for period in _values(domain.flattened_intervals()):
                self.day[period] = session.day
                self.open[period].append(number[session.venue])
        self.periods = sorted(self.day)
        self.days = sorted(set(self.day.values()))
        self.periods_of = {
            day: [period for period in self.periods if self.day[period] == day] for day in self.days
        }
        self.pause = self.problem.grid_minutes - sample.ends

    def _series(self) -> Iterable[Series]:
        alike: defaultdict[Likeness, list[Activity]] = defaultdict(list)
        parties = self._parties_by_activity()
        rules: defaultdict[str, set[object]] = defaultdict(set)
        for rule in self.rules:
            for id_ in rule.activities:
                rules[id_].add(rule.id)
                if isinstance(rule, Following | InOrder):
                    rules[id_].add((rule.id, id_))
        for activity in self.problem.activities:
            own = frozenset(rules[activity.id])
            allowed = self._venues(activity)
            key = activity.size, parties[activity.id], own, tuple(allowed.items())
            alike[key].append(activity)
        for (size, shared, _, places), members in alike.items():
            ids = tuple(activity.id for activity in members)
            yield Series(ids, size, dict(places), alone=bool(shared) or len(ids) == 1)

    def _parties_by_activity(self) -> defaultdict[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for party in self.problem.parties:
            if len(party.activities) > 1:
                for id_ in party.activities:
                    found[id_].add(party.id)
        return defaultdict(frozenset, {id_: frozenset(ids) for id_, ids in found.items()})

    def _venues(self, activity: Activity) -> dict[int, tuple[int, ...]]:
        """Return where the activity could be if it were alone, period by period."""
        shut = {
            index
            for index, venue in enumerate(self.problem.venues)
            if any(excluded_by(self.problem, activity, venue.id))
        }
        domains = [domain for _, domain in starts_under_rules(self.problem, activity)]
        found = {}
        for period in self.periods:
            if all(domain.contains(period) for domain in domains):
                venues = tuple(one for one in self.open[period] if one not in shut)
                if venues:
                    found[period] = venues
        return found

    def _of(self, rule: ProgrammeRule) -> tuple[int, ...]:
        """Return the series that a rule is about, in the order in which it names them."""
        return tuple(dict.fromkeys(self._number[id_] for id_ in rule.activities))

    def _levels(self) -> list[int]:
        """Return the numbers of persons at which seats, or the needs for them, change."""
        seats = {venue.seats for venue in self.problem.venues if venue.seats is not None}
        return sorted(seats | {one.size for one in self.series} | {0})

    def _is_crowded(self, level: int) -> bool:
        """Say whether venues with so many seats are too few, counted over all periods."""
        needed = sum(len(one.members) for one in self.series if one.size >= level)
        return needed > sum(self.with_seats(period, level) for period in self.periods)

    def with_seats(self, period: int, level: int) -> int:
        """Return how many venues with at least so many seats are open in a period."""
        seats = (self.problem.venues[venue].seats for venue in self.open[period])
        return sum(1 for one in seats if one is None or one >= level)

    def number(self, activity: str) -> int | None:
        """Return the number of an activity's series, None of one that is not in the problem."""
        return self._number.get(activity)

    def plan(self, cells: Iterable[Cell]) -> Plan:
        """Return the plan of these places; members of a series take them in order."""
        waiting = [list(reversed(one.members)) for one in self.series]
        return plan_of(
            Placement(
                waiting[cell.series].pop(),
                self.problem.venues[cell.venue].id,
                cell.period * self.problem.grid_minutes,
            )
            for cell in sorted(cells)
        )

    def cost(self, plan: Plan) -> int:
        """Return what a plan costs; here that is its rules alone."""
        seen = Seen(self.problem, plan)
        return sum(
            rule.weight * breach.amount
            for rule in self.rules
            if rule.weight is not None
            for breach in rule.breaches(seen)
        )

    def cells(self, plan: Plan) -> list[Cell]:
        """Return the places of a plan, without what the problem does not know."""
        venues = {venue.id: index for index, venue in enumerate(self.problem.venues)}
        grid = self.problem.grid_minutes
        return [
            Cell(self._number[place.activity], place.start // grid, venues[place.venue])
            for place in plan.placements
            if place.activity in self._number and place.venue in venues
        ]


def _values(intervals: list[int]) -> Iterable[int]:
    for low, high in zip(intervals[::2], intervals[1::2], strict=True):
        yield from range(low, high + 1)
