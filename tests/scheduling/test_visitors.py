"""The published timetable for visitors: pages and calendars without a sign-in, where it is open."""

import datetime as dt
from urllib.parse import urlsplit

import icalendar
import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.audit.models import AuditEntry
from scheduler.calendars.models import CalendarEntry
from scheduler.database import transaction
from scheduler.scheduling.activities.models import ActivityKind
from scheduler.scheduling.releases.visitors import set_open
from tests import factories
from tests.factories import at
from tests.scheduling.moving import put
from tests.scheduling.releasing import PUBLIC_URL, release

CHILD = "Quxi Neverseen"
PAGE = "/timetables/small"
FEED = "/calendars/public/small/en.ics"
SWITCH = "/programmes/small/timetable/visitors"


@pytest.fixture
def opened(published, festival, actor):
    """The release by hand, open to everybody."""
    set_to(festival.programme, actor, is_open=True)
    return published


def set_to(programme, actor, *, is_open):
    with transaction():
        return set_open(
            programme, is_open=is_open, actor=actor, now=clock.now(), public_url=PUBLIC_URL
        )


def events(client, path=FEED):
    answer = client.get(path)
    assert answer.status_code == 200
    calendar = icalendar.Calendar.from_ical(answer.data)
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


# Calendars


def test_visitors_come_for_the_time_on_stage(client, opened, festival):
    festival.hall.address = "1 Qingbo Road"
    found = events(client)

    assert sorted(found) == [
        f"Performance: {name}" for name in ("Hill Band", "Hill Choir", "Lake Band", "Lake Choir")
    ]
    band = found["Performance: Hill Band"]
    assert band.start == at(14)
    assert band.end == at(14, 12)
    assert (band["TRANSP"], band["LOCATION"]) == ("TRANSPARENT", "Small Room")
    day, *rest = str(band["DESCRIPTION"]).splitlines()
    assert day == "Fri 16 July 2027 14:00–14:12 (Shanghai time, UTC+8)"
    assert rest[0] == "Hill School"
    assert not any("Warm-up" in line or "there by" in line for line in rest)


def test_each_venue_and_each_group_has_a_calendar(client, opened, festival):
    group = f"/calendars/public/small/groups/{festival.hill_band.ref}/zh_Hans.ics"

    assert sorted(events(client, "/calendars/public/small/venues/HALL/en.ics")) == [
        "Performance: Hill Choir",
        "Performance: Lake Choir",
    ]
    assert sorted(events(client, group)) == ["演出：Hill Band"]


def test_the_same_performance_is_the_same_entry_in_all_of_them(client, opened, festival):
    everywhere = {
        str(events(client, path)["Performance: Hill Band"]["UID"])
        for path in (
            FEED,
            "/calendars/public/small/venues/ROOM/en.ics",
            f"/calendars/public/small/groups/{festival.hill_band.ref}/en.ics",
        )
    }
    assert len(everywhere) == 1


def test_an_entry_leads_to_the_page_of_its_day(client, opened, festival):
    band = events(client)["Performance: Hill Band"]
    address = urlsplit(str(band["URL"]))
    page = client.get(f"{address.path}?{address.query}")
    group = f"/calendars/public/small/groups/{festival.hill_band.ref}/zh_Hans.ics"

    assert str(band["URL"]) == "http://localhost:5000/timetables/small?day=2027-07-16"
    assert (page.status_code, "Hill Band" in page.text) == (200, True)
    assert str(events(client, group)["演出：Hill Band"]["URL"]) == str(band["URL"])


def test_a_release_reaches_them_and_a_draft_does_not(client, opened, festival, actor):
    put(opened, festival.hill_band, "ROOM", at(15, 30), actor)
    assert events(client)["Performance: Hill Band"].start == at(14)

    release(opened, actor)
    moved = events(client)["Performance: Hill Band"]
    assert (moved.start, moved["SEQUENCE"]) == (at(15, 30), 1)


def test_only_what_a_visitor_can_visit_is_in_them(client, festival, plan, actor, session):
    for hour, kind, name in (
        (15, ActivityKind.CEREMONY, "Opening ceremony"),
        (17, ActivityKind.INTERVIEW, "Interview"),
        (18, ActivityKind.MEETING, "Meeting of leaders"),
    ):
        begins = at(hour, 30)
        factories.slot(
            plan,
            None,
            festival.hall,
            begins,
            minutes=30,
            activity=factories.activity(festival.programme, kind=kind, name=name, minutes=30),
            warmup_room=0,
            warmup_starts_at=begins,
            warmup_ends_at=begins,
        )
    session.commit()
    set_to(festival.programme, actor, is_open=True)
    release(plan, actor)

    assert [name for name in events(client) if "Performance" not in name] == ["Opening ceremony"]
    page = client.get(PAGE).text
    assert "Opening ceremony" in page
    assert "Interview" not in page
    assert "Meeting of leaders" not in page


def test_no_pupil_is_named(client, festival, plan, actor, session):
    festival.twice.name = CHILD
    session.commit()
    set_to(festival.programme, actor, is_open=True)
    release(plan, actor)

    group = f"{PAGE}/groups/{festival.hill_band.ref}"
    texts = [client.get(path).text for path in (PAGE, group, f"{PAGE}/venues/ROOM", FEED)]
    assert all("Hill Band" in text for text in texts)
    assert CHILD not in "".join(texts)


def test_participants_calendars_do_not_notice(published, festival, actor, session):
    before = {each.uid: each.sequence for each in session.scalars(select(CalendarEntry))}
    set_to(festival.programme, actor, is_open=True)
    after = {each.uid: each.sequence for each in session.scalars(select(CalendarEntry))}

    assert before.items() < after.items()


# Open and closed


def test_closed_there_is_neither_page_nor_calendar(client, published, festival):
    group = f"{PAGE}/groups/{festival.hill_band.ref}"
    for path in (PAGE, f"{PAGE}/venues/HALL", group, FEED):
        assert client.get(path).status_code == 404


def test_closed_again_everything_ends_and_opened_again_it_is_where_it_was(
    client, opened, festival, actor
):
    before = events(client)
    set_to(festival.programme, actor, is_open=False)
    assert client.get(PAGE).status_code == 404
    assert client.get(FEED).status_code == 410
    set_to(festival.programme, actor, is_open=True)

    after = events(client)
    assert after.keys() == before.keys()
    for name, event in after.items():
        assert event["UID"] == before[name]["UID"]
        assert event["SEQUENCE"] > before[name].get("SEQUENCE", 0)
        assert event["STATUS"] == "CONFIRMED"


def test_opening_twice_changes_nothing_and_both_are_noted(session, opened, festival, actor):
    assert set_to(festival.programme, actor, is_open=True) is False
    set_to(festival.programme, actor, is_open=False)
    noted = session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.action.startswith("timetable:"))
        .order_by(AuditEntry.id)
    )
    assert list(noted) == ["timetable:open", "timetable:close"]


def test_it_can_be_opened_before_anything_is_published(client, festival, plan, actor):
    set_to(festival.programme, actor, is_open=True)
    assert events(client) == {}
    assert "Nothing has been published yet" in client.get(PAGE).text

    release(plan, actor)
    assert len(events(client)) == 4


def test_a_coordinator_opens_and_closes_it_on_the_timetables_page(sign_in, published, festival):
    client = sign_in(festival.coordinator)
    page = client.get("/programmes/small/timetable").text
    assert "Open it to everybody" in page
    client.post(SWITCH, data={"open": "1"})
    page = client.get("/programmes/small/timetable").text
    assert f"http://localhost:5000{PAGE}" in page
    assert client.get(PAGE).status_code == 200
    client.post(SWITCH, data={"open": "0"})
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("who", ["hill_officer", "stranger"])
def test_nobody_else_opens_it(sign_in, published, festival, session, who):
    stranger = factories.account((Role.COORDINATOR, factories.programme()))
    client = sign_in(stranger if who == "stranger" else festival.hill_officer)

    assert "For visitors" not in client.get("/programmes/small/timetable").text
    assert client.post(SWITCH, data={"open": "1"}).status_code == 403
    session.refresh(festival.programme)
    assert festival.programme.is_timetable_public is False


# Pages


def test_the_page_shows_a_day_and_leads_to_the_others(
    client, festival, plan, actor, session, frozen
):
    venue = factories.venue(festival.programme, code="LAST", name="Late Hall")
    day = dt.timedelta(days=1)
    for slot in plan.slots:
        if slot.application in {festival.hill_band, festival.lake_band}:
            slot.venue = venue
            for name in ("warmup_starts_at", "warmup_ends_at", "starts_at", "ends_at"):
                setattr(slot, name, getattr(slot, name) + day)
            slot.changeover_ends_at += day
    session.commit()
    set_to(festival.programme, actor, is_open=True)
    release(plan, actor)

    first = client.get(PAGE).text
    assert "Lake Choir" in first
    assert "Lake Band" not in first
    second = client.get(f"{PAGE}?day=2027-07-17").text
    assert "Lake Band" in second
    assert "Lake Choir" not in second
    assert "Lake Choir" in client.get(f"{PAGE}?day=nonsense").text
    frozen(2027, 7, 17, 1)
    assert "Lake Band" in client.get(PAGE).text
    frozen(2027, 9, 1, 1)
    assert "Lake Band" in client.get(PAGE).text


def test_each_page_offers_its_own_calendar(client, opened, festival):
    group = f"small/groups/{festival.hill_band.ref}"
    for path, address in (
        (PAGE, "small"),
        (f"{PAGE}/venues/HALL", "small/venues/HALL"),
        (f"/timetables/{group}", group),
    ):
        page = client.get(path).text
        assert f"http://localhost:5000/calendars/public/{address}/en.ics" in page
        assert f"webcal://localhost:5000/calendars/public/{address}/en.ics" in page
        assert f"/calendars/public/{address}/en/qr.svg" in page
        assert "Everybody may have this address" in page


def test_what_takes_part_in_nothing_published_has_no_page(client, opened, festival, session):
    other = factories.application(festival.choirs, festival.hill, group_name="Secret Choir")
    factories.venue(festival.programme, code="EMPTY")
    session.commit()

    assert client.get(f"{PAGE}/groups/{other.ref}").status_code == 404
    assert client.get(f"{PAGE}/venues/EMPTY").status_code == 404
    assert client.get("/timetables/nothing").status_code == 404


def test_a_page_costs_the_same_queries_whatever_is_on_it(client, festival, plan, actor, queries):
    set_to(festival.programme, actor, is_open=True)
    release(plan, actor)
    client.get(PAGE)
    queries.clear()
    client.get(f"{PAGE}/venues/ROOM")
    few = len(queries)
    queries.clear()
    client.get(PAGE)
    assert len(queries) == few
