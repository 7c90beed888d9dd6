"""What is short or tight is said on the planning page as soon as it is entered."""

import datetime as dt

import pytest

from scheduler.scheduling.reading.bottlenecks import bottlenecks_of
from scheduler.scheduling.situation import situation_of
from tests import factories
from tests.factories import at

PAGE = "/programmes/small/plans"


@pytest.fixture
def spoken(app):
    with app.test_request_context():
        yield


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


def open_until(festival, session, end):
    for venue in (festival.hall, festival.room):
        for hours in venue.hours:
            hours.opens_at, hours.closes_at = at(9), end
    session.commit()


def told(festival):
    return [
        (one.text, one.is_short, one.needed, one.available)
        for one in bottlenecks_of(situation_of(festival.programme))
    ]


def test_a_roomy_programme_says_nothing(festival, client, spoken):
    assert told(festival) == []
    assert "Where it is narrow" not in client.get(PAGE).get_data(as_text=True)


def test_what_fits_no_session_is_told_with_both_numbers(festival, session, spoken):
    """Two choirs of 15 minutes on stage, 35 minutes of warm-up before the first, in 58 minutes."""
    open_until(festival, session, at(9, 58))
    category = festival.choirs.names["en"]
    assert (
        f"2 groups ({category}) need 30 min on a stage for 6; left are 23 min (Great Hall).",
        True,
        30,
        23,
    ) in told(festival)
    block = f"{category} takes 65 min in one block; the longest open session has 58 min."
    assert (block, True, 65, 58) in told(festival)
    situation = situation_of(festival.programme)
    (narrow,) = [one for one in bottlenecks_of(situation) if one.text == block]
    assert [address for address, _label in narrow.places] == [
        "/programmes/small/plans/rules",
        "/programmes/small/venues/HALL/times",
    ]
    assert str(narrow.places[1][1]) == "Great Hall: Hours and closures"


def test_what_is_tight_is_no_shortage(festival, session, spoken):
    open_until(festival, session, at(10, 6))
    choirs = [
        one for one in bottlenecks_of(situation_of(festival.programme)) if one.available == 31
    ]
    assert [(one.is_short, one.needed, one.percent) for one in choirs] == [(False, 30, 96)]


def test_a_stay_that_is_too_short_leads_to_where_it_is_set(festival, session, spoken):
    factories.attendance_window(
        festival.programme, festival.hill.region, earliest_at=at(10), latest_at=at(10, 45)
    )
    session.commit()
    first = bottlenecks_of(situation_of(festival.programme))[0]
    assert (first.is_short, first.needed) == (True, None)
    assert first.places[0][0] == "/programmes/small/attendance"


def test_a_latest_end_that_leaves_too_little_is_told_as_such(festival, session, spoken):
    festival.choirs.is_primary = True
    festival.programme.primary_latest_end = dt.time(9, 51)
    for name in ("One", "Two"):
        festival.group(name, festival.choirs, festival.lake, 7)
    open_until(festival, session, at(20))
    category = festival.choirs.names["en"]
    (text,) = [one[0] for one in told(festival) if one[2] == 60]
    assert text.startswith(f"4 primary school groups ({category}) need 60 min on a stage for 6")


def test_many_groups_without_time_are_one_line(festival, session, spoken):
    open_until(festival, session, at(9, 20))
    ((text, is_short, needed, _available),) = told(festival)
    assert text.startswith("There is no open time at any fitting venue for 4 groups, such as ")
    assert (is_short, needed) == (True, None)


def test_the_page_shows_it_before_any_search(festival, client, session):
    open_until(festival, session, at(9, 58))
    page = client.get(PAGE).get_data(as_text=True)
    assert "Where it is narrow" in page
    assert "not enough" in page


def test_without_hours_there_is_nothing_to_count(festival, client, session):
    for venue in (festival.hall, festival.room):
        venue.hours.clear()
    session.commit()
    assert "Where it is narrow" not in client.get(PAGE).get_data(as_text=True)


def test_a_group_too_large_for_every_stage_leads_to_the_venues(festival, session, spoken):
    for venue in (festival.hall, festival.room):
        venue.stage_capacity = 7
    session.commit()
    first = bottlenecks_of(situation_of(festival.programme))[0]
    assert first.text.startswith("No stage is large enough for Hill Choir")
    assert [str(label) for _address, label in first.places] == ["The venues and their stages"]
    assert first.places[0][0] == "/programmes/small/venues"
