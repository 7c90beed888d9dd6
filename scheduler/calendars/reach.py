"""How far a published set has come: how many subscribed calendars hold it. Counts, never people."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from scheduler.calendars.entries import Scope
from scheduler.calendars.models import (
    CalendarEntry,
    EntryAudience,
    FeedFetch,
    Following,
    Subscription,
)
from scheduler.database import db

FEWEST = 5
"""Of fewer calendars nothing is said: a share of three would tell about a person."""
DAILY = dt.timedelta(days=1)
SILENT = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reach:
    """The calendars that were ever fetched (`subscribed`); how many of them hold what stands now.

    `daily` were fetched today or yesterday, `silent` not for a week.
    """

    subscribed: int
    current: int
    daily: int
    silent: int

    @property
    def is_told(self) -> bool:
        """Tell whether there are enough of them to say anything."""
        return self.subscribed >= FEWEST

    def percent(self, count: int) -> int:
        """Return a count as whole per cent of all, rounded down: 100 means really all."""
        return 100 * count // self.subscribed if self.subscribed else 0


def reach_of(scope: Scope, *, now: dt.datetime) -> Reach:
    """Return how far what stands in a scope has come. One query."""
    today = now.date()
    fetched = (
        select(
            Subscription.id,
            func.max(case((FeedFetch.etag == Subscription.etag, 1), else_=0)).label("is_current"),
            func.max(FeedFetch.fetched_on).label("last_on"),
        )
        .join(FeedFetch, FeedFetch.subscription_id == Subscription.id)
        .where(Subscription.revoked_at.is_(None), _holds(scope))
        .group_by(Subscription.id)
        .subquery()
    )
    row = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(fetched.c.is_current), 0),
            func.coalesce(func.sum(case((fetched.c.last_on >= today - DAILY, 1), else_=0)), 0),
            func.coalesce(func.sum(case((fetched.c.last_on < today - SILENT, 1), else_=0)), 0),
        ).select_from(fetched)
    ).one()
    return Reach(*map(int, row))


def _holds(scope: Scope) -> ColumnElement[bool]:
    """Hold for feeds with an entry of the scope, their own or of somebody they follow."""
    of_scope = (
        select(EntryAudience.entry_id)
        .join(CalendarEntry, CalendarEntry.id == EntryAudience.entry_id)
        .where(CalendarEntry.scope_kind == scope.kind, CalendarEntry.scope_key == scope.key)
    )
    own = of_scope.where(
        EntryAudience.kind == Subscription.audience_kind,
        EntryAudience.key == Subscription.audience_key,
    )
    followed = of_scope.join(
        Following, and_(Following.kind == EntryAudience.kind, Following.key == EntryAudience.key)
    ).where(
        Following.follower_kind == Subscription.audience_kind,
        Following.follower_key == Subscription.audience_key,
    )
    return or_(exists(own.correlate(Subscription)), exists(followed.correlate(Subscription)))
