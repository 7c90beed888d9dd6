"""Two programs that are not ours subscribe to the running server and follow three releases.

vdirsyncer fetches over HTTP from a granian process as from anywhere else, khal reads what it
stored. The third reader, ical.js, reads the same answers.
"""

import datetime as dt
import http.client
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from scheduler.calendars import links, services
from scheduler.calendars.entries import EntryText
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db, transaction
from tests.calendars import octets
from tests.calendars.drafts import NOW, PLAN, PUPIL, performance, pupil
from tests.calendars.icaljs import needs_icaljs, read_by_icaljs

PROGRAMS = Path(sys.executable).parent

MOVING = performance("performance:moving", hour=9)
STAYING = performance("performance:staying", hour=11, texts={"en": EntryText("Open singing 走台")})
ENDING = performance("performance:ending", hour=13, texts={"en": EntryText("Closing concert")})
MOVED = performance("performance:moving", hour=16)


class Subscriber:
    """A person's vdirsyncer and khal with folders of their own."""

    def __init__(self, folder, remote, collections="null", name="calendar"):
        self.folder = folder
        self.calendar = folder / name
        self.calendar.mkdir(parents=True)
        sync = SYNC.format(folder=folder, remote=remote, collections=collections)
        self._vdirsyncer = self._write("vdirsyncer", sync)
        self._khal = self._write("khal", READ.format(calendar=self.calendar, folder=folder))
        self._run("vdirsyncer", "-c", self._vdirsyncer, "discover", "feed")

    def sync(self):
        self._run("vdirsyncer", "-c", self._vdirsyncer, "sync")

    def items(self):
        """What vdirsyncer stored: the octets of each file by its name.

        Of feeds it takes no UID: it names an item by the hash of its content. An item that is
        untouched keeps its file; a changed one goes and another comes.
        """
        return {file.name: file.read_bytes() for file in self.calendar.iterdir()}

    def agenda(self, day="2027-04-10"):
        """What khal shows of a day, line by line."""
        form = "{start-time}-{end-time} {title} {status}"
        options = ("--format", form, "--day-format", "")
        lines = self._run("khal", "-c", self._khal, "list", *options, day).splitlines()
        return [line.rstrip() for line in lines]

    def _write(self, name, content):
        file = self.folder / name
        file.write_text(content, encoding="utf-8")
        return str(file)

    def _run(self, program, *arguments):
        places = {
            name: str(self.folder)
            for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        }
        environment = os.environ | places | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
        done = subprocess.run(
            [str(PROGRAMS / program), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


SYNC = """
[general]
status_path = "{folder}/status"
[pair feed]
a = "remote"
b = "local"
collections = {collections}
conflict_resolution = "a wins"
[storage remote]
{remote}
[storage local]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
"""

READ = """
[calendars]
[[feed]]
path = {calendar}
readonly = True
[sqlite]
path = {folder}/khal.db
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
"""


@pytest.fixture
def feed(app, session):
    made = links.personal_links([pupil()], secret_key=app.secret_key, now=NOW)[PUPIL]
    release(1, [MOVING, STAYING, ENDING])
    return made.subscription


def release(number, drafts):
    db.session.commit()
    with transaction():  # the live server counts fetches meanwhile
        services.publish(PLAN, drafts, now=NOW + dt.timedelta(days=number))


@pytest.fixture
def address(app, feed, live_server):
    # Computed with the secret key that the server has too: both read the same instance folder.
    return live_server.url + links.feed_path(feed, app.secret_key)


@pytest.fixture
def subscriber(address, tmp_path):
    return Subscriber(tmp_path, f'type = "http"\nurl = "{address}"')


def uids():
    query = select(CalendarEntry.key, CalendarEntry.uid)
    return {key.removeprefix("performance:"): uid for key, uid in db.session.execute(query)}


def poll(address, **headers):
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    connection.request("GET", parts.path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), body


def test_vdirsyncer_and_khal_follow_three_releases(subscriber):
    subscriber.sync()
    first = subscriber.items()
    assert len(first) == 3
    assert subscriber.agenda() == [
        "09:00-09:25 Performance: Jasmine Choir CONFIRMED",
        "11:00-11:25 Open singing 走台 CONFIRMED",
        "13:00-13:25 Closing concert CONFIRMED",
    ]

    release(2, [MOVED, STAYING, ENDING])
    subscriber.sync()
    second = subscriber.items()
    assert replaced(first, second) == [
        ("Performance: Jasmine Choir", "0", "20270410T010000Z", "CONFIRMED"),
        ("Performance: Jasmine Choir", "1", "20270410T080000Z", "CONFIRMED"),
    ]
    assert subscriber.agenda() == [
        "11:00-11:25 Open singing 走台 CONFIRMED",
        "13:00-13:25 Closing concert CONFIRMED",
        "16:00-16:25 Performance: Jasmine Choir CONFIRMED",
    ]

    release(3, [MOVED, STAYING])
    subscriber.sync()
    assert replaced(second, subscriber.items()) == [
        ("Closing concert", "0", "20270410T050000Z", "CONFIRMED"),
        ("Cancelled: Closing concert", "1", "20270410T050000Z", "CANCELLED"),
    ]
    assert subscriber.agenda() == [
        "11:00-11:25 Open singing 走台 CONFIRMED",
        "13:00-13:25 Cancelled: Closing concert CANCELLED",
        "16:00-16:25 Performance: Jasmine Choir CONFIRMED",
    ]


def replaced(before, after):
    """What went and what came; whatever else there is must be the same file."""
    gone = [told(before[name]) for name in before.keys() - after.keys()]
    come = [told(after[name]) for name in after.keys() - before.keys()]
    assert {name: after[name] for name in before.keys() & after.keys()} == {
        name: before[name] for name in before.keys() & after.keys()
    }
    return [*gone, *come]


def told(content):
    names = (b"SUMMARY", b"SEQUENCE", b"DTSTART", b"STATUS")
    summary, sequence, start, status = (octets.values(content, name)[0].decode() for name in names)
    return summary, sequence, start, status


def differing(before, after):
    return {uid for uid in before | after if before.get(uid) != after.get(uid)}


def test_the_server_answers_304_until_a_release_touches_the_feed(address):
    status, headers, body = poll(address)
    assert (status, octets.complaints(body)) == (200, [])

    held = {"If-None-Match": headers["etag"]}
    status, unchanged, nothing = poll(address, **held)
    assert (status, nothing, unchanged["etag"]) == (304, b"", headers["etag"])
    assert {"etag", "cache-control", "vary", "date"} <= set(unchanged)

    release(2, [MOVING, STAYING, ENDING])
    assert poll(address, **held)[0] == 304

    release(3, [MOVED, STAYING, ENDING])
    status, _, changed = poll(address, **held)
    assert status == 200
    assert octets.outside_events(changed) == octets.outside_events(body)
    moved = uids()["moving"].encode()
    assert differing(octets.events(body), octets.events(changed)) == {moved}


@needs_icaljs
def test_icaljs_reads_the_instants_of_the_database(address):
    release(2, [MOVED, STAYING])
    body = poll(address)[2]
    (calendar,) = read_by_icaljs(body)
    read = {event["uid"]: event for event in calendar["events"]}

    assert {
        uid: (event["starts"], event["ends"], event["sequence"], event["status"])
        for uid, event in read.items()
    } == {
        entry.uid: (
            entry.starts_at.timestamp(),
            entry.ends_at.timestamp(),
            entry.sequence,
            entry.status.value,
        )
        for entry in db.session.scalars(select(CalendarEntry))
    }


def test_adding_a_calendar_in_thunderbird_is_answered(address):
    """Its dialog sends PROPFIND, HEAD and PUT before it settles for GET."""
    parts = urlsplit(address)
    answers = []
    for method in ("PROPFIND", "HEAD", "PUT", "GET"):
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        connection.request(method, parts.path, headers={"If-Match": "nothing"})
        answer = connection.getresponse()
        answer.read()
        answers.append((method, answer.status, answer.getheader("Allow")))
        connection.close()

    assert answers == [
        ("PROPFIND", 405, "GET, HEAD"),
        ("HEAD", 200, None),
        ("PUT", 405, "GET, HEAD"),
        ("GET", 200, None),
    ]
