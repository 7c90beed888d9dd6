"""What the package proposes: the numbers that we rely on, and what it does not know."""

import datetime as dt

import pytest

from scheduler.workdays.models import DayType
from scheduler.workdays.proposals import proposals_for


def days(region, year, kind=DayType.HOLIDAY):
    return [each.day for each in proposals_for(region, year) if each.kind is kind]


def test_the_make_up_days_of_2026_are_those_of_the_notice():
    assert [f"{day:%m-%d}" for day in days("CN", 2026, DayType.MAKE_UP)] == [
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10",
    ]  # fmt: skip


def test_for_2027_the_mainland_has_holidays_but_no_make_up_days_yet():
    found = days("CN", 2027)
    assert len(found) == 19
    assert days("CN", 2027, DayType.MAKE_UP) == []
    festivals = {
        dt.date(2027, 2, 6),
        dt.date(2027, 4, 5),
        dt.date(2027, 6, 9),
        dt.date(2027, 9, 15),
    }
    assert festivals <= set(found)


def test_hong_kong_keeps_its_seventeen_general_holidays_with_easter():
    found = days("HK", 2027)
    assert len(found) == 17
    assert {dt.date(2027, 3, 26), dt.date(2027, 3, 27), dt.date(2027, 3, 29)} <= set(found)


def test_macao_keeps_those_of_the_public_service():
    assert len(days("MO", 2027)) == 27


def test_a_region_that_the_package_does_not_know_has_none():
    assert proposals_for("QQ", 2027) == []


@pytest.mark.parametrize("region", ["CN", "HK", "MO"])
def test_they_stand_in_order_and_each_once(region):
    found = [each.day for each in proposals_for(region, 2026)]
    assert found == sorted(set(found))
