"""The same form open twice: what the other saved is neither undone unseen, nor is anything lost."""

import html
import re

import pytest
from sqlalchemy import select

from scheduler.programmes.models import AttendanceWindow
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.each_database


@pytest.fixture
def programme(session):
    return factories.programme(code="festival")


@pytest.fixture
def venue(programme):
    return factories.venue(programme, code="V1", name="Bay Theatre", days=1, seats=100)


@pytest.fixture
def client(programme, venue, sign_in):
    factories.category(programme, code="choirs", min_members=10)
    factories.venue(programme, code="V2")
    return sign_in(factories.coordinator(programme))


def opened(client, address):
    """What a browser would send of the page's form, if nothing was changed."""
    text = client.get(address).text
    fields = {}
    for tag in re.findall(r"<input[^>]*>", text):
        parts = dict(re.findall(r'([a-z_-]+)="([^"]*)"', tag))
        if parts.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        if "name" in parts and parts["name"] not in {"locale", "theme", "next", "csrf_token"}:
            fields[parts["name"]] = html.unescape(parts.get("value", ""))
    for name, body in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL
    ):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', body)
        chosen = chosen or re.search(r'<option[^>]*value="([^"]*)"[^>]*selected', body)
        fields[name] = chosen.group(1) if chosen else ""
    return fields


@pytest.mark.parametrize(
    ("path", "theirs", "mine"),
    [
        ("/programmes/festival/edit", ("rest_minutes", "45"), ("warmup_minutes", "15")),
        ("/programmes/festival/edit", ("entry_closes", "2027-05-01T12:00"), ("call_minutes", "5")),
        ("/programmes/festival/categories/choirs/edit", ("places", "7"), ("min_members", "5")),
        ("/programmes/festival/venues/V1/edit", ("seats", "250"), ("warmup_rooms", "5")),
        (
            "/programmes/festival/venues/V1/times",
            ("hours-0-opens", "10:00"),
            ("closures-0-reason", "x"),
        ),
        ("/programmes/festival/travel", ("from_V1_to_V2", "12"), ("from_V1_to_V2", "30")),
    ],
)
def test_the_later_save_does_not_undo_the_earlier_one(client, path, theirs, mine):
    first, second = opened(client, path), opened(client, path)
    assert mine[0] in second, sorted(second)
    saved = client.post(path, data=first | dict([theirs]))
    assert saved.status_code == 303
    refused = client.post(path, data=second | dict([mine]))
    assert refused.status_code == 422
    assert "Somebody else has saved this form since you opened it" in refused.text
    assert "Changed by somebody else meanwhile" in refused.text
    assert opened(client, path)[theirs[0]] == theirs[1]


def test_what_was_typed_stays_and_a_second_save_is_meant(client, programme, venue, session):
    path = "/programmes/festival/venues/V1/edit"
    first, second = opened(client, path), opened(client, path)
    client.post(path, data=first | {"seats": "250"})
    refused = client.post(path, data=second | {"warmup_rooms": "5"})
    assert "Changed by somebody else meanwhile, to: 250" in refused.text
    marks = html.unescape(re.search(r'name="seen"[^>]*value="([^"]*)"', refused.text).group(1))
    again = client.post(path, data=second | {"warmup_rooms": "5", "seen": marks})
    session.expire_all()
    assert (again.status_code, venue.seats, venue.warmup_rooms) == (303, 100, 5)


def test_attendance_is_guarded_too(client, programme, session):
    path = "/programmes/festival/attendance"
    first, second = opened(client, path), opened(client, path)
    client.post(path, data=first | {"earliest_HK": "2027-07-16T12:00"})
    refused = client.post(path, data=second | {"earliest_MO": "2027-07-16T13:00"})
    assert refused.status_code == 422
    [window] = session.scalars(select(AttendanceWindow)).all()
    assert window.earliest_at == at(12)
