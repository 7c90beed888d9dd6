"""The published timetable as people read it, from the release that stands."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.formats import local
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.models import Release


@dataclass(frozen=True)
class Performance:
    """One published line: when, where and who, without any person's name."""

    application: Application
    venue: Venue | None
    warmup_starts_at: dt.datetime
    warmup_ends_at: dt.datetime
    warmup_room: int
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class Wanted:
    """What a reader narrows the timetable to: local day, venue, own schools; all if blank."""

    day: str
    venue: str
    schools: Collection[int]

    @classmethod
    def of(cls, arguments: Mapping[str, str], own_schools: Collection[int]) -> "Wanted":
        """Return what the address asks for."""
        is_own = arguments.get("own") == "yes" and own_schools
        return cls(
            arguments.get("day", ""), arguments.get("venue", ""), own_schools if is_own else ()
        )

    @property
    def is_anything(self) -> bool:
        """Tell whether nothing is left out."""
        return not (self.day or self.venue or self.schools)

    def has(self, line: Performance, zone: str) -> bool:
        """Tell whether the line is among what is wanted."""
        return (
            self.day in ("", local(line.starts_at, zone).date().isoformat())
            and self.venue in ("", line.venue.code if line.venue else None)
            and (not self.schools or line.application.school_id in self.schools)
        )


def latest_release(programme: Programme) -> Release | None:
    """Return what stands published, if anything."""
    query = (
        select(Release)
        .where(Release.programme_id == programme.id)
        .order_by(Release.number.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def performances_of(release: Release) -> list[Performance]:
    """Return the release's lines in order of time. Two queries."""
    applications = db.session.scalars(
        select(Application)
        .where(Application.ref.in_(release.slots))
        .options(joinedload(Application.category), joinedload(Application.school))
    )
    venues = db.session.scalars(select(Venue).where(Venue.programme_id == release.programme_id))
    venue_by_code = {venue.code: venue for venue in venues}
    lines = [_line(application, release, venue_by_code) for application in applications]
    return sorted(lines, key=lambda line: (line.starts_at, line.application.ref))


def by_day(lines: Iterable[Performance], zone: str) -> list[tuple[dt.date, list[Performance]]]:
    """Return the lines under their local days."""
    return [
        (day, list(group))
        for day, group in groupby(lines, key=lambda line: local(line.starts_at, zone).date())
    ]


def _line(application: Application, release: Release, venues: dict[str, Venue]) -> Performance:
    kept = release.slots[application.ref]
    return Performance(
        application=application,
        venue=venues.get(kept["venue"]),
        warmup_starts_at=dt.datetime.fromisoformat(kept["warmup_starts_at"]),
        warmup_ends_at=dt.datetime.fromisoformat(kept["warmup_ends_at"]),
        warmup_room=kept["warmup_room"],
        starts_at=dt.datetime.fromisoformat(kept["starts_at"]),
        ends_at=dt.datetime.fromisoformat(kept["ends_at"]),
    )
