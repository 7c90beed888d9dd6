"""Programmes: found, added, changed, removed."""

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.access.permissions import Actor, ScopeKind
from scheduler.accounts.models import RoleGrant
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes import writing
from scheduler.programmes.deadlines import publish_dates, withdraw_dates
from scheduler.programmes.kinds import OutcomeKind
from scheduler.programmes.levels import default_levels
from scheduler.programmes.local_times import wall_time
from scheduler.programmes.models import (
    AttendanceWindow,
    Category,
    Names,
    Programme,
    ProgrammeOrganisation,
    Venue,
    VenueClosure,
    VenueHours,
)
from scheduler.programmes.refusals import Refusal


@dataclass(frozen=True)
class ProgrammeDetails:
    """What stands in a programme's form. The code is chosen once: calendars are known by it."""

    code: str
    names: Names
    timezone: str
    starts_on: dt.date
    ends_on: dt.date
    entry_opens_at: dt.datetime
    entry_closes_at: dt.datetime
    rest_minutes: int = 60
    school_gap_minutes: int = 90
    warmup_minutes: int = 25
    warmup_ends_before_minutes: int = 10
    call_minutes: int = 60
    frozen_hours: int = 24
    primary_latest_end: dt.time = dt.time(18, 30)
    series_id: int | None = None
    outcome: OutcomeKind = OutcomeKind.LEVEL


LONGEST = dt.timedelta(days=60)
"""Longer than any festival or tour; each of its days is offered when hours are entered."""

PLANNED = frozenset(
    {
        "timezone",
        "starts_on",
        "ends_on",
        "rest_minutes",
        "school_gap_minutes",
        "warmup_minutes",
        "warmup_ends_before_minutes",
        "primary_latest_end",
    }
)
"""A plan made before one of these was changed is stale."""


def find_programme(code: str) -> Programme:
    """Return the programme; raises `NotFound`."""
    programme = db.session.scalar(select(Programme).where(Programme.code == code))
    if programme is None:
        raise NotFound
    return programme


def with_everything(code: str) -> Programme:
    """Return the programme with categories, venues, hours and closures in few queries."""
    programme = db.session.scalar(
        select(Programme)
        .where(Programme.code == code)
        .options(
            selectinload(Programme.categories),
            joinedload(Programme.series),
            selectinload(Programme.dates),
            selectinload(Programme.levels),
            selectinload(Programme.organisations).joinedload(ProgrammeOrganisation.organisation),
            selectinload(Programme.venues).options(
                selectinload(Venue.hours), selectinload(Venue.closures)
            ),
        )
        .execution_options(populate_existing=True)
    )
    if programme is None:
        raise NotFound
    return programme


def place_counts(programmes: list[Programme]) -> dict[int, tuple[int, int]]:
    """Return the number of categories and of places of each programme, by its key."""
    query = (
        select(Category.programme_id, func.count(), func.sum(Category.places))
        .where(Category.programme_id.in_([programme.id for programme in programmes]))
        .group_by(Category.programme_id)
    )
    return {key: (count, places) for key, count, places in db.session.execute(query)}


def add_programme(details: ProgrammeDetails, *, actor: Actor, now: dt.datetime) -> Programme:
    """Add a programme without categories and venues; refuses a code that is in use."""
    check_details(details)
    programme = Programme(**asdict(details), created_at=now, levels=default_levels())
    db.session.add(programme)
    writing.flush_or_refuse(Refusal.CODE_TAKEN, field="code")
    publish_dates(programme, now=now)
    writing.record("programme:add", programme, actor, now)
    return programme


def change_programme(
    programme: Programme, details: ProgrammeDetails, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over all details but the code; plans become stale when they depend on a change.

    Refuses dates that leave out opening hours, and another zone once times were entered in the
    present one.
    """
    details = replace(details, code=programme.code)
    check_details(details)
    if details.timezone != programme.timezone:
        _require_no_times(programme)
    _require_hours_within(programme, details)
    before = _facts(programme)
    for key, value in asdict(details).items():
        setattr(programme, key, value)
    changed = writing.changes(before, _facts(programme))
    db.session.flush()
    if not changed:
        return
    if PLANNED.intersection(changed):
        writing.make_plans_stale(programme)
    publish_dates(programme, now=now)
    writing.record("programme:change", programme, actor, now, fields=changed)


def remove_programme(programme: Programme, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a programme that has neither entries nor plans nor coordinators; else refuses."""
    granted = select(RoleGrant.id).where(
        RoleGrant.scope == ScopeKind.PROGRAMME, RoleGrant.scope_id == programme.id
    )
    if db.session.scalar(granted.limit(1)) is not None:
        raise Refused(Refusal.PROGRAMME_HAS_COORDINATORS)
    code = programme.code
    withdraw_dates(programme, now=now)
    db.session.delete(programme)
    writing.flush_or_refuse(Refusal.PROGRAMME_IN_USE)
    writing.record("programme:remove", Programme(code=code), actor, now)


def check_details(details: ProgrammeDetails) -> None:
    """Raise `Refused` for days or a window that end before they begin, or days too far apart."""
    if details.ends_on < details.starts_on:
        raise Refused(Refusal.DATES_ORDER, field="ends_on")
    if details.ends_on - details.starts_on >= LONGEST:
        raise Refused(Refusal.DATES_FAR_APART, field="ends_on", days=LONGEST.days)
    if details.entry_closes_at <= details.entry_opens_at:
        raise Refused(Refusal.WINDOW_ORDER, field="entry_closes")


def _facts(programme: Programme) -> dict[str, Any]:
    return {key: getattr(programme, key) for key in ProgrammeDetails.__dataclass_fields__}


def _require_no_times(programme: Programme) -> None:
    of_programme = Venue.programme_id == programme.id
    queries = (
        select(VenueHours.id).join(Venue).where(of_programme),
        select(VenueClosure.id).join(Venue).where(of_programme),
        select(AttendanceWindow.id).where(AttendanceWindow.programme_id == programme.id),
    )
    if any(db.session.scalar(query.limit(1)) is not None for query in queries):
        raise Refused(Refusal.ZONE_IN_USE, field="timezone")


def _require_hours_within(programme: Programme, details: ProgrammeDetails) -> None:
    query = (
        select(Venue.name, VenueHours.opens_at)
        .join(VenueHours)
        .where(Venue.programme_id == programme.id)
    )
    for name, opens_at in db.session.execute(query):
        day = wall_time(opens_at, details.timezone).date()
        if not details.starts_on <= day <= details.ends_on:
            field = "starts_on" if day < details.starts_on else "ends_on"
            raise Refused(Refusal.DATES_EXCLUDE_HOURS, field=field, venue=name)
