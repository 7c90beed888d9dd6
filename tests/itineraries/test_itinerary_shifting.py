"""Random itineraries over random zones and nights: a delay keeps lengths, pauses and order."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scheduler.itineraries.details import put_at
from scheduler.itineraries.kinds import ItemKind
from scheduler.itineraries.models import ItineraryItem, instant
from scheduler.itineraries.shifting import Reach, concerns_others, following, later

ZONES = (
    "Asia/Shanghai",
    "Europe/London",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "America/New_York",
    "America/Los_Angeles",
    "Pacific/Apia",
    "Asia/Kathmandu",
)
# The nights of 2027 in which the clocks of some of these zones change are among them.
moments = st.datetimes(
    dt.datetime(2027, 3, 1), dt.datetime(2027, 11, 30), timezones=st.just(dt.UTC)
)


@st.composite
def itineraries(draw):
    found = []
    for number in range(draw(st.integers(1, 6))):
        item = ItineraryItem(ref=f"I-{number}", kind=ItemKind.VISIT, from_airport="", to_airport="")
        item.groups = []
        starts = draw(moments).replace(second=0, microsecond=0)
        ends = starts + dt.timedelta(minutes=draw(st.integers(1, 2000)))
        put_at(item, starts, draw(st.sampled_from(ZONES)), ends, draw(st.sampled_from(ZONES)))
        found.append(item)
    return found


@given(itineraries())
def test_what_is_kept_as_wall_times_is_the_instant_that_was_meant(items):
    """Also of two equal wall times the right one."""
    for item in items:
        starts, ends = item.times
        assert (
            starts.astimezone(ZoneInfo(item.starts_zone)).replace(tzinfo=None) == item.starts_wall
        )
        assert instant(item.ends_wall, item.ends_zone, is_second=item.ends_second) == ends
        assert ends > starts


@given(itineraries(), st.integers(-3000, 3000))
def test_a_delay_keeps_lengths_and_pauses_and_can_be_taken_back(items, minutes):
    span = dt.timedelta(minutes=minutes)
    moved = [later(item, minutes) for item in items]
    for item, after in zip(items, moved, strict=True):
        assert (after.starts_at - span, after.ends_at - span) == item.times
        assert later(after, -minutes) == later(item, 0)
    for item, after in zip(items, moved, strict=True):
        put_at(item, after.starts_at, after.starts_zone, after.ends_at, after.ends_zone)
        assert item.times == (after.starts_at, after.ends_at)


@given(itineraries(), st.sampled_from(Reach), st.data())
def test_a_delay_reaches_what_comes_after_and_nothing_before(items, reach, data):
    late = data.draw(st.sampled_from(items))
    reached = following(items, late, reach)
    assert reached[0] is late
    assert all(item.starts_at >= late.starts_at for item in reached)
    left = [item for item in items if item not in reached]
    day = late.starts_wall.date()
    for item in left:
        is_later = item.starts_at >= late.starts_at
        assert (
            not is_later
            or reach is Reach.ITEM
            or (reach is Reach.DAY and item.starts_wall.date() != day)
        )


class Stub:
    def __init__(self, ref, hour, *groups):
        self.ref, self.group_ids, self.starts_zone = ref, frozenset(groups), "Europe/London"
        self.starts_at = dt.datetime(2027, 3, 22, hour, tzinfo=dt.UTC)


def test_a_delay_of_one_group_does_not_reach_another_and_asks_about_what_both_do():
    late, own, others, shared = Stub("a", 9, 1), Stub("b", 10, 1), Stub("c", 10, 2), Stub("d", 11)
    assert following([late, own, others, shared], late, Reach.DAY) == [late, own, shared]
    assert [concerns_others(each, late) for each in (late, own, shared)] == [False, False, True]
    assert following([late, own, others, shared], shared, Reach.REST) == [shared]
