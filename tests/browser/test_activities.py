"""The pages of activities in Chromium: usable by everybody, on every screen."""

import pytest

from scheduler.scheduling.activities.models import ActivityKind, Attendance
from tests import factories
from tests.support.browser import problems_in_all_looks

pytestmark = pytest.mark.browser


@pytest.fixture
def festival(session):
    """A programme with a group, a leaders' meeting and a rehearsal in Chinese only."""
    programme = factories.programme()
    category = factories.category(programme)
    hall = factories.venue(programme)
    for name in ("Dawn Choir", "Evening Choir"):
        factories.application(category, factories.school(), group_name=name, state="accepted")
    factories.activity(programme, name="Leaders' meeting", setup_minutes=10, times=2)
    factories.activity(
        programme,
        name="终场合唱走台",
        kind=ActivityKind.REHEARSAL,
        attendance=Attendance.EVERYBODY,
        for_each_group=True,
        venues=[hall],
        latest_at=factories.at(18),
    )
    session.commit()
    return programme


@pytest.mark.parametrize("page", ["activities", "activities/new"])
def test_the_pages_are_accessible_and_fit(open_as, session, festival, page):
    account = factories.coordinator(festival)
    session.commit()
    shown = open_as(account, f"/programmes/{festival.code}/{page}")
    assert problems_in_all_looks(shown) == {}
