"""Publishing asks jurors to their sessions and leaders to their meetings."""

import datetime as dt

import pytest
from icalendar import Calendar
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.accounts.duty_calendars import account_audience
from scheduler.accounts.models import RoleGrant
from scheduler.applications.models import MemberRole
from scheduler.calendar_mail.models import AttendanceRequest
from scheduler.calendars import own_calendars
from scheduler.calendars.choices import Choice
from scheduler.calendars.entries import Subject
from scheduler.notifications.calendar_parts import opened_part
from scheduler.notifications.models import Mail
from scheduler.scheduling.items import turns_of
from scheduler.scheduling.parties.staff_models import Duty
from scheduler.scheduling.releases import asking
from tests import factories
from tests.factories import at
from tests.scheduling.moving import put
from tests.scheduling.releasing import release

JUROR = "wen@jury.example"


@pytest.fixture
def juror(festival, session):
    made = factories.staff_member(festival.choirs, name="Wen Juror", email=JUROR)
    session.commit()
    return made


def asked(session):
    session.expire_all()
    rows = session.scalars(select(AttendanceRequest).order_by(AttendanceRequest.id))
    return [
        (each.address, each.entry.text_in("en").summary, each.entry.starts_at, each.entry.ends_at)
        for each in rows
        if each.withdrawn_at is None
    ]


def sent(session):
    mails = session.scalars(select(Mail).where(Mail.calendar.is_not(None)).order_by(Mail.id))
    return [(mail.to_address, opened_part(mail.calendar).method) for mail in mails]


def category_name(festival):
    return festival.choirs.names["en"]


def test_a_juror_is_asked_to_one_session_of_the_category(plan, festival, actor, juror, session):
    factories.staff_member(festival.choirs, name="Without address")
    factories.staff_member(festival.choirs, duty=Duty.OTHER, email="helper@jury.example")
    session.commit()
    release(plan, actor)
    ends = max(slot.ends_at for slot in plan.slots if slot.application.category is festival.choirs)
    title = f"Judging: {category_name(festival)}"
    assert asked(session) == [(JUROR, title, at(10), ends)]
    assert sent(session) == [(JUROR, "REQUEST")]


def test_the_session_is_the_same_entry_in_the_jurors_calendar(
    plan, festival, actor, juror, session
):
    account = factories.account(email=JUROR, name="Wen", locale="zh_Hans")
    feed = own_calendars.add_calendar(
        Subject(account_audience(account), {"en": "Duties"}, "Asia/Shanghai", "zh_Hans"),
        "Mine",
        Choice(),
        secret_key="secret",
        now=clock.now(),
    )
    session.commit()
    release(plan, actor)
    session.refresh(feed, ["body"])
    (event,) = Calendar.from_ical(feed.body).walk("VEVENT")
    (mail,) = session.scalars(
        select(Mail).where(Mail.to_address == JUROR, Mail.calendar.is_not(None))
    )
    (mailed,) = Calendar.from_ical(opened_part(mail.calendar).content).walk("VEVENT")
    assert mailed["UID"] == event["UID"]
    assert mailed["SUMMARY"] == event["SUMMARY"] == f"评审：{festival.choirs.names['zh_Hans']}"
    assert mail.account_id == account.id


def test_a_move_is_told_to_the_jurors_of_that_category_alone(
    plan, festival, actor, juror, session, frozen
):
    factories.staff_member(festival.bands, name="Yan Juror", email="yan@jury.example")
    session.commit()
    release(plan, actor)
    frozen(hours=1)
    put(plan, festival.lake_choir, "HALL", at(11), actor)
    release(plan, actor)
    assert sent(session) == [
        (JUROR, "REQUEST"),
        ("yan@jury.example", "REQUEST"),
        (JUROR, "REQUEST"),
    ]


def test_a_long_pause_makes_two_sessions(plan, festival, actor, juror, session):
    put(plan, festival.lake_choir, "HALL", at(15), actor)
    release(plan, actor)
    assert [each[2] for each in asked(session)] == [at(10), at(15)]


def meeting(festival, plan, **values):
    activity = factories.activity(festival.programme, name="Meeting of leaders", **values)
    (turn,) = turns_of(activity)
    begins = at(16)
    factories.slot(
        plan,
        None,
        festival.room,
        begins,
        minutes=60,
        activity=activity,
        number=turn.number,
        warmup_room=0,
        warmup_starts_at=begins,
        warmup_ends_at=begins,
        changeover_ends_at=begins + dt.timedelta(minutes=60),
    )
    return activity


@pytest.fixture
def leaders(festival, session):
    """Of one group by its roster, of another by an account, of a third by both."""
    for group, email in ((festival.hill_choir, "hill"), (festival.hill_band, "both")):
        teacher = factories.person(group.school, is_adult=True, name=f"Leader {email}")
        teacher.email = f"{email}@leaders.example"
        factories.member(group, teacher, role=MemberRole.LEADER)
    factories.leader(festival.lake_choir, email="lake@leaders.example")
    factories.leader(festival.hill_band, email="both@leaders.example", name="Leader Both")
    session.commit()


def test_leaders_are_asked_to_their_meeting_each_once(plan, festival, actor, leaders, session):
    meeting(festival, plan)
    session.commit()
    release(plan, actor)
    found = asked(session)
    assert sorted(each[0] for each in found) == [
        "both@leaders.example",
        "hill@leaders.example",
        "lake@leaders.example",
    ]
    assert {each[1:] for each in found} == {("Meeting of leaders", at(16), at(17))}
    officers = {"hill@school.example", "lake@school.example"}
    assert not officers & {address for address, _method in sent(session)}


def test_a_meeting_for_everybody_asks_nobody(plan, festival, actor, leaders, session):
    meeting(festival, plan, attendance=factories.Attendance.EVERYBODY)
    session.commit()
    release(plan, actor)
    assert asked(session) == []


def test_who_stops_leading_is_told_and_who_begins_is_asked(
    plan, festival, actor, leaders, session, frozen
):
    frozen(2027, 3, 1, 8)
    meeting(festival, plan)
    session.commit()
    release(plan, actor)
    grant = session.scalar(
        select(RoleGrant).where(
            RoleGrant.role == Role.TEAM_LEADER, RoleGrant.scope_id == festival.lake_choir.id
        )
    )
    session.delete(grant)
    factories.leader(festival.lake_band, email="new@leaders.example")
    session.commit()
    asking.keep_up()
    asking.keep_up()
    assert sent(session)[3:] == [
        ("new@leaders.example", "REQUEST"),
        ("lake@leaders.example", "CANCEL"),
    ]


def test_a_juror_without_address_gets_one_later(plan, festival, actor, session, juror, frozen):
    frozen(2027, 3, 1, 8)
    other = factories.staff_member(festival.choirs, name="Late Juror")
    session.commit()
    release(plan, actor)
    other.email = "late@jury.example"
    session.commit()
    asking.keep_up()
    assert sent(session) == [(JUROR, "REQUEST"), ("late@jury.example", "REQUEST")]


def test_coordinators_see_who_has_not_answered_and_ask_again(
    plan, festival, actor, juror, session, sign_in, frozen
):
    frozen(2027, 3, 1, 8)
    release(plan, actor)
    request = session.scalar(select(AttendanceRequest))
    client = sign_in(festival.coordinator)
    page = client.get("/programmes/small/answers?answer=waiting")
    assert page.status_code == 200
    assert JUROR in page.text
    assert JUROR not in client.get("/programmes/small/answers?answer=declined").text
    frozen(days=1)
    client = sign_in(festival.coordinator)
    client.post(f"/programmes/small/answers/{request.ref}/ask-again")
    assert sent(session) == [(JUROR, "REQUEST"), (JUROR, "REQUEST")]
    client.post(f"/programmes/small/answers/{request.ref}/ask-again")
    assert len(sent(session)) == 2


def test_nobody_else_sees_them(plan, festival, actor, juror, session, sign_in):
    release(plan, actor)
    request = session.scalar(select(AttendanceRequest))
    elsewhere = factories.coordinator(factories.programme(code="other"))
    for account in (festival.hill_officer, elsewhere):
        client = sign_in(account)
        answer = client.get("/programmes/small/answers")
        assert answer.status_code in {403, 404}
        assert JUROR not in answer.text
    client = sign_in(elsewhere)
    assert client.post(f"/programmes/other/answers/{request.ref}/ask-again").status_code == 404
