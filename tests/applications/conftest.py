"""One programme with a category of two places, one school, and whoever acts in it."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from scheduler import database as stored
from scheduler import turns
from scheduler.database import db, transaction
from scheduler.errors import Conflict, Refused
from tests.applications.making import (
    coordinator_of,
    make_category,
    make_programme,
    make_school,
    officer_of,
)


@pytest.fixture
def festival(session):
    """`programme`, `category` (2 places), `school`, and the accounts `officer`, `coordinator`."""
    programme = make_programme()
    category = make_category(programme)
    school = make_school()
    made = SimpleNamespace(
        programme=programme,
        category=category,
        school=school,
        officer=officer_of(school),
        coordinator=coordinator_of(programme),
    )
    session.commit()
    return made


@pytest.fixture
def count_queries():
    """`with count_queries() as counted:` then `counted.statements`, of all connections."""

    @contextmanager
    def counting():
        counted = SimpleNamespace(statements=[])

        def note(_connection, _cursor, statement, *_):
            counted.statements.append(statement.partition("\n")[0])

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def rush(festival, app):
    """`run(function, arguments)`: every call in a thread, context and connection of its own."""

    def run(function, arguments):
        together = threading.Barrier(len(arguments))

        def one(argument):
            with app.app_context():
                together.wait()
                try:
                    with transaction():
                        return function(argument)
                except Refused as refused:
                    return refused.code
                except Conflict:
                    return "stale"

        db.session.commit()
        with ThreadPoolExecutor(len(arguments)) as pool:
            outcomes = list(pool.map(one, arguments))
        db.session.expire_all()
        return Counter(outcomes)

    return run


@pytest.fixture
def browser_of(app, sign_in):
    """The cookie header of somebody who is signed in, for a browser that is not Flask's."""

    def header(account):
        client = sign_in(account)
        name = app.config["SESSION_COOKIE_NAME"]
        return f"{name}={client.get_cookie(name).value}"

    return header


@pytest.fixture
def hurried(app_with, monkeypatch):
    """The application with little patience."""
    monkeypatch.setattr(stored, "LONGEST_WAIT_SECONDS", 0.3)
    monkeypatch.setattr(turns, "LONGEST_WAIT_SECONDS", 0.3)
    return app_with()
