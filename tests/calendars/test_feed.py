"""Feeds over HTTP: what a calendar program is answered, and what it is never told."""

import datetime as dt
import gzip

import brotli
import pytest
from sqlalchemy import create_engine, event, select, text
from werkzeug.http import http_date

from scheduler.calendars import fetches, links, services
from scheduler.calendars.models import FeedFetch, PersonalLink
from scheduler.calendars.own_calendars import end_calendar
from scheduler.database import db
from tests.calendars import octets
from tests.calendars.drafts import NOW, PLAN, PUPIL, performance, pupil
from tests.conftest import new_app
from tests.support import databases

KEY = "a secret of the tests"
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def link(session, frozen):
    """A pupil's link to one performance, released at the instant NOW."""
    frozen(2027, 3, 1, 8)
    made = links.personal_links([pupil()], secret_key=KEY, now=NOW)[PUPIL]
    services.publish(PLAN, [performance()], now=NOW)
    session.commit()
    return made


@pytest.fixture
def feed(link):
    return link.subscription


@pytest.fixture
def path(feed):
    return links.feed_path(feed, KEY)


def test_a_feed_is_sent_as_stored(client, feed, path):
    answer = client.get(path)

    assert (answer.status_code, answer.data) == (200, feed.body)
    assert octets.complaints(answer.data) == []
    # The server itself adds the date.
    assert dict(answer.headers) == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Length": str(len(feed.body)),
        "Content-Disposition": 'inline; filename="timetable.ics"',
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Vary": "Accept-Encoding",
        "ETag": f'"{feed.etag}"',
        "Last-Modified": http_date(feed.modified_at),
    }


def test_head_tells_the_same_without_the_body(client, path):
    whole, head = client.get(path), client.head(path)

    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("identity", None, bytes),
        (None, None, bytes),
    ],
)
def test_a_feed_is_sent_as_stored_in_the_encoding_that_suits(
    client, feed, path, accepted, encoding, decode
):
    asked = {} if accepted is None else {"Accept-Encoding": accepted}
    whole, head = client.get(path, headers=asked), client.head(path, headers=asked)
    stored = {"br": feed.body_br, "gzip": feed.body_gzip, None: feed.body}[encoding]

    assert whole.data == stored
    assert decode(whole.data) == feed.body
    assert whole.headers.get("Content-Encoding") == encoding
    assert whole.headers["Content-Length"] == str(len(stored))
    assert whole.headers["ETag"] == (f'"{feed.etag}-{encoding}"' if encoding else f'"{feed.etag}"')
    assert whole.headers["Vary"] == "Accept-Encoding"
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize(
    "held",
    ['"{}"', 'W/"{}"', '"other", "{}"', '"other",W/"{}" , "third"', "*", '"{}-gzip"', 'W/"{}-br"'],
)
def test_who_has_the_present_version_is_told_so(client, feed, path, held):
    answer = client.get(path, headers={"If-None-Match": held.format(feed.etag)})

    assert (answer.status_code, answer.data) == (304, b"")
    assert set(answer.headers.keys()) == {
        "ETag",
        "Cache-Control",
        "Vary",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "X-Robots-Tag",
    }


@pytest.mark.parametrize("held", ['"other"', '"{}x"', "", '"-gzip"'])
def test_who_has_another_version_gets_the_present_one(client, feed, path, held):
    answer = client.get(path, headers={"If-None-Match": held.format(feed.etag)})

    assert (answer.status_code, answer.data) == (200, feed.body)


@pytest.mark.parametrize(
    ("held", "since", "status"),
    [
        ('"other"', 0, 200),  # the tag decides alone, though the time is right
        ('"{}"', -3600, 304),
        (None, 0, 304),
        (None, 3600, 304),
        (None, -1, 200),
    ],
)
def test_tags_come_before_times(client, feed, path, held, since, status):
    headers = {"If-Modified-Since": http_date(feed.modified_at + dt.timedelta(seconds=since))}
    if held:
        headers["If-None-Match"] = held.format(feed.etag)

    assert client.get(path, headers=headers).status_code == status


def test_a_time_that_is_none_is_ignored(client, path):
    assert client.get(path, headers={"If-Modified-Since": "last week"}).status_code == 200


def test_a_feed_is_the_same_a_moment_later(client, path, frozen):
    first = client.get(path)
    frozen(seconds=1)
    second = client.get(path)

    assert (second.data, second.headers["ETag"]) == (first.data, first.headers["ETag"])


def test_a_release_changes_tag_and_time(client, session, path, frozen):
    first = client.get(path)
    frozen(days=1)
    services.publish(PLAN, [performance(hour=10)], now=LATER)
    second = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]
    assert second.headers["Last-Modified"] == http_date(LATER)


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "REPORT", "MKCALENDAR"]
)
def test_nothing_can_be_written_to_a_feed(client, path, method):
    answer = client.open(path, method=method, headers={"If-Match": "nothing"}, data=b"BEGIN:")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.mimetype == "text/plain"


def test_a_revoked_feed_is_gone(client, session, feed, path):
    end_calendar(feed, now=LATER)

    assert client.get(path).status_code == 410


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "走台", "../etc", "%00"])
def test_an_unknown_token_opens_nothing(client, feed, token):
    answer = client.get(f"/calendars/{token}.ics")

    assert (answer.status_code, answer.text) == (404, "There is no such calendar.\n")


def test_neither_nonce_nor_digest_is_a_token(client, feed):
    for stored in (feed.nonce, feed.token_digest):
        assert client.get(f"/calendars/{stored}.ics").status_code == 404


@pytest.mark.parametrize("status", [200, 304, 404, 405, 410])
def test_no_answer_sets_or_depends_on_a_cookie(client, session, feed, path, status):
    if status == 410:
        end_calendar(feed, now=LATER)
    client.set_cookie("ambassador_session", "anything")
    answer = client.open(
        "/calendars/unknown.ics" if status == 404 else path,
        method="PUT" if status == 405 else "GET",
        headers={"If-None-Match": "*"} if status == 304 else {},
    )

    assert answer.status_code == status
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_poll_is_one_indexed_look_up(client, database, feed, path):
    if database.kind != "sqlite":
        pytest.skip("SQLite's driver tells its statements; the code is the same")
    statements = []

    def trace(connection, *_):
        connection.set_trace_callback(statements.append)

    db.engine.dispose()  # the door opens its connection anew
    event.listen(db.engine, "checkout", trace)
    client.get(path, headers={"If-None-Match": f'"{feed.etag}"'})
    event.remove(db.engine, "checkout", trace)
    looked_up = [text for text in statements if text not in {"ROLLBACK", "COMMIT"}]
    plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {looked_up[0]}")).one()

    assert len(looked_up) == 1
    assert plan.detail == (
        "SEARCH subscription USING INDEX sqlite_autoindex_subscription_1 (token_digest=?)"
    )


def test_an_address_is_short_and_hides_the_person(path):
    assert len(path) == len("/calendars/.ics") + 32
    assert "ADA" not in path


def test_page_and_feed_have_different_tokens(client, link):
    page = links.personal_path(link, KEY)
    token = page.removeprefix("/my/")

    assert client.get(f"/calendars/{token}.ics").status_code == 404


def test_two_people_have_different_addresses(session):
    made = links.personal_links([pupil()], secret_key=KEY, now=NOW)
    again = links.personal_links([pupil()], secret_key=KEY, now=LATER)
    links.revoke_links([PUPIL], now=LATER)
    anew = links.personal_links([pupil()], secret_key=KEY, now=LATER)

    paths = [links.personal_path(each[PUPIL], KEY) for each in (made, again, anew)]
    assert paths[0] == paths[1] != paths[2]
    assert len(db.session.scalars(select(PersonalLink)).all()) == 2


# Fetches


@pytest.fixture
def notes(app, session):
    door, engine = app.extensions["feed_door"], db.engine
    door.notes = fetches.FetchNotes(lambda: engine)
    return door.notes


def kept():
    columns = (FeedFetch.fetched_on, FeedFetch.client, FeedFetch.etag, FeedFetch.fetches)
    return db.session.execute(select(*columns, FeedFetch.last_at).order_by(*columns)).all()


def test_fetches_are_counted_by_day_version_and_family(client, notes, feed, path, frozen):
    for agent in ("Google-Calendar-Importer", "iOS/18.1 dataaccessd/1.0", "curl/8"):
        client.get(path, headers={"User-Agent": agent})
    frozen(hours=1)
    client.get(path, headers={"User-Agent": "Google-Calendar-Importer", "If-None-Match": "*"})
    notes.write()
    frozen(days=1)
    client.get(path, headers={"User-Agent": "curl/8"})
    notes.write()

    first, second = NOW.date(), LATER.date()
    hour = dt.timedelta(hours=1)
    assert kept() == [
        (first, "apple", feed.etag, 1, NOW),
        (first, "google", feed.etag, 2, NOW + hour),
        (first, "other", feed.etag, 1, NOW),
        (second, "other", feed.etag, 1, LATER + hour),
    ]


def test_later_notes_of_a_day_are_added(client, notes, feed, path, frozen):
    for _ in range(2):
        client.get(path)
        notes.write()
        frozen(minutes=5)

    assert [(row.fetches, row.last_at) for row in kept()] == [
        (2, NOW + dt.timedelta(minutes=5)),
    ]


def test_a_fetch_writes_nothing_itself(client, notes, feed, path):
    client.get(path)

    assert kept() == []


@pytest.mark.parametrize(("seconds", "written"), [(29, []), (30, [2])])
def test_notes_are_written_once_half_a_minute_is_over(
    client, notes, feed, path, frozen, seconds, written
):
    client.get(path).close()
    frozen(seconds=seconds)
    client.get(path).close()

    assert [row.fetches for row in kept()] == written


def test_notes_of_a_feed_that_is_no_more_are_given_up(client, session, notes, link, feed, path):
    client.get(path)
    session.delete(link)
    session.delete(feed)
    session.commit()
    notes.write()

    assert kept() == []


def test_a_feed_may_be_fetched_often_but_not_endlessly(client, notes, path, frozen):
    statuses = [client.get(path).status_code for _ in range(fetches.MOST_PER_MINUTE)]
    refused = client.get(path)
    frozen(minutes=1)

    assert set(statuses) == {200}
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Thunderbird/153.0", "thunderbird"),
        ("macOS/15.1 (24B83) CalendarAgent/1150", "apple"),
        ("iOS/18.1 (22B83) dataaccessd/1.0", "apple"),
        ("Google-Calendar-Importer", "google"),
        ("Microsoft.Exchange/15.20", "outlook"),
        ("Evolution/3.46.4", "evolution"),
        ("Nextcloud Webcal Service", "nextcloud"),
        ("ICSx5/2.2", "icsx5"),
        ("vdirsyncer/0.21.0", "vdirsyncer"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140", "browser"),
        ("", "other"),
    ],
)
def test_only_the_family_of_a_client_is_kept(agent, family):
    assert fetches.client_family(agent) == family


# When the database is away


def test_notes_that_cannot_be_written_are_given_up(app, session, caplog):
    nowhere = create_engine("sqlite:////nowhere/at/all.db")
    notes = fetches.FetchNotes(lambda: nowhere)
    notes.note(fetches.Fetch(1, NOW.date(), "other", "etag"), NOW)
    notes.write()

    assert [record.getMessage() for record in caplog.records] == [
        "notes of 1 feed fetches were lost"
    ]


def test_without_the_database_a_feed_asks_for_patience():
    app = new_app("postgresql+psycopg://127.0.0.1:1/nowhere")
    answer = app.test_client().get("/calendars/anything.ics")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_a_connection_that_was_cut_is_replaced(client, session, database, path):
    if database.kind != "postgresql":
        pytest.skip("SQLite has no connections to cut")
    assert client.get(path).status_code == 200
    databases.cut_connections(session)

    assert client.get(path).status_code == 200
