"""The timetable as a CP-SAT model: how many of each series in each period, and in which venues.

With rooms it is the whole problem. Without, the venues of a period are only counted: a much smaller
model, whose optimum is a bound for the whole problem and mostly its optimum too.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.periods.amounts import AMOUNTS
from scheduler.scheduling.engine.periods.timetable import Cell
from scheduler.scheduling.engine.terms import total

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scheduler.scheduling.engine.periods.timetable import Counts, Timetable
    from scheduler.scheduling.engine.terms import Expr, Literal, Read


class PeriodModel:
    """Variables of one timetable. What is `kept` stays in its place and has no variables."""

    def __init__(
        self,
        timetable: Timetable,
        *,
        rooms: bool,
        kept: Collection[Cell] = (),
        counts: Counts | None = None,
    ) -> None:
        self.timetable = timetable
        self.rooms = rooms
        self.cp = cp_model.CpModel()
        self.kept = tuple(kept)
        self._given = counts
        self.here: dict[tuple[int, int], Literal] = {}
        self.at: dict[Cell, Literal] = {}
        self._kept_here: defaultdict[tuple[int, int], int] = defaultdict(int)
        self._kept_at = {(cell.series, cell.venue) for cell in self.kept}
        self._at_venue: defaultdict[tuple[int, int], list[tuple[int, Literal]]] = defaultdict(list)
        self._taken = {(cell.period, cell.venue) for cell in self.kept}
        for cell in self.kept:
            self._kept_here[cell.series, cell.period] += 1
        self._busy = {
            (number, cell.period)
            for cell in self.kept
            for number, party in enumerate(timetable.parties)
            if cell.series in party
        }
        self._days: dict[tuple[tuple[int, ...], int], Literal | int] = {}
        for number in range(len(timetable.series)):
            self._place(number)
        self._share_parties()
        self._share_venues()
        self.standing: dict[tuple[int, int], Literal] = {}
        if not rooms:
            for level in timetable.crowded:
                self._stand(level)
        self._cost()

    # ---------------------------------------------------------------- asking

    def count(self, series: int, period: int) -> Expr | int:
        """Return how many of a series are in this period."""
        kept = self._kept_here.get((series, period), 0)
        found = self.here.get((series, period))
        return kept if found is None else found + kept

    def counts(self, series: Collection[int], periods: Collection[int]) -> Expr | int:
        """Return how many of these series are in these periods; a number when that is known."""
        kept = sum(self._kept_here.get((one, p), 0) for one in series for p in periods)
        found = [self.here[one, p] for one in series for p in periods if (one, p) in self.here]
        return total(found) + kept if found else kept

    def on_day(self, series: tuple[int, ...], day: int) -> Literal | int:
        """Return a literal that may be true only when one of these is on that day."""
        if (series, day) not in self._days:
            there = self.counts(series, self.timetable.periods_of[day])
            if isinstance(there, int):
                self._days[series, day] = int(there > 0)
            else:
                literal = self.cp.new_bool_var("")
                self.cp.add(there >= literal)
                self._days[series, day] = literal
        return self._days[series, day]

    def start(self, series: int) -> Expr:
        """Return the period of a series that has one member."""
        return total(period * self.count(series, period) for period in self.timetable.periods)

    def venue_used(self, series: tuple[int, ...], venue: int) -> Literal | int | None:
        """Return a literal that is true when one of these is there, None if it cannot be."""
        by_period: defaultdict[int, list[Literal]] = defaultdict(list)
        for one in series:
            for period, found in self._at_venue.get((one, venue), ()):
                by_period[period].append(found)
        kept = any((one, venue) in self._kept_at for one in series)
        if not by_period and not kept:
            return None
        if not by_period:
            return 1
        literal = self.cp.new_bool_var("")
        if kept:
            self.cp.add(literal == 1)
            return literal
        for literals in by_period.values():
            self.cp.add(total(literals) <= literal)  # a venue holds one of them at a time
        members = sum(len(self.timetable.series[one].members) for one in series)
        everything = [one for literals in by_period.values() for one in literals]
        self.cp.add(total(everything) <= members * literal)
        return literal

    def missing_seats(self, series: tuple[int, ...]) -> Iterator[Expr | int]:
        """Yield the persons of these series who have no seat."""
        mine = set(series)
        for cell in (*self.kept, *self.at):
            size = self.timetable.series[cell.series].size
            seats = self.timetable.problem.venues[cell.venue].seats
            if cell.series in mine and seats is not None and size > seats:
                yield (size - seats) * self.at.get(cell, 1)

    # --------------------------------------------------------------- building

    def _place(self, number: int) -> None:
        series = self.timetable.series[number]
        left = len(series.members) - sum(
            self._kept_here.get((number, period), 0) for period in series.venues
        )
        mine = [index for index, party in enumerate(self.timetable.parties) if number in party]
        for period, venues in series.venues.items():
            if not left or any((index, period) in self._busy for index in mine):
                continue
            free = [venue for venue in venues if (period, venue) not in self._taken]
            if not free or (series.alone and self._kept_here.get((number, period))):
                continue
            least, most = 0, 1 if series.alone else min(left, len(free))
            if self._given is not None:
                least = most = self._given.get((number, period), 0)
                if not most:
                    continue
            here = self.here[number, period] = self.cp.new_int_var(least, most, "")
            if self.rooms:
                for venue in free:
                    found = self.at[Cell(number, period, venue)] = self.cp.new_bool_var("")
                    self._at_venue[number, venue].append((period, found))
                self.cp.add(total(self.at[Cell(number, period, venue)] for venue in free) == here)
        there = [
            self.here[number, period] for period in series.venues if (number, period) in self.here
        ]
        self.cp.add(total(there) == left)

    def _share_parties(self) -> None:
        """Nobody is in two places in one period."""
        for party in self.timetable.parties:
            for period in self.timetable.periods:
                mine = [self.here[one, period] for one in party if (one, period) in self.here]
                if len(mine) > 1:
                    self.cp.add_at_most_one(mine)

    def _share_venues(self) -> None:
        """A venue holds one at a time; without rooms, no more than there are take place."""
        users = defaultdict(list)
        for cell, literal in self.at.items():
            users[cell.period, cell.venue].append(literal)
        for literals in users.values():
            if len(literals) > 1:
                self.cp.add_at_most_one(literals)
        for period in self.timetable.periods:
            for venues, there in self._in_sets_of_venues(period):
                self.cp.add(there <= len(venues))

    def _in_sets_of_venues(self, period: int) -> Iterator[tuple[frozenset[int], Expr]]:
        """Yield sets of venues, and how many need one of each."""
        needs = {
            number: frozenset(self.timetable.series[number].venues[period])
            for number, at in self.here
            if at == period
        }
        taken = {venue for at, venue in self._taken if at == period}
        every = frozenset(self.timetable.open[period])
        for venues in {*needs.values(), every}:
            inside = [self.here[one, period] for one, need in needs.items() if need <= venues]
            if len(inside) > len(venues - taken) or self.rooms is False:
                yield venues - taken, total(inside)

    def _stand(self, level: int) -> None:
        """Count those of each series that are in a venue with fewer seats than this."""
        timetable = self.timetable
        large = [n for n, one in enumerate(timetable.series) if one.size >= level]
        members = {one: len(timetable.series[one].members) for one in large}
        for one in large:
            self.standing[one, level] = self.cp.new_int_var(0, members[one], "")
            # Who has no seat at a lower level has none at this one.
            for lower in timetable.crowded:
                if lower < level:
                    self.cp.add(self.standing[one, level] >= self.standing[one, lower])
        stand = total(self.standing[one, level] for one in large)
        over = []
        for period in timetable.periods:
            most = self.cp.new_int_var(0, len(timetable.open[period]), "")
            seats = timetable.with_seats(period, level)
            self.cp.add(most >= self.counts(large, [period]) - seats)
            over.append(most)
        self.cp.add(stand >= total(over))
        # What follows over the whole programme, and what no line about one period can see.
        room = sum(timetable.with_seats(period, level) for period in timetable.periods)
        self.cp.add(stand >= sum(members.values()) - room)

    def _cost(self) -> None:
        costs = []
        for rule in self.timetable.rules:
            amount = AMOUNTS[type(rule)](self, rule, self.timetable.of_rule[rule.id])
            if rule.weight is None:
                self.cp.add(total([amount]) == 0)
            else:
                costs.append(rule.weight * amount)
        self.cost = total(costs)
        self.cp.minimize(self.cost)

    # ---------------------------------------------------------------- reading

    def cells(self, value: Read) -> tuple[Cell, ...]:
        """Return the places that these values of the variables mean."""
        return (*self.kept, *(cell for cell, literal in self.at.items() if value(literal)))

    def by_period(self, value: Read) -> Counts:
        """Return how many of each series these values put in each period."""
        found = {key: value(literal) for key, literal in self.here.items()}
        return {key: number for key, number in found.items() if number}
