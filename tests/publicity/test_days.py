"""How long a notice stands: whole days after the day of publication, where the programme is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.publicity.days import DayKind, end_of, last_day, read_days
from scheduler.workdays.counting import WorkCalendar

MONDAY = dt.date(2027, 5, 17)
FRIDAY = dt.date(2027, 4, 30)
LABOUR = [dt.date(2027, 5, day) for day in range(1, 6)]


@pytest.mark.parametrize(
    ("day", "count", "kind", "off", "last"),
    [
        (MONDAY, 7, DayKind.CALENDAR, [], dt.date(2027, 5, 24)),
        (MONDAY, 1, DayKind.CALENDAR, [], dt.date(2027, 5, 18)),
        (MONDAY, 5, DayKind.WORKING, [], dt.date(2027, 5, 24)),
        (FRIDAY, 1, DayKind.WORKING, [], dt.date(2027, 5, 3)),
        (FRIDAY, 5, DayKind.WORKING, LABOUR, dt.date(2027, 5, 12)),
        # Days off are no less days of the calendar.
        (FRIDAY, 5, DayKind.CALENDAR, LABOUR, dt.date(2027, 5, 5)),
    ],
)
def test_the_last_day(day, count, kind, off, last):
    assert last_day(day, count, kind, off, WorkCalendar()) == last


@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1)),
    st.integers(1, 60),
    st.sets(st.integers(1, 100), max_size=40),
)
def test_working_days_are_counted_one_by_one(day, count, numbers):
    off = {day + dt.timedelta(days=number) for number in numbers}
    last = last_day(day, count, DayKind.WORKING, off, WorkCalendar())
    between = [day + dt.timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(d.isoweekday() < 6 and d not in off for d in between) == count
    assert last.isoweekday() < 6
    assert last not in off


@pytest.mark.parametrize(
    ("published", "zone", "end"),
    [
        ("2027-05-17T02:00:00+00:00", "Asia/Shanghai", "2027-05-24T16:00:00+00:00"),
        # Half past midnight there is the day before here.
        ("2027-05-16T16:30:00+00:00", "Asia/Shanghai", "2027-05-24T16:00:00+00:00"),
        ("2027-05-16T15:30:00+00:00", "Asia/Shanghai", "2027-05-23T16:00:00+00:00"),
        # Clocks go forward on 28 March in London: the week is an hour shorter.
        ("2027-03-25T10:00:00+00:00", "Europe/London", "2027-04-01T23:00:00+00:00"),
    ],
)
def test_it_ends_at_midnight_where_the_programme_is(published, zone, end):
    published_at = dt.datetime.fromisoformat(published)
    found = end_of(published_at, 7, DayKind.CALENDAR, [], zone, WorkCalendar())
    assert found.isoformat() == end


def test_days_off_are_read_from_lines():
    assert read_days(" 2027-05-02\r\n2027-05-01，2027-05-02; ") == (
        [dt.date(2027, 5, 1), dt.date(2027, 5, 2)],
        [],
    )
    assert read_days("2027-02-30 tomorrow 2027-05-01") == (
        [dt.date(2027, 5, 1)],
        ["2027-02-30", "tomorrow"],
    )
