"""The timetable opened to everybody by Chromium: a coordinator at a desk, a stranger on a phone."""

import pytest

from scheduler.access.permissions import Role
from tests.scheduling.conftest import Festival
from tests.scheduling.releasing import release
from tests.support.browser import accessibility_problems, overflow

pytestmark = pytest.mark.browser


@pytest.fixture
def festival(session, app):
    made = Festival()
    assert made.coordinator.grants[0].role is Role.COORDINATOR
    plan = made.draft()
    session.commit()
    release(plan, made.coordinator.actor, secret_key=app.secret_key)
    return made


def test_a_coordinator_opens_it_and_a_stranger_subscribes(open_as, open_page, festival):
    desk = open_as(festival.coordinator, "/programmes/small/timetable")
    desk.get_by_text("Open it to everybody…").click()
    desk.get_by_role("button", name="Open it", exact=True).click()
    desk.get_by_text("Everybody can now read what is published").wait_for()
    assert accessibility_problems(desk) == []

    phone = open_page("/timetables/small", size="phone")
    assert (accessibility_problems(phone), overflow(phone) <= 0) == ([], True)
    phone.get_by_role("link", name="Hill Band").click()
    phone.get_by_role("heading", name="Hill Band", level=1).wait_for()
    assert (accessibility_problems(phone), overflow(phone) <= 0) == ([], True)
    add = phone.get_by_role("link", name="Add to my calendar").get_attribute("href")
    assert add.startswith("webcal://")
    assert f"/calendars/public/small/groups/{festival.hill_band.ref}/en.ics" in add
    phone.get_by_role("link", name="Small Room").first.click()
    phone.get_by_role("heading", name="Small Room", level=1).wait_for()
    assert (accessibility_problems(phone), overflow(phone) <= 0) == ([], True)
