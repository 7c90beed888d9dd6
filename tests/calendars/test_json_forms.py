"""jCal and JSCalendar say what the .ics says, field by field."""

import dataclasses
import datetime as dt
import gzip
import json

import icalendar
import pytest
from hypothesis import given, settings
from werkzeug.http import http_date

from scheduler.calendars import links, services
from scheduler.calendars.choices import Choice
from scheduler.calendars.content_lines import texts
from scheduler.calendars.ical import Item, clean_line, escaped, render_feed, render_item
from scheduler.calendars.jcal import jcal
from scheduler.calendars.jscalendar import jscalendar
from scheduler.calendars.own_calendars import add_calendar, end_calendar
from tests.calendars.drafts import NOW, PLAN, PUPIL, performance, pupil
from tests.calendars.items import HEAD, PERFORMANCE, feeds
from tests.calendars.test_foreign_readers import ANY_PACE, meant, rounded

KEY = "a secret of the tests"
FORMS = {
    ".jcal.json": ("jcal", "application/calendar+json"),
    ".jscalendar.json": ("jscalendar", "application/jscalendar+json;type=group"),
}


def rendered(feed_items):
    return render_feed(HEAD, map(render_item, feed_items))


# jCal


@settings(ANY_PACE)
@given(feeds)
def test_jcal_has_what_icalendar_makes_of_the_feed(feed_items):
    feed = rendered(feed_items)
    name, properties, components = jcal(feed)
    theirs = icalendar.Calendar.from_ical(feed).to_jcal()

    assert name == "vcalendar"
    assert by_name(properties) == by_name(theirs[1])
    assert [each[0] for each in components] == [each[0] for each in theirs[2]]
    assert [by_name(each[1]) for each in components] == [by_name(each[1]) for each in theirs[2]]


def by_name(properties):
    """Properties by name; icalendar does not know those of RFC 7986, which are texts."""
    return {
        name: (parameters, "text" if name in {"name", "color"} else kind, *values)
        for name, parameters, kind, *values in properties
    }


@settings(ANY_PACE)
@given(feeds)
def test_icalendar_reads_the_same_feed_from_jcal(feed_items):
    feed = rendered(feed_items)
    read = icalendar.Calendar.from_jcal(json.loads(json.dumps(jcal(feed))))

    assert [str(event["UID"]) for event in read.events] == [item.uid for item in feed_items]
    for event, item in zip(read.events, feed_items, strict=True):
        wanted = meant(item)
        assert str(event["SUMMARY"]) == wanted["summary"]
        assert str(event.get("DESCRIPTION", "")) == wanted["description"]
        assert event["DTSTART"].dt == as_utc(item.starts)
        assert event["DTEND"].dt == as_utc(item.ends)


def as_utc(moment):
    return moment.astimezone(dt.UTC) if isinstance(moment, dt.datetime) else moment


def test_one_entry_as_jcal_word_by_word():
    name, properties, (event,) = jcal(rendered([PERFORMANCE]))

    assert name == "vcalendar"
    assert ["refresh-interval", {}, "duration", "PT1H"] in properties
    assert ["x-published-ttl", {}, "unknown", "PT1H"] in properties
    assert event == [
        "vevent",
        [
            ["summary", {}, "text", "Performance: 流花小学合唱团, “Jasmine; Moon”"],
            ["dtstart", {}, "date-time", "2027-04-10T01:00:00Z"],
            ["dtend", {}, "date-time", "2027-04-10T01:25:00Z"],
            ["dtstamp", {}, "date-time", "2026-11-20T08:30:00Z"],
            ["uid", {}, "text", "6f6a1f0e-5d9e-4a53-9a55-0c6b8b3f5a01"],
            ["sequence", {}, "integer", 3],
            ["categories", {}, "text", "Performance", "Choir, primary"],
            [
                "description",
                {},
                "text",
                PERFORMANCE.description,
            ],
            ["geo", {}, "float", [23.113042, 113.319031]],
            ["last-modified", {}, "date-time", "2026-11-20T08:30:00Z"],
            ["location", {}, "text", "Main hall, City Theatre, 星海音乐厅"],
            ["status", {}, "text", "CONFIRMED"],
            ["transp", {}, "text", "OPAQUE"],
            ["url", {}, "uri", "https://scheduler.example.org/programmes/festival"],
        ],
        [],
    ]


@settings(ANY_PACE)
@given(feeds)
def test_categories_are_parted_where_they_were_joined(feed_items):
    for item in feed_items:
        names = [clean_line(name) for name in (*item.categories, "a\\", "b,c", "d;e\\,f")]
        assert texts(",".join(map(escaped, names))) == names


# JSCalendar


def as_jscalendar(item: Item):
    """What RFC 8984 calls the fields of an item, written down without the octets."""
    wanted = meant(item)
    is_all_day = not isinstance(item.starts, dt.datetime)
    starts = as_utc(item.starts)
    event = {
        "@type": "Event",
        "uid": item.uid,
        "sequence": item.sequence,
        "updated": f"{item.modified_at:%Y-%m-%dT%H:%M:%SZ}",
        "title": wanted["summary"],
        "start": f"{starts:%Y-%m-%dT%H:%M:%S}",
        "timeZone": None if is_all_day else "Etc/UTC",
        "status": item.status.value.lower(),
        "freeBusyStatus": {"OPAQUE": "busy", "TRANSPARENT": "free"}[wanted["transparency"]],
        "links": {"1": {"@type": "Link", "href": item.url}},
    }
    if is_all_day:
        event["showWithoutTime"] = True
    if wanted["description"]:
        event["description"] = wanted["description"]
    place = {"name": wanted["location"]} if wanted["location"] else {}
    if item.geo:
        place["coordinates"] = "geo:{:.6f},{:.6f}".format(*item.geo)
    if place:
        event["locations"] = {"1": {"@type": "Location"} | place}
    if names := [line for name in item.categories if (line := clean_line(name))]:
        event["keywords"] = dict.fromkeys(names, True)
    return event


@settings(ANY_PACE)
@given(feeds)
def test_jscalendar_has_every_field_of_the_feed(feed_items):
    group = jscalendar(rendered(feed_items), "ref", NOW)
    entries = [dict(entry) for entry in group.pop("entries")]
    lengths = [entry.pop("duration") for entry in entries]

    assert group == {
        "@type": "Group",
        "uid": "ref",
        "prodId": "-//Ambassador Scheduler//Calendars//EN",
        "updated": "2027-03-01T08:00:00Z",
        "title": HEAD.name,
    }
    assert entries == [as_jscalendar(item) for item in feed_items]
    assert [icalendar.vDuration.from_ical(length) for length in lengths] == [
        as_utc(item.ends) - as_utc(item.starts) for item in feed_items
    ]


@pytest.mark.parametrize(
    ("minutes", "length"),
    [(25, "PT25M"), (85, "PT1H25M"), (1_440, "P1D"), (1_470, "P1DT30M"), (2_880, "P2D")],
)
def test_lengths_are_written_as_they_are_said(minutes, length):
    item = dataclasses.replace(PERFORMANCE, ends=PERFORMANCE.starts + dt.timedelta(minutes=minutes))
    (entry,) = jscalendar(rendered([item]), "ref", NOW)["entries"]

    assert entry["duration"] == length
    assert rounded(item.geo) == (23.113042, 113.319031)


# At their addresses


@pytest.fixture
def feed(session, frozen):
    frozen(2027, 3, 1, 8)
    made = links.personal_links([pupil()], secret_key=KEY, now=NOW)[PUPIL].subscription
    services.publish(PLAN, [performance()], now=NOW)
    session.commit()
    return made


@pytest.fixture(params=FORMS)
def form(request):
    return request.param


@pytest.fixture
def path(feed, form):
    return links.feed_path(feed, KEY).removesuffix(".ics") + form


def test_each_form_has_an_address_of_its_own(client, feed, form, path):
    mark, media_type = FORMS[form]
    answer = client.get(path)

    assert answer.status_code == 200
    assert dict(answer.headers) == {
        "Content-Type": media_type,
        "Content-Length": str(len(answer.data)),
        "Content-Disposition": f'inline; filename="timetable{form}"',
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Vary": "Accept-Encoding",
        "ETag": f'"{feed.etag}-{mark}"',
        "Last-Modified": http_date(feed.modified_at),
    }
    read = json.loads(answer.data)
    whole = {".jcal.json": jcal(feed.body), ".jscalendar.json": read}
    assert read == whole[form]


def test_who_has_the_present_version_is_told_so(client, feed, form, path):
    mark, _ = FORMS[form]
    held = f'"{feed.etag}-{mark}"'

    assert client.get(path, headers={"If-None-Match": held}).status_code == 304
    assert client.get(path, headers={"If-None-Match": f'"{feed.etag}"'}).status_code == 200
    assert client.get(path, headers={"If-None-Match": f'"{feed.etag}-gzip"'}).status_code == 200
    since = {"If-Modified-Since": http_date(feed.modified_at)}
    assert client.get(path, headers=since).status_code == 304


def test_gzip_is_sent_to_whom_it_suits(client, feed, form, path):
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    head = client.head(path, headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == f'"{feed.etag}-{FORMS[form][0]}-gzip"'
    assert (head.data, dict(head.headers)) == (b"", dict(packed.headers))


def test_an_ended_feed_is_gone_in_every_form(client, feed, path):
    end_calendar(feed, now=NOW)

    assert client.get(path).status_code == 410
    assert client.put(path).status_code == 405
    assert client.get("/calendars/unknown.jcal.json").status_code == 404


def test_an_owners_alarm_is_in_every_form(client, session, feed):
    chosen = add_calendar(pupil(), "Phone", Choice(alarm_minutes=30), secret_key=KEY, now=NOW)
    session.commit()
    bare = links.feed_path(chosen, KEY).removesuffix(".ics")
    (event,) = json.loads(client.get(bare + ".jcal.json").data)[2]
    (entry,) = json.loads(client.get(bare + ".jscalendar.json").data)["entries"]

    assert event[2] == [
        [
            "valarm",
            [
                ["action", {}, "text", "DISPLAY"],
                ["description", {}, "text", "Performance: Jasmine Choir"],
                ["trigger", {}, "duration", "-PT30M"],
            ],
            [],
        ]
    ]
    assert entry["alerts"] == {
        "1": {
            "@type": "Alert",
            "trigger": {"@type": "OffsetTrigger", "offset": "-PT30M"},
            "action": "display",
        }
    }
    assert entry["title"] == "Performance: Jasmine Choir"
