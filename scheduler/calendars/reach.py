"""How far a published set has come: how many subscribed calendars hold it. Counts, never people."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import case, func, select

from scheduler.calendars.contents import feeds_holding
from scheduler.calendars.entries import Scope
from scheduler.calendars.models import CalendarEntry, EntryAudience, FeedFetch, Subscription
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
    entries = select(CalendarEntry.id).where(
        CalendarEntry.scope_kind == scope.kind, CalendarEntry.scope_key == scope.key
    )
    holding = feeds_holding(EntryAudience.entry_id.in_(entries))
    fetched = (
        select(
            Subscription.id,
            func.max(case((FeedFetch.etag == Subscription.etag, 1), else_=0)).label("is_current"),
            func.max(FeedFetch.fetched_on).label("last_on"),
        )
        .join(FeedFetch, FeedFetch.subscription_id == Subscription.id)
        .where(Subscription.revoked_at.is_(None), Subscription.id.in_(holding))
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
