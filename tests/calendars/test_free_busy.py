"""When something is taken: spans and nothing else, at an address that opens no more."""

import datetime as dt

import icalendar
import pytest

from scheduler.calendars import links, services
from scheduler.calendars.addresses import feed_addresses
from scheduler.calendars.entries import EntryKind, Subject
from scheduler.calendars.fetches import MOST_PER_MINUTE
from scheduler.calendars.free_busy import joined
from scheduler.calendars.free_busy_door import busy_token
from scheduler.calendars.own_calendars import end_calendar
from scheduler.calendars.public_feeds import open_feeds, public_audience
from tests.calendars import octets
from tests.calendars.dav import SPACES, Dav, refused
from tests.calendars.drafts import NOW, PLAN, PUPIL, VENUE, performance, pupil, venue

HALL = frozenset({VENUE})
NINE = performance().starts_at
DRAFTS = [
    performance("performance:A", hour=9, audiences=HALL),
    performance("performance:B", hour=9, minute=25, audiences=HALL),  # begins as A ends
    performance("performance:C", hour=11, audiences=HALL, is_tentative=True),
    performance("performance:D", hour=13, audiences=HALL, is_busy=False),
    performance("performance:E", hour=14, audiences=HALL, kind=EntryKind.REHEARSAL),
    performance("performance:gone", hour=17, audiences=HALL),
]


def utc(hour, minute=0):
    return NINE.replace(hour=hour, minute=minute).astimezone(dt.UTC)


@pytest.fixture
def feeds(app, session, frozen):
    frozen(2027, 3, 1, 8)
    made = links.shared_feeds([venue()], secret_key=app.secret_key, now=NOW)
    services.publish(PLAN, DRAFTS, now=NOW)
    services.publish(PLAN, DRAFTS[:-1], now=NOW)
    session.commit()
    return made


@pytest.fixture
def path(app, feeds):
    token = busy_token(feeds[0].token_digest, feeds[0].nonce, app.secret_key)
    return f"/calendars/{token}.ifb"


def told(body):
    (component,) = icalendar.Calendar.from_ical(body).walk("VFREEBUSY")
    found = component.get("FREEBUSY", [])
    spans = [
        (each.params["FBTYPE"], period.start, period.end)
        for each in (found if isinstance(found, list) else [found])
        for period in [each]
    ]
    return component, spans


def test_the_spans_of_a_hall_are_told(client, feeds, path):
    answer = client.get(path)
    component, spans = told(answer.data)

    assert spans == [
        ("BUSY", utc(9), utc(9, 50)),
        ("BUSY", utc(14), utc(14, 25)),
        ("BUSY-TENTATIVE", utc(11), utc(11, 25)),
    ]
    assert (component["DTSTART"].dt, component["DTEND"].dt) == (utc(9), utc(14, 25))
    assert component["DTSTAMP"].dt == feeds[0].modified_at
    assert all(0 < len(line) <= 75 for line in answer.data.split(b"\r\n")[:-1])


def test_nothing_of_what_takes_place_is_told(client, path):
    names = {
        line.partition(b":")[0].partition(b";")[0]
        for line in octets.unfolded(client.get(path).data)
    }

    assert names == {
        *(b"BEGIN", b"END", b"VERSION", b"PRODID", b"CALSCALE"),
        *(b"UID", b"DTSTAMP", b"DTSTART", b"DTEND", b"FREEBUSY"),
    }


def test_the_address_opens_nothing_else(client, feeds, path):
    bare = path.removesuffix(".ifb")
    opened = [
        client.get(bare + form).status_code for form in (".ics", ".jcal.json", ".jscalendar.json")
    ]
    dav = Dav(client, feeds[0], "any")
    dav.token = bare.rpartition("/")[2]

    assert opened == [404] * 3
    assert dav.ask("PROPFIND", dav.calendar, Depth="0").status_code == 401


def test_it_is_the_same_until_something_changes(client, session, path):
    first = client.get(path)
    held = {"If-None-Match": first.headers["ETag"]}

    assert client.get(path, headers=held).status_code == 304
    assert client.get(path).data == first.data
    assert client.head(path).data == b""
    services.publish(PLAN, DRAFTS[:1], now=NOW + dt.timedelta(days=1))
    changed = client.get(path, headers=held)
    assert told(changed.data)[1] == [("BUSY", utc(9), utc(9, 25))]


def test_a_free_hall_is_told_as_such(client, session, path):
    services.publish(PLAN, [], now=NOW)
    component, spans = told(client.get(path).data)

    assert spans == []
    assert "DTSTART" not in component


@pytest.mark.parametrize("change", ["shorter", "longer", "another"])
def test_a_wrong_address_opens_nothing(client, path, change):
    token = path.removeprefix("/calendars/").removesuffix(".ifb")
    wrong = {
        "shorter": token[:-1],
        "longer": token + "a",
        "another": token[:-1] + ("a" if token[-1] != "a" else "b"),
    }[change]

    assert client.get(f"/calendars/{wrong}.ifb").status_code == 404


def test_it_ends_with_the_feed_and_is_only_read(client, session, feeds, path):
    assert client.put(path).status_code == 405
    end_calendar(feeds[0], now=NOW)

    assert client.get(path).status_code == 410


def test_so_many_questions_in_a_minute_are_answered_and_no_more(client, feeds, path, frozen):
    key = client.application.secret_key
    held = {"If-None-Match": client.get(path).headers["ETag"]}
    answers = [client.get(path, headers=held).status_code for _ in range(MOST_PER_MINUTE)]
    refused = client.get(path)

    assert answers == [304] * (MOST_PER_MINUTE - 1) + [429]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert client.get(links.feed_path(feeds[0], key)).status_code == 200
    frozen(minutes=1)
    assert client.get(path).status_code == 200


def test_only_what_is_shared_has_such_an_address(app, session, feeds):
    own = links.personal_links([pupil()], secret_key=app.secret_key, now=NOW)[PUPIL].subscription
    everybody = Subject(public_audience("festival"), {"en": "Festival"}, "Asia/Shanghai")
    visitors = open_feeds([everybody], now=NOW)[0]
    session.commit()
    client = app.test_client()
    tokens = [busy_token(feed.token_digest, feed.nonce, app.secret_key) for feed in (own, visitors)]
    with app.test_request_context():
        shown = [feed_addresses(feed).busy for feed in (own, visitors, feeds[0])]

    assert [client.get(f"/calendars/{token}.ifb").status_code for token in tokens] == [404, 404]
    assert shown[:2] == ["", ""]
    assert shown[2].endswith(".ifb")


def test_caldav_tells_the_spans_of_a_time(client, app, feeds):
    dav = Dav(client, feeds[0], app.secret_key)
    asked = '<C:time-range start="20270410T011000Z" end="20270410T031000Z"/>'
    answer = dav.ask(
        "REPORT", dav.calendar, f"<C:free-busy-query {SPACES}>{asked}</C:free-busy-query>"
    )
    component, spans = told(answer.data)

    assert answer.mimetype == "text/calendar"
    assert spans == [
        ("BUSY", utc(9, 10), utc(9, 50)),
        ("BUSY-TENTATIVE", utc(11), utc(11, 10)),
    ]
    assert (component["DTSTART"].dt, component["DTEND"].dt) == (utc(9, 10), utc(11, 10))


@pytest.mark.parametrize("asked", ["", "<C:time-range/>", '<C:time-range start="tomorrow"/>'])
def test_caldav_wants_a_time_that_can_be_read(client, app, feeds, asked):
    dav = Dav(client, feeds[0], app.secret_key)
    body = f"<C:free-busy-query {SPACES}>{asked}</C:free-busy-query>"

    assert refused(dav.ask("REPORT", dav.calendar, body)) == (403, "valid-filter")


def test_spans_that_touch_are_one():
    assert joined([]) == []
    assert joined(
        [(utc(9), utc(10)), (utc(8), utc(9)), (utc(12), utc(13)), (utc(12), utc(12, 30))]
    ) == [
        (utc(8), utc(10)),
        (utc(12), utc(13)),
    ]
