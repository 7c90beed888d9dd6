"""What a load balancer is told: database, tables of this release, a worker that lives."""

import pytest
from sqlalchemy import text

from scheduler import readiness
from scheduler.database import db
from scheduler.task_queue import make_queue


@pytest.fixture
def queue(database, tmp_path):
    """The queue that this database would have in production."""
    made = make_queue(database.url, tmp_path)
    yield made
    made.storage.delete_data(readiness._KEY)
    made.storage.close()


def test_the_process_is_alive_without_asking_anything(client):
    assert client.get("/healthz").text == "ok\n"


def test_all_is_well(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"database": True, "migrations": True, "worker": True},
    )


def test_tables_of_another_release_are_not_ready(session, client):
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = client.get("/readyz")
    session.execute(
        text("UPDATE alembic_version SET version_num = :head"), {"head": readiness._newest()[0]}
    )
    session.commit()
    assert (answer.status_code, answer.json["migrations"]) == (503, False)


def test_a_database_without_tables_is_not_ready(tmp_path, app):
    from tests.conftest import new_app

    other = new_app(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    with other.app_context():
        assert readiness.is_migrated() is False
        db.session.remove()
        db.engine.dispose()


def test_a_worker_that_was_never_seen_is_missing(queue):
    assert readiness.has_worker(queue) is False


def test_a_worker_is_there_until_it_has_been_silent_for_long(queue, frozen):
    frozen(2027, 3, 1, 8)
    readiness.beat(queue)
    frozen(2027, 3, 1, 8, 0, 44)
    assert readiness.has_worker(queue) is True
    frozen(2027, 3, 1, 8, 0, 45)
    assert readiness.has_worker(queue) is False


def test_without_a_worker_the_page_says_so(app, client, queue, monkeypatch):
    monkeypatch.setitem(app.extensions["readiness"], "worker", lambda: readiness.has_worker(queue))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["worker"]) == (503, False)
