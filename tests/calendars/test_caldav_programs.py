"""Two programs that are not ours follow the running server over CalDAV.

vdirsyncer's storage finds the calendar from the server's bare address and keeps each item under its
own name; the library `caldav` asks for times and for changes. Neither can write.
"""

import datetime as dt

import caldav
import pytest
from caldav.lib.error import AuthorizationError, DAVError

from scheduler.calendars import links, tokens
from scheduler.database import db
from tests.calendars.drafts import NOW, PUPIL, pupil
from tests.calendars.test_subscribers import (
    ENDING,
    MOVED,
    MOVING,
    STAYING,
    Subscriber,
    release,
    told,
    uids,
)

REMOTE = """
type = "caldav"
url = "{url}/"
username = "{user}"
password = "{password}"
read_only = true
"""


@pytest.fixture
def feed(app, session):
    made = links.personal_links([pupil()], secret_key=app.secret_key, now=NOW)[PUPIL]
    release(1, [MOVING, STAYING, ENDING])
    return made.subscription


@pytest.fixture
def access(app, feed, live_server):
    """Server, user name and password, as a person would type them."""
    return {
        "url": live_server.url,
        "user": tokens.reference(feed.token_digest),
        "password": links.feed_token(feed, app.secret_key),
    }


@pytest.fixture
def subscriber(access, tmp_path):
    remote = REMOTE.format(**access)
    collections = '[["feed", "timetable", "timetable"]]'
    return Subscriber(tmp_path, remote, collections, "calendar/timetable")


@pytest.fixture
def client_of(access):
    with caldav.DAVClient(
        url=access["url"] + "/caldav/", username=access["user"], password=access["password"]
    ) as client:
        yield client


def by_uid(subscriber):
    names = {uid: key for key, uid in uids().items()}
    return {
        names[name.removesuffix(".ics")]: told(content)
        for name, content in subscriber.items().items()
    }


def test_vdirsyncer_and_khal_follow_three_releases(subscriber):
    subscriber.sync()
    first = subscriber.items()
    assert by_uid(subscriber) == {
        "moving": ("Performance: Jasmine Choir", "0", "20270410T010000Z", "CONFIRMED"),
        "staying": ("Open singing 走台", "0", "20270410T030000Z", "CONFIRMED"),
        "ending": ("Closing concert", "0", "20270410T050000Z", "CONFIRMED"),
    }

    release(2, [MOVED, STAYING, ENDING])
    subscriber.sync()
    second = subscriber.items()
    assert {name for name in second if second[name] != first[name]} == {f"{uids()['moving']}.ics"}
    assert second.keys() == first.keys()

    release(3, [MOVED, STAYING])
    subscriber.sync()
    assert by_uid(subscriber) == {
        "moving": ("Performance: Jasmine Choir", "1", "20270410T080000Z", "CONFIRMED"),
        "staying": ("Open singing 走台", "0", "20270410T030000Z", "CONFIRMED"),
        "ending": ("Cancelled: Closing concert", "1", "20270410T050000Z", "CANCELLED"),
    }
    assert subscriber.agenda() == [
        "11:00-11:25 Open singing 走台 CONFIRMED",
        "13:00-13:25 Cancelled: Closing concert CANCELLED",
        "16:00-16:25 Performance: Jasmine Choir CONFIRMED",
    ]


def test_the_library_finds_and_reads_the_calendar(client_of):
    (calendar,) = client_of.principal().calendars()
    events = calendar.events()

    assert calendar.get_display_name() == "Spring Festival of Choirs"
    assert {str(each.icalendar_component["SUMMARY"]) for each in events} == {
        "Performance: Jasmine Choir",
        "Open singing 走台",
        "Closing concert",
    }


def test_the_library_asks_for_a_time(client_of):
    (calendar,) = client_of.principal().calendars()
    found = calendar.search(
        event=True,
        start=dt.datetime(2027, 4, 10, 2, tzinfo=dt.UTC),
        end=dt.datetime(2027, 4, 10, 4, tzinfo=dt.UTC),
    )

    assert [str(each.icalendar_component["UID"]) for each in found] == [uids()["staying"]]


def test_the_library_hears_of_changes_alone(client_of):
    (calendar,) = client_of.principal().calendars()
    known = calendar.objects_by_sync_token(load_objects=True)
    db.session.rollback()  # the server has noted that changes are asked for
    release(2, [MOVED, STAYING, ENDING])
    changed = calendar.objects_by_sync_token(known.sync_token, load_objects=True)

    assert len(list(known)) == 3
    assert [str(each.icalendar_component["UID"]) for each in changed] == [uids()["moving"]]


def test_the_library_can_write_nothing(client_of):
    (calendar,) = client_of.principal().calendars()
    one = calendar.events()[0]
    mine = one.data.replace(str(one.icalendar_component["UID"]), "mine")
    with pytest.raises(DAVError):
        calendar.save_event(mine)
    with pytest.raises(DAVError):
        one.delete()

    assert len(calendar.events()) == 3


def test_the_library_is_told_that_the_password_is_wrong(access):
    with (
        caldav.DAVClient(url=access["url"] + "/caldav/", username="x", password="wrong") as client,
        pytest.raises(AuthorizationError),
    ):
        client.principal()
