"""Working days counted with holidays and make-up days, and what is said beside the end."""

import datetime as dt

import pytest
from flask_babel import force_locale

from scheduler.programmes.kinds import DayCount
from scheduler.programmes.milestones import public_notice_until
from scheduler.programmes.models import Programme
from scheduler.publicity.days import DayKind, last_day
from scheduler.workdays.counting import Doubt, WorkCalendar
from scheduler.workdays.models import DayType
from scheduler.workdays.proposals import proposals_for
from scheduler.workdays.services import region_of
from scheduler.workdays.texts import doubts_text, exceptions_text


def mainland(*years, confirmed=()):
    found = [each for year in years for each in proposals_for("CN", year)]
    return WorkCalendar(
        "CN",
        frozenset(each.day for each in found if each.kind is DayType.HOLIDAY),
        frozenset(each.day for each in found if each.kind is DayType.MAKE_UP),
        frozenset(confirmed),
    )


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("published", "count", "last"),
    [
        # 1 to 7 October are free, Saturday the 10th and Sunday 20 September are worked.
        ("2026-09-28", 10, "2026-10-16"),
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-06-01", 5, "2026-06-08"),
    ],
)
def test_a_notice_of_working_days_on_the_mainland(published, count, last):
    found = last_day(day(published), count, DayKind.WORKING, [], mainland(2026))
    assert found == day(last)


def test_days_off_of_the_notice_are_left_out_besides():
    calendar = mainland(2026)
    assert last_day(day("2026-02-13"), 1, DayKind.WORKING, [day("2026-02-14")], calendar) == day(
        "2026-02-24"
    )


def test_the_programmes_own_notice_counts_its_first_day():
    programme = Programme(
        timezone="Asia/Shanghai",
        public_notice_days=10,
        public_notice_counts=DayCount.WORKING,
    )
    begins = dt.datetime(2026, 9, 28, 1, tzinfo=dt.UTC)
    assert public_notice_until(programme, begins, mainland(2026)) == day("2026-10-15")


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "without 1–7 October, with the working 10 October"),
        ("zh_Hans", "不含10月1日至7日、含上班日10月10日"),
        ("zh_Hant_HK", "不計10月1日至7日、計入補班日10月10日"),
    ],
)
def test_what_the_count_left_out_is_said(app, locale, text):
    with app.test_request_context(), force_locale(locale):
        found = mainland(2026, confirmed=[2026]).exceptions(day("2026-09-28"), day("2026-10-16"))
        assert exceptions_text(found) == text
        assert doubts_text(found, "CN") == ""


def test_holidays_that_fall_on_weekends_only_are_not_mentioned():
    calendar = WorkCalendar("HK", frozenset({day("2027-05-01")}), confirmed=frozenset({2027}))
    assert calendar.exceptions(day("2027-04-26"), day("2027-05-10")).without == ()


@pytest.mark.parametrize(
    ("calendar", "year", "doubt"),
    [
        (mainland(2026), 2026, Doubt.UNCONFIRMED),
        (mainland(2026, confirmed=[2026]), 2026, None),
        (mainland(2027), 2027, Doubt.MAKE_UP_OPEN),
        (mainland(2027), 2028, Doubt.UNKNOWN),
        (WorkCalendar("HK", frozenset({day("2027-03-26")})), 2027, Doubt.UNCONFIRMED),
        (WorkCalendar(), 2027, Doubt.UNKNOWN),
    ],
)
def test_a_year_that_nobody_vouches_for_is_in_doubt(calendar, year, doubt):
    assert calendar.doubt_of(year) is doubt


def test_the_doubt_is_said_in_words(app):
    with app.test_request_context(), force_locale("en"):
        found = mainland(2026, 2027).exceptions(day("2027-05-17"), day("2027-05-25"))
        assert doubts_text(found, "CN") == "China, 2027: make-up workdays not yet announced"


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("Asia/Shanghai", "CN"),
        ("Asia/Hong_Kong", "HK"),
        ("Asia/Macau", "MO"),
        ("Europe/London", "GB"),
        ("Etc/UTC", ""),
    ],
)
def test_a_zone_belongs_to_a_region(zone, region):
    assert region_of(zone) == region
