"""Calendars from outside: when somebody is busy, and files that were made to harm."""

import datetime as dt

import pytest

from scheduler.calendars.outside import reading
from scheduler.calendars.outside.reading import read
from scheduler.calendars.outside.refusals import Refusal
from scheduler.errors import Refused

ZONE = "Asia/Shanghai"
WITHIN = (
    dt.datetime(2027, 4, 9, 16, tzinfo=dt.UTC),  # midnight in Shanghai
    dt.datetime(2027, 4, 12, 16, tzinfo=dt.UTC),
)


def calendar(*events, zone=""):
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\n{each}END:VEVENT\r\n" for n, each in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{zone}{body}END:VCALENDAR\r\n".encode()


def lines(**properties):
    return "".join(f"{name.replace('_', '-')}:{value}\r\n" for name, value in properties.items())


def utc(day, hour, minute=0):
    return dt.datetime(2027, 4, day, hour, minute, tzinfo=dt.UTC)


def spans(*events, **more):
    return read(calendar(*events, **more), within=WITHIN, zone=ZONE).spans


def refused(content):
    with pytest.raises(Refused) as error:
        read(content, within=WITHIN, zone=ZONE)
    return error.value.code


def test_all_kinds_of_events_count_where_they_take_time():
    found = read(
        calendar(
            lines(DTSTART="20270410T010000Z", DTEND="20270410T020000Z", SUMMARY="Rehearsal"),
            lines(DTSTART="20270410T110000", DURATION="PT30M"),  # floating: the place's time
            "DTSTART;TZID=Europe/London:20270410T090000\r\nDTEND;TZID=Europe/London:20270410T100000\r\n",
            "DTSTART;VALUE=DATE:20270412\r\n",
            lines(DTSTART="20270411T010000Z", DTEND="20270411T020000Z", TRANSP="TRANSPARENT"),
            lines(DTSTART="20270411T010000Z", DTEND="20270411T020000Z", STATUS="CANCELLED"),
            lines(DTSTART="20270411T010000Z", DTEND="20270411T010000Z"),
            lines(DTSTART="20280411T010000Z", DTEND="20280411T020000Z"),
        ),
        within=WITHIN,
        zone=ZONE,
    )

    assert found.spans == [
        (utc(10, 1), utc(10, 2)),
        (utc(10, 3), utc(10, 3, 30)),
        (utc(10, 8), utc(10, 9)),  # London has summer time
        (utc(11, 16), utc(12, 16)),
    ]
    assert found.events == 5
    assert found.until == utc(12, 16)


def test_what_repeats_is_worked_out_within_the_days():
    weekly = "DTSTART:20200106T010000Z\r\nDTEND:20200106T020000Z\r\n"
    daily = "RRULE:FREQ=DAILY\r\nEXDATE:20270411T010000Z\r\n"

    assert spans(weekly + daily) == [
        (utc(10, 1), utc(10, 2)),
        (utc(12, 1), utc(12, 2)),
    ]


def test_a_moved_instance_is_where_it_was_moved_to():
    series = lines(DTSTART="20270409T230000Z", DTEND="20270410T000000Z", RRULE="FREQ=DAILY;COUNT=2")
    body = calendar(series).replace(
        b"END:VCALENDAR",
        b"BEGIN:VEVENT\r\nUID:0\r\nRECURRENCE-ID:20270410T230000Z\r\n"
        b"DTSTART:20270411T050000Z\r\nDTEND:20270411T060000Z\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )

    assert read(body, within=WITHIN, zone=ZONE).spans == [
        (utc(9, 23), utc(10, 0)),
        (utc(11, 5), utc(11, 6)),
    ]


def test_what_reaches_out_of_the_days_is_cut_and_what_touches_is_joined():
    assert spans(
        lines(DTSTART="20270101T000000Z", DTEND="20270410T010000Z"),
        lines(DTSTART="20270410T010000Z", DTEND="20270410T020000Z"),
        lines(DTSTART="20270410T013000Z", DTEND="20270410T014500Z"),
    ) == [(WITHIN[0], utc(10, 2))]


def test_an_empty_calendar_takes_no_time():
    found = read(calendar(), within=WITHIN, zone=ZONE)

    assert (found.events, found.spans, found.until) == (0, [], None)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", Refusal.NO_CALENDAR),
        (b"<html>Please sign in</html>", Refusal.NO_CALENDAR),
        (b"\x89PNG\r\n\x1a\n" * 10, Refusal.NO_CALENDAR),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", Refusal.NO_CALENDAR),
        (b"BEGIN:VCALENDAR\r\n\xff\xfe\x00", Refusal.NO_CALENDAR),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * reading.MOST_OCTETS, Refusal.TOO_LARGE),
        (calendar(*[""] * (reading.MOST_EVENTS + 1)), Refusal.TOO_MANY_EVENTS),
        (
            calendar(lines(DTSTART="20270410T010000Z", RRULE="FREQ=SECONDLY")),
            Refusal.TOO_FREQUENT,
        ),
        (
            calendar(lines(DTSTART="20270410T010000Z", RRULE="INTERVAL=1;freq=minutely")),
            Refusal.TOO_FREQUENT,
        ),
        (
            calendar("DTSTART:20270410T010000Z\r\nRRULE:FREQ=SEC\r\n ONDLY;COUNT=9\r\n"),
            Refusal.TOO_FREQUENT,
        ),
    ],
    ids=range(10),
)
def test_what_is_no_calendar_or_too_much_is_refused(content, code):
    assert refused(content) == code


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",  # never, and so for ever
        "FREQ=HOURLY;COUNT=999999999",
        "FREQ=DAILY;BYHOUR="
        + ",".join(map(str, range(24)))
        + ";BYMINUTE="
        + ",".join(map(str, range(60)))
        + ";BYSECOND="
        + ",".join(map(str, range(60))),
    ],
)
def test_rules_that_never_end_are_given_up(rule, monkeypatch):
    """Each may be too hard or have too many times; none holds up whoever reads it."""
    monkeypatch.setattr(reading, "SECONDS", 2)
    first = "DTSTART:19000101T000000Z\r\nDURATION:PT1S\r\n"

    assert refused(calendar(*[f"{first}RRULE:{rule}\r\n"] * 3)) in {
        Refusal.TOO_HARD,
        Refusal.TOO_MANY_EVENTS,
    }


def test_a_series_with_an_error_does_not_hide_the_others():
    broken = lines(DTSTART="20270410T050000Z", DTEND="20270410T060000Z", RRULE="FREQ=NEVER")
    whole = lines(DTSTART="20270410T010000Z", DTEND="20270410T020000Z")
    found = read(calendar(broken, whole), within=WITHIN, zone=ZONE)

    assert (utc(10, 1), utc(10, 2)) in found.spans
