"""The published timetable as people read it, from the release that stands."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.formats import local
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.activities.models import PlannedActivity
from scheduler.scheduling.activities.services import activities_where
from scheduler.scheduling.items import Item, performance_of, turn
from scheduler.scheduling.models import Release


@dataclass(frozen=True)
class TimetableFilter:
    """What somebody looks for in the timetable, by codes; empty fields ask for nothing."""

    day: str = ""
    venue: str = ""
    category: str = ""
    school: str = ""

    def holds(self, line: "Performance", zone: str) -> bool:
        """Tell whether a line is looked for."""
        asked_and_is = (
            (self.day, local(line.starts_at, zone).date().isoformat()),
            (self.venue, line.venue.code if line.venue else ""),
        )
        is_there = all(not asked or asked == value for asked, value in asked_and_is)
        return is_there and line.item.is_asked(school=self.school, category=self.category)


@dataclass(frozen=True)
class Performance:
    """One published line: when, where and who, without any person's name."""

    item: Item
    venue: Venue | None
    warmup_starts_at: dt.datetime
    warmup_ends_at: dt.datetime
    warmup_room: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    allotted_minutes: int | None = None


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
    """Return the release's lines in order of time. A constant number of queries."""
    venues = db.session.scalars(select(Venue).where(Venue.programme_id == release.programme_id))
    venue_by_code = {venue.code: venue for venue in venues}
    lines = [_line(item, release, venue_by_code) for item in _items_of(release)]
    return sorted(lines, key=lambda line: (line.starts_at, line.item.ref))


def _items_of(release: Release) -> Iterator[Item]:
    """Yield what was published; in activities stand the groups that took part then."""
    beside = {ref: kept for ref, kept in release.slots.items() if "activity" in kept}
    refs = {ref for kept in beside.values() for ref in kept["groups"]} | release.slots.keys()
    applications = db.session.scalars(
        select(Application)
        .where(Application.ref.in_(refs - beside.keys()))
        .options(joinedload(Application.category), joinedload(Application.school))
    )
    groups = {application.ref: application for application in applications}
    yield from (performance_of(group) for ref, group in groups.items() if ref in release.slots)
    if not beside:
        return
    refs = {kept["activity"] for kept in beside.values()}
    activities = {one.ref: one for one in activities_where(PlannedActivity.ref.in_(refs))}
    for kept in beside.values():
        own = [groups[ref] for ref in kept["groups"] if ref in groups]
        if kept["activity"] in activities:
            yield turn(activities[kept["activity"]], groups.get(kept["group"]), kept["number"], own)


def by_day(lines: Iterable[Performance], zone: str) -> list[tuple[dt.date, list[Performance]]]:
    """Return the lines under their local days."""
    return [
        (day, list(group))
        for day, group in groupby(lines, key=lambda line: local(line.starts_at, zone).date())
    ]


def _line(item: Item, release: Release, venues: dict[str, Venue]) -> Performance:
    kept = release.slots[item.ref]
    return Performance(
        item=item,
        venue=venues.get(kept["venue"]),
        warmup_starts_at=dt.datetime.fromisoformat(kept["warmup_starts_at"]),
        warmup_ends_at=dt.datetime.fromisoformat(kept["warmup_ends_at"]),
        warmup_room=kept["warmup_room"],
        starts_at=dt.datetime.fromisoformat(kept["starts_at"]),
        ends_at=dt.datetime.fromisoformat(kept["ends_at"]),
        allotted_minutes=kept.get("minutes"),
    )
