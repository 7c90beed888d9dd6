"""A tour's itinerary in Chromium: a flight is entered, a delay looked at, and all published."""

import pytest
from playwright.sync_api import expect

from scheduler.itineraries.kinds import ItemKind
from tests.itineraries.conftest import Tour, wall
from tests.support.browser import problems_in_all_looks

pytestmark = pytest.mark.browser


@pytest.fixture
def tour(session):
    """A coach after the flight, two things at once, and a museum after the short night."""
    made = Tour()
    coach = {"kind": ItemKind.COACH, "name": "Coach to Bristol", "to_place": "Bristol"}
    made.item(wall(20, 21), wall(20, 23), place="Heathrow", **coach)
    made.item(wall(27, 14), wall(27, 17), made.a, name="Walk", bring="An umbrella")
    made.item(wall(27, 16), wall(27, 18), name="Tea")
    made.item(wall(28, 10), wall(28, 12), name="Museum")
    session.commit()
    return made


def test_a_flight_is_entered_is_late_and_reaches_the_group(tour, open_as):
    page = open_as(tour.coordinator, "/programmes/uk/itinerary/new")
    assert problems_in_all_looks(page) == {}
    page.locator("#name").fill("Flight to London")
    page.get_by_label("From airport").fill("CAN")
    page.locator("#starts").fill("2027-03-20T13:30")
    page.get_by_label("To airport").fill("LHR")
    page.locator("#ends").fill("2027-03-20T19:15")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Itinerary", exact=True)).to_be_visible()
    expect(page.locator(".timetable-line").first).to_contain_text("13:30–19:15")
    assert problems_in_all_looks(page) == {}
    page.locator(".timetable-line").first.get_by_role("link", name="Late").click()
    page.get_by_label("Minutes later").fill("150")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_role("checkbox", name="Move Coach to Bristol")).to_be_checked()
    assert problems_in_all_looks(page) == {}
    page.get_by_role("button", name="Move what is ticked").click()
    expect(page.locator(".timetable-line").first).to_contain_text("16:00–21:45")
    page.get_by_role("link", name="Publish", exact=True).click()
    assert problems_in_all_looks(page) == {}
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Release 1 stands in everybody's calendar.")).to_be_visible()
    officer = open_as(tour.officer, f"/applications/{tour.a.ref}/itinerary")
    expect(officer.locator(".timetable-line").first).to_contain_text("Flight to London")
    assert problems_in_all_looks(officer) == {}


def test_groups_stand_side_by_side_on_a_phone(tour, open_as):
    page = open_as(tour.coordinator, "/programmes/uk/itinerary/groups", size="phone")
    expect(page.get_by_text("Walk")).to_have_count(1)
    expect(page.get_by_text("Tea")).to_have_count(2)
    assert problems_in_all_looks(page) == {}
