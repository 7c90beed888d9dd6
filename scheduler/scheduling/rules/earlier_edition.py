"""What an edition takes from the one before: who was early there, what was stated of pairs."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.programmes.models import Programme, Venue, VenueHours
from scheduler.scheduling.rules.relation_models import GroupRelation
from scheduler.scheduling.rules.relation_services import relations_of
from scheduler.scheduling.timescale import timescale_of
from scheduler.scheduling.timetable import latest_release


def edition_before(programme: Programme) -> Programme | None:
    """Return the edition of the same series that began last before this one."""
    if programme.series_id is None:
        return None
    query = (
        select(Programme)
        .where(
            Programme.series_id == programme.series_id, Programme.starts_on < programme.starts_on
        )
        .order_by(Programme.starts_on.desc(), Programme.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def early_before(programme: Programme, minutes: int) -> set[str]:
    """Return the codes of schools whose group began early at the edition before, as published.

    Early is less than `minutes` after the day's first venue opened.
    """
    earlier = edition_before(programme)
    release = None if earlier is None else latest_release(earlier)
    if earlier is None or release is None:
        return set()
    until = _early_until(earlier, minutes)
    zone = timescale_of(earlier)
    early = {
        ref
        for ref, slot in release.slots.items()
        if (at := dt.datetime.fromisoformat(slot["starts_at"])) < until.get(zone.local_date(at), at)
    }
    query = select(School.code).join(Application).where(Application.ref.in_(early))
    return set(db.session.scalars(query)) if early else set()


def _early_until(programme: Programme, minutes: int) -> dict[dt.date, dt.datetime]:
    """Return for each day with opening hours the instant at which it is no longer early."""
    scale = timescale_of(programme)
    opened: defaultdict[dt.date, list[dt.datetime]] = defaultdict(list)
    query = select(VenueHours.opens_at).join(Venue).where(Venue.programme_id == programme.id)
    for opens_at in db.session.scalars(query):
        opened[scale.local_date(opens_at)].append(opens_at)
    return {day: min(some) + dt.timedelta(minutes=minutes) for day, some in opened.items()}


@dataclass(frozen=True)
class Again:
    """A statement of the edition before, and the groups of this one that it could be about."""

    stated: GroupRelation
    first: Application
    second: Application


def stated_before(programme: Programme, groups: list[Application]) -> list[Again]:
    """Return what was stated at the edition before about two groups that have come again.

    A group comes again when its school enters one of the same name. What is stated already is
    left out.
    """
    earlier = edition_before(programme)
    if earlier is None:
        return []
    by_name = {(group.school_id, group.group_name): group for group in groups}
    present = {
        (one.kind, frozenset({one.first_id, one.second_id})) for one in relations_of(programme)
    }
    found = []
    for one in relations_of(earlier):
        first, second = (
            by_name.get((group.school_id, group.group_name)) for group in (one.first, one.second)
        )
        if (
            first is not None
            and second is not None
            and (one.kind, frozenset({first.id, second.id})) not in present
        ):
            found.append(Again(one, first, second))
    return found
