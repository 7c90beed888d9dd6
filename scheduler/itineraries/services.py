"""What coordinators do with an itinerary. No Flask here."""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.itineraries import findings as looking
from scheduler.itineraries import shifting
from scheduler.itineraries.details import (
    ItemDetails,
    Moment,
    details_of,
    facts_of,
    put_at,
    take_over,
)
from scheduler.itineraries.findings import Finding
from scheduler.itineraries.models import ItineraryItem
from scheduler.itineraries.refusals import Refusal
from scheduler.itineraries.shifting import Reach
from scheduler.programmes import writing
from scheduler.programmes.kinds import CategoryKind
from scheduler.programmes.local_times import Repeated, instant_of
from scheduler.programmes.models import Category, Programme
from scheduler.workdays.services import calendars_for


def is_tour(programme: Programme) -> bool:
    """Tell whether the programme has a category for groups of a study tour."""
    query = select(Category.id).where(
        Category.programme_id == programme.id, Category.kind == CategoryKind.STUDY_TOUR
    )
    return db.session.scalar(query.limit(1)) is not None


def tour_groups(programme: Programme) -> list[Application]:
    """Return the accepted groups of the tour, by name."""
    query = (
        select(Application)
        .join(Category, Category.id == Application.category_id)
        .where(
            Application.programme_id == programme.id,
            Application.state == State.ACCEPTED,
            Category.kind == CategoryKind.STUDY_TOUR,
        )
        .options(joinedload(Application.school), joinedload(Application.category))
        .order_by(Application.group_name, Application.ref)
    )
    return list(db.session.scalars(query))


def items_of(programme: Programme) -> list[ItineraryItem]:
    """Return the itinerary by time, with the groups of each item. Two queries."""
    query = (
        select(ItineraryItem)
        .where(ItineraryItem.programme_id == programme.id, ItineraryItem.removed_at.is_(None))
        .options(selectinload(ItineraryItem.groups))
    )
    return sorted(db.session.scalars(query), key=lambda item: (*item.times, item.ref))


def find_item(code: str, ref: str) -> ItineraryItem:
    """Return an item of a programme's itinerary; raises `NotFound`."""
    found = db.session.scalar(
        select(ItineraryItem)
        .join(Programme)
        .where(Programme.code == code, ItineraryItem.ref == ref, ItineraryItem.removed_at.is_(None))
    )
    if found is None:
        raise NotFound
    return found


def doubts_about(items: Collection[looking.Item], groups: Iterable[Application]) -> list[Finding]:
    """Return what cannot be right, with the holidays of the places that days begin at."""
    calendars = calendars_for({item.starts_zone for item in items})
    return looking.findings(items, [group.id for group in groups], calendars)


def add_item(
    programme: Programme, details: ItemDetails, *, actor: Actor, now: dt.datetime
) -> ItineraryItem:
    """Add an item. A form that was sent again adds nothing. Raises `Refused`."""
    _check(details)
    writing.hold(programme)
    for known in items_of(programme):
        if facts_of(known) == details.facts:
            return known
    item = ItineraryItem(programme=programme)
    take_over(item, details)
    db.session.add(item)
    db.session.flush()
    writing.record("itinerary:add", programme, actor, now, item=item.ref)
    return item


def change_item(
    item: ItineraryItem, details: ItemDetails, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over everything that was entered; the item keeps its ref and calendar entry."""
    _check(details)
    before = facts_of(item)
    take_over(item, details)
    db.session.flush()
    changed = writing.changes(before, facts_of(item))
    if changed:
        programme = item.programme
        writing.record("itinerary:change", programme, actor, now, item=item.ref, fields=changed)


def remove_item(item: ItineraryItem, *, actor: Actor, now: dt.datetime) -> None:
    """Take it out; what was published of it is cancelled with the next release."""
    item.removed_at = now
    db.session.flush()
    writing.record("itinerary:remove", item.programme, actor, now, item=item.ref)


def days_of(items: Iterable[ItineraryItem]) -> list[dt.date]:
    """Return the days on which something begins, by the clocks at its place."""
    return sorted({item.starts_wall.date() for item in items})


def copy_day(
    programme: Programme,
    day: dt.date,
    to_day: dt.date,
    *,
    repeated: Repeated | None,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Do what begins on one day again on another, at the same times of the clocks; how many.

    Raises `Refused` for a time that clocks skip there, or show twice and nobody has said which.
    """
    if day == to_day:
        raise Refused(Refusal.SAME_DAY, field="to_day")
    writing.hold(programme)
    chosen = [item for item in items_of(programme) if item.starts_wall.date() == day]
    if not chosen:
        raise Refused(Refusal.NOTHING_THAT_DAY, field="day")
    later = to_day - day

    def moved(wall: dt.datetime, zone: str) -> Moment:
        return Moment(instant_of(wall + later, zone, repeated=repeated, field="to_day"), zone)

    for item in chosen:
        copy = ItineraryItem(programme=programme)
        details = details_of(
            item, moved(item.starts_wall, item.starts_zone), moved(item.ends_wall, item.ends_zone)
        )
        _check(details, field="to_day")
        take_over(copy, details)
        db.session.add(copy)
    db.session.flush()
    facts = {"day": day.isoformat(), "to": to_day.isoformat(), "items": len(chosen)}
    writing.record("itinerary:copy_day", programme, actor, now, **facts)
    return len(chosen)


def delay(
    late: ItineraryItem,
    minutes: int,
    reach: Reach,
    chosen: Collection[str],
    *,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Let those of the chosen that the delay reaches be so many minutes later; how many.

    Lengths and the pauses between them stay. Raises `Refused` for no minutes and for nobody.
    """
    demand_minutes(minutes)
    programme = late.programme
    writing.hold(programme)
    reached = shifting.following(items_of(programme), late, reach)
    moved = [item for item in reached if item.ref in chosen]
    if not moved:
        raise Refused(Refusal.NOTHING_CHOSEN)
    for item in moved:
        then = shifting.later(item, minutes)
        put_at(item, then.starts_at, then.starts_zone, then.ends_at, then.ends_zone)
    db.session.flush()
    refs = sorted(item.ref for item in moved)
    writing.record("itinerary:delay", programme, actor, now, minutes=minutes, items=refs)
    return len(moved)


def demand_minutes(minutes: int) -> None:
    """Raise `Refused` for a delay of nothing."""
    if minutes == 0:
        raise Refused(Refusal.NO_MINUTES, field="minutes")


def _check(details: ItemDetails, *, field: str = "ends") -> None:
    if details.ends.at <= details.starts.at:
        raise Refused(Refusal.ENDS_BEFORE, field=field)
