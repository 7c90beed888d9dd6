"""The demo, loaded once for all tests that only read it, on each chosen kind of database."""

import datetime as dt

import pytest

from scheduler import clock
from scheduler.database import db
from tests.conftest import new_app
from tests.support import databases

LOADED_AT = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def pytest_generate_tests(metafunc):
    if "demo_kind" in metafunc.fixturenames:
        kinds = databases.kinds_for(metafunc.definition, metafunc.config.getoption("database"))
        metafunc.parametrize("demo_kind", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def demo_kind(request):
    return request.param


@pytest.fixture(scope="session")
def demo_loaded(demo_kind, request, tmp_path_factory, worker_id):
    """The application whose database the command has filled, and what the command has said."""
    if demo_kind == "sqlite":
        database = databases.SqliteDatabase(tmp_path_factory.mktemp("demo") / "demo.sqlite3")
    else:
        server = request.getfixturevalue("postgresql_server")
        database = databases.PostgresqlDatabase(server, f"demo_{worker_id}")
    app = new_app(database.url)
    databases.migrate(app)
    clock.freeze(LOADED_AT)
    done = app.test_cli_runner().invoke(args=["demo", "load", "--no-timetable"])
    clock.freeze(None)
    assert done.exit_code == 0, done.output
    yield app, done.output
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def demo(demo_loaded):
    """The session of the loaded demo. Tests read it and change nothing."""
    app, _said = demo_loaded
    with app.app_context():
        yield db.session
        db.session.rollback()
