"""Dates moved to another year: wall times stay, and clocks have their say where they must."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.programmes.local_times import wall_time, which_repeated
from scheduler.programmes.moving import Note, moved, shift_between

ZONES = st.sampled_from(["Europe/London", "Asia/Shanghai", "Pacific/Auckland", "America/New_York"])
INSTANTS = st.datetimes(
    dt.datetime(2026, 1, 1), dt.datetime(2029, 12, 31), timezones=st.just(dt.UTC)
).map(lambda instant: instant.replace(second=0, microsecond=0))
SHIFTS = st.integers(-800, 800)
LONDON = "Europe/London"


def london(*numbers, fold=0):
    return dt.datetime(*numbers, tzinfo=ZoneInfo(LONDON), fold=fold).astimezone(dt.UTC)


def exists(wall, zone):
    local = wall.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(dt.UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall


@given(INSTANTS, SHIFTS, ZONES)
@example(london(2026, 3, 29, 2, 30), 364, LONDON)
@example(london(2026, 3, 29, 3, 30), 364, LONDON)
@example(london(2027, 3, 21, 1, 30), 7, LONDON)
@example(london(2027, 10, 24, 1, 30), 7, LONDON)
@example(london(2027, 10, 31, 1, 30, fold=1), 364, LONDON)
def test_the_time_of_day_stays_unless_clocks_skip_it(instant, days, zone):
    wanted = wall_time(instant, zone) + dt.timedelta(days=days)
    result = moved(instant, days, zone)
    shown = wall_time(result.at, zone)
    if exists(wanted, zone):
        assert shown == wanted
        assert result.note is not Note.SKIPPED
    else:
        assert result.note is Note.SKIPPED
        # The first time after the gap, and nothing between it and what was wanted exists.
        assert shown > wanted
        assert not exists(shown - dt.timedelta(minutes=1), zone)
    if result.note is Note.REPEATED:
        assert which_repeated(result.at, zone) is not None


@given(INSTANTS, st.timedeltas(dt.timedelta(), dt.timedelta(days=3)), SHIFTS, ZONES)
def test_what_comes_later_never_comes_earlier_once_moved(instant, length, days, zone):
    length -= dt.timedelta(seconds=length.seconds % 60, microseconds=length.microseconds)
    ends = instant + length
    if which_repeated(instant, zone) or which_repeated(ends, zone):
        return
    assert moved(instant, days, zone).at <= moved(ends, days, zone).at


@given(INSTANTS, SHIFTS, ZONES)
def test_there_and_back_again_where_clocks_do_nothing(instant, days, zone):
    there = moved(instant, days, zone)
    if there.note is None and which_repeated(instant, zone) is None:
        assert moved(there.at, -days, zone).at == instant


def test_a_time_that_clocks_skip_becomes_the_first_after_it():
    result = moved(london(2027, 3, 21, 1, 30), 7, LONDON)
    assert (wall_time(result.at, LONDON), result.note) == (
        dt.datetime(2027, 3, 28, 2, 0),
        Note.SKIPPED,
    )


def test_a_time_that_comes_twice_is_the_first_unless_it_was_the_second():
    first = moved(london(2027, 10, 24, 1, 30), 7, LONDON)
    assert (first.at, first.note) == (london(2027, 10, 31, 1, 30), Note.REPEATED)
    second = moved(london(2027, 10, 31, 1, 30, fold=1), 364, LONDON)
    assert (second.at, second.note) == (london(2028, 10, 29, 1, 30, fold=1), None)


@pytest.mark.parametrize(
    ("first_day", "keeps_weekday", "days", "window_days"),
    [
        (dt.date(2028, 7, 14), True, 364, 364),
        (dt.date(2028, 7, 16), True, 366, 364),
        (dt.date(2028, 7, 16), False, 366, 366),
        (dt.date(2028, 7, 18), True, 368, 371),
        (dt.date(2026, 7, 17), True, -364, -364),
        (dt.date(2026, 7, 16), True, -365, -364),
        (dt.date(2027, 7, 16), True, 0, 0),
    ],
)
def test_preparation_moves_by_whole_weeks_or_with_the_first_day(
    first_day, keeps_weekday, days, window_days
):
    shift = shift_between(dt.date(2027, 7, 16), first_day, LONDON, keeps_weekday=keeps_weekday)
    assert (shift.days, shift.window_days) == (days, window_days)
    if keeps_weekday:
        assert shift.window_days % 7 == 0
