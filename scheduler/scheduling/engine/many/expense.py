"""What a plan costs while it is put together, and what each start of one more activity would add.

Counts what `score.py` counts, from running totals instead of from the whole plan.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.scheduling.engine.elements import Activity, Party
    from scheduler.scheduling.engine.problem import Problem

    Amounts = NDArray[np.int64]


@dataclass(slots=True)
class Stays:
    """Stretches of time of one party on one day, or of one venue in one session."""

    weight: int
    comfort: int
    begins: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    venues: dict[str, str] = field(default_factory=dict)
    busy: int = 0
    low: int = 0
    high: int = 0

    def add(self, id_: str, begin: int, end: int, busy: int, venue: str) -> None:
        self.low = min(self.low, begin) if self.begins else begin
        self.high = max(self.high, end) if self.begins else end
        self.begins[id_], self.ends[id_], self.venues[id_] = begin, end, venue
        self.busy += busy

    def remove(self, id_: str, busy: int) -> None:
        begin, end = self.begins.pop(id_), self.ends.pop(id_)
        del self.venues[id_]
        self.busy -= busy
        if begin == self.low:
            self.low = min(self.begins.values(), default=0)
        if end == self.high:
            self.high = max(self.ends.values(), default=0)

    @property
    def idle(self) -> int:
        """Return what the idle time costs."""
        if not self.begins:
            return 0
        pauses = self.comfort * (len(self.begins) - 1)
        return self.weight * max(0, self.high - self.low - self.busy - pauses)

    def idle_with(self, begins: Amounts, ends: Amounts, busy: int) -> Amounts:
        """Return what one more stay would add, for each of these begins and ends."""
        span = np.maximum(ends, self.high) - np.minimum(begins, self.low)
        idle = span - (self.busy + busy + self.comfort * len(self.begins))
        np.maximum(idle, 0, out=idle)
        idle *= self.weight
        idle -= self.idle
        return idle


class Expense:
    """The cost of the activities placed so far."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.total = 0
        self._weights = problem.weights
        self._day_starts = [day.start for day in problem.days]
        self._parties: defaultdict[str, list[Party]] = defaultdict(list)
        for party in problem.parties:
            for id_ in party.activities if len(party.activities) > 1 else ():
                self._parties[id_].append(party)
        self._stays: defaultdict[str, dict[int, Stays]] = defaultdict(dict)
        self._uses: dict[tuple[str, int], Stays] = {}
        self._session_starts = {
            venue.id: sorted({w.start for w in venue.windows} | {c.end for c in venue.closures})
            for venue in problem.venues
        }
        self._school = _schoolmates(problem) if self._weights.school_gap else {}
        self._placed: dict[str, tuple[int, int]] = {}

    def day(self, minute: int) -> int:
        return bisect_right(self._day_starts, minute) - 1

    def add(self, activity: Activity, venue: str, start: int) -> None:
        """Count an activity in."""
        day = self.day(start + activity.first)
        self.total -= self.around(activity, venue, start)
        for party in self._parties[activity.id]:
            stays = self._of(party, day)
            begin, end = party.begins(activity), activity.ends
            stays.add(activity.id, start + begin, start + end, end - begin, venue)
        if self._weights.venue_idle:
            use = self._use(venue, start + activity.first)
            first, last = start + activity.first, start + activity.last
            use.add(activity.id, first, last, activity.stage_minutes, venue)
        self._placed[activity.id] = (day, start)
        self.total += self.around(activity, venue, start)

    def remove(self, activity: Activity, venue: str, start: int) -> None:
        """Count an activity out again."""
        day = self.day(start + activity.first)
        self.total -= self.around(activity, venue, start)
        for party in self._parties[activity.id]:
            self._of(party, day).remove(activity.id, activity.ends - party.begins(activity))
        if self._weights.venue_idle:
            use = self._use(venue, start + activity.first)
            use.remove(activity.id, activity.stage_minutes)
        del self._placed[activity.id]
        self.total += self.around(activity, venue, start)

    def further(self, activity: Activity, day: int, starts: Amounts) -> Amounts:
        """Return what the activity would add at these starts of one day, whatever the venue."""
        cost = np.zeros(len(starts), dtype=np.int64)
        for party in self._parties[activity.id]:
            stays = self._stays[party.id].get(day)
            begin, end = party.begins(activity), activity.ends
            if stays is not None and stays.begins:
                if self._weights.waiting:
                    cost += stays.idle_with(starts + begin, starts + end, end - begin)
            elif self._weights.extra_days and self._days_of(party):
                cost += self._weights.extra_days * party.persons
        for other in self._school.get(activity.id, ()):
            if self._placed.get(other.id, (-1, 0))[0] == day:
                cost += self._gap(activity, other, starts)
        return cost

    def at_venue(self, activity: Activity, day: int, venue: str, starts: Amounts) -> Amounts | int:
        """Return what comes on top in this venue."""
        cost: Amounts | int = 0
        if self._weights.venue_moves:
            for party in self._parties[activity.id]:
                stays = self._stays[party.id].get(day)
                if stays is not None and stays.venues and venue not in stays.venues.values():
                    cost += self._weights.venue_moves * party.persons
        if self._weights.venue_idle:
            cost = cost + self._use_with(activity, venue, starts)
        return cost

    # -------------------------------------------------------------- counting

    def _of(self, party: Party, day: int) -> Stays:
        by_day = self._stays[party.id]
        if day not in by_day:
            weight = self._weights.waiting * party.persons
            by_day[day] = Stays(weight, self.problem.comfort_minutes)
        return by_day[day]

    def _days_of(self, party: Party) -> int:
        return sum(1 for stays in self._stays[party.id].values() if stays.begins)

    def around(self, activity: Activity, venue: str, start: int) -> int:
        """Return the costs in which this activity, placed there, has or would have a share."""
        cost, day = 0, self.day(start + activity.first)
        for party in self._parties[activity.id]:
            stays = self._of(party, day)
            cost += stays.idle
            if self._weights.venue_moves and stays.venues:
                moves = len(set(stays.venues.values())) - 1
                cost += self._weights.venue_moves * party.persons * moves
            if self._weights.extra_days:
                further = max(0, self._days_of(party) - 1)
                cost += self._weights.extra_days * party.persons * further
        if self._weights.venue_idle:
            cost += self._use(venue, start + activity.first).idle
        if activity.id in self._placed:
            at = np.array([start], dtype=np.int64)
            for other in self._school.get(activity.id, ()):
                if self._placed.get(other.id, (-1, 0))[0] == day:
                    cost += int(self._gap(activity, other, at)[0])
        return cost

    def _gap(self, activity: Activity, other: Activity, starts: Amounts) -> Amounts:
        theirs = self._placed[other.id][1]
        after = starts + (activity.begins - theirs - other.ends)
        before = (theirs + other.begins - activity.ends) - starts
        missing = self.problem.comfort_minutes - np.maximum(after, before)
        np.maximum(missing, 0, out=missing)
        missing *= self._weights.school_gap
        return missing

    def _use(self, venue: str, minute: int) -> Stays:
        key = venue, self._session(venue, minute)
        if key not in self._uses:
            self._uses[key] = Stays(self._weights.venue_idle, 0)
        return self._uses[key]

    def _session(self, venue: str, minute: int) -> int:
        return bisect_right(self._session_starts[venue], minute)

    def _use_with(self, activity: Activity, venue: str, starts: Amounts) -> Amounts:
        firsts = starts + activity.first
        cost = np.zeros(len(starts), dtype=np.int64)
        sessions = np.searchsorted(self._session_starts[venue], firsts, side="right")
        for session in np.unique(sessions):
            here = sessions == session
            use = self._uses.get((venue, int(session)))
            if use is not None and use.begins:
                ends = firsts[here] + activity.last - activity.first
                cost[here] = use.idle_with(firsts[here], ends, activity.stage_minutes)
            else:
                idle = activity.last - activity.first - activity.stage_minutes
                cost[here] = self._weights.venue_idle * max(0, idle)
        return cost


def _schoolmates(problem: Problem) -> dict[str, list[Activity]]:
    by_school: defaultdict[str | None, list[Activity]] = defaultdict(list)
    for activity in problem.activities:
        by_school[activity.school].append(activity)
    return {
        one.id: [other for other in group if other is not one]
        for school, group in by_school.items()
        if school is not None
        for one in group
    }
