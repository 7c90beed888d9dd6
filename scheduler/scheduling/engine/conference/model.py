"""A conference as a CP-SAT model: which track is in which sessions, and which of its activities.

A track may use several venues in one round: its strands. Where all of them but the last hold one
venue each, what they hold is exact; the last one may stand for several venues at once, and is then
only counted. A model in which it may is a bound for every plan.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.scheduling.engine.catalogue import OneVenue, OneVenueARound, RoundsInARow
from scheduler.scheduling.engine.conference.programme import Side
from scheduler.scheduling.engine.terms import total

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scheduler.scheduling.engine.conference.programme import Arrangement, Conference, Place
    from scheduler.scheduling.engine.terms import Expr, Literal, Read

    # Who is there (a track with its strand or venue), and the literal, True of what is kept.
    Present = tuple[tuple[int, int], Literal | bool]


class TrackModel:
    """Variables of the `free` tracks; the others stay where `kept` has them."""

    def __init__(
        self,
        conference: Conference,
        free: Collection[int],
        kept: Arrangement,
        *,
        spare: int = 0,
        counting: bool = False,
    ) -> None:
        self.conference = conference
        self.cp = cp_model.CpModel()
        self._free = sorted(free)
        self._kept = {
            one: place for one, place in kept.items() if conference.track_of[one] not in free
        }
        self._taken = set(self._kept.values())
        self._counting = counting
        self._costs: list[Expr | int] = []
        self.used: dict[tuple[int, int, int], Literal] = {}
        self.at: dict[tuple[int, int], dict[Place, Literal]] = {}
        self.inside: dict[tuple[int, int, int], Literal] = {}
        most = len(conference.problem.venues)
        self._strands = {
            track: range(min(most, self._least_strands(track) + spare)) for track in self._free
        }
        for track in self._free:
            self._place(track)
            self._keep_together(track)
        self._share_sessions()
        for clash in conference.clashes:
            for number in conference.rounds:
                self._part(clash.weight, *(self._present(s, number) for s in clash.sides))
        for track, rule in conference.number_rules:
            if track in self._strands:
                self._number(track, rule.weight, rule.number_of)
        self.cost = total(self._costs)
        self.cp.minimize(self.cost)

    def _least_strands(self, track: int) -> int:
        """Return in how many venues at once the track has to be, even if it is in all rounds."""
        conference = self.conference
        longest = sum(
            max(conference.length(place) for place in conference.sessions if place[0] == number)
            for number in conference.rounds
        )
        return max(1, -(-conference.need(track) // longest))

    def _pay(self, weight: int | None, amount: Expr | Literal) -> None:
        if weight is None:
            self.cp.add(amount == 0)
        else:
            self._costs.append(weight * amount)

    # --------------------------------------------------------------- placing

    def _place(self, track: int) -> None:
        for strand in self._strands[track]:
            self.at[track, strand] = self._sessions_of(track)
            for number in self.conference.rounds:
                self._fill(track, strand, number)
        for one in self.conference.tracks[track]:
            self.cp.add_exactly_one(
                literal for (who, _, _), literal in self._inside_of(track) if who == one
            )
        room = total(
            self.conference.length(place) * literal
            for strand in self._strands[track]
            for place, literal in self.at[track, strand].items()
        )
        self.cp.add(room >= self.conference.need(track))

    def _sessions_of(self, track: int) -> dict[Place, Literal]:
        conference, literals = self.conference, {}
        for place in conference.sessions:
            if place not in self._taken and conference.may_be(Side(track), place):
                literals[place] = self.cp.new_bool_var("")
                cost = conference.cost_at(Side(track), place)
                if cost:
                    self._costs.append(cost * literals[place])
        return literals

    def _fill(self, track: int, strand: int, number: int) -> None:
        """Place the track's activities into one of its venues in this round, if it has one."""
        conference = self.conference
        venues = {p: lit for p, lit in self.at[track, strand].items() if p[0] == number}
        used = self.used[track, strand, number] = self.cp.new_bool_var("")
        is_last = strand == self._strands[track][-1]
        if self._counting and is_last:
            self.cp.add_max_equality(used, [*venues.values(), 0])
        else:
            self.cp.add(total(venues.values()) == used)
        if strand:
            self.cp.add_implication(used, self.used[track, strand - 1, number])
        here = []
        for one in conference.tracks[track]:
            fitting = [p for p in venues if conference.minutes[one] <= conference.length(p)]
            if any(conference.may_be(Side(track, one), place) for place in fitting):
                literal = self.inside[one, strand, number] = self.cp.new_bool_var("")
                here.append((one, literal))
                self._cost_inside(Side(track, one), literal, venues)
        minutes = total(conference.minutes[one] * literal for one, literal in here)
        room = total(conference.length(place) * literal for place, literal in venues.items())
        self.cp.add(minutes <= room)
        self.cp.add(total(literal for _, literal in here) >= total(venues.values()))

    def _cost_inside(self, side: Side, inside: Literal, venues: dict[Place, Literal]) -> None:
        """Pay for an activity in a round, and for the venue where that makes a difference."""
        conference = self.conference
        costs = {place: conference.cost_at(side, place) for place in venues}
        least = min(costs.values(), default=0)
        if least:
            self._costs.append(least * inside)
        for place, literal in venues.items():
            if self._counting:
                continue
            if not conference.may_be(side, place):
                self.cp.add_bool_or(inside.negated(), literal.negated())
            elif costs[place] > least:
                both = self._both(inside, literal)
                self._costs.append((costs[place] - least) * both)

    def _share_sessions(self) -> None:
        users: defaultdict[Place, list[Literal]] = defaultdict(list)
        for places in self.at.values():
            for place, literal in places.items():
                users[place].append(literal)
        for literals in users.values():
            self.cp.add_at_most_one(literals)

    def _inside_of(self, track: int) -> Iterator[tuple[tuple[int, int, int], Literal]]:
        members = set(self.conference.tracks[track])
        return ((key, literal) for key, literal in self.inside.items() if key[0] in members)

    # ----------------------------------------------------------------- rules

    def _keep_together(self, track: int) -> None:
        for weight in self.conference.weights_of(track, OneVenue):
            self._pay(weight, self._further_venues(track))
        for weight in self.conference.weights_of(track, OneVenueARound):
            for number in self.conference.rounds:
                self._pay(weight, self._further_strands(track, number))
        for weight in self.conference.weights_of(track, RoundsInARow):
            self._pay(weight, self._gap(track))

    def _further_venues(self, track: int) -> Literal:
        by_venue: defaultdict[int, list[Literal]] = defaultdict(list)
        for strand in self._strands[track]:
            for (_, venue), literal in self.at[track, strand].items():
                by_venue[venue].append(literal)
        used = []
        for literals in by_venue.values():
            venue_used = self.cp.new_bool_var("")
            used.append(venue_used)
            for literal in literals:
                self.cp.add_implication(literal, venue_used)
        further = self.cp.new_int_var(0, len(used), "")
        self.cp.add(further >= total(used) - 1)
        return further

    def _further_strands(self, track: int, number: int) -> Literal:
        here = [
            literal
            for strand in self._strands[track]
            for place, literal in self.at[track, strand].items()
            if place[0] == number
        ]
        further = self.cp.new_int_var(0, len(here), "")
        self.cp.add(further >= total(here) - 1)
        return further

    def _gap(self, track: int) -> Literal:
        used = [self.used[track, 0, number] for number in self.conference.rounds]
        begins = []
        for number, now in enumerate(used):
            begin = self.cp.new_bool_var("")
            before = [used[number - 1]] if number else []
            self.cp.add_bool_or(now.negated(), begin, *before)
            begins.append(begin)
        gap = self.cp.new_bool_var("")
        self.cp.add(total(begins) <= 1 + len(used) * gap)
        return gap

    def _present(self, side: Side, number: int) -> list[Present]:
        """Return where somebody of a side is in a round."""
        track = side.track
        if track not in self._strands:
            members = self.conference.tracks[track] if side.activity is None else [side.activity]
            places = {self._kept[one] for one in members if one in self._kept}
            return [((track, venue), True) for at, venue in sorted(places) if at == number]
        literals = {
            strand: self.used[track, strand, number]
            if side.activity is None
            else self.inside.get((side.activity, strand, number))
            for strand in self._strands[track]
        }
        return [((track, strand), lit) for strand, lit in literals.items() if lit is not None]

    def _part(self, weight: int | None, here: list[Present], there: list[Present]) -> None:
        for who, one in here:
            for whom, other in there:
                if who == whom:
                    continue
                if isinstance(one, bool):
                    if not isinstance(other, bool):
                        self._pay(weight, other)
                elif isinstance(other, bool):
                    self._pay(weight, one)
                else:
                    self._pay(weight, self._both(one, other))

    def _number(self, track: int, weight: int | None, wanted: dict[str, int]) -> None:
        """Pay for who cannot have the number it has to have, by how many come in earlier sessions.

        Where parallel venues are only counted, by how many are in earlier rounds.
        """
        numbers = {self.conference.number(id_): number for id_, number in wanted.items()}
        inside = list(self._inside_of(track))
        if not self._counting:
            self._order_strands(track)

        def before(number: int, strand: int) -> Expr:
            turn = (number, 0 if self._counting else strand)
            return total(lit for (_, k, at), lit in inside if (at, k) < turn)

        misses = {one: self.cp.new_bool_var("") for one in numbers}
        for (one, strand, at), literal in inside:
            if one in numbers:
                right = [literal, misses[one].negated()]
                after = (at + 1, 0) if self._counting else (at, strand + 1)
                self.cp.add(before(at, strand) <= numbers[one] - 1).only_enforce_if(right)
                self.cp.add(before(*after) >= numbers[one]).only_enforce_if(right)
        for miss in misses.values():
            self._pay(weight, miss)

    def _order_strands(self, track: int) -> None:
        """Let a track's strands in one round be in the order of the venues."""
        for strand in self._strands[track][1:]:
            for number in self.conference.rounds:
                before, now = (
                    total((v + 1) * lit for (at, v), lit in places.items() if at == number)
                    for places in (self.at[track, strand - 1], self.at[track, strand])
                )
                self.cp.add(before <= now - 1).only_enforce_if(self.used[track, strand, number])

    def _both(self, one: Literal, other: Literal) -> Literal:
        """Return a literal that is true at least when both are."""
        both = self.cp.new_bool_var("")
        self.cp.add_bool_or(one.negated(), other.negated(), both)
        return both

    # --------------------------------------------------------------- reading

    def arrangement(self, value: Read) -> Arrangement | None:
        """Return what these values mean; None where counted venues do not hold what is in them."""
        found: dict[int, Place] = dict(self._kept)
        for (track, strand), places in self.at.items():
            for number in self.conference.rounds:
                here = [
                    one
                    for one in self.conference.tracks[track]
                    if (literal := self.inside.get((one, strand, number))) is not None
                    and value(literal)
                ]
                venues = [p for p, lit in places.items() if p[0] == number and value(lit)]
                packed = self._packed(here, venues)
                if packed is None:
                    return None
                found |= packed
        return found

    def _packed(self, activities: list[int], places: list[Place]) -> dict[int, Place] | None:
        """Return a session for each, the longest first and each where least is left."""
        left = {place: self.conference.length(place) for place in places}
        found = {}
        for one in sorted(activities, key=lambda one: -self.conference.minutes[one]):
            minutes = self.conference.minutes[one]
            fitting = [place for place in left if left[place] >= minutes]
            if not fitting:
                return None
            place = min(fitting, key=left.__getitem__)
            left[place] -= minutes
            found[one] = place
        return found
