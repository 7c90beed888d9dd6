"""The rendered octets, compared with what calendars.md and the RFCs ask for."""

import dataclasses
import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest

from scheduler.calendars.ical import (
    FeedHead,
    Status,
    clean_line,
    clean_text,
    fold,
    render_feed,
    render_item,
    render_whole,
)
from tests.calendars.items import HEAD, PERFORMANCE, SHANGHAI
from tests.calendars.octets import complaints, events, outside_events

WHOLE_PERFORMANCE = (
    "BEGIN:VEVENT\r\n"
    "SUMMARY:Performance: 流花小学合唱团\\, “Jasmine\\; Moon”\r\n"
    "DTSTART:20270410T010000Z\r\n"
    "DTEND:20270410T012500Z\r\n"
    "DTSTAMP:20261120T083000Z\r\n"
    "UID:6f6a1f0e-5d9e-4a53-9a55-0c6b8b3f5a01\r\n"
    "SEQUENCE:3\r\n"
    "CATEGORIES:Performance,Choir\\, primary\r\n"
    "DESCRIPTION:Sat 10 April 2027\\, 09:00–09:25 (Shanghai time\\, UTC+8)\\nWar\r\n"
    " m-up at 08:30 in Room 2\\\\3\r\n"
    "GEO:23.113042;113.319031\r\n"
    "LAST-MODIFIED:20261120T083000Z\r\n"
    "LOCATION:Main hall\\, City Theatre\\, 星海音乐厅\r\n"
    "STATUS:CONFIRMED\r\n"
    "TRANSP:OPAQUE\r\n"
    "URL:https://scheduler.example.org/programmes/festival\r\n"
    "END:VEVENT\r\n"
).encode()

EMPTY_FEED = (
    "BEGIN:VCALENDAR\r\n"
    "VERSION:2.0\r\n"
    "PRODID:-//Ambassador Scheduler//Calendars//EN\r\n"
    "CALSCALE:GREGORIAN\r\n"
    "DESCRIPTION:From Ambassador Scheduler\r\n"
    "X-WR-CALDESC:From Ambassador Scheduler\r\n"
    "NAME:海珠区小学合唱团 timetable\r\n"
    "X-WR-CALNAME:海珠区小学合唱团 timetable\r\n"
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
    "X-PUBLISHED-TTL:PT1H\r\n"
    "BEGIN:VTIMEZONE\r\n"
    "TZID:Asia/Shanghai\r\n"
    "BEGIN:STANDARD\r\n"
    "DTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0800\r\n"
    "TZOFFSETTO:+0800\r\n"
    "END:STANDARD\r\n"
    "END:VTIMEZONE\r\n"
    "END:VCALENDAR\r\n"
).encode()


def test_an_item_is_written_like_this():
    assert render_item(PERFORMANCE) == WHOLE_PERFORMANCE


def test_a_feed_is_head_items_and_foot():
    feed = render_feed(HEAD, [WHOLE_PERFORMANCE])

    assert events(feed) == {PERFORMANCE.uid.encode(): WHOLE_PERFORMANCE}
    assert complaints(feed) == []


def test_an_empty_feed_carries_one_time_zone():
    assert render_feed(HEAD, []) == EMPTY_FEED


def test_an_empty_feed_whose_zone_changes_its_clocks_carries_utc():
    feed = render_feed(dataclasses.replace(HEAD, zone="Europe/London"), [])

    zone = EMPTY_FEED.replace(b"Asia/Shanghai", b"Etc/UTC").replace(b"+0800", b"+0000")
    assert feed == zone


def test_a_head_without_description_has_no_empty_lines():
    feed = render_feed(FeedHead("V1", "", "Asia/Shanghai"), [WHOLE_PERFORMANCE])

    assert outside_events(feed) == (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Ambassador Scheduler//Calendars//EN\r\n"
        b"CALSCALE:GREGORIAN\r\nNAME:V1\r\nX-WR-CALNAME:V1\r\n"
        b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\nEND:VCALENDAR\r\n"
    )


def test_joined_items_equal_the_calendar_rendered_in_one_go():
    items = [dataclasses.replace(PERFORMANCE, uid=f"uid-{number}") for number in range(200)]

    assert render_feed(HEAD, map(render_item, items)) == render_whole(HEAD, items)


def test_whole_days_are_dates_with_an_exclusive_end():
    tour = dataclasses.replace(
        PERFORMANCE, starts=dt.date(2027, 3, 13), ends=dt.date(2027, 3, 21), is_busy=False
    )

    lines = render_item(tour).split(b"\r\n")
    assert lines[2:4] == [b"DTSTART;VALUE=DATE:20270313", b"DTEND;VALUE=DATE:20270321"]


@pytest.mark.parametrize(
    ("status", "is_busy", "expected"),
    [
        (Status.CONFIRMED, True, [b"STATUS:CONFIRMED", b"TRANSP:OPAQUE"]),
        (Status.CONFIRMED, False, [b"STATUS:CONFIRMED", b"TRANSP:TRANSPARENT"]),
        (Status.TENTATIVE, True, [b"STATUS:TENTATIVE", b"TRANSP:OPAQUE"]),
        (Status.TENTATIVE, False, [b"STATUS:TENTATIVE", b"TRANSP:TRANSPARENT"]),
        (Status.CANCELLED, True, [b"STATUS:CANCELLED", b"TRANSP:TRANSPARENT"]),
        (Status.CANCELLED, False, [b"STATUS:CANCELLED", b"TRANSP:TRANSPARENT"]),
    ],
)
def test_only_what_takes_place_takes_time(status, is_busy, expected):
    item = dataclasses.replace(PERFORMANCE, status=status, is_busy=is_busy)

    lines = render_item(item).split(b"\r\n")
    assert [line for line in lines if line.startswith((b"STATUS", b"TRANSP"))] == expected


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (PERFORMANCE.starts, PERFORMANCE.starts),
        (dt.date(2027, 3, 13), dt.date(2027, 3, 13)),
        (dt.date(2027, 3, 13), PERFORMANCE.ends),
        # 10:00 in Shanghai is later than 01:30 in Greenwich
        (
            dt.datetime(2027, 4, 10, 10, 0, tzinfo=SHANGHAI),
            dt.datetime(2027, 4, 10, 1, 30, tzinfo=dt.UTC),
        ),
    ],
)
def test_an_item_that_does_not_end_after_it_starts_is_refused(starts, ends):
    with pytest.raises(ValueError):
        render_item(dataclasses.replace(PERFORMANCE, starts=starts, ends=ends))


def test_an_item_across_the_end_of_summer_time_ends_after_it_starts():
    london = ZoneInfo("Europe/London")
    starts = dt.datetime(2027, 10, 31, 1, 50, tzinfo=london)
    ends = dt.datetime(2027, 10, 31, 1, 10, fold=1, tzinfo=london)
    lines = render_item(dataclasses.replace(PERFORMANCE, starts=starts, ends=ends)).split(b"\r\n")

    assert lines[2:4] == [b"DTSTART:20271031T005000Z", b"DTEND:20271031T011000Z"]


def test_a_small_coordinate_is_still_a_float():
    lines = render_item(dataclasses.replace(PERFORMANCE, geo=(0.00001, -0.5))).split(b"\r\n")

    assert [line for line in lines if line.startswith(b"GEO")] == [b"GEO:0.000010;-0.500000"]


def test_what_is_not_known_is_left_out():
    bare = dataclasses.replace(
        PERFORMANCE, location="", description="", geo=None, url="", categories=()
    )

    names = [line.partition(b":")[0] for line in render_item(bare).split(b"\r\n")]
    assert names == [
        b"BEGIN", b"SUMMARY", b"DTSTART", b"DTEND", b"DTSTAMP", b"UID", b"SEQUENCE",
        b"LAST-MODIFIED", b"STATUS", b"TRANSP", b"END", b"",
    ]  # fmt: skip


@pytest.mark.parametrize("offset", range(8))
@pytest.mark.parametrize("unit", ["a", "走", "🎵", "\\\\", "\\n", "\\\\\\;", "^n", "é"])
def test_folds_fall_between_characters_and_between_escapes(unit, offset):
    line = "X" * offset + unit * 60
    folded = fold(line)

    segments = folded.split(b"\r\n ")
    assert b"".join(segments).decode() == line
    assert max(map(len, segments)) <= 74
    assert folds_inside(segments, offset, step=len(ESCAPES.get(unit, unit).encode())) == []


ESCAPES = {"\\\\\\;": "\\;"}
"""Units of several escapes, by the escape that each is made of (all of one length)."""


def folds_inside(segments, offset, step):
    ends = itertools.accumulate(map(len, segments[:-1]))
    return [end for end in ends if (end - offset) % step]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("bell\x07 and\x00 mark\ufeff", "bell and mark"),
        ("half \ud83d pair", "half  pair"),
        ("tab\tstays", "tab\tstays"),
        ("\n\nfirst \n\n last\n", "first\n\n last"),
    ],
)
def test_text_is_cleaned_of_what_no_calendar_may_hold(text, cleaned):
    assert clean_text(text) == cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Main hall\nCity Theatre\n\n中山路", "Main hall, City Theatre, 中山路"),
        ("  two \t blanks ", "two blanks"),
        ("", ""),
    ],
)
def test_a_line_is_one_line(text, cleaned):
    assert clean_line(text) == cleaned
