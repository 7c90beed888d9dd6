"""One entry as a file: the very octets of the feed, for its owner alone, also by mail."""

import pytest
from icalendar import Calendar
from sqlalchemy import select

from scheduler.access.permissions import ScopeKind
from scheduler.accounts.duty_calendars import holders_of
from scheduler.calendars import links, own_calendars, services
from scheduler.calendars.choices import Choice
from scheduler.calendars.models import CalendarEntry
from scheduler.calendars.own_calendars import calendars_of
from scheduler.consents import links as guardian_links
from scheduler.notifications.calendar_parts import opened_part
from scheduler.notifications.models import Mail
from scheduler.scheduling.releases.entries import person_audience
from tests import factories
from tests.calendars.drafts import NOW, OTHER_PUPIL, PLAN, PUPIL, performance, pupil
from tests.calendars.octets import events, outside_events
from tests.support.pages import text_of

HEAD = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Ambassador Scheduler//Calendars//EN\r\n"
    b"CALSCALE:GREGORIAN\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def path(app, session, frozen):
    frozen(2027, 3, 1, 8)
    found = links.personal_links([pupil()], secret_key=app.secret_key, now=NOW)
    others = frozenset({OTHER_PUPIL})
    services.publish(
        PLAN, [performance(), performance("theirs", hour=11, audiences=others)], now=NOW
    )
    session.commit()
    return links.personal_path(found[PUPIL], app.secret_key)


def uids(session):
    return {entry.key: entry.uid for entry in session.scalars(select(CalendarEntry))}


def test_it_has_the_octets_of_the_feed_and_no_method(client, path, session):
    uid = uids(session)["performance:A"]
    (feed,) = calendars_of(PUPIL)
    answer = client.get(f"{path}/entries/{uid}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="entry.ics"'
    assert events(answer.data) == events(feed.body)
    assert outside_events(answer.data) == HEAD


def test_it_is_as_the_owner_chose_it(client, path, session):
    uid = uids(session)["performance:A"]
    (feed,) = calendars_of(PUPIL)
    own_calendars.change_calendar(feed, "Phone", "zh_Hans", Choice(alarm_minutes=60), now=NOW)
    session.commit()
    file = client.get(f"{path}/entries/{uid}.ics").data
    assert events(file) == events(feed.body)
    assert b"TRIGGER:-PT60M" in file


def test_without_any_calendar_it_is_as_everybody_has_it(client, path, session):
    uid = uids(session)["performance:A"]
    (feed,) = calendars_of(PUPIL)
    before = events(feed.body)
    own_calendars.end_calendar(feed, now=NOW)
    session.commit()
    assert events(client.get(f"{path}/entries/{uid}.ics").data) == before


def test_nobody_gets_an_entry_of_somebody_else(client, path, session):
    uid = uids(session)["theirs"]
    for wrong in (uid, "x", "x" * 300):
        answer = client.get(f"{path}/entries/{wrong}.ics")
        assert answer.status_code == 404
        assert b"Jasmine" not in answer.data


def test_each_entry_of_the_page_has_its_button_and_pupils_are_not_written_to(client, path, session):
    page = client.get(path).page
    uid = uids(session)["performance:A"]
    addresses = [each.get("href") for each in page.all("a")]
    own = [address for address in addresses if "/entries/" in address]
    assert own == [f"{path}/entries/{uid}.ics"]
    assert "Mail it to me" not in text_of(page.one("main"))
    assert client.post(f"{path}/entries/{uid}/mail").status_code == 404
    assert session.scalars(select(Mail)).all() == []


def test_a_leader_has_it_mailed_to_the_own_address_once_a_day(client, app, session, frozen):
    frozen(2027, 3, 1, 8)
    school = factories.school()
    leader = factories.person(school, is_adult=True, name="Lee Leader", email="lee@school.example")
    audience = person_audience(leader.ref)
    found = links.personal_links([pupil(audience)], secret_key=app.secret_key, now=NOW)
    services.publish(PLAN, [performance(audiences=frozenset({audience}))], now=NOW)
    session.commit()
    path = links.personal_path(found[audience], app.secret_key)
    uid = uids(session)["performance:A"]
    assert "Mail it to me" in client.get(path).text
    for _ in range(2):
        assert client.post(f"{path}/entries/{uid}/mail").location.endswith(path)
    (mail,) = session.scalars(select(Mail))
    part = opened_part(mail.calendar)
    assert (mail.to_address, part.method, part.name) == ("lee@school.example", "", "entry.ics")
    assert part.content.encode() == client.get(f"{path}/entries/{uid}.ics").data


def test_a_guardian_sees_entry_by_entry_whose_it_is(client, app, session, frozen):
    frozen(2027, 3, 1, 8)
    school = factories.school()
    ada, ben = factories.person(school, name="Ada Li"), factories.person(school, name="Ben Li")
    guardian = factories.guardian(school, ada, ben, email="mum@family.example")
    link = guardian_links.make_links(
        [guardian], locale="zh_Hans", secret_key=app.secret_key, now=NOW
    )[guardian.id]
    drafts = [
        performance(audiences=frozenset({person_audience(ada.ref)})),
        performance("theirs", hour=11, audiences=frozenset({OTHER_PUPIL})),
    ]
    services.publish(PLAN, drafts, now=NOW)
    session.commit()
    path = guardian_links.path_of(link, app.secret_key)
    page = client.get(f"{path}/entries").page
    assert [text_of(each).strip() for each in page.all("h3")] == ["演出:茉莉花合唱团"]
    assert "mum@family.example" not in client.get(f"{path}/calendars/new").text
    assert "Ada" in text_of(page.one("main"))
    assert "Ben" not in text_of(page.one("main"))
    found = uids(session)
    file = client.get(f"{path}/entries/{found['performance:A']}.ics")
    (event,) = Calendar.from_ical(file.data).walk("VEVENT")
    assert (event["UID"], event["SUMMARY"]) == (found["performance:A"], "演出:茉莉花合唱团")
    assert client.get(f"{path}/entries/{found['theirs']}.ics").status_code == 404
    assert client.post(f"{path}/entries/{found['theirs']}/mail").status_code == 404
    client.post(f"{path}/entries/{found['performance:A']}/mail")
    (mail,) = session.scalars(select(Mail))
    assert (mail.to_address, mail.locale) == ("mum@family.example", "zh_Hans")


def test_whoever_signs_in_has_their_duties_page_by_page(sign_in, session, frozen):
    frozen(2027, 3, 1, 8)
    school, neighbour = factories.school(), factories.school()
    officer = factories.officer(school)
    ours = frozenset({holders_of(ScopeKind.SCHOOL, school.id)})
    theirs = frozenset({holders_of(ScopeKind.SCHOOL, neighbour.id)})
    drafts = [performance(f"ours:{n}", minute=n, audiences=ours) for n in range(55)]
    services.publish(PLAN, [*drafts, performance("theirs", audiences=theirs)], now=NOW)
    session.commit()
    client = sign_in(officer)
    first, second = (
        client.get(f"/account/calendar-entries?page={number}").page for number in (1, 2)
    )
    assert (len(first.all("h3")), len(second.all("h3"))) == (50, 5)
    found = uids(session)
    assert client.get(f"/account/calendar-entries/{found['ours:7']}.ics").status_code == 200
    assert client.get(f"/account/calendar-entries/{found['theirs']}.ics").status_code == 404
