"""Readers that are not ours understand exactly what we meant: icalendar, ical and ical.js.

Any item that Hypothesis can think of is rendered, read back and compared: texts, instants,
counters, places. Each reader is judged by its values, not by its silence.
"""

import datetime as dt

import icalendar
from hypothesis import HealthCheck, given, settings
from ical.calendar_stream import IcsCalendarStream

from scheduler.calendars.ical import (
    Item,
    Status,
    clean_line,
    clean_text,
    render_feed,
    render_item,
    render_whole,
)
from tests.calendars.icaljs import needs_icaljs, read_by_icaljs
from tests.calendars.items import HEAD, feeds
from tests.calendars.octets import complaints

# How fast a shared machine is, is no property of ours.
ANY_PACE = settings(suppress_health_check=[HealthCheck.too_slow])


def instant(moment):
    """Dates as text, instants as seconds since 1970."""
    return int(moment.timestamp()) if isinstance(moment, dt.datetime) else moment.isoformat()


def meant(item: Item):
    return {
        "uid": item.uid,
        "sequence": item.sequence,
        "starts": instant(item.starts),
        "ends": instant(item.ends),
        "modified": instant(item.modified_at),
        "summary": clean_line(item.summary),
        "location": clean_line(item.location),
        "description": clean_text(item.description),
        "status": item.status.value,
        "transparency": "OPAQUE"
        if item.is_busy and item.status is not Status.CANCELLED
        else "TRANSPARENT",
        "url": item.url,
    }


def rendered(feed_items):
    return render_feed(HEAD, map(render_item, feed_items))


@settings(ANY_PACE)
@given(feeds)
def test_the_octets_are_right_and_the_same_every_time(feed_items):
    feed = rendered(feed_items)

    assert complaints(feed) == []
    assert rendered(feed_items) == feed
    assert render_whole(HEAD, feed_items) == feed


@settings(ANY_PACE)
@given(feeds)
def test_icalendar_reads_what_was_meant(feed_items):
    calendar = icalendar.Calendar.from_ical(rendered(feed_items))

    assert calendar["NAME"] == HEAD.name
    assert [read_by_icalendar(event) for event in calendar.events] == [
        meant(item) | {"geo": rounded(item.geo), "categories": cleaned_categories(item)}
        for item in feed_items
    ]


def read_by_icalendar(event):
    geo = event.get("GEO")
    categories = event.get("CATEGORIES")
    return {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "starts": instant(event["DTSTART"].dt),
        "ends": instant(event["DTEND"].dt),
        "modified": instant(event["LAST-MODIFIED"].dt),
        "summary": str(event["SUMMARY"]),
        "location": str(event.get("LOCATION", "")),
        "description": str(event.get("DESCRIPTION", "")),
        "status": str(event["STATUS"]),
        "transparency": str(event["TRANSP"]),
        "url": str(event["URL"]),
        "geo": (geo.latitude, geo.longitude) if geo else None,
        "categories": [str(name) for name in categories.cats] if categories else [],
    }


def rounded(geo):
    return tuple(float(f"{part:.6f}") for part in geo) if geo else None


def cleaned_categories(item):
    return [line for name in item.categories if (line := clean_line(name))]


@settings(ANY_PACE)
@given(feeds)
def test_the_strict_reader_ical_reads_what_was_meant(feed_items):
    calendar = IcsCalendarStream.calendar_from_ics(rendered(feed_items).decode())

    assert [
        (event.uid, event.sequence, instant(event.dtstart), instant(event.dtend), event.summary)
        for event in calendar.events
    ] == [
        (
            item.uid,
            item.sequence,
            instant(item.starts),
            instant(item.ends),
            clean_line(item.summary),
        )
        for item in feed_items
    ]


@needs_icaljs
@settings(ANY_PACE, max_examples=20)  # each starts a Node process
@given(feeds)
def test_icaljs_reads_what_was_meant(feed_items):
    (calendar,) = read_by_icaljs(rendered(feed_items))

    assert calendar["name"] == HEAD.name
    assert [
        {key: value or "" for key, value in event.items() if key not in ("geo", "categories")}
        | {"sequence": event["sequence"]}
        for event in calendar["events"]
    ] == [meant(item) for item in feed_items]
