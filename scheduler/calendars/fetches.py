"""Which versions of feeds are fetched, by day and family of clients: noted, and written later.

Nothing personal is kept: no address, no User-Agent, no time finer than the last of a day.
"""

import datetime as dt
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wsgi import ClosingIterator

from scheduler import clock
from scheduler.calendars.models import FeedFetch, Subscription
from scheduler.database import db

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

WRITE_EVERY = dt.timedelta(seconds=30)
MOST_PER_MINUTE = 120
"""Fetches of one feed that one process answers in a minute; the eagerest client asks for one."""

_FAMILIES = (
    ("google", "google"),
    ("thunderbird", "thunderbird"),
    ("evolution", "evolution"),
    ("nextcloud", "nextcloud"),
    ("icsx5", "icsx5"),
    ("davx5", "davx5"),
    ("vdirsyncer", "vdirsyncer"),
    ("microsoft", "outlook"),
    ("outlook", "outlook"),
    ("dataaccessd", "apple"),
    ("calendaragent", "apple"),
    ("ios/", "apple"),
    ("macos", "apple"),
    ("mozilla", "browser"),
)

_log = logging.getLogger(__name__)


class Fetch(NamedTuple):
    """What is told apart when fetches are counted."""

    subscription_id: int
    fetched_on: dt.date
    client: str
    etag: str


@lru_cache(maxsize=1_024)
def client_family(user_agent: str) -> str:
    """Return the family of a client, the only thing that is kept of its User-Agent."""
    lowered = user_agent.lower()
    return next((family for sign, family in _FAMILIES if sign in lowered), "other")


def last_fetches(subscription_ids: list[int]) -> dict[int, list[tuple[str, dt.date]]]:
    """Return by feed which families of clients fetched it, each with its last day; newest first."""
    query = (
        select(FeedFetch.subscription_id, FeedFetch.client, func.max(FeedFetch.fetched_on))
        .where(FeedFetch.subscription_id.in_(subscription_ids))
        .group_by(FeedFetch.subscription_id, FeedFetch.client)
        .order_by(func.max(FeedFetch.fetched_on).desc(), FeedFetch.client)
    )
    found: dict[int, list[tuple[str, dt.date]]] = defaultdict(list)
    for subscription_id, client, day in db.session.execute(query):
        found[subscription_id].append((client, day))
    return found


class FetchNotes:
    """Counts fetches in memory; now and then they are written in one statement.

    A process that is killed loses what it noted in the last half minute; nobody is misled by it.
    """

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._counts: dict[Fetch, int] = defaultdict(int)
        self._last: dict[Fetch, dt.datetime] = {}
        self._write_at: dt.datetime | None = None
        self._minute: dt.datetime | None = None
        self._in_minute: dict[int | str, int] = defaultdict(int)

    def note(self, fetch: Fetch, now: dt.datetime, *, most: int = MOST_PER_MINUTE) -> bool:
        """Count a fetch; tell whether this feed may be fetched so often: `most` in a minute."""
        with self._lock:
            self._counts[fetch] += 1
            self._last[fetch] = now
            self._write_at = self._write_at or now + WRITE_EVERY
            return self._in_this_minute(fetch.subscription_id, now) <= most

    def is_seldom(self, what: str, *, most: int = MOST_PER_MINUTE) -> bool:
        """Count a question that fetches no feed; tell whether it may be asked so often."""
        with self._lock:
            return self._in_this_minute(what, clock.now()) <= most

    def note_poll(
        self,
        environ: "WSGIEnvironment",
        subscription_id: int,
        etag: str,
        *,
        most: int = MOST_PER_MINUTE,
    ) -> bool:
        """Count what a program asks for at this moment, as `note` does."""
        now = clock.now()
        family = client_family(environ.get("HTTP_USER_AGENT", ""))
        return self.note(Fetch(subscription_id, now.date(), family, etag), now, most=most)

    def written_after(self, sent: list[bytes]) -> Iterable[bytes]:
        """Return what is sent; if writing is due, it is done once that is sent."""
        return ClosingIterator(sent, self.write) if self.is_due(clock.now()) else sent

    def is_due(self, now: dt.datetime) -> bool:
        """Tell one caller in half a minute to `write`, once its answer is sent."""
        with self._lock:
            is_due = self._write_at is not None and now >= self._write_at
            if is_due:
                self._write_at = None
            return is_due

    def write(self) -> None:
        """Add what was noted to the table. Counts that cannot be written are given up."""
        with self._lock:
            counts, last = self._counts, self._last
            self._counts, self._last = defaultdict(int), {}
        rows = [
            {**fetch._asdict(), "fetches": count, "last_at": last[fetch]}
            for fetch, count in sorted(counts.items())
        ]
        try:
            self._add(rows)
        except SQLAlchemyError:
            _log.warning("notes of %d feed fetches were lost", len(rows), exc_info=True)

    def _in_this_minute(self, what: int | str, now: dt.datetime) -> int:
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self._in_minute.clear()
        self._in_minute[what] += 1
        return self._in_minute[what]

    def _add(self, rows: list[dict[str, Any]]) -> None:
        engine = self._engine()
        insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
        statement = insert(FeedFetch)
        added = statement.on_conflict_do_update(
            index_elements=list(Fetch._fields),
            set_={
                "fetches": FeedFetch.fetches + statement.excluded.fetches,
                "last_at": statement.excluded.last_at,
            },
        )
        with engine.connect().execution_options(scheduler_writes=True) as connection:
            wanted = {row["subscription_id"] for row in rows}
            known = set(
                connection.scalars(select(Subscription.id).where(Subscription.id.in_(wanted)))
            )
            if kept := [row for row in rows if row["subscription_id"] in known]:
                connection.execute(added, kept)
            connection.commit()
