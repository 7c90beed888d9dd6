"""The starts that the stage and the rooms of one venue have no room for.

What has just been placed is mostly taken off again, because places are tried: until then the masks
from before are kept, and with one more activity they only grow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.elements import STAGE

if TYPE_CHECKING:
    from scheduler.scheduling.engine.elements import Activity, Part, Venue
    from scheduler.scheduling.engine.many.masks import Steps
    from scheduler.scheduling.engine.problem import Problem

    # Activities with the same parts and setup have the same starts.
    Masks = dict[object, tuple[Activity, int]]


class Taken:
    """One venue: what is placed there, and the starts that this leaves to others."""

    def __init__(self, problem: Problem, venue: Venue, steps: Steps) -> None:
        self.at: dict[str, int] = {}
        self._problem = problem
        self._steps = steps
        self._rooms = {room.kind: venue.rooms_of(room.kind) for room in venue.rooms}
        self._load = {
            kind: np.zeros(problem.days[-1].end + 1, dtype=np.int16) for kind in self._rooms
        }
        self._masks: Masks = {}
        self._before: list[tuple[str, Masks]] = []

    def place(self, activity: Activity, start: int) -> None:
        self.at[activity.id] = start
        self._load_rooms(activity, start, 1)
        self._before.append((activity.id, self._masks))
        self._masks = {
            key: (one, mask | self._beside(one, activity, start))
            for key, (one, mask) in self._masks.items()
            if self._has_single_rooms(one)
        }

    def take(self, activity: Activity) -> None:
        self._load_rooms(activity, self.at.pop(activity.id), -1)
        if self._before and self._before[-1][0] == activity.id:
            self._masks = self._before.pop()[1]
        else:
            self._before.clear()
            self._masks = {}

    def starts_for(self, activity: Activity) -> int:
        """Return the mask of the starts at which the activity cannot be here."""
        key = activity.parts, activity.setup
        if key not in self._masks:
            mask = 0
            for id_, start in self.at.items():
                mask |= self._on_stage(activity, self._problem.activity_by_id[id_], start)
            for part in activity.parts:
                if part.room != STAGE:
                    mask |= self._by_room(part)
            self._masks[key] = activity, mask
        return self._masks[key][1]

    def _has_single_rooms(self, activity: Activity) -> bool:
        """Say whether one user of a room shuts out all others."""
        return all(self._rooms.get(part.room, 1) == 1 for part in activity.parts)

    def _beside(self, activity: Activity, other: Activity, start: int) -> int:
        """Return the starts of one activity that another alone has no room for."""
        mask = self._on_stage(activity, other, start)
        for part in activity.parts:
            for used in other.parts if part.room != STAGE else ():
                if used.room == part.room:
                    low = start + used.begin - part.end + 1
                    mask |= self._steps.within(low, start + used.end - part.begin - 1)
        return mask

    def _on_stage(self, activity: Activity, other: Activity, start: int) -> int:
        pause = self._problem.changeover_minutes
        low = start + other.stage_begins - activity.stage_ends - pause(activity, other) + 1
        high = start + other.stage_ends + pause(other, activity) - activity.stage_begins - 1
        return self._steps.within(low, high)

    def _load_rooms(self, activity: Activity, start: int, change: int) -> None:
        for part in activity.parts:
            if part.room != STAGE:
                self._load[part.room][start + part.begin : start + part.end] += change

    def _by_room(self, part: Part) -> int:
        """Return the starts at which the part meets a moment when all rooms are in use."""
        load = self._load.get(part.room)
        if load is None:
            return self._steps.all
        full = np.concatenate(([0], np.cumsum(load >= self._rooms[part.room])))
        starts = np.arange(self._steps.count) * self._steps.grid
        ends = np.clip(starts + part.end, 0, len(full) - 1)
        begins = np.clip(starts + part.begin, 0, len(full) - 1)
        return self._steps.mask(full[ends] > full[begins])
