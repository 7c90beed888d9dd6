"""Wall times, and the two nights a year on which they lie. Source of the dates: domain.md § 9."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import Refused
from scheduler.programmes.local_times import Repeated, instant_of, wall_time, which_repeated
from scheduler.programmes.refusals import Refusal

ZONES = ["Asia/Shanghai", "Europe/London", "Pacific/Auckland", "Australia/Lord_Howe", "Asia/Macau"]


wall = dt.datetime.fromisoformat


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_a_plain_time_is_its_instant():
    assert instant_of(wall("2027-07-17T09:00"), "Asia/Shanghai") == utc(2027, 7, 17, 1)


@pytest.mark.parametrize(
    ("zone", "shown", "instead"),
    [
        ("Europe/London", wall("2027-03-28T01:30"), "02:30"),
        ("Europe/Lisbon", wall("2027-03-28T01:00"), "02:00"),
        ("Pacific/Auckland", wall("2027-09-26T02:59"), "03:59"),
        ("Asia/Shanghai", wall("1986-05-04T02:30"), "03:30"),
    ],
)
def test_a_time_that_clocks_skip_is_refused(zone, shown, instead):
    with pytest.raises(Refused) as refused:
        instant_of(shown, zone, field="starts", repeated=Repeated.FIRST)
    assert (refused.value.code, refused.value.field, refused.value.facts["instead"]) == (
        Refusal.TIME_SKIPPED,
        "starts",
        instead,
    )


def test_a_time_that_clocks_show_twice_is_asked_about():
    with pytest.raises(Refused) as refused:
        instant_of(wall("2027-10-31T01:30"), "Europe/London", field="ends")
    assert (refused.value.code, refused.value.field) == (Refusal.TIME_REPEATED, "ends")


@pytest.mark.parametrize(
    ("repeated", "instant"),
    [
        (Repeated.FIRST, utc(2027, 10, 31, 0, 30)),
        (Repeated.SECOND, utc(2027, 10, 31, 1, 30)),
    ],
)
def test_the_answer_tells_which_of_the_two_is_meant(repeated, instant):
    shown = wall("2027-10-31T01:30")
    assert instant_of(shown, "Europe/London", repeated=repeated) == instant
    assert which_repeated(instant, "Europe/London") is repeated


def test_an_answer_does_not_move_a_time_that_is_shown_once():
    shown = wall("2027-10-31T03:00")
    times = {instant_of(shown, "Europe/London", repeated=each) for each in (None, *Repeated)}
    assert times == {utc(2027, 10, 31, 3)}


def test_edges_of_the_two_nights_are_ordinary_times():
    edges = [
        wall("2027-03-28T00:59"),
        wall("2027-03-28T02:00"),
        wall("2027-10-31T00:59"),
        wall("2027-10-31T02:00"),
    ]
    assert [
        which_repeated(instant_of(shown, "Europe/London"), "Europe/London") for shown in edges
    ] == [None] * 4


@given(
    minutes=st.integers(0, 4 * 366 * 24 * 60),
    zone=st.sampled_from(ZONES),
)
def test_what_a_clock_shows_leads_back_to_the_instant(minutes, zone):
    instant = utc(2026, 1, 1) + dt.timedelta(minutes=minutes)
    shown = wall_time(instant, zone)
    assert instant_of(shown, zone, repeated=which_repeated(instant, zone)) == instant
