"""What cannot be right about an itinerary is found, and nothing else is said."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest

from scheduler.itineraries.findings import Doubt, Finding, findings
from scheduler.itineraries.kinds import ItemKind
from scheduler.workdays.counting import WorkCalendar

LONDON, HOME, AUCKLAND, ANGELES = (
    "Europe/London",
    "Asia/Shanghai",
    "Pacific/Auckland",
    "America/Los_Angeles",
)


@dataclass
class Item:
    ref: str
    starts: tuple
    ends: tuple
    starts_zone: str = LONDON
    ends_zone: str = LONDON
    kind: ItemKind = ItemKind.VISIT
    from_airport: str = ""
    to_airport: str = ""
    group_ids: frozenset = field(default_factory=frozenset)

    @property
    def starts_at(self):
        return at(self.starts, self.starts_zone)

    @property
    def ends_at(self):
        return at(self.ends, self.ends_zone)


def at(wall, zone):
    month, day, hour, minute = wall
    return dt.datetime(2027, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def found(*items, groups=(1,), holidays=()):
    calendars = {
        zone: WorkCalendar("XX", frozenset(holidays)) for zone in (LONDON, HOME, AUCKLAND, ANGELES)
    }
    return findings(items, groups, calendars)


def flight(ref, starts, ends, zones, airports=("", ""), **rest):
    return Item(
        ref,
        starts,
        ends,
        *zones,
        kind=ItemKind.FLIGHT,
        from_airport=airports[0],
        to_airport=airports[1],
        **rest,
    )


OUT = flight("out", (3, 20, 13, 30), (3, 20, 19, 15), (HOME, LONDON), ("CAN", "LHR"))
BACK = flight("back", (3, 28, 21, 40), (3, 29, 16, 50), (LONDON, HOME), ("LHR", "CAN"))
MUSEUM = Item("museum", (3, 28, 10, 0), (3, 28, 12, 0))
WALK = Item("walk", (3, 27, 14, 0), (3, 27, 17, 0))


def test_a_tour_over_the_clock_change_has_nothing_wrong_and_one_thing_to_remember():
    change = Finding(Doubt.CLOCKS_CHANGE, "museum", "walk", {"minutes": 60})
    assert found(OUT, WALK, MUSEUM, BACK) == [change]
    assert change.is_hint


def test_clocks_that_are_put_back_are_told_as_well():
    before = Item("before", (10, 30, 20, 0), (10, 30, 21, 0))
    after = Item("after", (10, 31, 8, 0), (10, 31, 9, 0))
    assert found(before, after) == [
        Finding(Doubt.CLOCKS_CHANGE, "after", "before", {"minutes": -60})
    ]


@pytest.mark.parametrize(("starts", "expected"), [((3, 27, 16, 59), True), ((3, 27, 17, 0), False)])
def test_what_begins_before_the_last_is_over_overlaps(starts, expected):
    tea = Item("tea", starts, (3, 27, 18, 0))
    assert found(WALK, tea) == ([Finding(Doubt.OVERLAPS, "tea", "walk")] if expected else [])


def test_something_short_within_something_long_does_not_hide_the_long_one():
    short = Item("short", (3, 27, 14, 30), (3, 27, 15, 0))
    later = Item("later", (3, 27, 16, 0), (3, 27, 18, 0))
    assert [(each.ref, each.other) for each in found(WALK, short, later)] == [
        ("short", "walk"),
        ("later", "walk"),
    ]


@pytest.mark.parametrize("kind", [ItemKind.STAY, ItemKind.FREE, ItemKind.RESERVE])
def test_what_lies_beneath_other_things_may_meet_them(kind):
    night = Item("night", (3, 27, 13, 0), (3, 28, 9, 0), kind=kind)
    assert found(night, WALK) == []


def test_other_groups_may_do_something_else_meanwhile():
    a, b = (Item(ref, (3, 27, 14, 0), (3, 27, 17, 0), group_ids=frozenset({number}))
            for number, ref in ((1, "a"), (2, "b")))  # fmt: skip
    both = Item("both", (3, 27, 16, 0), (3, 27, 18, 0))
    assert found(a, b, groups=(1, 2)) == []
    assert [(each.ref, each.other) for each in found(a, b, both, groups=(1, 2))] == [
        ("both", "a"),
        ("both", "b"),
    ]


@pytest.mark.parametrize(
    ("kind", "minutes", "needed"),
    [(ItemKind.FLIGHT, 119, 120), (ItemKind.TRAIN, 29, 30), (ItemKind.FERRY, 44, 45)],
)
def test_too_little_time_before_a_departure_is_told_with_both_figures(kind, minutes, needed):
    def leaving(after):
        begins = 17 * 60 + after
        return Item("leaving", (3, 27, *divmod(begins, 60)), (3, 27, 22, 0), kind=kind)

    facts = {"minutes": minutes, "needed": needed}
    assert found(WALK, leaving(minutes)) == [Finding(Doubt.TOO_SHORT, "leaving", "walk", facts)]
    assert found(WALK, leaving(needed)) == []


def test_landing_earlier_than_it_left_by_the_walls_is_no_overlap():
    """Auckland to Los Angeles lands in the morning of the day on whose evening it left."""
    home = flight("home", (4, 10, 19, 30), (4, 10, 12, 45), (AUCKLAND, ANGELES))
    lunch = Item("lunch", (4, 10, 14, 0), (4, 10, 15, 0), ANGELES, ANGELES)
    assert found(home, lunch) == []


def test_nothing_leads_to_other_clocks_by_itself():
    late = Item("late", (3, 28, 9, 0), (3, 28, 10, 0), HOME, HOME)
    assert found(WALK, late) == [Finding(Doubt.NOBODY_TRAVELS, "late", "walk")]


def test_a_plane_leaves_from_where_the_last_one_landed():
    on = flight("on", (3, 20, 23, 0), (3, 21, 1, 0), (LONDON, LONDON), ("LGW", "EDI"))
    facts = {"landed": "LHR", "leaves": "LGW"}
    assert found(OUT, on) == [Finding(Doubt.OTHER_AIRPORT, "on", "out", facts)]
    coach = Item("coach", (3, 20, 19, 30), (3, 20, 20, 30), kind=ItemKind.COACH)
    assert found(OUT, coach, on) == []


def test_a_school_day_on_a_holiday_or_at_the_weekend_is_told_a_visit_is_not():
    good_friday = dt.date(2027, 3, 26)
    school = Item("school", (3, 26, 9, 0), (3, 26, 15, 0), kind=ItemKind.SCHOOL_DAY)
    visit = Item("visit", (3, 26, 16, 0), (3, 26, 17, 0))
    assert found(school, visit) == []
    assert found(school, visit, holidays=[good_friday]) == [
        Finding(Doubt.HOLIDAY, "school", facts={"day": good_friday})
    ]
    saturday = Item("saturday", (3, 27, 9, 0), (3, 27, 15, 0), kind=ItemKind.SCHOOL_DAY)
    assert [each.doubt for each in found(saturday)] == [Doubt.HOLIDAY]
