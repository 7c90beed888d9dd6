"""Reads stored feeds at the least cost: the statement is compiled once, the driver does the rest.

SQLAlchemy's connections would begin a transaction and build a result for one row of four columns,
which takes longer than everything else that the door does.
"""

import datetime as dt
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import Engine, bindparam, create_engine, event, select
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


class StoredFeeds:
    """The feeds of an application's database."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._engine: Engine | None = None
        self._reader: Engine | None = None
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
        try:
            reader = self._reading_engine()
            statement = self._statement(reader, query)
            arguments: Any = (wanted,) if reader.dialect.positional else {"wanted": wanted}
            try:
                return _fetch(reader, statement, arguments)
            except reader.dialect.loaded_dbapi.Error:
                # A kept connection may have ended since its last use; a fresh one tells for sure.
                return _fetch(reader, statement, arguments)
        except (SQLAlchemyError, self.engine().dialect.loaded_dbapi.Error) as error:
            raise UnreadableError from error

    def _reading_engine(self) -> Engine:
        if self._reader is None:
            self._reader = _reading(self.engine())
        return self._reader

    def _statement(self, engine: Engine, query: Query) -> str:
        known = self._statements.get(id(query))
        if known is None:
            known = self._statements[id(query)] = str(query.compile(dialect=engine.dialect))
        return known


def _reading(engine: Engine) -> Engine:
    """Return an engine for single statements; it ends when the application's engine ends.

    A server would be asked four times for one row: whether it is there, to begin, the row, to
    roll back. These connections ask once. SQLite has no journeys to save.
    """
    if engine.dialect.name == "sqlite":
        return engine
    reader = create_engine(
        engine.url,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        pool_use_lifo=True,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )
    event.listen(engine, "engine_disposed", lambda _engine: reader.dispose())
    return reader


def _fetch(engine: Engine, statement: str, arguments: Any) -> Any:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(statement, arguments)
        return cursor.fetchone()
    except engine.dialect.loaded_dbapi.Error:
        connection.invalidate()
        raise
    finally:
        connection.close()


def _as_facts(row: Any) -> FeedFacts:
    return FeedFacts(row[0], row[1], _as_instant(row[2]), row[3] is not None)


def _as_instant(stored: Any) -> dt.datetime:
    if isinstance(stored, str):  # SQLite keeps text, in UTC
        return dt.datetime.fromisoformat(stored).replace(tzinfo=dt.UTC)
    instant: dt.datetime = stored
    return instant
