"""Reads stored feeds at the least cost: the statement is compiled once, the driver does the rest.

SQLAlchemy's connections would begin a transaction and build a result for one row of four columns,
which takes longer than everything else that the door does. So would its pool, with its records and
resets, for statements that leave nothing behind.
"""

import datetime as dt
from collections import deque
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import Engine, NullPool, bindparam, create_engine, event, select
from sqlalchemy.exc import SQLAlchemyError

from scheduler.calendars.encodings import COLUMNS, Encoding
from scheduler.calendars.models import Subscription
from scheduler.database import db

_VERSION = (Subscription.id, Subscription.etag, Subscription.modified_at, Subscription.revoked_at)
_FACTS = select(*_VERSION).where(Subscription.token_digest == bindparam("wanted"))
_BODIES = {
    encoding: select(*_VERSION, getattr(Subscription, column)).where(
        Subscription.id == bindparam("wanted")
    )
    for encoding, column in COLUMNS.items()
}
CONNECT_SECONDS = 3
"""A server that does not answer is given up after this; what was sent last answers instead."""

Query = Any
"""A select; SQLAlchemy types each by its columns."""


class UnreadableError(Exception):
    """The database does not answer."""


class FeedFacts(NamedTuple):
    """What a poll needs to know of a feed."""

    id: int
    etag: str
    modified_at: dt.datetime
    is_revoked: bool


class Readers:
    """The driver's connections for single statements: whoever reads takes one that is idle.

    There are as many as read at once; they end when the application's engine ends.
    """

    def __init__(self, engine: Engine) -> None:
        self.dialect = engine.dialect
        self._errors: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._engine = _reading(engine)
        self._idle: deque[Any] = deque()
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def row(self, statement: str, arguments: Any) -> Any:
        """Return the first row, or None. Raises the driver's or SQLAlchemy's error."""
        try:
            kept = self._idle.pop()
        except IndexError:
            return self._asked(self._opened(), statement, arguments)
        try:
            return self._asked(kept, statement, arguments)
        except self._errors:
            # It may have ended since its last use, and the others with it: a fresh one tells.
            self.close()
            return self._asked(self._opened(), statement, arguments)

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    def _opened(self) -> Any:
        pooled = self._engine.raw_connection()
        connection = pooled.dbapi_connection
        pooled.detach()
        return connection

    def _asked(self, connection: Any, statement: str, arguments: Any) -> Any:
        try:
            cursor = connection.cursor()
            cursor.execute(statement, arguments)
            row = cursor.fetchone()
            cursor.close()
        except self._errors:
            connection.close()
            raise
        self._idle.append(connection)
        return row


class StoredFeeds:
    """The feeds of an application's database."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._engine: Engine | None = None
        self._readers: Readers | None = None
        self._statements: dict[int, str] = {}

    def engine(self) -> Engine:
        """Return the application's engine; asked for late, because every process has its own."""
        if self._engine is None:
            with self._app.app_context():
                self._engine = db.engine
        return self._engine

    def facts(self, digest: str) -> FeedFacts | None:
        """Return the version of the feed with the token's digest. One indexed look-up."""
        row = self._row(_FACTS, digest)
        return _as_facts(row) if row else None

    def body(self, feed_id: int, encoding: Encoding) -> tuple[FeedFacts, bytes] | None:
        """Return a feed's version and its octets in an encoding, both of one moment."""
        row = self._row(_BODIES[encoding], feed_id)
        return (_as_facts(row), bytes(row[4])) if row else None

    def _row(self, query: Query, wanted: str | int) -> Any:
        """Return the only row of a query. Raises `UnreadableError`."""
        if self._readers is None:
            self._readers = Readers(self.engine())
        dialect = self._readers.dialect
        arguments: Any = (wanted,) if dialect.positional else {"wanted": wanted}
        try:
            return self._readers.row(self._statement(query), arguments)
        except (SQLAlchemyError, dialect.loaded_dbapi.Error) as error:
            raise UnreadableError from error

    def _statement(self, query: Query) -> str:
        known = self._statements.get(id(query))
        if known is None:
            dialect = self.engine().dialect
            known = self._statements[id(query)] = str(query.compile(dialect=dialect))
        return known


def _reading(engine: Engine) -> Engine:
    """Return an engine whose connections run each statement by itself.

    A server would be asked four times for one row: whether it is there, to begin, the row, to
    roll back. These connections ask once. SQLite has no journeys to save.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return create_engine(
        engine.url,
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )


def _as_facts(row: Any) -> FeedFacts:
    return FeedFacts(row[0], row[1], _as_instant(row[2]), row[3] is not None)


def _as_instant(stored: Any) -> dt.datetime:
    if isinstance(stored, str):  # SQLite keeps text, in UTC
        return dt.datetime.fromisoformat(stored).replace(tzinfo=dt.UTC)
    instant: dt.datetime = stored
    return instant
