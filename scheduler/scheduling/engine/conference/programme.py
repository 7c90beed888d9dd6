"""A conference by numbers: its tracks, the sessions they can be in, and what that costs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from scheduler.scheduling.engine.catalogue import (
    NotBeside,
    Numbered,
    UnwantedSessions,
)
from scheduler.scheduling.engine.conference.suits import tracks_of
from scheduler.scheduling.engine.plan import Placement, Plan, plan_of
from scheduler.scheduling.engine.rounds import round_at, rounds_of
from scheduler.scheduling.engine.sessions import sessions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scheduler.scheduling.engine.catalogue import ProgrammeRule
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.sessions import Session

Place: TypeAlias = tuple[int, int]
"""A round and a venue: one session."""

# In which session each activity is, by number.
Arrangement: TypeAlias = "Mapping[int, Place]"


@dataclass(frozen=True)
class Side:
    """What a rule is about: a whole track, or one activity alone."""

    track: int
    activity: int | None = None


@dataclass(frozen=True)
class Clash:
    """A rule that keeps two sides out of each other's rounds, unless they share a venue."""

    weight: int | None
    sides: tuple[Side, Side]


class Conference:
    """A problem that `suits`; everything in it is known by its number."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ids = [activity.id for activity in problem.activities]
        self._number = {id_: index for index, id_ in enumerate(self.ids)}
        self.minutes = [activity.last for activity in problem.activities]
        rounds = rounds_of(problem)
        self.rounds = range(len(rounds))
        venues = {venue.id: index for index, venue in enumerate(problem.venues)}
        self.sessions: dict[Place, Session] = {
            (round_at(rounds, one.window.start), venues[one.venue]): one
            for one in sessions_of(problem)
        }
        self.tracks = [self._numbers(ids) for ids in map(sorted, tracks_of(problem))]
        self.track_of = {one: t for t, track in enumerate(self.tracks) for one in track}
        self._costs: defaultdict[Side, dict[Place, int]] = defaultdict(dict)
        self._forbidden: defaultdict[Side, set[Place]] = defaultdict(set)
        self.clashes: list[Clash] = []
        self.number_rules: list[tuple[int, Numbered]] = []
        self._of_track: defaultdict[int, list[ProgrammeRule]] = defaultdict(list)
        for rule in problem.rules:
            if rule.weight != 0:
                self._take(rule)

    def _numbers(self, ids: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(self._number[id_] for id_ in ids))

    def _take(self, rule: ProgrammeRule) -> None:
        mine = self._numbers(rule.activities)
        if isinstance(rule, UnwantedSessions):
            self._avoid(rule, mine)
        elif isinstance(rule, NotBeside):
            others = self._numbers(rule.others)
            self.clashes.append(Clash(rule.weight, (self._side(mine), self._side(others))))
        elif isinstance(rule, Numbered):
            self.number_rules.append((self.track_of[mine[0]], rule))
        else:
            self._of_track[self.track_of[mine[0]]].append(rule)

    def _side(self, ids: tuple[int, ...]) -> Side:
        """Return what these are: an activity alone is a track if there is no other in it."""
        track = self.track_of[ids[0]]
        return Side(track, ids[0] if len(ids) < len(self.tracks[track]) else None)

    def _avoid(self, rule: UnwantedSessions, mine: tuple[int, ...]) -> None:
        """Note what a session costs: alone for one activity, else for each track of the rule."""
        tracks = dict.fromkeys(map(self.track_of.__getitem__, mine))
        for side in [self._side(mine)] if len(mine) == 1 else map(Side, tracks):
            for place, session in self.sessions.items():
                if not rule.unwanted(session):
                    continue
                if rule.weight is None:
                    self._forbidden[side].add(place)
                else:
                    self._costs[side][place] = self._costs[side].get(place, 0) + rule.weight

    # ---------------------------------------------------------------- asking

    def cost_at(self, side: Side, place: Place) -> int:
        """Return what it costs that a track, or one activity, is in this session."""
        return self._costs[side].get(place, 0) if side in self._costs else 0

    def may_be(self, side: Side, place: Place) -> bool:
        return side not in self._forbidden or place not in self._forbidden[side]

    def weights_of(self, track: int, kind: type[ProgrammeRule]) -> list[int | None]:
        """Return the weights of a track's rules of this kind."""
        return [rule.weight for rule in self._of_track[track] if isinstance(rule, kind)]

    def length(self, place: Place) -> int:
        return self.sessions[place].window.minutes

    def number(self, activity: str) -> int:
        return self._number[activity]

    def need(self, track: int) -> int:
        """Return the minutes of all of a track's activities."""
        return sum(self.minutes[one] for one in self.tracks[track])

    # ---------------------------------------------------------------- plans

    def arrangement(self, plan: Plan) -> Arrangement:
        """Return in which sessions a plan has its activities."""
        by_venue = {
            (session.venue, minute): place
            for place, session in self.sessions.items()
            for minute in range(session.window.start, session.window.end)
        }
        return {
            self._number[one.activity]: by_venue[one.venue, one.start] for one in plan.placements
        }

    def plan(self, arrangement: Arrangement) -> Plan:
        """Return the plan of these sessions, in each one after another from its beginning."""
        placements = []
        turn = self._turns(arrangement)
        minute = {place: session.window.start for place, session in self.sessions.items()}
        for one in sorted(arrangement, key=turn.__getitem__):
            place = arrangement[one]
            placements.append(Placement(self.ids[one], self.sessions[place].venue, minute[place]))
            minute[place] += self.minutes[one]
        return plan_of(placements)

    def _turns(self, arrangement: Arrangement) -> dict[int, int]:
        """Return the order in which activities begin: who has a number is there if it can be."""
        turns = {
            one: index for index, one in enumerate(sorted(arrangement, key=arrangement.__getitem__))
        }
        for track, rule in self.number_rules:
            if not arrangement.keys() >= set(self.tracks[track]):
                continue
            wanted = {self._number[id_]: number for id_, number in rule.number_of.items()}
            turns |= _numbered(
                sorted(self.tracks[track], key=arrangement.__getitem__), wanted, arrangement
            )
        return turns


def _numbered(
    ordered: list[int], wanted: dict[int, int], arrangement: Arrangement
) -> dict[int, int]:
    """Return turns in which as many as can have the number wanted, session by session."""
    turns: dict[int, int] = {}
    first = 1
    for place in dict.fromkeys(arrangement[one] for one in ordered):
        here = [one for one in ordered if arrangement[one] == place]
        open_turns = list(range(first, first + len(here)))
        for one in here:
            if wanted.get(one) in open_turns:
                turns[one] = wanted[one]
                open_turns.remove(wanted[one])
        rest = (one for one in here if one not in turns)
        turns |= zip(rest, open_turns, strict=True)
        first += len(here)
    return turns
