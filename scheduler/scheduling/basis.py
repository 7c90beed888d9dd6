"""What a search begins from: the places of a draft, or of a release as it was published."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Self

from scheduler.scheduling.engine import Placement, plan_of
from scheduler.scheduling.engine import Plan as EnginePlan
from scheduler.scheduling.lengths import Lengths
from scheduler.scheduling.models import Plan, Release
from scheduler.scheduling.placing import Stored
from scheduler.scheduling.services import slots_of_plan
from scheduler.scheduling.situation import Situation


@dataclass(frozen=True)
class Place:
    """Where a group stood, whether somebody locked it there, and how long it was allotted."""

    venue_code: str
    starts_at: dt.datetime
    is_locked: bool = False
    minutes: int | None = None


@dataclass(frozen=True)
class Basis:
    """A timetable to begin from, by the applications' refs."""

    places: dict[str, Place]

    @classmethod
    def of_plan(cls, plan: Plan) -> Self:
        """Return the draft as it is now."""
        return cls(
            {
                slot.item.ref: Place(
                    slot.venue.code, slot.starts_at, slot.is_locked, slot.allotted_minutes
                )
                for slot in slots_of_plan(plan)
            }
        )

    @classmethod
    def of_release(cls, release: Release) -> Self:
        """Return what was published; locked is what its draft still holds at the same place."""
        now = cls.of_plan(release.plan).places
        places = {
            ref: Place(
                kept["venue"],
                dt.datetime.fromisoformat(kept["starts_at"]),
                minutes=kept.get("minutes"),
            )
            for ref, kept in release.slots.items()
        }
        return cls(
            {
                ref: replace(place, is_locked=now.get(ref) == replace(place, is_locked=True))
                for ref, place in places.items()
            }
        )

    @classmethod
    def of_stored(cls, stored: Stored) -> Self:
        """Return places that were kept as JSON."""
        return cls({ref: Place(venue, dt.datetime.fromisoformat(at)) for ref, venue, at in stored})

    def within(self, situation: Situation) -> Self:
        """Return the places of groups and venues that are still there."""
        return type(self)(
            {
                ref: place
                for ref, place in self.places.items()
                if ref in situation.items and place.venue_code in situation.venues
            }
        )

    def lengths(self, situation: Situation) -> Lengths:
        """Return how long groups are on stage here; who has no place keeps what stands."""
        others = {ref: m for ref, m in situation.allotted.items() if ref not in self.places}
        return others | {ref: one.minutes for ref, one in self.places.items() if one.minutes}

    @property
    def locked(self) -> frozenset[str]:
        """The groups that are locked to their place."""
        return frozenset(ref for ref, place in self.places.items() if place.is_locked)

    def plan(self, situation: Situation) -> EnginePlan:
        """Return the places as the engine knows them."""
        minute = situation.timescale.minute
        return plan_of(
            Placement(ref, place.venue_code, minute(place.starts_at))
            for ref, place in self.places.items()
        )
