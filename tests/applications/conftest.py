"""One programme with a category of two places, one school, and whoever acts in it."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

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
