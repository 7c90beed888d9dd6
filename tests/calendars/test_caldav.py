"""CalDAV, question by question: what a program is told, and what it is never given."""

import datetime as dt

import icalendar
import pytest
from sqlalchemy import select

from scheduler.calendars import fetches, links, services
from scheduler.calendars.caldav.door import MOST_PER_MINUTE
from scheduler.calendars.choices import Choice
from scheduler.calendars.entries import EntryText
from scheduler.calendars.models import CalendarEntry, FeedFetch
from scheduler.calendars.own_calendars import add_calendar, end_calendar
from scheduler.database import db
from tests.calendars import octets
from tests.calendars.dav import SPACES, Dav, basic, multistatus, refused
from tests.calendars.drafts import NOW, OTHER_PUPIL, PLAN, PUPIL, performance, pupil
from tests.conftest import new_app

KEY = "a secret of the tests"
CLOSING = performance(
    "performance:B",
    hour=13,
    texts={"en": EntryText("Closing concert <& 走台>")},
    audiences=frozenset({PUPIL}),
)
NEIGHBOURS = performance(
    "performance:C",
    hour=15,
    texts={"en": EntryText("A secret of the neighbour")},
    audiences=frozenset({OTHER_PUPIL}),
)
COURSE_DAY = performance(
    "course:D",
    starts_at=dt.datetime(2027, 4, 11, 0, 0, tzinfo=performance().starts_at.tzinfo),
    ends_at=dt.datetime(2027, 4, 12, 0, 0, tzinfo=performance().starts_at.tzinfo),
    texts={"en": EntryText("Course of the day")},
    audiences=frozenset({PUPIL}),
    is_all_day=True,
)


@pytest.fixture
def made(session, frozen):
    frozen(2027, 3, 1, 8)
    found = links.personal_links([pupil(), pupil(OTHER_PUPIL)], secret_key=KEY, now=NOW)
    services.publish(PLAN, [performance(), CLOSING, NEIGHBOURS, COURSE_DAY], now=NOW)
    session.commit()
    return {audience: link.subscription for audience, link in found.items()}


@pytest.fixture
def feed(made):
    return made[PUPIL]


@pytest.fixture
def dav(client, feed):
    return Dav(client, feed, KEY)


@pytest.fixture
def neighbour(client, made):
    return Dav(client, made[OTHER_PUPIL], KEY)


def uid(key):
    return db.session.scalar(select(CalendarEntry.uid).where(CalendarEntry.key == key))


def stored(feed):
    """The octets of each entry of the feed as .ics, by UID."""
    return {each.decode(): block for each, block in octets.events(feed.body).items()}


# Finding the calendar


@pytest.mark.parametrize("path", ["/.well-known/caldav", "/.well-known/caldav/", "/caldav"])
@pytest.mark.parametrize("method", ["GET", "PROPFIND", "OPTIONS"])
def test_the_well_known_address_leads_on(client, app, path, method):
    answer = client.open(path, method=method)

    assert (answer.status_code, answer.headers["Location"]) == (301, "/caldav/")


def test_a_program_finds_its_calendar_step_by_step(dav):
    root = dav.propfind("/caldav/", "D:current-user-principal", "D:resourcetype")
    home = dav.propfind(dav.home, "C:calendar-home-set", "D:principal-URL", "D:displayname")
    inside = dav.propfind(dav.home, "D:resourcetype", "D:displayname", depth="1")

    assert root == {
        "/caldav/": {
            "D:current-user-principal": dav.home,
            "D:resourcetype": ["D:collection"],
        }
    }
    assert home == {
        dav.home: {
            "C:calendar-home-set": dav.home,
            "D:principal-URL": dav.home,
            "D:displayname": "Spring Festival of Choirs",
        }
    }
    assert inside == {
        dav.home: {
            "D:resourcetype": ["D:collection", "D:principal"],
            "D:displayname": "Spring Festival of Choirs",
        },
        dav.calendar: {
            "D:resourcetype": ["C:calendar", "D:collection"],
            "D:displayname": "Spring Festival of Choirs",
        },
    }


def test_the_calendar_tells_what_it_can(dav, feed):
    told = dav.propfind(
        dav.calendar,
        "S:getctag",
        "D:getetag",
        "D:sync-token",
        "D:supported-report-set",
        "C:supported-calendar-component-set",
        "C:supported-calendar-data",
        "C:calendar-timezone-id",
        "D:current-user-privilege-set",
        "A:calendar-color",
    )

    assert told == {
        dav.calendar: {
            "S:getctag": feed.etag,
            "D:getetag": f'"{feed.etag}"',
            "D:sync-token": f"data:,{feed.version}-{feed.etag}",
            "D:supported-report-set": sorted(
                [
                    *["D:supported-report", "D:report"] * 4,
                    "C:calendar-query",
                    "C:calendar-multiget",
                    "D:sync-collection",
                    "C:free-busy-query",
                ]
            ),
            "C:supported-calendar-component-set": ["C:comp"],
            "C:supported-calendar-data": ["C:calendar-data"],
            "C:calendar-timezone-id": "Asia/Shanghai",
            "D:current-user-privilege-set": [
                "D:privilege",
                "D:privilege",
                "D:read",
                "D:read-current-user-privilege-set",
            ],
            "{http://apple.com/ns/ical/}calendar-color": "404",
        }
    }


def test_the_items_stand_in_the_calendar_with_their_tags(dav, feed, client):
    inside = dav.propfind(dav.calendar, "D:getetag", "D:getcontenttype", depth="1")
    items = {path: told for path, told in inside.items() if path != dav.calendar}

    assert set(items) == {dav.path_of(each) for each in stored(feed)}
    assert {told["D:getcontenttype"] for told in items.values()} == {
        "text/calendar; charset=utf-8; component=vevent"
    }
    for path, told in items.items():
        assert dav.ask("GET", path).headers["ETag"] == told["D:getetag"]


def test_all_properties_are_those_of_webdav_alone(dav):
    answer = dav.ask("PROPFIND", dav.calendar, Depth="0")
    names = dav.ask(
        "PROPFIND", dav.calendar, f"<D:propfind {SPACES}><D:propname/></D:propfind>", Depth="0"
    )

    told = multistatus(answer)[dav.calendar]
    assert {name[:2] for name in told} == {"D:"}
    assert told["D:displayname"] == "Spring Festival of Choirs"
    assert set(multistatus(names)[dav.calendar]) >= {"S:getctag", "C:supported-calendar-data"}
    assert set(multistatus(names)[dav.calendar].values()) == {""}


@pytest.mark.parametrize("depth", ["infinity", "2", "", None])
def test_nobody_lists_everything_at_once(dav, depth):
    headers = {} if depth is None else {"Depth": depth}

    assert refused(dav.ask("PROPFIND", "/caldav/", **headers)) == (403, "propfind-finite-depth")


# Who may


def test_without_the_password_nothing_is_told(client, dav, feed):
    for headers in (
        {},
        {"Authorization": basic("anybody", "wrong")},
        {"Authorization": basic("anybody", feed.nonce)},
        {"Authorization": basic("anybody", feed.token_digest)},
        {"Authorization": basic(dav.token, "")},
        {"Authorization": "Basic ***"},
        {"Authorization": "Basic " + "/w==" * 3},
        {"Authorization": f"Bearer {dav.token}"},
    ):
        for path in ("/caldav/", dav.calendar, dav.path_of(uid("performance:A"))):
            answer = client.open(path, method="PROPFIND", headers=headers)

            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"] == 'Basic realm="Calendars", charset="UTF-8"'
            assert answer.text == "The password belongs to one calendar.\n"


def test_the_address_alone_is_no_secret(dav):
    assert dav.token not in dav.calendar


def test_the_password_of_one_calendar_opens_no_other(dav, neighbour, feed):
    secret = uid("performance:C")

    assert [
        dav.ask("PROPFIND", neighbour.home, Depth="1").status_code,
        dav.ask("PROPFIND", neighbour.calendar, Depth="1").status_code,
        dav.ask("GET", neighbour.path_of(secret)).status_code,
        dav.ask("GET", dav.path_of(secret)).status_code,
    ] == [404] * 4
    assert dav.multiget(neighbour.path_of(secret), dav.path_of(secret)) == {
        neighbour.path_of(secret): "404",
        dav.path_of(secret): "404",
    }
    assert neighbour.ask("GET", neighbour.path_of(secret)).status_code == 200


def test_an_ended_calendar_is_gone_at_once(dav, feed):
    end_calendar(feed, now=NOW)

    assert dav.ask("PROPFIND", dav.calendar, Depth="0").status_code == 410


def test_no_answer_sets_a_cookie_or_is_kept(dav):
    for answer in (
        dav.ask("OPTIONS", dav.calendar),
        dav.ask("PROPFIND", dav.calendar, Depth="0"),
        dav.ask("PUT", dav.calendar),
    ):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "private, no-cache"


# Reading


def test_an_item_is_what_the_feed_holds(dav, feed):
    for each, block in stored(feed).items():
        answer = dav.ask("GET", dav.path_of(each))
        head = dav.ask("HEAD", dav.path_of(each))

        assert octets.events(answer.data) == {each.encode(): block}
        assert len(icalendar.Calendar.from_ical(answer.data).events) == 1
        assert (head.status_code, head.data) == (200, b"")
        assert dict(head.headers) == dict(answer.headers)


def test_who_has_the_item_is_told_so(dav):
    path = dav.path_of(uid("performance:A"))
    tag = dav.ask("GET", path).headers["ETag"]

    assert dav.ask("GET", path, If_None_Match=tag).status_code == 304
    assert dav.ask("GET", path, If_None_Match='"other"').status_code == 200


def test_many_items_come_by_name_in_their_order(dav, feed, app):
    first, second = dav.path_of(uid("performance:B")), dav.path_of(uid("performance:A"))
    absolute = "http://localhost" + second.replace("-", "%2D")
    gone = dav.path_of("00000000-0000-0000-0000-000000000000")
    told = dav.multiget(first, gone, absolute)

    assert list(told) == [first, gone, second]
    assert told[gone] == "404"
    for path in (first, second):
        whole = dav.ask("GET", path)
        assert told[path]["C:calendar-data"].encode() == whole.data
        assert told[path]["D:getetag"] == whole.headers["ETag"]


def test_the_owners_choice_shows_here_too(client, session, feed):
    chosen = add_calendar(
        pupil(), "Mum's iPhone", Choice(alarm_minutes=30), secret_key=KEY, now=NOW
    )
    session.commit()
    own = Dav(client, chosen, KEY)
    plain = Dav(client, feed, KEY)
    alarmed = own.ask("GET", own.path_of(uid("performance:A")))

    assert b"TRIGGER:-PT30M\r\n" in alarmed.data
    assert octets.events(chosen.body)[uid("performance:A").encode()] in alarmed.data
    assert b"VALARM" not in plain.ask("GET", plain.path_of(uid("performance:A"))).data


# Asking for some


def event(inner=""):
    return f'<C:comp-filter name="VEVENT">{inner}</C:comp-filter>'


def times(start="", end=""):
    given = (f'start="{start}" ' if start else "") + (f'end="{end}"' if end else "")
    return event(f"<C:time-range {given}/>")


def title(words, **attributes):
    given = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return event(
        f'<C:prop-filter name="SUMMARY"><C:text-match{given}>{words}</C:text-match></C:prop-filter>'
    )


@pytest.mark.parametrize(
    ("inner", "keys"),
    [
        ("", "A B D"),
        (event(), "A B D"),
        (event("<C:is-not-defined/>"), ""),
        ('<C:comp-filter name="VTODO"/>', ""),
        ('<C:comp-filter name="VTODO"><C:is-not-defined/></C:comp-filter>', "A B D"),
        # 09:00 to 09:25 in Shanghai is 01:00 to 01:25 UTC
        (times("20270410T010000Z", "20270410T012500Z"), "A"),
        (times("20270410T012500Z", "20270410T050000Z"), ""),
        (times("20270410T012459Z", "20270410T050001Z"), "A B"),
        (times("20270410T012500Z"), "B D"),
        (times(end="20270410T050000Z"), "A"),
        # the day of the course is one in Shanghai
        (times("20270410T155959Z", "20270410T160001Z"), "D"),
        (times("20270410T150000Z", "20270410T160000Z"), ""),
        (times("20270411T155959Z"), "D"),
        (times("20270411T160000Z"), ""),
        (title("CONCERT"), "B"),
        (title("concert", collation="i;octet"), "B"),
        (title("CONCERT", collation="i;octet"), ""),
        (title("走台", collation="i;unicode-casemap"), "B"),
        (title("concert", negate_condition="yes"), "A D"),
        (title("&lt;&amp;"), "B"),
        (event('<C:prop-filter name="geo"/>'), "A B D"),
        (event('<C:prop-filter name="LOCATION"><C:is-not-defined/></C:prop-filter>'), "B D"),
        (event('<C:prop-filter name="LOCATION"/>'), "A"),
        (event('<C:comp-filter name="VALARM"/>'), ""),
        (
            event(
                '<C:comp-filter name="VALARM"><C:is-not-defined/></C:comp-filter>'
                '<C:time-range start="20270411T000000Z"/>'
            ),
            "D",
        ),
    ],
)
def test_a_question_is_answered_exactly(dav, inner, keys):
    by_path = {
        dav.path_of(uid(key)): key[-1]
        for key in ("performance:A", "performance:B", "performance:C", "course:D")
    }

    assert " ".join(sorted(by_path[path] for path in multistatus(dav.query(inner)))) == keys


def test_a_question_may_ask_for_the_calendar_itself(dav):
    answer = multistatus(
        dav.query(title("concert"), "<D:getetag/><C:calendar-data/><A:calendar-color/>")
    )
    path = dav.path_of(uid("performance:B"))

    assert answer == {
        path: {
            "D:getetag": dav.ask("GET", path).headers["ETag"],
            "C:calendar-data": dav.ask("GET", path).text,
            "{http://apple.com/ns/ical/}calendar-color": "404",
        }
    }


@pytest.mark.parametrize(
    ("inner", "condition"),
    [
        (event('<C:prop-filter name="SUMMARY"><C:param-filter name="X"/></C:prop-filter>'), "sf"),
        (event("<C:anything/>"), "sf"),
        ("<C:anything/>", "sf"),
        (title("x", collation="i;unknown"), "sc"),
        (times("20270410"), "vf"),
        (times("20270410T010000Z", "20270410T010000Z"), "vf"),
        (times(), "vf"),
        (times("99999999T999999Z"), "vf"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_by_name(dav, inner, condition):
    names = {"sf": "supported-filter", "sc": "supported-collation", "vf": "valid-filter"}

    assert refused(dav.query(inner)) == (403, names[condition])


def test_there_is_only_one_kind_of_data(dav):
    answer = dav.query("", '<C:calendar-data content-type="application/calendar+json"/>')

    assert refused(answer) == (403, "supported-calendar-data")


@pytest.mark.parametrize("name", ["D:expand-property", "D:principal-match", "D:anything"])
def test_other_reports_are_refused_by_name(dav, name):
    answer = dav.ask("REPORT", dav.calendar, f"<{name} {SPACES}/>")

    assert refused(answer) == (403, "supported-report")


# Nothing is written


@pytest.mark.parametrize(
    "method",
    ["PUT", "DELETE", "PROPPATCH", "MKCOL", "MKCALENDAR", "COPY", "MOVE", "LOCK", "UNLOCK", "ACL"],
)
@pytest.mark.parametrize("place", ["calendar", "item", "new"])
def test_nothing_can_be_written(dav, feed, method, place):
    before = feed.body
    path = {
        "calendar": dav.calendar,
        "item": dav.path_of(uid("performance:A")),
        "new": dav.path_of("new"),
    }[place]
    answer = dav.ask(method, path, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")

    assert refused(answer) == (403, "need-privileges")
    assert feed.body == before


@pytest.mark.parametrize(
    ("method", "place", "allowed"),
    [
        ("POST", "calendar", "OPTIONS, PROPFIND, REPORT"),
        ("GET", "calendar", "OPTIONS, PROPFIND, REPORT"),
        ("REPORT", "home", "OPTIONS, PROPFIND"),
        ("REPORT", "item", "GET, HEAD, OPTIONS, PROPFIND"),
        ("NONSENSE", "item", "GET, HEAD, OPTIONS, PROPFIND"),
    ],
)
def test_what_is_not_done_at_an_address_is_said(dav, method, place, allowed):
    paths = {"calendar": dav.calendar, "home": dav.home, "item": dav.path_of(uid("performance:A"))}
    answer = dav.ask(method, paths[place])

    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


def test_options_tell_what_is_spoken_here(client, app):
    answer = client.open("/caldav/", method="OPTIONS")

    assert answer.status_code == 200
    assert answer.headers["DAV"] == "1, 3, access-control, calendar-access"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, PROPFIND, REPORT"


@pytest.mark.parametrize("path", ["x", "timetable", "timetable/", "timetable/x.ics", "../", "%00"])
def test_where_nothing_is_nothing_is_found(dav, path):
    assert dav.ask("PROPFIND", f"/caldav/{path}", Depth="0").status_code == 404


# Counting


def test_a_program_that_looks_is_counted_like_a_poll(app, dav, feed):
    notes = app.extensions["feed_door"].notes
    for agent in ("DAVx5/4.4", "DAVx5/4.4", "vdirsyncer/0.21"):
        dav.ask("PROPFIND", dav.calendar, Depth="0", User_Agent=agent)
    notes.write()

    columns = (FeedFetch.client, FeedFetch.etag, FeedFetch.fetches)
    assert db.session.execute(select(*columns).order_by(*columns)).all() == [
        ("davx5", feed.etag, 2),
        ("vdirsyncer", feed.etag, 1),
    ]


def test_a_program_may_ask_often_but_not_endlessly(app, dav, feed):
    notes = app.extensions["feed_door"].notes
    fetch = fetches.Fetch(feed.id, NOW.date(), "other", feed.etag)
    for _ in range(MOST_PER_MINUTE):
        notes.note(fetch, NOW)
    answer = dav.ask("PROPFIND", dav.calendar, Depth="0")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_without_the_database_a_program_is_asked_for_patience():
    app = new_app("postgresql+psycopg://127.0.0.1:1/nowhere")
    answer = app.test_client().open(
        "/caldav/", method="PROPFIND", headers={"Authorization": basic("x", "y"), "Depth": "0"}
    )

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
