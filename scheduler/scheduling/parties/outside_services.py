"""A school's or a venue's own calendar as busy times: kept, refreshed, taken away."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from scheduler.access.permissions import Actor
from scheduler.calendars.entries import Times
from scheduler.calendars.outside.fetching import Fetcher, target_of
from scheduler.calendars.outside.reading import BusyCalendar, read
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import School
from scheduler.people.sealing import Sealer
from scheduler.programmes import writing
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.parties.outside_models import OutsideCalendar, OutsideTime

FIELD = "outside_calendar.address"
REFRESH_EVERY = dt.timedelta(hours=6)
MARGIN = dt.timedelta(days=1)
"""Before and after the programme's days: a school's day may be another one there."""


@dataclass(frozen=True)
class Whose:
    """Whose calendar it is within a programme: a school's, or a venue's."""

    programme: Programme
    school: School | None = None
    venue: Venue | None = None

    @property
    def facts(self) -> dict[str, str]:
        """How the audit log names them."""
        return {"school": self.school.code} if self.school else {"venue": _venue(self).code}


@dataclass(frozen=True)
class Days:
    """From when until when calendars are read for a programme, and whose clocks count there."""

    within: Times
    zone: str


@dataclass(frozen=True)
class Source:
    """Where a calendar was read from: an address with the tag of what it answered, or a file."""

    address: str = ""
    file_name: str = ""
    etag: str = ""


def calendar_of(whose: Whose) -> OutsideCalendar | None:
    """Return the calendar that somebody has given, if any."""
    return db.session.scalar(_of(whose).options(joinedload(OutsideCalendar.times)))


def days_of(programme: Programme) -> Days:
    """Return the days for which a programme's calendars are read."""
    zone = ZoneInfo(programme.timezone)
    first = dt.datetime.combine(programme.starts_on, dt.time(), zone)
    last = dt.datetime.combine(programme.ends_on + dt.timedelta(days=1), dt.time(), zone)
    within = first.astimezone(dt.UTC) - MARGIN, last.astimezone(dt.UTC) + MARGIN
    return Days(within, programme.timezone)


def read_for(days: Days, content: bytes) -> BusyCalendar:
    """Return what a calendar says of a programme's days; raises `Refused`. Takes seconds."""
    return read(content, within=days.within, zone=days.zone)


def fetch_for(
    days: Days, address: str, fetcher: Fetcher, *, etag: str = ""
) -> tuple[Source, BusyCalendar | None]:
    """Return what stands at an address now, None if it still has the tag.

    Raises `Refused`. Takes seconds: call it outside any transaction.
    """
    fetched = fetcher.fetch(address, etag=etag)
    source = Source(address=address, etag=fetched.etag)
    return source, None if fetched.content is None else read_for(days, fetched.content)


def keep(
    whose: Whose,
    source: Source,
    busy: BusyCalendar,
    *,
    sealer: Sealer,
    actor: Actor,
    now: dt.datetime,
) -> OutsideCalendar:
    """Keep free what a calendar says is taken, and nothing that was read before.

    Plans become stale.
    """
    calendar = db.session.scalar(_of(whose))
    if calendar is None:
        calendar = OutsideCalendar(
            programme_id=whose.programme.id, school=whose.school, venue=whose.venue
        )
        db.session.add(calendar)
    calendar.address = sealer.seal(source.address, field=FIELD) if source.address else None
    calendar.host = (target_of(source.address).hostname or "") if source.address else ""
    calendar.file_name = source.file_name
    _take_over(calendar, busy, source.etag, now)
    writing.make_plans_stale(whose.programme)
    writing.record("outside:keep", whose.programme, actor, now, **whose.facts, events=busy.events)
    return calendar


def remove(whose: Whose, *, actor: Actor, now: dt.datetime) -> None:
    """Forget the calendar and the times that were read; raises `NotFound` if there is none."""
    calendar = db.session.scalar(_of(whose))
    if calendar is None:
        raise NotFound
    db.session.delete(calendar)
    db.session.flush()
    writing.make_plans_stale(whose.programme)
    writing.record("outside:remove", whose.programme, actor, now, **whose.facts)


def address_of(calendar: OutsideCalendar, sealer: Sealer) -> str:
    """Return where the calendar is read from; raises `NotFound` for one from a file."""
    if calendar.address is None:
        raise NotFound
    return sealer.open(calendar.address, field=FIELD)


def due_calendars(now: dt.datetime) -> list[OutsideCalendar]:
    """Return the calendars that were not asked for six hours, of programmes that are not over."""
    query = (
        select(OutsideCalendar)
        .join(Programme, Programme.id == OutsideCalendar.programme_id)
        .where(
            OutsideCalendar.address.is_not(None),
            OutsideCalendar.tried_at <= now - REFRESH_EVERY,
            Programme.ends_on >= now.date(),
        )
        .options(joinedload(OutsideCalendar.programme))
        .order_by(OutsideCalendar.tried_at, OutsideCalendar.id)
    )
    return list(db.session.scalars(query))


def refreshed(
    calendar: OutsideCalendar,
    busy: BusyCalendar | None,
    etag: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> bool:
    """Take over what was read again, None if it had not changed; tell whether times differ.

    Plans become stale only when they do.
    """
    if busy is None:
        calendar.read_at = calendar.tried_at = now
        calendar.error, calendar.error_facts = "", {}
        return False
    before = [(each.starts_at, each.ends_at) for each in calendar.times]
    _take_over(calendar, busy, etag, now)
    if before == busy.spans:
        return False
    writing.make_plans_stale(calendar.programme)
    whose = Whose(calendar.programme, calendar.school, calendar.venue)
    facts = {**whose.facts, "events": busy.events}
    writing.record("outside:refresh", calendar.programme, actor, now, **facts)
    return True


def failed(calendar: OutsideCalendar, error: Refused, *, now: dt.datetime) -> None:
    """Note why a calendar could not be read again; what was read before stands."""
    calendar.tried_at = now
    calendar.error, calendar.error_facts = str(error.code), error.facts


def times_of_schools(programme: Programme) -> dict[int, list[Times]]:
    """Return what schools' own calendars say is taken, by the schools' ids. One query."""
    return _times(programme, OutsideCalendar.school_id)


def times_of_venues(programme: Programme) -> dict[int, list[Times]]:
    """Return what venues' own calendars say is taken, by the venues' ids. One query."""
    return _times(programme, OutsideCalendar.venue_id)


def _times(
    programme: Programme, owner: InstrumentedAttribute[int | None]
) -> dict[int, list[Times]]:
    found: defaultdict[int, list[Times]] = defaultdict(list)
    rows = db.session.execute(
        select(owner, OutsideTime.starts_at, OutsideTime.ends_at)
        .join(OutsideTime, OutsideTime.calendar_id == OutsideCalendar.id)
        .where(OutsideCalendar.programme_id == programme.id, owner.is_not(None))
        .order_by(OutsideTime.starts_at, OutsideTime.id)
    )
    for owner_id, starts_at, ends_at in rows:
        found[owner_id or 0].append((starts_at, ends_at))
    return found


def _take_over(calendar: OutsideCalendar, busy: BusyCalendar, etag: str, now: dt.datetime) -> None:
    calendar.etag, calendar.events = etag, busy.events
    calendar.read_at = calendar.tried_at = now
    calendar.error, calendar.error_facts = "", {}
    calendar.times = [OutsideTime(starts_at=start, ends_at=end) for start, end in busy.spans]
    db.session.flush()


def _of(whose: Whose) -> Select[OutsideCalendar]:
    query = select(OutsideCalendar).where(OutsideCalendar.programme_id == whose.programme.id)
    if whose.school is not None:
        return query.where(OutsideCalendar.school_id == whose.school.id)
    return query.where(OutsideCalendar.venue_id == _venue(whose).id)


def _venue(whose: Whose) -> Venue:
    if whose.venue is None:
        raise ValueError("A calendar is a school's or a venue's.")
    return whose.venue
