"""Stored feeds: assembled from rendered entries when something changes, never when polled."""

import datetime as dt
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, select

from scheduler.calendars.entries import portions
from scheduler.calendars.ical import FeedHead, render_feed
from scheduler.calendars.models import (
    CalendarEntry,
    EntryAudience,
    EntryRendering,
    Subscription,
)
from scheduler.database import db

KEPT_DAYS = 90
"""How long past entries stay in feeds."""
MOST_ENTRIES = 1_000
MOST_OCTETS = 1_000_000
"""Google reads about a thousand entries and one megabyte."""

Renderings = dict[tuple[int, str], bytes]


def feeds_with(entry_ids: Iterable[int]) -> set[int]:
    """Return the ids of the live subscriptions that contain any of the entries."""
    found: set[int] = set()
    for some in portions(entry_ids):
        query = (
            select(Subscription.id)
            .join(EntryAudience, _is_addressed())
            .where(EntryAudience.entry_id.in_(some), Subscription.revoked_at.is_(None))
        )
        found.update(db.session.scalars(query))
    return found


def rebuild(subscription_ids: Iterable[int], *, now: dt.datetime) -> int:
    """Assemble the feeds anew and store those whose octets differ; return how many did.

    A feed that comes out the same keeps its ETag and its time, so nobody downloads it again. The
    number of queries depends on thousands of feeds, not on feeds.
    """
    return sum(_rebuild_some(some, now) for some in portions(subscription_ids))


def renderings_for(entry_ids: Sequence[int], locale: str) -> list[bytes]:
    """Return the stored octets of entries in a language, in the order of the ids."""
    found = _renderings(set(entry_ids))
    return [found[entry_id, locale] for entry_id in entry_ids]


def _rebuild_some(ids: list[int], now: dt.datetime) -> int:
    entries = _entries_by_subscription(ids, now)
    renderings = _renderings({entry_id for found in entries.values() for entry_id in found})
    differing = 0
    for subscription in db.session.scalars(select(Subscription).where(Subscription.id.in_(ids))):
        differing += _store(subscription, entries[subscription.id], renderings, now)
    db.session.flush()
    return differing


def _is_addressed() -> Any:
    return and_(
        EntryAudience.kind == Subscription.audience_kind,
        EntryAudience.key == Subscription.audience_key,
    )


def _entries_by_subscription(ids: list[int], now: dt.datetime) -> dict[int, list[int]]:
    """Return each feed's entries; the latest if there are too many, in an order that stays."""
    query = (
        select(Subscription.id, EntryAudience.entry_id)
        .join(EntryAudience, _is_addressed())
        .join(CalendarEntry, CalendarEntry.id == EntryAudience.entry_id)
        .where(Subscription.id.in_(ids), CalendarEntry.ends_at > now - dt.timedelta(days=KEPT_DAYS))
        .order_by(CalendarEntry.ends_at.desc())
    )
    found: dict[int, list[int]] = defaultdict(list)
    for subscription_id, entry_id in db.session.execute(query):
        if len(found[subscription_id]) < MOST_ENTRIES:
            found[subscription_id].append(entry_id)
    for entry_ids in found.values():
        entry_ids.sort()
    return found


def _renderings(entry_ids: set[int]) -> Renderings:
    found: Renderings = {}
    for some in portions(entry_ids):
        query = select(EntryRendering.entry_id, EntryRendering.locale, EntryRendering.body)
        for entry_id, locale, body in db.session.execute(
            query.where(EntryRendering.entry_id.in_(some))
        ):
            found[entry_id, locale] = body
    return found


def _store(
    subscription: Subscription, entry_ids: list[int], renderings: Renderings, now: dt.datetime
) -> bool:
    """Put the feed's octets into its row; tell whether they differ from what stood there."""
    head = FeedHead(name=subscription.name, description="", zone=subscription.zone)
    octets = _within_limit([renderings[entry_id, subscription.locale] for entry_id in entry_ids])
    body = render_feed(head, octets)
    etag = hashlib.sha256(body).hexdigest()[:32]
    if etag == subscription.etag:
        return False
    subscription.modified_at = later(now, subscription.modified_at if subscription.etag else None)
    subscription.etag = etag
    subscription.body = body
    subscription.body_gzip = gzip.compress(body, mtime=0)
    return True


def _within_limit(bodies: list[bytes]) -> list[bytes]:
    """Leave out the entries that came first when there are too many octets."""
    total = sum(map(len, bodies))
    first = 0
    while total > MOST_OCTETS:
        total -= len(bodies[first])
        first += 1
    return bodies[first:]


def later(now: dt.datetime, before: dt.datetime | None) -> dt.datetime:
    """Return the time of a change, at least a second after the one before.

    Clients compare times of changes by the second: two changes within one would look like one.
    """
    return now if before is None else max(now, before + dt.timedelta(seconds=1))
