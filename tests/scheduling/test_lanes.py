"""A page says which lanes it shows: it is answered with those that look different."""

import pytest

from tests.factories import at
from tests.scheduling.moving import put


@pytest.fixture
def plan(festival, session):
    plan = festival.draft()
    session.commit()
    return plan


def shown(page):
    lanes = page.all("ol")
    marks = [lane.get("data-mark") for lane in lanes if lane.get("data-lane")]
    return {"frame": page.one("div", id="board").get("data-frame"), "lanes": "".join(marks)}


def brought(page):
    """The lanes that came, by their place among all, with the groups in them."""
    return {
        int(lane.get("data-at")): [li.get("data-slot") for li in lane if li.get("data-slot")]
        for lane in page.all("ol")
        if lane.get("data-at")
    }


def days(page):
    return [section for section in page.all("section") if section.get("data-date")]


def post(client, plan, group, when, known):
    form = {"venue": "ROOM", "starts_at": f"2027-07-16T{when}", "edition": plan.edition}
    url = f"/plans/{plan.ref}/slots/{group.ref}"
    return client.post(url, data=form | known, headers={"X-Board": "1"}).page


def test_a_move_brings_the_lanes_that_differ(festival, plan, sign_in):
    client = sign_in(festival.coordinator)
    board = client.get(f"/plans/{plan.ref}").page
    answer = post(client, plan, festival.lake_band, "14:30", shown(board))
    assert (brought(answer), days(answer)) == ({1: ["Hill Band", "Lake Band"]}, [])
    # Who moves from one venue to another changes two lanes.
    again = post(
        client, plan, festival.hill_choir, "13:00", shown(client.get(f"/plans/{plan.ref}").page)
    )
    assert brought(again) == {0: ["Lake Choir"], 1: ["Hill Choir", "Hill Band", "Lake Band"]}


def test_a_page_that_shows_something_else_is_given_everything(festival, plan, sign_in):
    client = sign_in(festival.coordinator)
    known = shown(client.get(f"/plans/{plan.ref}").page)
    for wrong in ({}, known | {"frame": "000000"}, known | {"lanes": known["lanes"][:-1]}):
        answer = post(client, plan, festival.lake_band, "14:30", wrong)
        assert (brought(answer), len(days(answer)) > 0) == ({}, True)
    # A day that grows is another frame.
    later = post(client, plan, festival.lake_band, "19:00", known)
    assert (brought(later), len(days(later)) > 0) == ({}, True)


def test_others_changes_arrive_lane_by_lane(festival, plan, actor, sign_in):
    client = sign_in(festival.coordinator)
    known, seen = shown(client.get(f"/plans/{plan.ref}").page), plan.edition
    put(plan, festival.lake_band, "ROOM", at(14, 30), actor)
    news = client.get(f"/plans/{plan.ref}/news", query_string=known | {"since": seen}).page
    assert (brought(news), days(news)) == ({1: ["Hill Band", "Lake Band"]}, [])
