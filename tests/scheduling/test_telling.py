"""What people are told of a release: in which words, with which times and names."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.calendars import links
from scheduler.calendars.entries import EntryChange, EntryText
from scheduler.calendars.models import CalendarEntry
from scheduler.database import transaction
from scheduler.notifications.models import Mail, MailCase
from scheduler.notifications.templates import write
from scheduler.people.names import given_name
from scheduler.scheduling.board import editing
from scheduler.scheduling.releases.entries import venue_audience
from scheduler.scheduling.releases.wording import change_line
from tests import factories
from tests.factories import at
from tests.scheduling.releasing import release


@pytest.fixture
def plan(festival, session):
    festival.room.name, festival.room.name_latin = "小礼堂", "Small Room"
    festival.twice.name = "欧阳小明"
    plan = festival.draft()
    factories.guardian(festival.hill, festival.twice, email="parent@family.example")
    session.commit()
    return plan


def mail_to(session, address):
    mails = session.scalars(select(Mail).where(Mail.to_address == address).order_by(Mail.id.desc()))
    mail = mails.first()
    return write(mail.code, mail.facts, locale="en", to_name="", public_url="")


def test_first_times_are_no_change_and_a_change_is_one(plan, festival, actor, session):
    name = festival.programme.names["en"]
    release(plan, actor)
    first = mail_to(session, "parent@family.example")
    assert first.subject == f"{name}: the timetable of 小明"
    assert "changed" not in first.body
    with transaction():
        editing.move(
            plan,
            application_ref=festival.hill_band.ref,
            venue_code="ROOM",
            starts_at=at(15, 30),
            edition=plan.edition,
            actor=actor,
            now=clock.now(),
        )
    release(plan, actor)
    second = mail_to(session, "parent@family.example")
    assert second.subject == f"{name}: the timetable of 小明 has changed"


def test_a_mail_names_call_warm_up_stage_and_the_place_as_its_reader_can(plan, actor, session):
    release(plan, actor)
    body = mail_to(session, "hill@school.example").body
    assert (
        "New: Performance: Hill Band, Fri 16 July 2027 13:25–14:12 (UTC+8), Small Room (小礼堂) – "
        "Be there by: 13:00; Warm-up: 13:25–13:50, warm-up room 1; On stage: 14:00–14:12"
    ) in body


def test_feeds_name_a_place_in_the_reader_s_script(plan, festival, actor, session):
    release(plan, actor)
    entry = session.scalars(
        select(CalendarEntry).where(CalendarEntry.key == f"performance:{festival.hill_band.ref}")
    ).one()
    assert entry.text_in("en").location == "Small Room (小礼堂)"
    assert entry.text_in("zh_Hans").location == "小礼堂"
    feed = links.shared_feed(venue_audience(festival.programme, festival.room), "en").body
    assert "Be there by: 13:00" in feed.decode().replace("\r\n ", "")


def test_without_a_call_nothing_is_said_of_it(plan, festival, actor, session):
    festival.programme.call_minutes = 0
    session.commit()
    release(plan, actor)
    assert "Be there by" not in mail_to(session, "hill@school.example").body


@pytest.mark.parametrize(
    ("name", "given"),
    [("李明", "明"), ("王小红", "小红"), ("欧阳小明", "小明"), ("Maya Lim", "Maya"), ("李", "李")],
)
def test_given_names(name, given):
    assert given_name(name) == given


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        (
            "en",
            (
                "Changed: Ants, now Fri 16 July 2027 10:00–10:40 (UTC+8), Hall"
                " – Warm-up: room 2 (same time as before)"
            ),
        ),
        (
            "zh_Hant_HK",
            (
                "更改：Ants，現為 2027年7月16日(星期五) 10:00–10:40 (UTC+8)，Hall"
                " – Warm-up: room 2（時間不變）"
            ),
        ),
    ],
)
def test_a_change_that_leaves_the_time_names_it_once(locale, line):
    text = EntryText("Ants", "Hall", ("Warm-up: room 2", "Category", "Programme"), "")
    times = (
        dt.datetime(2027, 7, 16, 2, tzinfo=dt.UTC),
        dt.datetime(2027, 7, 16, 2, 40, tzinfo=dt.UTC),
    )
    change = EntryChange("key", "uid", {"en": text}, frozenset(), was=times, now=times)
    assert change_line(change, locale, "Asia/Shanghai") == line


def test_whoever_is_concerned_by_both_groups_gets_one_mail(plan, festival, actor, session):
    """A pupil's guardian, a teacher who leads both groups, and every officer of the school."""
    both = (festival.hill_choir, festival.hill_band)
    teacher = factories.leader(both[0], email="teacher@school.example")
    teacher.grants.append(factories.grant(Role.TEAM_LEADER, both[1]))
    factories.officer(festival.hill, email="second@school.example")
    sister = factories.person(festival.hill, name="欧阳小红")
    factories.member(both[1], sister)
    factories.guardian(festival.hill, sister, email="Parent@family.example")
    session.commit()
    release(plan, actor)
    mails = session.scalars(select(Mail).where(Mail.once_key.like("release:%"))).all()
    expected = {
        "hill@school.example": ["Hill Band", "Hill Choir"],
        "lake@school.example": ["Lake Band", "Lake Choir"],
        "parent@family.example": ["Hill Band", "Hill Choir"],
        "second@school.example": ["Hill Band", "Hill Choir"],
        "teacher@school.example": ["Hill Band", "Hill Choir"],
    }
    names = ("Hill Band", "Hill Choir", "Lake Band", "Lake Choir")
    told = [
        (mail.to_address, [name for name in names if name in str(mail.facts["changes"])])
        for mail in mails
    ]
    assert sorted(told) == sorted(expected.items())
    assert [m.facts["children"] for m in mails if "children" in m.facts] == ["小明 & 小红"]


def test_an_officer_whose_child_is_in_another_school_s_group_is_told_of_both(
    plan, festival, actor, session
):
    factories.guardian(festival.hill, festival.twice, email="lake@school.example")
    session.commit()
    release(plan, actor)
    mail = session.scalars(select(Mail).where(Mail.to_address == "lake@school.example")).one()
    groups = (festival.hill_choir, festival.hill_band, festival.lake_choir, festival.lake_band)
    assert [group.group_name in str(mail.facts["changes"]) for group in groups] == [True] * 4
    cases = session.scalars(select(MailCase.ref).where(MailCase.mail_id == mail.id)).all()
    assert sorted(cases) == sorted(group.ref for group in groups[2:])
