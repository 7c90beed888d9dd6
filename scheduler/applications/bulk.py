"""Writes many rows at once, past the unit of work: for rosters of thousands of pupils."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table

from scheduler.database import Model, db

Rows = Iterator[tuple[Any, ...]]


def insert_rows(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows, which all have the same keys; columns without a key are NULL.

    Objects loaded before do not know of them; whoever needs ids asks for them after.
    """
    if not rows:
        return
    table = cast("Table", model.__table__)
    connection = db.session.connection()
    write = _copy if connection.dialect.name == "postgresql" else _insert
    write(connection, table, list(rows[0]), _converted(connection, table, rows))


def _copy(connection: Connection, table: Table, names: list[str], rows: Rows) -> None:
    """Send the rows by COPY: PostgreSQL takes them in a fifth of the time of as many INSERTs."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, names))
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {quote(table.name)} ({columns}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _insert(connection: Connection, table: Table, names: list[str], rows: Rows) -> None:
    """Hand the rows to the driver as they are: compiling each one costs more than writing it."""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, names))
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks})"  # noqa: S608
    connection.exec_driver_sql(statement, list(rows))


def _converted(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> Rows:
    """Return the rows' values as the driver takes them, in the order of the first one's keys."""
    converters = [(name, _converter(connection, table, name)) for name in rows[0]]
    for row in rows:
        yield tuple(
            row[name] if convert is None or row[name] is None else convert(row[name])
            for name, convert in converters
        )


def _converter(connection: Connection, table: Table, name: str) -> Callable[[Any], Any] | None:
    """Return how SQLAlchemy would turn the column's values into the driver's."""
    dialect = connection.dialect
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
