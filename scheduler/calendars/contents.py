"""Which entries a feed contains: its audience's own, and those of whom it follows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, select, union

from scheduler.calendars.choices import Choice
from scheduler.calendars.entries import EntryKind, portions
from scheduler.calendars.ical import Status
from scheduler.calendars.models import CalendarEntry, EntryAudience, Following, Subscription
from scheduler.database import db

KEPT_DAYS = 90
"""How long past entries stay in feeds."""
MOST_ENTRIES = 1_000
"""Google reads about a thousand entries."""


@dataclass(slots=True)
class Included:
    """One entry of a feed; `labels` say whose it is, of those whom the feed follows."""

    entry_id: int
    ends_at: dt.datetime
    kind: EntryKind
    is_cancelled: bool
    labels: frozenset[str] = frozenset()


Contents = dict[int, Included]
_ID = Subscription.id


def feeds_with(entry_ids: Iterable[int]) -> set[int]:
    """Return the ids of the live subscriptions that contain any of the entries."""
    found: set[int] = set()
    for some in portions(entry_ids):
        holding = feeds_holding(EntryAudience.entry_id.in_(some))
        query = select(Subscription.id).where(
            Subscription.id.in_(holding), Subscription.revoked_at.is_(None)
        )
        found.update(db.session.scalars(query))
    return found


def feeds_holding(condition: ColumnElement[bool]) -> Select[int]:
    """Return the query for the ids of feeds with such an entry, their own or of whom they follow.

    The condition is one on `EntryAudience`.
    """
    held = union(*(query.where(condition) for query in (_direct(_ID), _followed(_ID)))).subquery()
    return select(held.c.id)


def holdings(condition: ColumnElement[bool]) -> Subquery:
    """Return the query for which feeds hold which such entries: `feed_id`, `entry_id`.

    The condition is one on `EntryAudience`.
    """
    columns = (_ID.label("feed_id"), EntryAudience.entry_id)
    return union(
        *(query.where(condition) for query in (_direct(*columns), _followed(*columns)))
    ).subquery()


def contents_of(subscription_ids: list[int], *, now: dt.datetime) -> dict[int, list[Included]]:
    """Return what each feed may contain, the latest if there are too many, in an order that stays.

    Choices of owners are not looked at here. Two queries, however many feeds.
    """
    by_feed = _by_feed(
        Subscription.id.in_(subscription_ids),
        CalendarEntry.ends_at > now - dt.timedelta(days=KEPT_DAYS),
    )
    return {feed_id: list(found.values()) for feed_id, found in by_feed.items()}


def coming(
    condition: ColumnElement[bool], *, now: dt.datetime, until: dt.datetime
) -> dict[int, Contents]:
    """Return what live feeds with the condition may contain that starts after now, by feed."""
    return _by_feed(
        condition,
        Subscription.revoked_at.is_(None),
        CalendarEntry.status != Status.CANCELLED,
        CalendarEntry.starts_at > now,
        CalendarEntry.starts_at <= until,
    )


def chosen(included: Iterable[Included], choice: Choice) -> list[Included]:
    """Return what an owner's choice leaves, the latest if there are too many, by entry."""
    wanted = [
        each for each in included if choice.includes(each.kind, is_cancelled=each.is_cancelled)
    ]
    latest = sorted(wanted, key=attrgetter("ends_at", "entry_id"), reverse=True)[:MOST_ENTRIES]
    return sorted(latest, key=attrgetter("entry_id"))


def _by_feed(*conditions: ColumnElement[bool]) -> dict[int, Contents]:
    """Return what feeds hold under the conditions, their own and of whom they follow."""
    by_feed: dict[int, Contents] = defaultdict(dict)
    columns = (
        Subscription.id,
        CalendarEntry.id,
        CalendarEntry.ends_at,
        CalendarEntry.kind,
        CalendarEntry.status,
    )
    for query in (_direct(*columns), _followed(*columns, Following.label)):
        entries = query.join(CalendarEntry, CalendarEntry.id == EntryAudience.entry_id)
        for feed_id, *facts in db.session.execute(entries.where(*conditions)):
            _include(by_feed[feed_id], *facts)
    return by_feed


def _include(
    contents: Contents,
    entry_id: int,
    ends_at: dt.datetime,
    kind: EntryKind,
    status: Status,
    label: str = "",
) -> None:
    known = contents.setdefault(
        entry_id, Included(entry_id, ends_at, kind, status is Status.CANCELLED)
    )
    if label:
        known.labels |= {label}


def _direct(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Subscription)
        .join(
            EntryAudience,
            and_(
                EntryAudience.kind == Subscription.audience_kind,
                EntryAudience.key == Subscription.audience_key,
            ),
        )
    )


def _followed(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Subscription)
        .join(
            Following,
            and_(
                Following.follower_kind == Subscription.audience_kind,
                Following.follower_key == Subscription.audience_key,
            ),
        )
        .join(
            EntryAudience,
            and_(EntryAudience.kind == Following.kind, EntryAudience.key == Following.key),
        )
    )
