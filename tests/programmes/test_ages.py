"""Who is of a category's age or grade, by every rule."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.people.dates import age_on
from scheduler.programmes.ages import (
    AgeFault,
    AgeLimits,
    accepted_birth_dates,
    accepted_grades,
    born_between,
    fault_of,
)
from scheduler.programmes.grades import grade_of
from scheduler.programmes.kinds import AgeRule

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31))


def limits(rule, **values):
    return AgeLimits(rule, 2027, **values)


def fault(rule_limits, born=None, grade=None, country="CN"):
    day = dt.date.fromisoformat(born) if born else None
    return fault_of(rule_limits, born=day, grade=grade, country=country)


def test_under_12_in_2027_is_born_from_2015_on():
    u12 = limits(AgeRule.BIRTH_YEAR, age_max=12)
    assert born_between(u12) == (dt.date(2015, 1, 1), None)
    assert fault(u12, "2015-01-01") is None
    assert fault(u12, "2014-12-31") is AgeFault.TOO_OLD
    assert fault(u12, "2022-12-31") is None


@pytest.mark.parametrize(
    ("groups", "youngest"), [(0, "2014-12-31"), (1, "2016-12-31"), (2, "2018-12-31")]
)
def test_playing_up_goes_down_by_whole_groups_and_never_makes_room_for_older_ones(groups, youngest):
    u14 = limits(AgeRule.BIRTH_YEAR, age_min=13, age_max=14, play_up_groups=groups)
    day = dt.date.fromisoformat(youngest)
    assert accepted_birth_dates(u14) == (dt.date(2013, 1, 1), day)
    assert fault(u14, youngest) is None
    assert fault(u14, (day + dt.timedelta(days=1)).isoformat()) is AgeFault.TOO_YOUNG
    assert fault(u14, "2012-12-31") is AgeFault.TOO_OLD


@given(DAYS, DAYS, st.integers(4, 12), st.integers(0, 6))
def test_age_on_a_date_is_the_age_that_people_know(born, day, least, more):
    rule = limits(AgeRule.AGE_ON_DATE, age_on=day, age_min=least, age_max=least + more)
    found = fault_of(rule, born=born, grade=None, country="CN")
    if born > day:
        assert found is AgeFault.TOO_YOUNG
        return
    age = age_on(born, day)
    expected = AgeFault.TOO_YOUNG if age < least else None
    assert found is (AgeFault.TOO_OLD if age > least + more else expected)


def test_any_age_and_unknown_birth_dates_are_no_fault():
    assert fault(limits(AgeRule.NONE, born_to=dt.date(2015, 1, 1)), "2020-01-01") is None
    assert fault(limits(AgeRule.BIRTH_YEAR, age_max=12)) is None


@pytest.mark.parametrize(
    ("first", "last", "groups", "lowest"),
    [(7, 9, 0, 7), (7, 9, 1, 1), (10, 12, 1, 7), (4, 6, 1, 1), (5, 6, 1, 3), (1, 6, 2, 1)],
)
def test_playing_up_by_stages_or_by_ranges_of_the_same_width(first, last, groups, lowest):
    rule = limits(AgeRule.GRADE, grade_from=first, grade_to=last, play_up_groups=groups)
    assert accepted_grades(rule) == (lowest, last)


def test_grades_are_told_apart_and_unknown_ones_are_said():
    junior = limits(AgeRule.GRADE, grade_from=7, grade_to=9)
    written = ["六年级", "七年级(3)班", "初三", "高一", "大班", None, "Year 9"]
    faults = [fault(junior, grade=each) for each in written]
    assert faults == [
        AgeFault.GRADE_TOO_LOW,
        None,
        None,
        AgeFault.GRADE_TOO_HIGH,
        AgeFault.GRADE_UNKNOWN,
        AgeFault.GRADE_UNKNOWN,
        AgeFault.GRADE_UNKNOWN,
    ]
    assert fault(junior, grade="Year 9", country="GB") is None


@pytest.mark.parametrize(
    ("written", "country", "grade"),
    [
        ("四年级", "CN", 4),
        ("五（2）班", "CN", 5),
        ("初二3班", "CN", 8),
        ("高中二年級", "CN", 11),
        ("小三", "HK", 3),
        ("中四", "HK", 10),
        ("F.3", "HK", 9),
        ("P6", "HK", 6),
        ("初三", "MO", 9),
        ("小学5年", "JP", 5),
        ("中学2年", "JP", 8),
        ("Year 8", "GB", 7),
        ("Y1", "GB", None),
        ("Year 8", "AU", 8),
        ("Sec 2", "SG", 8),
        ("Grade 7", "SG", 7),
        ("７年级", "CN", 7),
        ("十二年级", "CN", 12),
        ("十三年级", "CN", None),
        ("小七", "HK", None),
        ("123", "CN", None),
        ("幼三", "MO", None),
        ("", "CN", None),
    ],
)
def test_grades_as_schools_write_them(written, country, grade):
    assert grade_of(written, country) == grade
