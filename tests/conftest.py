"""Fixtures for every room: databases, application, checking client, clock, servers, browser."""

import datetime as dt
import gc
import os
import secrets
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

# Before anything reads the settings file: a test run keeps its secrets and mails to itself, in
# one folder that its worker processes share and its first process removes.
if "TEST_RUN" not in os.environ:
    os.environ["TEST_RUN"] = tempfile.mkdtemp(prefix="scheduler-tests-")
RUN = Path(os.environ["TEST_RUN"])
IS_FIRST = "PYTEST_XDIST_WORKER" not in os.environ
# Compiled templates: an application has hundreds, and a run makes dozens of applications.
TEMPLATES = RUN / "templates"
TEMPLATES.mkdir(exist_ok=True)
os.environ["INSTANCE_PATH"] = str(RUN / os.environ.get("PYTEST_XDIST_WORKER", "first"))
for inherited in ("DATABASE_URL", "SECRET_KEY", "ENCRYPTION_KEY", "MAIL_URL", "PUBLIC_URL", "DEMO"):
    os.environ.pop(inherited, None)
# Programs that tests start shall not compile the whole house each time: where bytecode may not lie
# beside the sources, it lies in the run's folder.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    os.environ["PYTHONPYCACHEPREFIX"] = str(RUN / "bytecode")

import pytest
from argon2 import PasswordHasher
from flask import has_app_context
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.engine import Engine

from scheduler import clock
from scheduler.accounts import passwords
from scheduler.accounts.models import SignInSession
from scheduler.accounts.sign_in import hash_of
from scheduler.app import create_app
from scheduler.calendars.fetches import FetchNotes
from scheduler.database import db
from scheduler.extensions import limiter
from tests.support import databases
from tests.support.client import CheckedResponse, CheckingClient, SecondClient

# A machine may be busy: how long an example takes says nothing about the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

# In tests argon2 is a light one: hundreds sign in, for a tenth of a second each by design.
HEAVY = passwords._hasher, passwords._NOBODYS
LIGHT = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
passwords._hasher, passwords._NOBODYS = LIGHT, LIGHT.hash("nobody's")

pytest_plugins = ["tests.support.browser", "tests.support.servers"]


def pytest_addoption(parser):
    parser.addoption(
        "--database",
        choices=[*databases.KINDS, "both", "shared"],
        default=os.environ.get("TEST_DATABASE", "sqlite"),
        help="what tests with a database run on (default: sqlite)",
    )


def pytest_unconfigure():
    if IS_FIRST:
        shutil.rmtree(RUN, ignore_errors=True)


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        kinds = databases.kinds_for(metafunc.definition, metafunc.config.getoption("database"))
        metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture(scope="session")
def heavy_passwords():
    """How passwords are kept outside tests, and nobody's hash."""
    return HEAVY


@pytest.fixture(scope="session")
def worker_id(request):
    """`gw0`, `gw1`, … under pytest-xdist, else `master`."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory):
    with closing(
        databases.SqliteDatabase(tmp_path_factory.mktemp("sqlite") / "test.sqlite3")
    ) as made:
        yield made


@pytest.fixture(scope="session")
def postgresql_server():
    """The address of a real PostgreSQL, started for this run; no database in it is ours yet."""
    # Not below pytest's own folder: that is closed to other users, and a server that root
    # starts runs as another user.
    with databases.postgresql(RUN) as uri:
        yield uri


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server, worker_id):
    with closing(databases.PostgresqlDatabase(postgresql_server, f"test_{worker_id}")) as made:
        yield made


@pytest.fixture
def database(request):
    """The database this test runs on; asking for it runs the test on each chosen kind."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture(scope="session")
def _applications():
    """One application per database: making one costs more than emptying its tables."""
    made = {}
    yield made
    for app in made.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(database, _applications, request):
    """The application on a migrated, empty database. Jobs run at once, in the caller."""
    app = _applications.get(database.url)
    if app is None:
        app = new_app(database.url)
        databases.migrate(app)
        _applications[database.url] = app
        gc.freeze()  # what an application is made of stays: nobody need look through it again
    kinds = databases.kinds_for(request.node, request.config.getoption("database"))
    app.test_client_class = CheckingClient if database.kind == kinds[0] else SecondClient
    database.empty()
    with app.app_context():
        limiter.reset()
    door = app.extensions["feed_door"]
    door.notes = FetchNotes(door.feeds.engine)  # tests share minutes that stand still
    yield app
    clock.freeze(None)


@pytest.fixture
def queries():
    """The statements that have been run, as a list that grows."""
    run = []

    def note(_connection, _cursor, statement, *_):
        run.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield run
    event.remove(Engine, "before_cursor_execute", note)


NO_DATABASE = "sqlite:////dev/null/none"
"""For tests that ask no database: whoever opened this one would fail."""


def new_app(database_url, **settings):
    """An application for tests; `settings` win over the test defaults."""
    defaults = {
        "TESTING": True,
        "DATABASE_URL": database_url,
        "QUEUE_IN_MEMORY": True,
        "WTF_CSRF_ENABLED": False,
        "SERVER_NAME": None,
        "LOG_LEVEL": "WARNING",
        "DEMO": False,
    }
    app = create_app(**(defaults | settings))
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(TEMPLATES))
    app.test_client_class = CheckingClient
    app.response_class = CheckedResponse
    return app


@pytest.fixture
def app_with(database):
    """Make further applications on this database, each with its own settings."""
    made = []

    def make(**settings):
        made.append(new_app(database.url, **settings))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def session(app):
    """The database session, inside an application context that lasts as long as the test."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def client(app):
    """A browser without a session; every HTML answer it gets is checked."""
    return app.test_client()


@pytest.fixture
def sign_in(app):
    """A function that returns a client signed in as the account: `sign_in(officer)`."""

    def open_session(account, client=None):
        client = client or app.test_client()
        token = secrets.token_urlsafe(16)
        account_id = account.id
        if has_app_context():
            db.session.commit()  # what the test has added is there, and locks nobody out
        with app.app_context():
            begin_quietly(account_id, token)
            db.session.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        return client

    return open_session


def begin_quietly(account_id, token):
    """Add the session row that signing in with a password would add, without the cost of argon2."""
    now = clock.now()
    db.session.add(
        SignInSession(
            account_id=account_id,
            token_hash=hash_of(token),
            created_at=now,
            expires_at=now + dt.timedelta(hours=12),
        )
    )


@pytest.fixture
def frozen():
    """A function that holds the clock at an instant: `frozen(2027, 3, 1, 8)` is UTC."""

    def hold(*parts, **changes):
        instant = (
            dt.datetime(*parts, tzinfo=dt.UTC) if parts else clock.now() + dt.timedelta(**changes)
        )
        clock.freeze(instant)
        return instant

    yield hold
    clock.freeze(None)
