"""Feeds without a database: what was sent last is sent again, and nothing that has ended."""

import datetime as dt
import gzip
import os
import stat
from contextlib import closing

import brotli
import psycopg
import pytest
from werkzeug.http import http_date

from scheduler import paths
from scheduler.calendars import links, services, tokens
from scheduler.calendars.encodings import Encoding
from scheduler.calendars.free_busy_door import busy_token
from scheduler.calendars.last_served import LastServed, Served
from scheduler.calendars.models import Subscription
from scheduler.calendars.own_calendars import end_calendar
from scheduler.database import db, transaction
from tests.calendars.dav import Dav
from tests.calendars.drafts import NOW, PLAN, PUPIL, performance, pupil, venue
from tests.support import databases

KEY = "a secret of the tests"
LATER = NOW + dt.timedelta(days=1)


def served(number, octets=b"BEGIN:VCALENDAR\r\n", etag="etag"):
    return Served(number, etag, NOW, Encoding.IDENTITY, octets)


def digest(number):
    return f"{number:064x}"[::-1]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "feeds"


# The folder


def test_what_was_sent_is_read_again(folder):
    kept = LastServed(folder)
    sent = Served(7, "etag", NOW, Encoding.BROTLI, b"line\nbreaks\nand \x00 bytes")
    kept.keep(digest(1), sent)

    assert kept.has(digest(1), "etag")
    assert LastServed(folder).read(digest(1)) == sent
    assert kept.read(digest(2)) is None


def test_nobody_else_can_read_it(folder):
    LastServed(folder).keep(digest(1), served(1))
    files = [path for path in folder.rglob("*") if path.is_file()]

    assert [stat.filemode(path.stat().st_mode) for path in files] == ["-rw-------"]
    assert {stat.filemode(path.stat().st_mode) for path in (folder, files[0].parent)} == {
        "drwx------"
    }


@pytest.mark.parametrize("octets", [b"", b"{}", b"no json\nBEGIN:", b'{"etag": 1}\n'])
def test_a_broken_file_is_no_feed(folder, octets):
    kept = LastServed(folder)
    kept.keep(digest(1), served(1))
    next(path for path in folder.rglob("*") if path.is_file()).write_bytes(octets)

    assert kept.read(digest(1)) is None


@pytest.mark.parametrize(
    "limits", [{"most_files": 3}, {"most_octets": 3 * len(b"x" * 1_000) + 1_000}]
)
def test_the_oldest_versions_go_when_there_are_too_many(folder, limits):
    kept = LastServed(folder, sweep_every=10, **limits)
    for number in range(10):
        kept.keep(digest(number), served(number, b"x" * 1_000))
        place = folder / digest(number)[:2] / digest(number)
        if place.exists():
            os.utime(place, (number, number))
    kept.sweep()

    left = [number for number in range(10) if kept.read(digest(number))]
    assert left == [7, 8, 9]


def test_a_full_disk_stops_nobody(folder, caplog):
    folder.write_text("no folder")
    LastServed(folder).keep(digest(1), served(1))

    assert [record.getMessage() for record in caplog.records] == [
        "a feed could not be kept for times without a database"
    ]


# Feeds


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory):
    """A file of its own: it is moved away, and the live servers of other tests hold theirs open."""
    place = tmp_path_factory.mktemp("away") / "test.sqlite3"
    with closing(databases.SqliteDatabase(place)) as made:
        yield made


@pytest.fixture
def link(session, frozen):
    """A pupil's link to one performance, released at the instant NOW."""
    frozen(2027, 3, 1, 8)
    with transaction():
        made = links.personal_links([pupil()], secret_key=KEY, now=NOW)[PUPIL]
        services.publish(PLAN, [performance()], now=NOW)
    return made


@pytest.fixture
def feed(link):
    return link.subscription


@pytest.fixture
def path(feed):
    return links.feed_path(feed, KEY)


class Away:
    """Takes the database away from everybody when called, until it comes `back`."""

    def __init__(self, app, database):
        self._set = _set_file if database.kind == "sqlite" else _allow
        self._database = database

    def __call__(self):
        db.session.commit()
        self._end_connections()
        self._set(self._database, is_there=False)

    def back(self):
        db.session.rollback()
        self._end_connections()
        self._set(self._database, is_there=True)

    def _end_connections(self):
        self._database.close()
        db.engine.dispose()


@pytest.fixture
def database_away(app, database, session):
    made = Away(app, database)
    yield made
    made.back()


def _set_file(database, *, is_there):
    """Move SQLite's file away, or back over the empty one that was made of a wish to read it."""
    moved = database.file.with_suffix(".moved")
    if not is_there:
        database.file.rename(moved)
    elif moved.exists():
        for end in ("-wal", "-shm"):
            database.file.with_name(database.file.name + end).unlink(missing_ok=True)
        moved.replace(database.file)


def _allow(database, *, is_there):
    """Let the server take connections to the database, or refuse them and cut those it has."""
    name = database.dsn.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(databases.with_database(database.dsn, "postgres"), autocommit=True) as it:
        it.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {str(is_there).lower()}')
        if not is_there:
            it.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )


def test_without_the_database_the_last_version_is_sent(client, feed, path, database_away):
    body, etag, modified_at = feed.body, feed.etag, feed.modified_at
    with_it = client.get(path)
    database_away()
    without_it = client.get(path)

    assert (without_it.status_code, without_it.data) == (200, body)
    assert dict(without_it.headers) == dict(with_it.headers)
    assert client.head(path).headers["Content-Length"] == str(len(body))
    for held in (f'"{etag}"', f'W/"{etag}-gzip"', "*"):
        answer = client.get(path, headers={"If-None-Match": held})
        assert (answer.status_code, answer.data) == (304, b"")
    dated = client.get(path, headers={"If-Modified-Since": http_date(modified_at)})
    assert dated.status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.put(path).status_code == 405


@pytest.mark.parametrize(
    ("first", "then", "encoding", "decode"),
    [
        ("br", "gzip, br", "br", brotli.decompress),
        ("gzip", "gzip", "gzip", gzip.decompress),
        ("br", "gzip", None, bytes),
        ("identity", "br", None, bytes),
    ],
)
def test_it_is_sent_as_it_was_or_plain(
    client, feed, path, database_away, first, then, encoding, decode
):
    body, etag = feed.body, feed.etag
    client.get(path, headers={"Accept-Encoding": first})
    database_away()
    answer = client.get(path, headers={"Accept-Encoding": then})

    assert decode(answer.data) == body
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["ETag"] == (f'"{etag}-{encoding}"' if encoding else f'"{etag}"')


@pytest.mark.parametrize("form", [".jcal.json", ".jscalendar.json"])
@pytest.mark.parametrize("first", ["br", "gzip", "identity"])
def test_its_json_is_made_of_what_was_sent(client, path, database_away, form, first):
    address = path.removesuffix(".ics") + form
    with_it = client.get(address, headers={"Accept-Encoding": "gzip"})
    LastServed().forget(tokens.digest(path.removeprefix("/calendars/").removesuffix(".ics")))
    client.application.extensions["feed_door"].last_served = LastServed()
    client.get(path, headers={"Accept-Encoding": first})
    database_away()
    without_it = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert (without_it.status_code, without_it.data) == (200, with_it.data)
    assert dict(without_it.headers) == dict(with_it.headers)
    held = {"If-None-Match": with_it.headers["ETag"]}
    assert client.get(address, headers=held).status_code == 304


def test_a_program_that_only_reads_json_is_answered_too(client, feed, path, database_away):
    body, address = feed.body, path.removesuffix(".ics") + ".jcal.json"
    told = client.get(address)
    database_away()

    assert (client.get(address).status_code, client.get(address).data) == (200, told.data)
    assert client.get(path).data == body
    assert client.get("/calendars/unknown.jcal.json").status_code == 503


def test_what_needs_the_database_asks_for_patience(app, client, feed, path, database_away):
    dav = Dav(client, feed, KEY)
    client.get(path)
    dav.ask("PROPFIND", dav.calendar, Depth="0")
    shared = links.shared_feeds([venue()], secret_key=app.secret_key, now=NOW)[0]
    busy = f"/calendars/{busy_token(shared.token_digest, shared.nonce, app.secret_key)}.ifb"
    db.session.commit()
    assert client.get(busy).status_code == 200
    database_away()

    assert dav.ask("PROPFIND", dav.calendar, Depth="0").status_code == 503
    assert client.get(busy).status_code == 503


def test_what_was_never_sent_asks_for_patience(client, path, database_away):
    database_away()
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_a_feed_that_has_ended_does_not_come_back(client, feed, path, database_away):
    client.get(path)
    with transaction():
        end_calendar(feed, now=LATER)
    database_away()

    assert client.get(path).status_code == 503


def end_and_give_up(feed):
    with transaction():
        end_calendar(feed, now=LATER)
        raise RuntimeError("not after all")


def test_an_ending_that_is_rolled_back_ends_nothing(client, feed, path, database_away):
    client.get(path)
    with pytest.raises(RuntimeError, match="not after all"):
        end_and_give_up(feed)
    database_away()

    assert client.get(path).status_code == 200


def test_an_ending_that_another_machine_made_is_noticed_at_the_next_poll(
    app, client, session, feed, path, database_away
):
    client.get(path)
    feed.revoked_at = LATER
    session.commit()
    assert client.get(path).status_code == 410
    database_away()

    assert client.get(path).status_code == 503


def test_a_feed_that_ends_while_it_is_sent_is_not_kept(
    app, client, session, feed, path, database_away
):
    door = app.extensions["feed_door"]
    keep, feed_id = door.last_served.keep, feed.id

    def keep_too_late(digest_, served_):
        with app.app_context(), transaction():
            end_calendar(db.session.get_one(Subscription, feed_id), now=LATER)
        keep(digest_, served_)

    door.last_served.keep = keep_too_late
    try:
        assert client.get(path).status_code == 200
    finally:
        del door.last_served.keep
    database_away()

    assert client.get(path).status_code == 503


def test_with_the_database_back_the_present_version_is_sent(
    client, session, feed, path, database_away
):
    client.get(path)
    with transaction():
        services.publish(PLAN, [performance(hour=15)], now=LATER)
    database_away()
    old = client.get(path)
    database_away.back()
    new = client.get(path)

    assert old.status_code == new.status_code == 200
    assert new.data == feed.body != old.data


def test_each_version_is_written_once(app, client, feed, path, monkeypatch):
    written = []
    monkeypatch.setattr(LastServed, "keep", lambda _self, *what: written.append(what))
    monkeypatch.setattr(LastServed, "has", lambda _self, _digest, _etag: bool(written))
    for _ in range(3):
        client.get(path)

    assert [each[1].etag for each in written] == [feed.etag]


def test_the_folder_lies_in_the_instance_folder(app, client, feed, path):
    client.get(path)
    kept = LastServed().read(feed.token_digest)

    assert (kept.subscription_id, kept.octets) == (feed.id, feed.body)
    assert (paths.instance() / "feeds").is_dir()
