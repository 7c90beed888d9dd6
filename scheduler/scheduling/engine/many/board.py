"""A plan in the making: what is placed, and where else each activity could go."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.many.expense import Expense
from scheduler.scheduling.engine.many.masks import Steps
from scheduler.scheduling.engine.many.taken import Taken
from scheduler.scheduling.engine.plan import Placement, Plan, plan_of
from scheduler.scheduling.engine.sessions import sessions_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.scheduling.engine.elements import Activity, Party
    from scheduler.scheduling.engine.problem import Problem

    Amounts = NDArray[np.int64]
    # Stretches by the venue from which the way counts.
    Stays = dict[str | None, list[tuple[int, int]]]
    # A party that two activities share: the other one, both stays, rest, whether ways count.
    Shared = tuple[str, int, int, int, int, int, bool]


class Board:
    """Activities on stages, with the starts that are left for the others as masks."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.steps = Steps(problem.grid_minutes, problem.days[-1].end)
        self.expense = Expense(problem)
        self.places: dict[str, Placement] = {}
        self._activities = problem.activity_by_id
        self._ways = {
            one.id: {other.id: problem.travel_minutes(one.id, other.id) for other in problem.venues}
            for one in problem.venues
        }
        self.open = _open(problem, self.steps)
        self.days = [self.steps.within(day.start, day.end - 1) for day in problem.days]
        self._shared = _shared(problem)
        self._edges = _edges(problem)
        self._taken = {venue.id: Taken(problem, venue, self.steps) for venue in problem.venues}

    @property
    def plan(self) -> Plan:
        return plan_of(self.places.values())

    def place(self, place: Placement) -> None:
        """Put an activity where it can be."""
        activity = self._activities[place.activity]
        self.places[place.activity] = place
        self._taken[place.venue].place(activity, place.start)
        self.expense.add(activity, place.venue, place.start)

    def take(self, id_: str) -> Placement:
        """Take an activity off the board, and return where it was."""
        place = self.places.pop(id_)
        activity = self._activities[id_]
        self._taken[place.venue].take(activity)
        self.expense.remove(activity, place.venue, place.start)
        return place

    # ---------------------------------------------------------------- asking

    def possible(self, activity: Activity, allowed: int) -> dict[str, int]:
        """Return for each venue the starts that break nothing, of those allowed."""
        found = {}
        stays = self._stays(activity)
        seen: dict[tuple[str | None, int], int] = {}
        for venue, mask in self.open[activity.id].items():
            left = mask & allowed & ~self._taken[venue].starts_for(activity)
            if left:
                left &= ~self._kept_by_people(stays, venue, seen)
                if left:
                    found[venue] = left
        return found

    def pain(self, activity: Activity) -> int:
        """Return the costs in which a placed activity has a share, 0 when it is not placed."""
        place = self.places.get(activity.id)
        return 0 if place is None else self.expense.around(activity, place.venue, place.start)

    def left_beside(self, activity: Activity, venue: str, starts: Amounts) -> Amounts:
        """Return the minutes to the nearest use of the stage, or the nearest end of its hours."""
        uses = sorted(
            (start + self._activities[id_].stage_begins, start + self._activities[id_].stage_ends)
            for id_, start in self._taken[venue].at.items()
        )
        edges = self._edges[venue]
        ended = np.sort(np.concatenate((edges[0], [end for _, end in uses])))
        begun = np.sort(np.concatenate((edges[1], [begin for begin, _ in uses])))
        begins, ends = starts + activity.stage_begins, starts + activity.stage_ends
        before = begins - ended[np.searchsorted(ended, begins, side="right") - 1]
        after = begun[np.searchsorted(begun, ends, side="left")] - ends
        return np.asarray(np.minimum(before, after), dtype=np.int64)

    def _stays(self, activity: Activity) -> Stays:
        """Return the starts that people leave no room for, by where they come from or go to.

        Under None are those to which no way is added.
        """
        found: Stays = {}
        for other, begin, end, their_begin, their_end, rest, travels in self._shared[activity.id]:
            place = self.places.get(other)
            if place is not None:
                low = place.start + their_begin - end + 1
                high = place.start + their_end - begin - 1
                if travels:
                    found.setdefault(place.venue, []).append((low, high))
                if rest or not travels:
                    found.setdefault(None, []).append((low - rest, high + rest))
        return found

    def _kept_by_people(
        self, stays: Stays, venue: str, seen: dict[tuple[str | None, int], int]
    ) -> int:
        """Return the starts at a venue that people leave no room for; `seen` are those found."""
        kept, within = 0, self.steps.within
        for origin, stretches in stays.items():
            way = 0 if origin is None else self._ways[origin][venue]
            if (origin, way) not in seen:
                mask = 0
                for low, high in stretches:
                    mask |= within(low - way, high + way)
                seen[origin, way] = mask
            kept |= seen[origin, way]
        return kept


def _edges(problem: Problem) -> dict[str, tuple[Amounts, Amounts]]:
    """Return when each venue's stretches begin, and when they end."""
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for session in sessions_of(problem):
        found[session.venue].append((session.window.start, session.window.end))
    return {
        venue: (np.array([w[0] for w in windows]), np.array([w[1] for w in windows]))
        for venue, windows in found.items()
    }


def _open(problem: Problem, steps: Steps) -> dict[str, dict[str, int]]:
    """Return for each activity and venue the starts that are possible while it is alone."""
    allowed = _allowed(problem, steps)
    sessions = sessions_of(problem)
    wanted = {lock.activity: lock.venue for lock in problem.locks}
    found: dict[str, dict[str, int]] = {}
    for activity in problem.activities:
        here: dict[str, int] = found.setdefault(activity.id, {})
        for session in sessions:
            venue = problem.venue_by_id[session.venue]
            if activity.size > venue.stage_size or wanted.get(activity.id) not in {None, venue.id}:
                continue
            if all(venue.rooms_of(part.room) for part in activity.parts):
                window = session.window
                starts = steps.within(window.start - activity.first, window.end - activity.last)
                here[venue.id] = here.get(venue.id, 0) | (starts & allowed[activity.id])
    return found


def _allowed(problem: Problem, steps: Steps) -> dict[str, int]:
    """Return the starts that time limits, busy people and locks leave to each activity."""
    allowed = dict.fromkeys(problem.activity_by_id, steps.all)
    for limit in problem.time_limits:
        for id_ in limit.activities:
            activity, inside = problem.activity_by_id[id_], 0
            for window in limit.windows:
                inside |= steps.within(window.start - activity.begins, window.end - activity.ends)
            allowed[id_] &= inside
    for party in problem.parties:
        for id_ in party.activities if party.busy else ():
            allowed[id_] &= ~_kept_busy(party, problem.activity_by_id[id_], steps)
    for lock in problem.locks:
        if lock.start is not None:
            allowed[lock.activity] &= steps.within(lock.start, lock.start)
    return allowed


def _kept_busy(party: Party, activity: Activity, steps: Steps) -> int:
    kept = 0
    for busy in party.busy:
        low = busy.start - activity.ends + 1
        kept |= steps.within(low, busy.end - party.begins(activity) - 1)
    return kept


def _shared(problem: Problem) -> dict[str, list[Shared]]:
    """Return for each activity those that share people with it, each way of sharing once."""
    found: defaultdict[str, dict[Shared, None]] = defaultdict(dict)
    for party in problem.parties:
        for one in party.activities:
            for other in party.activities:
                if one != other:
                    found[one][_share(problem, party, one, other)] = None
    return defaultdict(list, {id_: list(shares) for id_, shares in found.items()})


def _share(problem: Problem, party: Party, one: str, other: str) -> Shared:
    mine, theirs = problem.activity_by_id[one], problem.activity_by_id[other]
    stays = (party.begins(mine), mine.ends, party.begins(theirs), theirs.ends)
    return (other, *stays, party.rest_minutes, party.travels)
