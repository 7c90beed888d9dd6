"""Lists cost the same number of queries however long they are."""

import pytest
from sqlalchemy import event

from scheduler.database import db
from tests import factories


@pytest.fixture
def queries(session):
    """The statements sent so far, to be cleared."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def fill(programme):
    school = factories.school(district=factories.district())
    factories.officer(school)
    factories.category(programme)
    venue = factories.venue(programme)
    factories.venue_closure(venue, factories.at(10), factories.at(11))
    factories.category(factories.programme())


@pytest.mark.parametrize(
    "path",
    [
        "/schools",
        "/districts",
        "/programmes",
        "/programmes/festival",
        "/programmes/festival/venues",
    ],
)
def test_a_longer_list_costs_no_more_queries(session, sign_in, queries, path):
    programme = factories.programme(code="festival")
    client = sign_in(factories.administrator())
    costs = []
    for more in (1, 2):
        for _each in range(more):
            fill(programme)
        session.commit()
        queries.clear()
        assert client.get(path).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]
