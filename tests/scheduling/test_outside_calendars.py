"""A school's or a venue's own calendar as busy times: given, shown, refreshed, taken away."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.calendars.outside import reading
from scheduler.calendars.outside.refusals import Refusal
from scheduler.database import db
from scheduler.people.keys import current_sealer
from scheduler.scheduling.board.contents import days_of
from scheduler.scheduling.board.sight import Sight
from scheduler.scheduling.engine import Window
from scheduler.scheduling.parties import outside_services, outside_tasks
from scheduler.scheduling.parties.outside_models import OutsideCalendar, OutsideTime
from scheduler.scheduling.parties.outside_services import Whose
from scheduler.scheduling.parties.outside_views import FETCHER
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.verdict import broken_rules, sentences
from tests.calendars.outside_server import serving

HOUR = 60
SCHOOL = "/programmes/small/busy-times/HILL/calendar"
SECRET = "private-3f9a"


def calendar(*spans, title="Staff party"):
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:{title}\r\n"
        f"DTSTART:20270716T{start}00\r\nDTEND:20270716T{end}00\r\nEND:VEVENT\r\n"
        for number, (start, end) in enumerate(spans)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n".encode()


@pytest.fixture
def server(app):
    with serving() as started:
        app.extensions[FETCHER] = started.fetcher()
        yield started
    del app.extensions[FETCHER]


@pytest.fixture
def address(server):
    server.lay(calendar(("1000", "1100")), path=f"/{SECRET}/school.ics", ETag='"1"')
    return server.url(f"/{SECRET}/school.ics")


@pytest.fixture
def officer(sign_in, festival):
    return sign_in(festival.hill_officer)


@pytest.fixture
def coordinator(sign_in, festival):
    return sign_in(festival.coordinator)


@pytest.fixture
def hall(festival):
    """A venue of the festival, and the address of its own calendar's page."""
    venue = festival.programme.venues[0]
    return venue, f"/programmes/small/venues/{venue.code}/calendar"


def given(content, name="school.ics"):
    return {"file": (io.BytesIO(content), name), "address": ""}


def kept(festival):
    db.session.expire_all()
    whose = Whose(festival.programme, school=festival.hill)
    found = outside_services.calendar_of(whose)
    return found and [(each.starts_at, each.ends_at) for each in found.times]


def busy_windows(festival):
    problem = situation_of(festival.programme).problem
    return {window for party in problem.parties for window in party.busy}


def local(festival, hour, minute=0):
    zone = ZoneInfo(festival.programme.timezone)
    return dt.datetime(2027, 7, 16, hour, minute, tzinfo=zone).astimezone(dt.UTC)


def test_a_school_gives_the_address_of_its_calendar(festival, officer, address, session):
    revision = festival.programme.roster_revision
    answer = officer.post(SCHOOL, data={"address": address})

    assert (answer.status_code, answer.location) == (303, SCHOOL)
    assert kept(festival) == [(local(festival, 10), local(festival, 11))]
    assert festival.programme.roster_revision == revision + 1
    page = officer.get(SCHOOL).text
    assert "127.0.0.1" in page
    assert "Fri 16 Jul" in page or "16 July" in page
    assert busy_windows(festival) == {Window(10 * HOUR, 11 * HOUR)}


def test_nothing_of_the_address_or_the_titles_is_kept_or_shown(
    festival, officer, address, session, database
):
    officer.post(SCHOOL, data={"address": address})
    stored = session.scalar(select(OutsideCalendar))

    assert SECRET.encode() not in stored.address
    assert outside_services.address_of(stored, current_sealer()) == address
    assert SECRET not in officer.get(SCHOOL).text
    assert "Staff party" not in officer.get(SCHOOL).text
    audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "outside:keep")).all()
    assert len(audited) == 1
    assert SECRET not in str(audited[0].facts)


def test_a_file_does_as_well(festival, officer, session):
    content = calendar(("1300", "1330"), ("1330", "1400"))
    answer = officer.post(
        SCHOOL, data=given(content, "our calendar.ics"), content_type="multipart/form-data"
    )

    assert answer.status_code == 303
    assert kept(festival) == [(local(festival, 13), local(festival, 14))]
    page = officer.get(SCHOOL).text
    assert "our calendar.ics" in page
    assert "Read it again" not in page  # there is nowhere to read it from


def test_another_calendar_takes_the_place_of_the_first(festival, officer, address, session):
    officer.post(SCHOOL, data={"address": address})
    officer.post(SCHOOL, data=given(calendar(("1500", "1600"))), content_type="multipart/form-data")

    assert kept(festival) == [(local(festival, 15), local(festival, 16))]
    assert len(session.scalars(select(OutsideTime)).all()) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Please enter an address or choose a file, one of the two."),
        ("ftp://example.org/x.ics", "must begin with https://"),
        ("http://169.254.169.254/x.ics", "does not lead into the open internet"),
        ("http://localhost:5432/", "80 and 443"),
        ("http://nowhere.invalid/x.ics", "no server of this name"),
    ],
)
def test_an_address_that_may_not_be_read_is_refused_beside_its_field(
    festival, officer, server, typed, words
):
    answer = officer.post(SCHOOL, data={"address": typed})

    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed}"' in answer.text
    assert kept(festival) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "not a calendar in the iCal format"),
        (
            calendar(("1000", "1100")).replace(b"END:VEVENT", b"RRULE:FREQ=SECONDLY\r\nEND:VEVENT"),
            "every second or minute",
        ),
        (calendar(("1000", "1100")) * 10, "larger than 2 MB"),
    ],
    ids=["html", "secondly", "large"],
)
def test_a_hostile_file_is_refused_beside_its_field(festival, officer, monkeypatch, content, words):
    monkeypatch.setattr(reading, "MOST_OCTETS", 1_000)
    answer = officer.post(SCHOOL, data=given(content), content_type="multipart/form-data")

    assert answer.status_code == 422
    assert words in answer.text
    assert kept(festival) is None


def test_it_is_read_again_by_hand(festival, officer, server, address, session):
    officer.post(SCHOOL, data={"address": address})
    server.lay(calendar(("1200", "1230")), path=f"/{SECRET}/school.ics", ETag='"2"')
    revision = festival.programme.roster_revision
    answer = officer.post(f"{SCHOOL}/refresh", follow_redirects=True)

    assert "The calendar was read again." in answer.text
    assert server.asked[-1]["If-None-Match"] == '"1"'
    assert kept(festival) == [(local(festival, 12), local(festival, 12, 30))]
    assert festival.programme.roster_revision == revision + 1


def test_what_cannot_be_read_again_says_why_and_keeps_its_times(
    festival, officer, server, address, session
):
    officer.post(SCHOOL, data={"address": address})
    before = kept(festival)
    server.lay(b"", path=f"/{SECRET}/school.ics", status=404)
    answer = officer.post(f"{SCHOOL}/refresh", follow_redirects=True)

    assert "The server answers with the error 404" in answer.text
    assert "What was read before stands." in answer.text
    assert kept(festival) == before


def test_it_can_be_removed(festival, officer, address, session):
    officer.post(SCHOOL, data={"address": address})
    officer.post(f"{SCHOOL}/remove")

    assert kept(festival) is None
    assert session.scalars(select(OutsideTime)).all() == []
    assert busy_windows(festival) == set()
    assert officer.post(f"{SCHOOL}/remove").status_code == 404
    assert officer.post(f"{SCHOOL}/refresh").status_code == 404


def test_another_school_sees_and_changes_nothing(festival, sign_in, officer, address, session):
    officer.post(SCHOOL, data={"address": address})
    neighbour = sign_in(festival.lake_officer)

    for path in (SCHOOL, f"{SCHOOL}/refresh", f"{SCHOOL}/remove"):
        answer = neighbour.post(path, data={"address": address})
        assert answer.status_code in {403, 404}
        assert "127.0.0.1" not in answer.text
    assert len(kept(festival)) == 1


def test_a_venues_calendar_shuts_it_where_it_is_taken(festival, coordinator, server, hall, session):
    venue, page = hall
    server.lay(calendar(("1000", "1100")))
    assert coordinator.post(page, data={"address": server.url()}).status_code == 303
    db.session.expire_all()
    situation = situation_of(festival.programme)
    stages = {each.id: each for each in situation.problem.venues}

    assert Window(10 * HOUR, 11 * HOUR) in stages[venue.code].closures
    (day, *_) = days_of(situation, [], {}, Sight())
    column = next(each for each in day.columns if each.venue.id == venue.id)
    assert len(column.closures) == 1 + len(venue.closures)
    coordinator.post(f"{page}/remove")
    db.session.expire_all()
    stages = {each.id: each for each in situation_of(festival.programme).problem.venues}
    assert Window(10 * HOUR, 11 * HOUR) not in stages[venue.code].closures


def test_a_school_gives_no_venues_calendar(festival, officer, server, hall, session):
    _, page = hall
    server.lay(calendar(("1000", "1100")))

    assert officer.post(page, data={"address": server.url()}).status_code in {403, 404}
    assert session.scalars(select(OutsideCalendar)).all() == []


def test_the_draft_says_that_the_schools_calendar_is_meant(festival, app, officer, server, session):
    plan = festival.draft()
    slot = next(each for each in plan.slots if each.item.school_ids == {festival.hill.id})
    begins = slot.starts_at.astimezone(ZoneInfo(festival.programme.timezone))
    ends = begins + dt.timedelta(minutes=5)
    server.lay(calendar((f"{begins:%H%M}", f"{ends:%H%M}")))
    officer.post(SCHOOL, data={"address": server.url()})
    db.session.expire_all()
    with app.test_request_context():
        told = sentences(situation_of(festival.programme), broken_rules(plan, plan.slots))

    assert any(text.endswith("busy then, by the school's own calendar.") for text in told), told


# Every six hours


def due_at(session, hours):
    stored = session.scalar(select(OutsideCalendar))
    return outside_services.due_calendars(stored.tried_at + dt.timedelta(hours=hours))


def test_a_calendar_is_due_after_six_hours(festival, officer, address, session):
    officer.post(SCHOOL, data={"address": address})

    assert due_at(session, 5.99) == []
    assert len(due_at(session, 6)) == 1


def test_a_file_is_never_due(festival, officer, session):
    officer.post(SCHOOL, data=given(calendar()), content_type="multipart/form-data")

    assert due_at(session, 100) == []


@pytest.fixture
def july(frozen):
    """Before anybody signs in, so that they are still signed in then."""
    frozen(2027, 7, 1, 8)
    return frozen


def test_the_worker_reads_again_what_is_due(july, festival, coordinator, server, address, session):
    coordinator.post(SCHOOL, data={"address": address})
    server.lay(calendar(("0900", "0930")), path=f"/{SECRET}/school.ics", ETag='"2"')
    outside_tasks.refresh_outside_calendars()
    assert kept(festival) == [(local(festival, 10), local(festival, 11))]
    july(hours=6)
    outside_tasks.refresh_outside_calendars()
    assert kept(festival) == [(local(festival, 9), local(festival, 9, 30))]
    asked = len(server.asked)
    outside_tasks.refresh_outside_calendars()

    assert len(server.asked) == asked


def test_what_has_not_changed_makes_no_plan_stale(
    july, festival, coordinator, server, address, session
):
    coordinator.post(SCHOOL, data={"address": address})
    revision = festival.programme.roster_revision
    server.lay(b"", path=f"/{SECRET}/school.ics", status=304)
    july(hours=6)
    outside_tasks.refresh_outside_calendars()
    db.session.expire_all()
    stored = session.scalar(select(OutsideCalendar))

    assert (stored.read_at, stored.error) == (dt.datetime(2027, 7, 1, 14, tzinfo=dt.UTC), "")
    assert festival.programme.roster_revision == revision


def test_the_worker_notes_what_fails_and_goes_on(
    july, festival, coordinator, server, address, hall, session
):
    coordinator.post(SCHOOL, data={"address": address})
    server.lay(calendar(("1000", "1100")), path="/hall.ics")
    coordinator.post(hall[1], data={"address": server.url("/hall.ics")})
    server.lay(b"", path=f"/{SECRET}/school.ics", status=500)
    server.lay(calendar(("1400", "1500")), path="/hall.ics")
    july(hours=6)
    outside_tasks.refresh_outside_calendars()
    db.session.expire_all()
    by_owner = {bool(each.school_id): each for each in session.scalars(select(OutsideCalendar))}

    assert by_owner[True].error == Refusal.STATUS
    assert len(by_owner[True].times) == 1
    assert by_owner[False].error == ""
    assert by_owner[False].times[0].starts_at == local(festival, 14)
    assert "error 500" in coordinator.get(SCHOOL).text


def test_a_programme_that_is_over_is_not_read_for(festival, officer, address, session):
    officer.post(SCHOOL, data={"address": address})
    over = dt.datetime.combine(festival.programme.ends_on, dt.time(), dt.UTC)

    assert len(outside_services.due_calendars(over)) == 1
    assert outside_services.due_calendars(over + dt.timedelta(days=1)) == []
