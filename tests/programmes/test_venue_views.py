"""Pages about venues, their hours, the ways between them, attendance windows."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.organisations.models import Region
from scheduler.programmes import venue_services
from scheduler.programmes.models import Venue
from tests import factories
from tests.factories import at

VENUE = {
    "name": "黄埔湾大剧院",
    "name_latin": "Bay Theatre",
    "code": "V1",
    "address": "",
    "seats": "1200",
    "stage_capacity": "80",
    "warmup_rooms": "3",
    "latitude": "",
    "longitude": "",
}
TIMES = "/programmes/festival/venues/V1/times"


@pytest.fixture
def programme(session):
    return factories.programme(code="festival")


@pytest.fixture
def client(programme, sign_in):
    return sign_in(factories.coordinator(programme))


@pytest.fixture
def venue(programme):
    return factories.venue(programme, code="V1", name="Bay Theatre", days=0)


def row(number, day="", opens="", closes=""):
    return {
        f"hours-{number}-day": day,
        f"hours-{number}-opens": opens,
        f"hours-{number}-closes": closes,
    }


def closure(number, starts="", ends="", reason=""):
    return {
        f"closures-{number}-starts": starts,
        f"closures-{number}-ends": ends,
        f"closures-{number}-reason": reason,
    }


def wrong_fields(answer):
    return [node.get("id") for node in answer.page.elements if node.get("aria-invalid") == "true"]


def test_a_new_venue_leads_on_to_its_hours(session, client):
    answer = client.post("/programmes/festival/venues/new", data=VENUE)
    assert (answer.status_code, answer.location) == (303, TIMES)
    venue = session.scalars(select(Venue)).one()
    assert (venue.name, venue.stage_capacity, venue.latitude) == ("黄埔湾大剧院", 80, None)


def test_the_venues_page_shows_hours_and_closures_by_day(session, client, venue):
    data = (
        row(0, "2027-07-17", "08:30", "12:30")
        | row(1)
        | closure(0, "2027-07-17T13:00", "2027-07-17T18:00", "Inspection")
    )
    assert client.post(TIMES, data=data).status_code == 303
    text = client.get("/programmes/festival/venues").page.text
    for shown in ("Sat 17 July 2027", "08:30–12:30", "13:00–18:00", "Inspection", "Bay Theatre"):
        assert shown in text


def test_hours_are_times_of_the_programme_s_zone(session, client, venue):
    client.post(TIMES, data=row(0, "2027-07-17", "08:30", "12:30"))
    assert venue_services.times_of(venue) == ([(at(8, 30, day=1), at(12, 30, day=1))], [])


def test_the_form_shows_what_is_stored_and_clearing_a_row_removes_it(session, client, venue):
    client.post(
        TIMES,
        data=row(0, "2027-07-17", "09:00", "12:00")
        | closure(0, "2027-07-17T10:00", "2027-07-17T11:00"),
    )
    values = client.get(TIMES).page.values()
    assert (values["hours-0-day"], values["hours-0-opens"], values["closures-0-ends"]) == (
        "2027-07-17",
        "09:00",
        "2027-07-17T11:00",
    )
    client.post(TIMES, data=values | closure(0))
    assert venue_services.times_of(venue) == ([(at(9, day=1), at(12, day=1))], [])


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (row(0, "2027-07-17", "08:30", ""), "hours-0-closes"),
        (row(0, "", "08:30", "09:00"), "hours-0-day"),
        (row(0, "2027-07-17", "12:00", "08:00"), "hours-0-closes"),
        (row(0, "2027-07-20", "08:00", "12:00"), "hours-0-day"),
        (row(0, "2027-07-17", "8 o'clock", "12:00"), "hours-0-opens"),
        (
            row(0, "2027-07-17", "08:00", "12:00") | row(1, "2027-07-17", "11:00", "13:00"),
            "hours-1-opens",
        ),
        (closure(0, "2027-07-17T13:00", ""), "closures-0-ends"),
        (closure(0, "2027-07-17T13:00", "2027-07-17T12:00"), "closures-0-ends"),
        (closure(0, reason="why?"), "closures-0-starts"),
    ],
)
def test_a_bad_row_is_told_at_its_field_and_nothing_is_saved(session, client, venue, data, wrong):
    answer = client.post(TIMES, data=data)
    assert (answer.status_code, wrong_fields(answer)) == (422, [wrong])
    assert venue_services.times_of(venue) == ([], [])


def test_hours_within_a_repeated_hour_are_asked_about(session, sign_in):
    programme = factories.programme(
        code="tour",
        timezone="Europe/London",
        starts_on=dt.date(2027, 10, 30),
        ends_on=dt.date(2027, 10, 31),
    )
    venue = factories.venue(programme, code="V1", days=0)
    client = sign_in(factories.coordinator(programme))
    path = "/programmes/tour/venues/V1/times"
    data = row(0, "2027-10-31", "01:30", "09:00")
    asked = client.post(path, data=data)
    assert (asked.status_code, wrong_fields(asked)[:1]) == (422, ["hours-0-opens"])
    client.post(path, data=data | {"repeated": "first"})
    opens = dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
    assert venue_services.times_of(venue)[0][0][0] == opens
    assert client.get(path).page.values()["repeated"] == "first"


def test_a_venue_is_changed_and_keeps_its_code(session, client, venue):
    values = client.get("/programmes/festival/venues/V1/edit").page.values()
    answer = client.post(
        "/programmes/festival/venues/V1/edit", data=values | {"name": "New", "code": "V9"}
    )
    assert answer.status_code == 303
    assert (venue.name, venue.code) == ("New", "V1")


def test_a_used_code_is_told_at_its_field(session, client, venue):
    answer = client.post("/programmes/festival/venues/new", data=VENUE)
    assert (answer.status_code, wrong_fields(answer)) == (422, ["code"])


def test_a_venue_in_a_plan_is_kept_with_the_reason(session, client, programme, venue):
    group = factories.application(factories.category(programme), factories.school())
    factories.slot(factories.plan(programme), group, venue, at(10))
    factories.venue(programme, code="V2")
    kept = client.post("/programmes/festival/venues/V1/remove")
    gone = client.post("/programmes/festival/venues/V2/remove")
    assert (kept.status_code, gone.status_code) == (409, 303)
    assert "stands in a plan" in kept.page.text
    assert list(session.scalars(select(Venue.code))) == ["V1"]


def test_minutes_between_venues_are_entered_once_per_pair(session, client, programme, venue):
    factories.venue(programme, code="V2", name="Hall")
    page = client.get("/programmes/festival/travel").page
    assert page.values()["from_V1_to_V2"] == "0"
    answer = client.post("/programmes/festival/travel", data={"from_V1_to_V2": "20"})
    assert answer.status_code == 303
    assert venue_services.travel_of(programme) == {("V1", "V2"): 20}


def test_minutes_that_cannot_be_are_refused(session, client, programme, venue):
    factories.venue(programme, code="V2")
    answer = client.post("/programmes/festival/travel", data={"from_V1_to_V2": "-5"})
    assert (answer.status_code, wrong_fields(answer)) == (422, ["from_V1_to_V2"])


def test_a_single_venue_has_no_ways(session, client, venue):
    assert "no two venues" in client.get("/programmes/festival/travel").page.text


def test_attendance_is_entered_in_the_programme_s_zone(session, client, programme):
    data = {"earliest_HK": "2027-07-16T10:30", "latest_HK": "2027-07-18T17:00"}
    assert client.post("/programmes/festival/attendance", data=data).status_code == 303
    windows = venue_services.attendance_of(programme)
    assert windows[Region.HONG_KONG] == (at(10, 30), at(17, day=2))
    assert windows[Region.GUANGZHOU] == (None, None)
    values = client.get("/programmes/festival/attendance").page.values()
    assert values["earliest_HK"] == "2027-07-16T10:30"


def test_a_departure_before_the_arrival_is_refused_at_its_field(session, client):
    data = {"earliest_HK": "2027-07-16T10:30", "latest_HK": "2027-07-16T10:00"}
    answer = client.post("/programmes/festival/attendance", data=data)
    assert (answer.status_code, wrong_fields(answer)) == (422, ["latest_HK"])


def test_schools_read_the_venues_and_cannot_change_them(session, programme, venue, sign_in):
    officer = sign_in(factories.officer(factories.school()))
    page = officer.get("/programmes/festival/venues").page
    assert "Bay Theatre" in page.text
    assert officer.get(TIMES).status_code == 403
    assert [node for node in page.all("a") if node.get("href", "").endswith("/times")] == []


def test_half_a_place_is_not_taken(client):
    answer = client.post("/programmes/festival/venues/new", data=VENUE | {"latitude": "23.1"})
    assert (answer.status_code, wrong_fields(answer)) == (422, ["longitude"])
    answer = client.post(
        "/programmes/festival/venues/new", data=VENUE | {"longitude": "113.3", "seats": "-1"}
    )
    assert (answer.status_code, wrong_fields(answer)) == (422, ["seats", "latitude"])
