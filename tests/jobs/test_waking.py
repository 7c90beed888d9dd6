"""The worker is woken although a connection was cut; a queue that is gone fails nobody."""

import sqlite3

import psycopg
import pytest

from scheduler.task_queue import make_queue, wake
from tests.support import databases

GONE = {"sqlite": sqlite3.OperationalError, "postgresql": psycopg.OperationalError}


@pytest.fixture
def queue(app, database, tmp_path, monkeypatch):
    """A real queue, as a deployment has it, with one task that does nothing."""
    made = make_queue(database.url, tmp_path)
    made.flush()
    monkeypatch.setitem(
        app.extensions["tasks"], "job", made.task(name="nothing")(lambda _ref: None)
    )
    yield made
    made.storage.close()


def test_a_connection_that_was_cut_is_opened_anew(app, queue, session, database):
    if database.kind != "postgresql":
        pytest.skip("SQLite has no connections to cut")
    wake("job", "J-1")
    databases.cut_connections(session)
    wake("job", "J-2")
    assert [message.args for message in queue.pending()] == [("J-1",), ("J-2",)]


def test_a_queue_that_takes_no_message_fails_nobody(queue, session, database, monkeypatch):
    def refuse(*_):
        raise GONE[database.kind]("gone")

    monkeypatch.setattr(queue.storage, "enqueue", refuse)
    wake("job", "J-1")
    assert queue.pending() == []
