"""Birth dates in every shape that people and programs write."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import Refused
from scheduler.people.dates import age_on, check_birth_date, parse_date
from scheduler.people.identity import PersonCode

DAY = dt.date(2015, 3, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2015-03-01",
        "2015/3/1",
        "20150301",
        20150301,
        42064,
        42064.0,
        "42064",
        dt.datetime(2015, 3, 1),
        dt.date(2015, 3, 1),
        "2015.3.1",
        "2015年3月1日",
        "２０１５－０３－０１",
        "2015-03-01 00:00:00",
        "\u30002015-03-01\u00a0",
    ],
)
def test_one_day_in_many_shapes(written):
    assert parse_date(written) == DAY


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("14.5.2016", dt.date(2016, 5, 14)),
        ("15/06/2016", dt.date(2016, 6, 15)),
        ("06/15/2016", dt.date(2016, 6, 15)),
        ("5-5-2016", dt.date(2016, 5, 5)),
    ],
)
def test_a_day_that_can_be_read_one_way_only_is_taken(written, day):
    assert parse_date(written) == day


def test_days_may_be_counted_from_1904():
    assert parse_date(40602, counts_from_1904=True) == DAY


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("01/03/2015", PersonCode.DATE_AMBIGUOUS),
        ("1.3.15", PersonCode.DATE_AMBIGUOUS),
        ("14.5.16", PersonCode.DATE_AMBIGUOUS),
        ("15/15/2015", PersonCode.DATE_IMPOSSIBLE),
        ("31/6/2015", PersonCode.DATE_IMPOSSIBLE),
        ("2015-02-29", PersonCode.DATE_IMPOSSIBLE),
        ("20151301", PersonCode.DATE_IMPOSSIBLE),
        ("March 2015", PersonCode.DATE_SHAPE),
        ("2015/3-1", PersonCode.DATE_SHAPE),
        (2015, PersonCode.DATE_SHAPE),
        (42064.5, PersonCode.DATE_SHAPE),
        (True, PersonCode.DATE_SHAPE),
        (dt.time(7, 30), PersonCode.DATE_SHAPE),
    ],
)
def test_what_is_no_clear_day_is_refused(written, code):
    with pytest.raises(Refused) as refusal:
        parse_date(written)
    assert refusal.value.code is code


@given(st.dates(dt.date(1960, 1, 1), dt.date(2100, 1, 1)))
def test_all_shapes_give_the_same_day(day):
    serial = (day - dt.date(1899, 12, 30)).days
    shapes = (day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}", serial)
    assert {parse_date(shape) for shape in shapes} == {day}


@pytest.mark.parametrize(
    ("born", "code"),
    [
        (dt.date(2027, 3, 2), PersonCode.BIRTH_IN_FUTURE),
        (dt.date(2025, 1, 1), PersonCode.BIRTH_IMPLAUSIBLE),
        (dt.date(1980, 1, 1), PersonCode.BIRTH_IMPLAUSIBLE),
    ],
)
def test_a_pupil_was_born_within_reason(born, code):
    with pytest.raises(Refused) as refusal:
        check_birth_date(born, dt.date(2027, 3, 1))
    assert refusal.value.code is code


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (dt.date(2013, 7, 16), dt.date(2027, 7, 16), 14),
        (dt.date(2013, 7, 17), dt.date(2027, 7, 16), 13),
        (dt.date(2012, 2, 29), dt.date(2027, 2, 28), 14),
        (dt.date(2012, 2, 29), dt.date(2027, 3, 1), 15),
    ],
)
def test_age_is_completed_years(born, day, age):
    assert age_on(born, day) == age
