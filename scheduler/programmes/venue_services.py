"""Venues with opening hours and closures, ways between them, attendance windows. No Flask here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations, pairwise
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import Region
from scheduler.programmes import writing
from scheduler.programmes.models import (
    AttendanceWindow,
    Programme,
    Venue,
    VenueClosure,
    VenueHours,
    VenueTravel,
)
from scheduler.programmes.refusals import Refusal


@dataclass(frozen=True)
class VenueDetails:
    """What stands in a venue's form. The code is chosen once: calendars are known by it."""

    code: str
    name: str
    name_latin: str | None
    address: str | None
    latitude: float | None
    longitude: float | None
    seats: int
    stage_capacity: int
    warmup_rooms: int


@dataclass(frozen=True, order=True)
class Stretch:
    """From an instant to a later one. `row` is the form's row, to say which one is wrong."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    reason: str = ""
    row: int = 0


def missing_half(latitude: float | None, longitude: float | None) -> str | None:
    """Return which coordinate is missing beside the other, if one is."""
    if (latitude is None) is (longitude is None):
        return None
    return "latitude" if latitude is None else "longitude"


PLANNED = frozenset({"stage_capacity", "warmup_rooms"})
"""A plan made before one of these was changed is stale."""


def find_venue(code: str, venue: str) -> Venue:
    """Return a programme's venue by both codes; raises `NotFound`."""
    found = db.session.scalar(
        select(Venue)
        .join(Programme)
        .where(Programme.code == code, Venue.code == venue)
        .options(selectinload(Venue.hours), selectinload(Venue.closures))
    )
    if found is None:
        raise NotFound
    return found


def add_venue(
    programme: Programme, details: VenueDetails, *, actor: Actor, now: dt.datetime
) -> Venue:
    """Add a venue without hours; nothing is placed there before it has some."""
    _check(details)
    venue = Venue(**asdict(details), programme_id=programme.id)
    db.session.add(venue)
    writing.flush_or_refuse(Refusal.CODE_TAKEN, field="code")
    writing.make_plans_stale(programme)
    writing.record("venue:add", programme, actor, now, venue=venue.code)
    return venue


def change_venue(venue: Venue, details: VenueDetails, *, actor: Actor, now: dt.datetime) -> None:
    """Take over all details but the code; the stage's size and warm-up rooms make plans stale."""
    _check(details)
    before = facts_of(venue)
    for key, value in asdict(replace(details, code=venue.code)).items():
        setattr(venue, key, value)
    changed = writing.changes(before, facts_of(venue))
    db.session.flush()
    if not changed:
        return
    if PLANNED.intersection(changed):
        writing.make_plans_stale(venue.programme)
    writing.record("venue:change", venue.programme, actor, now, venue=venue.code, fields=changed)


def remove_venue(venue: Venue, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a venue that stands in no plan; otherwise refuses."""
    programme, code = venue.programme, venue.code
    db.session.delete(venue)
    writing.flush_or_refuse(Refusal.VENUE_IN_USE)
    writing.make_plans_stale(programme)
    writing.record("venue:remove", programme, actor, now, venue=code)


def set_times(
    venue: Venue,
    hours: Sequence[Stretch],
    closures: Sequence[Stretch],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Make these the venue's opening hours and closures; plans become stale when they differ.

    Refuses stretches that end before they begin, naming the form's row, and overlapping hours.
    """
    _check_order(hours, Refusal.HOURS_ORDER, "hours", "closes")
    _check_order(closures, Refusal.CLOSURE_ORDER, "closures", "ends")
    for one, other in pairwise(sorted(hours)):
        if other.starts_at < one.ends_at:
            raise Refused(Refusal.HOURS_OVERLAP, field=f"hours-{other.row}-opens")
    before = times_of(venue)
    after = (
        sorted((each.starts_at, each.ends_at) for each in hours),
        sorted((each.starts_at, each.ends_at, each.reason) for each in closures),
    )
    if before == after:
        return
    venue.hours = [VenueHours(opens_at=each[0], closes_at=each[1]) for each in after[0]]
    venue.closures = [
        VenueClosure(starts_at=each[0], ends_at=each[1], reason=each[2]) for each in after[1]
    ]
    db.session.flush()
    writing.make_plans_stale(venue.programme)
    writing.record("venue:times", venue.programme, actor, now, venue=venue.code)


def times_of(
    venue: Venue,
) -> tuple[list[tuple[dt.datetime, dt.datetime]], list[tuple[dt.datetime, dt.datetime, str]]]:
    """Return hours and closures as plain values, in order."""
    return (
        sorted((each.opens_at, each.closes_at) for each in venue.hours),
        sorted((each.starts_at, each.ends_at, each.reason) for each in venue.closures),
    )


def travel_of(programme: Programme) -> dict[tuple[str, str], int]:
    """Return the minutes between venues by their codes, each pair once, in the list's order."""
    venues = _venues(programme)
    code_by_id = {venue.id: venue.code for venue in venues}
    ways = db.session.scalars(select(VenueTravel).where(VenueTravel.from_venue_id.in_(code_by_id)))
    minutes = {
        frozenset((code_by_id[way.from_venue_id], code_by_id[way.to_venue_id])): way.minutes
        for way in ways
    }
    codes = [venue.code for venue in venues]
    return {pair: minutes.get(frozenset(pair), 0) for pair in combinations(codes, 2)}


def set_travel(
    programme: Programme,
    minutes: Mapping[tuple[str, str], int],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Make these the minutes between venues, either way; pairs not named count as 0."""
    if travel_of(programme) == dict(minutes):
        return
    id_by_code = {venue.code: venue.id for venue in _venues(programme)}
    db.session.execute(
        delete(VenueTravel).where(VenueTravel.from_venue_id.in_(id_by_code.values()))
    )
    for pair, way in minutes.items():
        first, second = sorted(id_by_code[code] for code in pair)
        db.session.add(VenueTravel(from_venue_id=first, to_venue_id=second, minutes=way))
    db.session.flush()
    writing.make_plans_stale(programme)
    writing.record("programme:travel", programme, actor, now)


Window = tuple[dt.datetime | None, dt.datetime | None]


def attendance_of(programme: Programme) -> dict[Region, Window]:
    """Return arrival and departure of every region; (None, None) where any time is right."""
    windows = db.session.scalars(
        select(AttendanceWindow).where(AttendanceWindow.programme_id == programme.id)
    )
    stored = {window.region: (window.earliest_at, window.latest_at) for window in windows}
    return {region: stored.get(region, (None, None)) for region in Region}


def set_attendance(
    programme: Programme,
    windows: Mapping[Region, Window],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Make these the times from when until when groups of a region can be placed."""
    for region, (earliest, latest) in windows.items():
        if earliest and latest and latest <= earliest:
            raise Refused(Refusal.ATTENDANCE_ORDER, field=f"latest_{region.value}")
    if attendance_of(programme) == dict(windows):
        return
    db.session.execute(
        delete(AttendanceWindow).where(AttendanceWindow.programme_id == programme.id)
    )
    for region, (earliest, latest) in windows.items():
        if earliest or latest:
            db.session.add(
                AttendanceWindow(
                    programme_id=programme.id,
                    region=region,
                    earliest_at=earliest,
                    latest_at=latest,
                )
            )
    db.session.flush()
    writing.make_plans_stale(programme)
    writing.record("programme:attendance", programme, actor, now)


def _venues(programme: Programme) -> list[Venue]:
    return list(
        db.session.scalars(
            select(Venue).where(Venue.programme_id == programme.id).order_by(Venue.code)
        )
    )


def _check(details: VenueDetails) -> None:
    field = missing_half(details.latitude, details.longitude)
    if field:
        raise Refused(Refusal.HALF_A_PLACE, field=field)


def _check_order(stretches: Sequence[Stretch], refusal: Refusal, rows: str, field: str) -> None:
    for each in stretches:
        if each.ends_at <= each.starts_at:
            raise Refused(refusal, field=f"{rows}-{each.row}-{field}")


def facts_of(venue: Venue) -> dict[str, Any]:
    """Return what a venue's form shows, by the names of its fields."""
    return {key: getattr(venue, key) for key in VenueDetails.__dataclass_fields__}
