"""Alembic's side of the database: the models' metadata, on the application's own engine."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from scheduler import models
from scheduler.database import UtcDateTime, db

metadata = models.metadata
engine = db.engine


def _plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as what the database knows, so that migrations never break."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew: foreign keys rest meanwhile, or rows go with it.

    The switch works only outside a transaction, so it is turned on the driver's own connection.
    Whatever points nowhere afterwards stops the migration before anything is committed.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"The migration leaves rows that point nowhere: {broken[:5]}")


with engine.connect() as connection, _tables_may_be_rebuilt(connection):
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_plain_type,
        transactional_ddl=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
        _check_foreign_keys(connection)
