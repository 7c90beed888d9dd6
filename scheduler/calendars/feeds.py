"""Stored feeds: assembled from rendered entries when something changes, never when polled."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select

from scheduler.calendars.choices import Choice
from scheduler.calendars.contents import Included, chosen, contents_of
from scheduler.calendars.encodings import encoded
from scheduler.calendars.entries import portions
from scheduler.calendars.ical import FeedHead, render_feed
from scheduler.calendars.models import EntryRendering, FeedChange, Subscription
from scheduler.calendars.own_octets import Own, own_octets
from scheduler.calendars.stored_items import differing
from scheduler.database import db

MOST_OCTETS = 1_000_000
"""Google reads about one megabyte."""
CHANGES_KEPT = dt.timedelta(days=60)
"""How long a program may be away and still hear of changes alone; later it reads all anew."""

Renderings = dict[tuple[int, str], bytes]


def rebuild(subscription_ids: Iterable[int], *, now: dt.datetime) -> int:
    """Assemble those of the feeds that live anew, store what differs; return how many did.

    A feed that comes out the same keeps its ETag and its time, so nobody downloads it again. The
    number of queries depends on thousands of feeds, not on feeds.
    """
    return sum(_rebuild_some(some, now) for some in portions(subscription_ids))


def renderings_for(entry_ids: Sequence[int], locale: str) -> list[bytes]:
    """Return the stored octets of entries in a language, in the order of the ids."""
    found = _renderings(set(entry_ids))
    return [found[entry_id, locale] for entry_id in entry_ids]


def has_old_changes(*, now: dt.datetime) -> bool:
    """Tell whether there are changes to forget, without the write lock."""
    old = select(FeedChange.version).where(FeedChange.changed_at < now - CHANGES_KEPT)
    return db.session.scalar(old.limit(1)) is not None


def drop_old_changes(*, now: dt.datetime) -> None:
    """Forget which items of feeds changed, two months later. The feeds stay as they are."""
    db.session.execute(delete(FeedChange).where(FeedChange.changed_at < now - CHANGES_KEPT))


def _rebuild_some(ids: list[int], now: dt.datetime) -> int:
    synced = _octets_of_synced(ids)
    contents = contents_of(ids, now=now)
    renderings = _renderings({each.entry_id for found in contents.values() for each in found})
    stored = 0
    live = select(Subscription).where(Subscription.id.in_(ids), Subscription.revoked_at.is_(None))
    # Loaded anew: whoever held one of these rows before us may have stored a version meanwhile.
    for subscription in db.session.scalars(live.execution_options(populate_existing=True)):
        included = chosen(contents.get(subscription.id, ()), subscription.choice)
        before = subscription.etag
        if not _store(subscription, included, renderings, now):
            continue
        stored += 1
        if subscription.id in synced:
            _keep_change(subscription, before, synced[subscription.id])
    db.session.flush()
    return stored


def _octets_of_synced(ids: list[int]) -> dict[int, bytes]:
    """Return what stands in the feeds that are followed change by change; the others cost nothing.

    They are few: programs that speak CalDAV, and not the feeds of thousands of phones. Their rows
    are held until the transaction ends, so that no two steps are counted as one.
    """
    query = (
        select(Subscription.id, Subscription.body)
        .where(Subscription.id.in_(ids), Subscription.is_synced, Subscription.revoked_at.is_(None))
        .order_by(Subscription.id)
        .with_for_update()
    )
    return {row.id: row.body for row in db.session.execute(query)}


def _keep_change(subscription: Subscription, etag_before: str, before: bytes) -> None:
    db.session.add(
        FeedChange(
            subscription_id=subscription.id,
            version=subscription.version,
            etag_before=etag_before,
            uids=differing(before, subscription.body),
            changed_at=subscription.modified_at,
        )
    )


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
    subscription: Subscription, included: list[Included], renderings: Renderings, now: dt.datetime
) -> bool:
    """Put the feed's octets into its row; tell whether they differ from what stood there."""
    head = FeedHead(name=subscription.name, description="", zone=subscription.zone)
    choice = subscription.choice
    octets = [_octets(subscription, choice, each, renderings) for each in included]
    body = render_feed(head, _within_limit(octets))
    etag = hashlib.sha256(body).hexdigest()[:32]
    if etag == subscription.etag:
        return False
    subscription.modified_at = later(now, subscription.modified_at if subscription.etag else None)
    subscription.etag = etag
    subscription.version += 1
    for column, octets_encoded in encoded(body).items():
        setattr(subscription, column, octets_encoded)
    return True


def _octets(
    subscription: Subscription, choice: Choice, included: Included, renderings: Renderings
) -> bytes:
    own = Own(
        word=choice.word_for(included.labels),
        alarm_minutes=None if included.is_cancelled else choice.alarm_minutes,
        revision=subscription.revision,
        since=subscription.chosen_at,
    )
    return own_octets(renderings[included.entry_id, subscription.locale], own)


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
