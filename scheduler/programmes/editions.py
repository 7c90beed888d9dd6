"""An edition copied to another year: dates moved, settings kept, entries and plans left behind.

Other rooms copy what they keep about a programme by registering a function with `on_copy`.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from sqlalchemy import select

from scheduler.access.permissions import Actor, Role
from scheduler.accounts import roles
from scheduler.accounts.models import Account
from scheduler.database import db
from scheduler.programmes import services, venue_services, writing
from scheduler.programmes.category_services import CategoryDetails
from scheduler.programmes.deadlines import publish_dates
from scheduler.programmes.local_times import wall_time
from scheduler.programmes.models import (
    AttendanceWindow,
    Category,
    Names,
    OutcomeLevel,
    Programme,
    ProgrammeDate,
    ProgrammeOrganisation,
    Venue,
    VenueClosure,
    VenueHours,
)
from scheduler.programmes.moving import Shift
from scheduler.programmes.refusals import Refusal
from scheduler.programmes.services import ProgrammeDetails
from scheduler.programmes.venue_services import VenueDetails

YEAR_DAYS = 364
"""A year later, on the same weekday."""

_RULES = (
    "public_notice_days",
    "public_notice_counts",
    "withdrawal_rule",
    "substitution_percent",
    "passes_on_unconfirmed",
)
Stretch = TypeVar("Stretch", VenueHours, VenueClosure)


@dataclass(frozen=True)
class EditionCopy:
    """What a copier works with: both editions, the shift of dates, and what became of what.

    `categories` and `venues` lead from the keys of the source's rows to the new rows, all flushed.
    """

    source: Programme
    edition: Programme
    shift: Shift
    actor: Actor
    now: dt.datetime
    categories: dict[int, Category] = field(default_factory=dict)
    venues: dict[int, Venue] = field(default_factory=dict)


Copier = Callable[[EditionCopy], None]
_copiers: list[Copier] = []


def on_copy(copier: Copier) -> None:
    """Have a function called in the same transaction whenever an edition has been copied."""
    if copier not in _copiers:
        _copiers.append(copier)


def copy_edition(
    source: Programme, code: str, names: Names, shift: Shift, *, actor: Actor, now: dt.datetime
) -> Programme:
    """Make a new edition with moved dates; entries, plans and other people's roles stay behind.

    Categories, venues with hours and daily pauses, ways, attendance windows, named dates, levels
    and organisations are copied, then whatever the rooms have registered. A coordinator who copies
    becomes the new edition's coordinator. Refuses a code that is in use.
    """
    details = ProgrammeDetails(
        **{each.name: getattr(source, each.name) for each in fields(ProgrammeDetails)}
        | {
            "code": code,
            "names": names,
            "starts_on": shift.day(source.starts_on),
            "ends_on": shift.day(source.ends_on),
            "entry_opens_at": shift.window(source.entry_opens_at).at,
            "entry_closes_at": shift.window(source.entry_closes_at).at,
        }
    )
    services.check_details(details)
    edition = Programme(
        **{each.name: getattr(details, each.name) for each in fields(details)},
        **{name: getattr(source, name) for name in _RULES},
        created_at=now,
    )
    db.session.add(edition)
    writing.flush_or_refuse(Refusal.CODE_TAKEN, field="code")
    copy = EditionCopy(source, edition, shift, actor, now)
    for copier in (_copy_small_things, _copy_categories, _copy_venues, _copy_windows, *_copiers):
        copier(copy)
        db.session.flush()
    _appoint(copy)
    publish_dates(edition, now=now)
    writing.record("programme:copy", edition, actor, now, source=source.code)
    return edition


def proposed_names(names: Names, years: int) -> Names:
    """Return the names with every year in them moved."""
    return {locale: _years_moved(name, years) for locale, name in names.items()}


def proposed_code(code: str, years: int, taken: Collection[str]) -> str:
    """Return a code for the new edition that no programme has: the year moved, else numbered."""
    wanted = _years_moved(code, years)
    number = 2
    proposal = wanted
    while proposal in taken:
        proposal = f"{wanted[:28]}-{number}"
        number += 1
    return proposal


def codes_like(code: str) -> set[str]:
    """Return the codes of programmes, to propose one that is free; few per series."""
    stem = re.split(r"\d{4}", code)[0][:16]
    query = select(Programme.code).where(Programme.code.startswith(stem, autoescape=True))
    return set(db.session.scalars(query))


def _years_moved(text: str, years: int) -> str:
    return re.sub(r"(?<!\d)(?:19|20)\d\d(?!\d)", lambda year: str(int(year[0]) + years), text)


def _copy_small_things(copy: EditionCopy) -> None:
    edition, source = copy.edition, copy.source
    edition.dates = [
        ProgrammeDate(kind=each.kind, at=copy.shift.window(each.at).at) for each in source.dates
    ]
    edition.levels = [
        OutcomeLevel(position=each.position, names=dict(each.names)) for each in source.levels
    ]
    edition.organisations = [
        ProgrammeOrganisation(
            organisation_id=each.organisation_id, role=each.role, position=each.position
        )
        for each in source.organisations
    ]


def _copy_categories(copy: EditionCopy) -> None:
    for each in copy.source.categories:
        values: dict[str, Any] = {
            one.name: getattr(each, one.name) for one in fields(CategoryDetails)
        }
        for name in ("born_from", "born_to", "age_on"):
            values[name] = copy.shift.yearly(values[name])
        made = Category(position=each.position, **values)
        copy.edition.categories.append(made)
        copy.categories[each.id] = made


def _copy_venues(copy: EditionCopy) -> None:
    for each in copy.source.venues:
        values = {one.name: getattr(each, one.name) for one in fields(VenueDetails)}
        made = Venue(**values)
        copy.edition.venues.append(made)
        made.hours = [
            VenueHours(opens_at=opens, closes_at=closes)
            for opens, closes in moved_stretches(
                [(one.opens_at, one.closes_at) for one in each.hours], copy.shift
            )
        ]
        for shut in daily_closures(each, copy.source.timezone):
            for starts, ends in moved_stretches([(shut.starts_at, shut.ends_at)], copy.shift):
                made.closures.append(
                    VenueClosure(starts_at=starts, ends_at=ends, reason=shut.reason)
                )
        copy.venues[each.id] = made


def daily_closures(venue: Venue, zone: str) -> list[VenueClosure]:
    """Return the pauses that a venue has at the same time on each of its days.

    Only these mean anything a year later: what shut the venue on one day was that day's affair.
    """
    days = {_days(each.opens_at, each.closes_at, zone)[0] for each in venue.hours}
    by_time: defaultdict[tuple[dt.time, dt.time], list[VenueClosure]] = defaultdict(list)
    for each in venue.closures:
        first, last = _days(each.starts_at, each.ends_at, zone)
        if first == last:
            times = (wall_time(each.starts_at, zone), wall_time(each.ends_at, zone))
            by_time[times[0].time(), times[1].time()].append(each)
    kept = [
        same
        for same in by_time.values()
        if len(days) > 1 and days <= {_days(o.starts_at, o.ends_at, zone)[0] for o in same}
    ]
    return [each for same in kept for each in same]


def _days(starts: dt.datetime, ends: dt.datetime, zone: str) -> tuple[dt.date, dt.date]:
    return wall_time(starts, zone).date(), wall_time(ends, zone).date()


def moved_stretches(
    stretches: list[tuple[dt.datetime, dt.datetime]], shift: Shift
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the stretches moved, without those that clocks skip as a whole."""
    found = [(shift.instant(one).at, shift.instant(other).at) for one, other in stretches]
    return [(starts, ends) for starts, ends in found if starts < ends]


def _copy_windows(copy: EditionCopy) -> None:
    ways = {pair: way for pair, way in venue_services.travel_of(copy.source).items() if way}
    if ways:
        venue_services.set_travel(copy.edition, ways, actor=copy.actor, now=copy.now)
    for region, window in venue_services.attendance_of(copy.source).items():
        earliest, latest = (at and copy.shift.instant(at).at for at in window)
        if earliest or latest:
            db.session.add(
                AttendanceWindow(
                    programme_id=copy.edition.id,
                    region=region,
                    earliest_at=earliest,
                    latest_at=latest if not (earliest and latest and latest <= earliest) else None,
                )
            )


def _appoint(copy: EditionCopy) -> None:
    """Give the coordinator who copies the same role in the new edition, and nobody else."""
    if copy.source.id not in copy.actor.scope_ids(Role.COORDINATOR):
        return
    account = db.session.get_one(Account, copy.actor.account_id)
    roles.grant(
        account,
        Role.COORDINATOR,
        copy.edition.id,
        actor_id=copy.actor.account_id,
        now=copy.now,
    )
