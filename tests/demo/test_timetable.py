"""The demo with its first release, and the commands that load it and print its links."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from scheduler.calendar_mail.models import Answer, AttendanceRequest
from scheduler.calendars.models import CalendarEntry, Subscription
from scheduler.database import db
from scheduler.demo import accounts, loading, programme, timetable
from scheduler.scheduling.models import Plan, Release, Slot
from tests.calendars import octets
from tests.calendars.icaljs import needs_icaljs
from tests.calendars.readers import check_readers, stored_times
from tests.support.pages import text_of


@pytest.fixture
def loaded(app, monkeypatch):
    """The whole demo with the first plan that is found: any will do here."""
    monkeypatch.setattr(timetable, "LEAST_SECONDS", 0)
    with app.app_context():
        loading.load()
        yield db.session
        db.session.rollback()


def run(app, *arguments):
    result = app.test_cli_runner().invoke(args=["demo", *arguments])
    return result.exit_code, result.output


@needs_icaljs
def test_a_fresh_demo_has_a_first_release_that_everybody_can_open(app, loaded, client):
    release = loaded.scalars(select(Release)).one()
    assert (release.number, len(release.slots)) == (1, 48)
    assert loaded.scalar(select(func.count(Slot.id))) == 48
    shown = loading.shown_links()
    answers = [client.get(urlsplit(each.address).path) for each in shown]
    assert [(answer.status_code, answer.mimetype) for answer in answers] == [
        (200, "text/html"),
        (200, "text/calendar"),
        (200, "text/calendar"),
        (200, "text/calendar"),
        (200, "text/html"),
    ]
    assert answers[1].text.count("BEGIN:VEVENT") == 2
    assert answers[2].text.count("BEGIN:VEVENT") == 2

    check_instants(loaded)
    check_visitors(client, loaded)
    check_who_attends(loaded)

    code, output = run(app, "links")
    assert code == 0
    assert [each.address in output for each in shown] == [True] * 5
    assert output.count("little-ambassadors") == len(accounts.SIGN_INS)

    code, output = run(app, "load")
    assert (code, "its data is kept" in output) == (0, True)
    assert loaded.scalar(select(func.count(Plan.id))) == 1


def check_instants(session):
    """Each entry of each feed has the database's instants, also for two readers that are not ours.

    Here, because another load of the demo would cost more than all of the comparing.
    """
    entries = session.scalars(select(CalendarEntry)).all()
    live = select(Subscription.body).where(Subscription.revoked_at.is_(None))
    bodies = session.scalars(live).all()
    held = Counter(uid.decode() for body in bodies for uid in octets.events(body))
    assert held.keys() >= {entry.uid for entry in entries if entry.scope_kind == "plan"}
    wanted = {entry.uid: stored_times(entry) for entry in entries}
    assert check_readers(bodies, wanted) == held.total()


def check_visitors(client, session):
    page = client.get("/timetables/festival-2027").page
    calendar = client.get("/calendars/public/festival-2027/zh_Hans.ics")
    assert text_of(page.one("h1")) == programme.NAMES["en"]
    assert calendar.text.count("BEGIN:VEVENT") == 48


def check_who_attends(session):
    """Two jurors are asked, and one of the requests is answered."""
    query = select(AttendanceRequest.address, AttendanceRequest.answer, func.count())
    columns = AttendanceRequest.address, AttendanceRequest.answer
    asked = session.execute(query.group_by(*columns).order_by(*columns)).all()
    assert [(address, answer) for address, answer, _count in asked] == [
        ("he.zhensheng@demo.example", Answer.WAITING),
        ("m.ellison@demo.example", Answer.ACCEPTED),
        ("m.ellison@demo.example", Answer.WAITING),
    ]
    assert asked[1][2] == 1


def test_without_a_demo_there_are_no_links(app):
    code, output = run(app, "links")
    assert (code, "flask --app wsgi demo load" in output) == (1, True)


def test_the_demo_can_be_loaded_without_a_timetable(demo_loaded, demo):
    _app, said = demo_loaded
    assert "The demo festival is loaded." in said
    assert "Nothing is published yet" in said
    assert demo.scalars(select(Release)).all() == []
