"""What administrators do with calendar days, and the calendars that others count with."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from babel.core import get_global
from sqlalchemy import Select, select

from scheduler.access.permissions import Actor
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.workdays.counting import SATURDAY, WorkCalendar
from scheduler.workdays.models import CalendarDay, CalendarYear, DayType
from scheduler.workdays.proposals import proposals_for, source
from scheduler.workdays.refusals import WorkdayRefusal

REGIONS = ("CN", "HK", "MO")
"""Kept up by themselves; others when an administrator asks for them."""

NOWHERE = "ZZ"
REGION = re.compile("[A-Z]{2}")
YEARS = range(2020, 2100)


@dataclass(frozen=True, slots=True)
class DayDetails:
    """A day as it is entered."""

    day: dt.date
    kind: DayType
    name: str = ""
    source: str = ""


def region_of(zone: str) -> str:
    """Return the country or region of a time zone; blank for one that belongs to none."""
    region = str(get_global("zone_territories").get(zone, NOWHERE))
    return "" if region == NOWHERE else region


def calendars_for(zones: Collection[str]) -> dict[str, WorkCalendar]:
    """Return the calendar of each zone, in two queries however many there are."""
    regions = {zone: region_of(zone) for zone in zones}
    wanted = set(regions.values()) - {""}
    days: defaultdict[tuple[str, DayType], set[dt.date]] = defaultdict(set)
    for each in db.session.scalars(select(CalendarDay).where(CalendarDay.region.in_(wanted))):
        days[each.region, each.kind].add(each.day)
    confirmed: defaultdict[str, set[int]] = defaultdict(set)
    vouched = select(CalendarYear.region, CalendarYear.year).where(
        CalendarYear.region.in_(wanted), CalendarYear.is_confirmed
    )
    for region, year in db.session.execute(vouched):
        confirmed[region].add(year)
    return {
        zone: WorkCalendar(
            region,
            frozenset(days[region, DayType.HOLIDAY]),
            frozenset(days[region, DayType.MAKE_UP]),
            frozenset(confirmed[region]),
        )
        for zone, region in regions.items()
    }


def calendar_for(zone: str) -> WorkCalendar:
    """Return the calendar that counts where a zone's clocks are read."""
    return calendars_for([zone])[zone]


def days_of(region: str, year: int) -> Select[CalendarDay]:
    """Return the query for the days of a region's year."""
    return select(CalendarDay).where(
        CalendarDay.region == region,
        CalendarDay.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
    )


def asked_place(arguments: Mapping[str, str], *, now: dt.datetime) -> tuple[str, int]:
    """Return region and year that an address names; the mainland, this year, for nonsense."""
    region, year = arguments.get("region", ""), arguments.get("year", "")
    is_year = year.isascii() and year.isdigit() and int(year) in YEARS
    known = REGION.fullmatch(region)
    return (region if known else REGIONS[0], int(year) if is_year else now.year)


def find_year(region: str, year: int) -> CalendarYear:
    """Return the year as it is stored, or as one that nobody has touched (version 0)."""
    query = select(CalendarYear).where(CalendarYear.region == region, CalendarYear.year == year)
    found = db.session.scalar(query)
    return found or CalendarYear(region=region, year=year, is_confirmed=False, version=0)


def save_days(
    region: str, details: Iterable[DayDetails], *, actor: Actor | None, now: dt.datetime
) -> int:
    """Add days, or change those that are there already; return how many rows differ now.

    A make-up workday must be a Saturday or Sunday. Raises `Refused`.
    """
    changed = 0
    years = set()
    for each in details:
        if each.kind is DayType.MAKE_UP and each.day.weekday() < SATURDAY:
            raise Refused(WorkdayRefusal.NOT_A_WEEKEND, field="kind", day=each.day.isoformat())
        query = select(CalendarDay).where(CalendarDay.region == region, CalendarDay.day == each.day)
        stored = db.session.scalar(query) or CalendarDay(region=region, day=each.day)
        before = (stored.kind, stored.name, stored.source)
        if before != (each.kind, each.name, each.source):
            stored.kind, stored.name, stored.source = each.kind, each.name, each.source
            db.session.add(stored)
            changed += 1
            years.add(each.day.year)
    for year in sorted(years):
        _touch(region, year)
    db.session.flush()
    if changed:
        _record("workdays:save", region, actor, now, days=changed, years=sorted(years))
    return changed


def remove_day(region: str, day: dt.date, *, actor: Actor, now: dt.datetime) -> None:
    """Let a day be what its weekday says; raises `NotFound` if it was."""
    query = select(CalendarDay).where(CalendarDay.region == region, CalendarDay.day == day)
    stored = db.session.scalar(query)
    if stored is None:
        raise NotFound
    db.session.delete(stored)
    _touch(region, day.year)
    db.session.flush()
    _record("workdays:remove", region, actor, now, day=day.isoformat())


def propose(region: str, year: int, *, actor: Actor | None, now: dt.datetime) -> int:
    """Add what the package knows of a year and is not there yet; return how many days.

    What somebody entered stays. Raises `Refused` where the package knows nothing.
    """
    proposed = proposals_for(region, year)
    if not proposed:
        raise Refused(WorkdayRefusal.NOTHING_PROPOSED)
    known = {each.day for each in db.session.scalars(days_of(region, year))}
    new = [
        DayDetails(each.day, each.kind, each.name, source())
        for each in proposed
        if each.day not in known
    ]
    return save_days(region, new, actor=actor, now=now)


def confirm(
    region: str, year: int, *, is_confirmed: bool, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Vouch for a year, or take that back; raises `Conflict` if its days were changed meanwhile."""
    found = _locked(region, year)
    if found.version != version:
        raise Conflict
    if is_confirmed and db.session.scalar(days_of(region, year).limit(1)) is None:
        raise Refused(WorkdayRefusal.NOTHING_TO_CONFIRM)
    found.is_confirmed = is_confirmed
    found.version += 1
    db.session.flush()
    _record("workdays:confirm", region, actor, now, year=year, confirmed=is_confirmed)


def keep_up(*, now: dt.datetime) -> int:
    """Propose this year and the next where there is nothing yet; return how many days."""
    added = 0
    for region in REGIONS:
        for year in (now.year, now.year + 1):
            if find_year(region, year).version == 0 and proposals_for(region, year):
                added += propose(region, year, actor=None, now=now)
    return added


def _touch(region: str, year: int) -> None:
    """Whoever vouched for the year vouched for other days: it is provisional again."""
    found = _locked(region, year)
    found.is_confirmed = False
    found.version += 1


def _locked(region: str, year: int) -> CalendarYear:
    query = select(CalendarYear).where(CalendarYear.region == region, CalendarYear.year == year)
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        found = CalendarYear(region=region, year=year, is_confirmed=False, version=0)
        db.session.add(found)
        db.session.flush()
    return found


def _record(
    action: str, region: str, actor: Actor | None, now: dt.datetime, **facts: object
) -> None:
    audit.record(
        action,
        account_id=actor.account_id if actor else None,
        subject_type="calendar",
        subject_ref=region,
        now=now,
        **facts,
    )
