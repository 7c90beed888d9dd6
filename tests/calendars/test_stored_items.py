"""A stored feed is taken apart into exactly what it was put together from."""

import dataclasses
import datetime as dt

import icalendar
from hypothesis import given, settings

from scheduler.calendars.ical import render_feed, render_item
from scheduler.calendars.stored_items import differing, items_of
from tests.calendars.items import HEAD, feeds
from tests.calendars.test_foreign_readers import ANY_PACE

ZONE = "Asia/Shanghai"


@settings(ANY_PACE)
@given(feeds)
def test_each_item_comes_back_octet_for_octet(feed_items):
    rendered = [render_item(item) for item in feed_items]
    found = items_of(render_feed(HEAD, rendered))

    assert [item.octets for item in found.values()] == rendered
    assert list(found) == [item.uid for item in feed_items]


@settings(ANY_PACE)
@given(feeds)
def test_icalendar_reads_the_same_lines(feed_items):
    for item in items_of(render_feed(HEAD, map(render_item, feed_items))).values():
        event = icalendar.Calendar.from_ical(item.calendar).events[0]
        title, description = item.line("SUMMARY"), item.line("DESCRIPTION")
        times = (event["DTSTART"].dt, event["DTEND"].dt)

        assert title.text == str(event["SUMMARY"])
        assert (description.text if description else "") == str(event.get("DESCRIPTION", ""))
        if isinstance(times[0], dt.datetime):
            assert item.times(ZONE) == times


@settings(ANY_PACE)
@given(feeds)
def test_an_item_alone_is_a_calendar(feed_items):
    for item in items_of(render_feed(HEAD, map(render_item, feed_items))).values():
        calendar = icalendar.Calendar.from_ical(item.calendar)

        assert len(calendar.events) == 1
        assert "METHOD" not in calendar


@settings(ANY_PACE)
@given(feeds)
def test_what_differs_between_two_versions_is_named(feed_items):
    before = render_feed(HEAD, map(render_item, feed_items))
    changed = [dataclasses.replace(item, summary=f"{item.summary}!") for item in feed_items[:1]]
    after = render_feed(HEAD, map(render_item, [*changed, *feed_items[2:]]))

    assert differing(before, before) == []
    assert differing(before, after) == sorted(item.uid for item in feed_items[:2])
    assert differing(after, before) == differing(before, after)
