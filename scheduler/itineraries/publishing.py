"""From the itinerary as it stands to everybody's calendar."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from scheduler.access.permissions import Actor
from scheduler.applications.calendar_people import feeds_of_schools, pages_of_people
from scheduler.applications.models import Application
from scheduler.calendars import links
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Difference
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.itineraries.entries import drafts_of, group_feed, scope_of
from scheduler.itineraries.models import ItineraryRelease
from scheduler.itineraries.refusals import Refusal
from scheduler.itineraries.services import items_of, tour_groups
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.scheduling.parties.engaged import lock_with_neighbours, make_neighbours_stale


@dataclass(frozen=True)
class Preview:
    """What publishing would change, and a mark of it: what is confirmed is what was seen."""

    difference: Difference
    persons: int
    schools: int
    mark: str


def preview(programme: Programme) -> Preview:
    """Compare the itinerary with what stands in everybody's calendars. Writes nothing."""
    drafts = drafts_of(programme, items_of(programme), tour_groups(programme))
    difference = calendars.preview(scope_of(programme), drafts)
    kinds = [audience.kind for audience in difference.audiences]
    return Preview(
        difference=difference,
        persons=kinds.count("person"),
        schools=kinds.count("school"),
        mark=_mark(difference),
    )


def publish(
    programme: Programme,
    *,
    notes: str,
    mark: str,
    actor: Actor,
    now: dt.datetime,
    secret_key: str | bytes,
) -> ItineraryRelease:
    """Make the itinerary what stands in calendars, and return the numbered release.

    Everybody of the groups gets a page and a feed if there is none yet, each group and school a
    shared one; plans of other programmes with the same people become stale. Raises `Refused`
    without groups, for what changes nothing, and for what is not what the preview showed
    (`mark`).
    """
    programme = lock_with_neighbours(programme)
    groups, items = tour_groups(programme), items_of(programme)
    if not groups:
        raise Refused(Refusal.NO_GROUPS)
    scope, drafts = scope_of(programme), drafts_of(programme, items, groups)
    difference = calendars.preview(scope, drafts)
    if difference.is_empty:
        raise Refused(Refusal.NOTHING_CHANGED)
    if _mark(difference) != mark:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    calendars.publish(scope, drafts, now=now)
    make_neighbours_stale(programme, difference)
    _give_calendars(programme, groups, secret_key=secret_key, now=now)
    release = _add_release(programme, difference, notes, actor, now)
    calendars.announce(scope, number=release.number, notes=notes, now=now)
    facts = {"number": release.number, "difference": release.difference}
    writing.record("itinerary:publish", programme, actor, now, **facts)
    return release


def releases_of(programme: Programme) -> list[ItineraryRelease]:
    """Return what was published, the newest first."""
    query = select(ItineraryRelease).where(ItineraryRelease.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(ItineraryRelease.number.desc())))


def _give_calendars(
    programme: Programme,
    groups: Sequence[Application],
    *,
    secret_key: str | bytes,
    now: dt.datetime,
) -> None:
    people = pages_of_people(programme, [group.id for group in groups])
    links.personal_links(people, secret_key=secret_key, now=now)
    schools = feeds_of_schools({id_ for group in groups for id_ in group.all_school_ids})
    shared = [*schools, *(group_feed(group) for group in groups)]
    links.shared_feeds(shared, secret_key=secret_key, now=now)


def _add_release(
    programme: Programme, difference: Difference, notes: str, actor: Actor, now: dt.datetime
) -> ItineraryRelease:
    query = select(func.max(ItineraryRelease.number))
    last = db.session.scalar(query.where(ItineraryRelease.programme_id == programme.id))
    release = ItineraryRelease(
        programme_id=programme.id,
        number=(last or 0) + 1,
        notes=notes,
        difference=_counts(difference),
        published_by=actor.account_id,
        published_at=now,
    )
    db.session.add(release)
    db.session.flush()
    return release


def _counts(difference: Difference) -> dict[str, Any]:
    return {
        "new": len(difference.new),
        "changed": len(difference.moved) + len(difference.changed),
        "cancelled": len(difference.cancelled),
        "unchanged": difference.unchanged,
    }


def _mark(difference: Difference) -> str:
    """Return what differs, in a line that a form can carry."""
    parts = (difference.new, difference.moved, difference.changed, difference.cancelled)
    keys = "/".join(",".join(sorted(f"{each.key}@{each.now}" for each in part)) for part in parts)
    readdressed = ",".join(sorted(each.key for each in difference.readdressed))
    return sha256(f"{keys}/{readdressed}".encode()).hexdigest()[:16]
