"""The demo, loaded once for all tests that only read it, on each chosen kind of database."""

import datetime as dt

import pytest

from scheduler import clock
from scheduler.database import db
from scheduler.demo import loading
from tests.conftest import new_app
from tests.support import databases

LOADED_AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def pytest_generate_tests(metafunc):
    if "demo_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("database")
        kinds = databases.KINDS if chosen == "both" else (chosen,)
        metafunc.parametrize("demo_kind", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def demo_kind(request):
    return request.param


@pytest.fixture(scope="session")
def demo_app(demo_kind, request, tmp_path_factory, worker_id):
    if demo_kind == "sqlite":
        database = databases.SqliteDatabase(tmp_path_factory.mktemp("demo") / "demo.sqlite3")
    else:
        server = request.getfixturevalue("postgresql_server")
        database = databases.PostgresqlDatabase(server, f"demo_{worker_id}")
    app = new_app(database.url)
    databases.migrate(app)
    clock.freeze(LOADED_AT)
    with app.app_context():
        loading.load(with_timetable=False)
        db.session.remove()
    clock.freeze(None)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def demo(demo_app):
    """The session of the loaded demo. Tests read it and change nothing."""
    with demo_app.app_context():
        yield db.session
        db.session.rollback()
