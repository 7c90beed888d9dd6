"""When something is, in words of three languages."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from scheduler.calendars import wording


def times(zone, first, last):
    return tuple(dt.datetime(*parts, tzinfo=ZoneInfo(zone)) for parts in (first, last))


@pytest.mark.parametrize(
    ("zone", "first", "last", "expected"),
    [
        (
            "Asia/Shanghai",
            (2027, 4, 10, 9, 0),
            (2027, 4, 10, 9, 25),
            "Sat 10 April 2027 09:00–09:25 (Shanghai time, UTC+8)",
        ),
        (
            "Europe/London",
            (2027, 7, 1, 22, 30),
            (2027, 7, 2, 6, 5),
            "Thu 1 July 2027 22:30 – Fri 2 July 2027 06:05 (London time, UTC+1)",
        ),
        (
            "Europe/London",
            (2027, 10, 30, 22, 0),
            (2027, 10, 31, 8, 0),
            "Sat 30 October 2027 22:00 – Sun 31 October 2027 08:00 (London time, UTC+1, +0)",
        ),
        (
            "America/St_Johns",
            (2027, 1, 5, 9, 0),
            (2027, 1, 5, 10, 0),
            "Tue 5 January 2027 09:00–10:00 (St. John’s time, UTC-3:30)",
        ),
    ],
)
def test_local_time_is_told_with_its_zone(zone, first, last, expected):
    assert wording.when(times(zone, first, last), zone, "en") == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ((2027, 3, 14), "Sat 13 March 2027"),
        ((2027, 3, 21), "Sat 13 March 2027 – Sat 20 March 2027"),
    ],
)
def test_whole_days_have_no_zone(last, expected):
    span = times("Asia/Shanghai", (2027, 3, 13), last)

    assert wording.when(span, "Asia/Shanghai", "en", is_all_day=True) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "Fri 16 July 2027"),
        ("zh_Hans", "2027年7月16日(周五)"),
        ("zh_Hant_HK", "2027年7月16日(星期五)"),
    ],
)
def test_dates_are_written_as_the_region_does(locale, expected):
    assert wording.day(dt.date(2027, 7, 16), locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"), [("en", "Shanghai"), ("zh_Hans", "上海"), ("zh_Hant_HK", "上海")]
)
def test_a_zone_is_named_after_its_city(locale, expected):
    assert wording.city("Asia/Shanghai", locale) == expected
