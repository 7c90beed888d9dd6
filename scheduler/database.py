"""Model base, column types and the transaction: what every room's models stand on."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import StrEnum
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, TypeDecorator, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, registry

from scheduler.errors import NotFound
from scheduler.turns import LONGEST_WAIT_SECONDS, turn

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


AFTER_COMMIT = "after_commit"


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant. Refuses naive values on the way in, gives aware UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Store UTC; SQLite keeps no zone, so the stored wall time must be UTC there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A naive date-time is no instant; give it a zone.")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> dt.datetime | None:
        """Give the instant back in UTC, whatever the server's session zone is."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Model(DeclarativeBase):
    """Base of every table; constraint names follow the convention, so that errors can be mapped."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            dt.datetime: UtcDateTime,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            dict[str, str]: JSON,
            list[str]: JSON,
        },
    )


Row = TypeVar("Row", bound=Model)

db = SQLAlchemy(model_class=Model)


def stored_enum(enum: type[StrEnum], name: str) -> Enum:
    """A column type that stores the enum's words and checks them in the database."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


@event.listens_for(Engine, "connect")
def _prepare(dbapi_connection: Any, _record: Any) -> None:
    """Wait for another writer, but not for ever; on SQLite: foreign keys on, and WAL."""
    patience = int(LONGEST_WAIT_SECONDS * 1000)
    if type(dbapi_connection).__module__.partition(".")[0] != "sqlite3":
        dbapi_connection.execute(f"SET lock_timeout = {patience}")
        dbapi_connection.commit()
        return
    # SQLAlchemy begins the transaction itself (below), so that a reader who turns writer
    # cannot be refused in the middle by another writer's snapshot.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute(f"PRAGMA busy_timeout={patience}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    """Begin as a writer where the execution option asks for it, else as a reader."""
    if connection.dialect.name != "sqlite":
        return
    writes = connection.get_execution_options().get("scheduler_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction() -> Iterator[None]:
    """Commit everything that the block wrote, or nothing of it.

    A reading transaction that is open (the guard looked up the account, say) is ended first, so
    that the block sees the present state and, on SQLite, holds the write lock from its first
    statement: two writers queue up instead of one of them failing late. Loaded objects are
    refreshed on their next use. Nested use is an error: one request, one transaction.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        raise RuntimeError("transaction() does not nest: views and tasks commit once.")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Something was changed before the transaction began.")
    session.info["in_transaction"] = True
    try:
        session.rollback()
        with _turn():
            session.connection(execution_options={"scheduler_writes": True})
            yield
            session.commit()
        callbacks: list[Callable[[], None]] = session.info.pop(AFTER_COMMIT, [])
    except BaseException:
        session.rollback()
        session.info.pop(AFTER_COMMIT, None)
        raise
    finally:
        session.info["in_transaction"] = False
    for callback in callbacks:
        callback()


def held(model: type[Row], row_id: int) -> Row:
    """Return the row as it is now, held until the transaction ends; raises `NotFound` if gone."""
    # Not by `get`, which refuses a row whose version rose since it was loaded: whoever has waited
    # for another's step shall see what it left, and judge that.
    key = model.__mapper__.primary_key[0]
    query = select(model).where(key == row_id).with_for_update(of=model)
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _turn() -> AbstractContextManager[None]:
    url = db.engine.url
    is_file = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    return turn(str(url.database)) if is_file else nullcontext()


def after_commit(callback: Callable[[], None]) -> None:
    """Call back once the transaction in progress is committed; never if it is rolled back.

    The same callback is called once, however often it was asked for.
    """
    callbacks: list[Callable[[], None]] = db.session().info.setdefault(AFTER_COMMIT, [])
    if callback not in callbacks:
        callbacks.append(callback)
