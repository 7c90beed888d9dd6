"""Whose calendar has not fetched what was published: for the few changes that cannot wait."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import exists, or_, select

from scheduler.calendars.contents import holdings
from scheduler.calendars.entries import Audience, Scope
from scheduler.calendars.models import CalendarEntry, EntryAudience, FeedFetch, Subscription
from scheduler.database import db

IN_USE = dt.timedelta(days=30)
"""A calendar that nobody fetched for longer is in no device any more."""
SETTLED = dt.timedelta(minutes=1)
"""Whoever fetches so long after the beginning of a release has what it published."""


def behind(
    scope: Scope, keys: Collection[str], *, published_at: dt.datetime
) -> dict[Audience, set[str]]:
    """Return the owners of calendars in use that lack what was published, and which entries.

    One of an owner's calendars is enough: it may be the one that is looked at. Feeds that many
    share tell nobody. One query.
    """
    entries = select(CalendarEntry.id).where(
        CalendarEntry.scope_kind == scope.kind,
        CalendarEntry.scope_key == scope.key,
        CalendarEntry.key.in_(keys),
    )
    held = holdings(EntryAudience.entry_id.in_(entries))
    own = FeedFetch.subscription_id == Subscription.id
    has_it = or_(FeedFetch.etag == Subscription.etag, FeedFetch.last_at >= published_at + SETTLED)
    is_used = FeedFetch.fetched_on >= (published_at - IN_USE).date()
    query = (
        select(Subscription, CalendarEntry)
        .join(held, held.c.feed_id == Subscription.id)
        .join(CalendarEntry, CalendarEntry.id == held.c.entry_id)
        .where(Subscription.is_shared.is_(False), Subscription.revoked_at.is_(None))
        .where(exists().where(own, is_used), ~exists().where(own, has_it))
    )
    late: defaultdict[Audience, set[str]] = defaultdict(set)
    for subscription, entry in db.session.execute(query):
        # Whoever does not want to see cancelled items had this one before it was cancelled.
        if subscription.choice.includes(entry.kind, is_cancelled=False):
            late[subscription.audience].add(entry.key)
    return dict(late)
