"""One pupil in several groups: found across programmes, warned of where times may meet."""

import datetime as dt
from types import SimpleNamespace

import pytest
from sqlalchemy import event, true
from sqlalchemy.engine import Engine

from scheduler import clock
from scheduler.applications.elsewhere import Meeting, elsewhere, groups_of, pupils_in_programme
from scheduler.applications.published import performance_key, timetable_scope
from scheduler.applications.roster_examination import examine
from scheduler.applications.roster_records import RosterCode
from scheduler.applications.roster_stored import DOCUMENT_FIELD
from scheduler.applications.workflow import State
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Audience, EntryDraft, EntryText
from scheduler.clashes.lines import lines_of_group
from scheduler.database import db
from scheduler.people.keys import current_sealer
from scheduler.programmes.models import CategoryKind
from tests import factories

TWIN = "黄双报"
SECRET = "外校队"


@pytest.fixture
def world(session):
    """A festival in July, a tour at the same time and one in August; a pupil in each."""
    festival = factories.programme(names={"en": "Festival"})
    tour = factories.programme(names={"en": "July tour"})
    later = factories.programme(
        names={"en": "August tour"},
        starts_on=festival.ends_on + dt.timedelta(days=1),
        ends_on=festival.ends_on + dt.timedelta(days=9),
    )
    school, other = factories.school(name="云岭小学"), factories.school(name="外校")
    pupil = factories.person(school, name=TWIN, document_index="same", sort_key="huang")
    bearer = factories.person(other, name="别名", document_index="same")
    made = SimpleNamespace(festival=festival, tour=tour, later=later, school=school, pupil=pupil)
    made.choir = factories.application(factories.category(festival), school, group_name="合唱团")
    tours = [factories.category(each, kind=CategoryKind.STUDY_TOUR) for each in (tour, later, tour)]
    made.july = factories.application(tours[0], school, group_name="七月团")
    made.august = factories.application(tours[1], school, group_name="八月团")
    made.abroad = factories.application(tours[2], other, group_name=SECRET)
    for group in (made.choir, made.july, made.august):
        factories.member(group, pupil)
    factories.member(made.abroad, bearer)
    gone = factories.application(tours[0], school, state=State.WITHDRAWN)
    factories.member(gone, pupil)
    made.officer = factories.officer(school)
    made.coordinator = factories.coordinator(festival)
    session.commit()
    return made


def publish(application, starts_at, minutes=60):
    scope = timetable_scope(application.programme.code)
    draft = EntryDraft(
        key=performance_key(application.ref),
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=minutes),
        zone="Asia/Shanghai",
        texts={"en": EntryText(summary="x", location="", details=(), category="")},
        audiences=frozenset({Audience("school", application.school.code)}),
        geo=None,
    )
    calendars.publish(scope, [draft], now=clock.now())
    db.session.commit()


def lines(world, actor):
    return lines_of_group(actor, world.choir, true())


def test_days_that_meet_are_warned_of_and_others_are_not(world):
    found = [(line.name, line.other, line.meeting) for line in lines(world, world.officer.actor)]
    assert found == [
        (TWIN, "七月团 (July tour)", Meeting.MAY),
        (TWIN, "a group of another programme", Meeting.MAY),
        (TWIN, "八月团 (August tour)", Meeting.APART),
    ]


def test_a_coordinator_reads_the_names_of_the_own_programmes_only(world):
    found = [line.other for line in lines(world, world.coordinator.actor)]
    assert found == ["a group of another programme"] * 3


def test_published_times_decide_and_are_named(world):
    start = dt.datetime(2027, 7, 16, 6, tzinfo=dt.UTC)
    publish(world.choir, start)
    publish(world.july, start + dt.timedelta(minutes=30))
    line = next(each for each in lines(world, world.officer.actor) if "七月" in each.other)
    assert line.meeting is Meeting.OVERLAPS
    assert line.times == (
        "Fri 16 July 2027 14:00 (UTC+8) – 15:00 and Fri 16 July 2027 14:30 (UTC+8) – 15:30"
    )


@pytest.mark.parametrize(("minutes", "meeting"), [(179, Meeting.OVERLAPS), (180, Meeting.APART)])
def test_between_programmes_a_way_is_needed(world, minutes, meeting):
    start = dt.datetime(2027, 7, 16, 6, tzinfo=dt.UTC)
    publish(world.choir, start)
    publish(world.july, start + dt.timedelta(minutes=minutes))
    groups = groups_of([world.choir.id, world.july.id])
    assert groups.meeting((world.choir.id, world.july.id)) is meeting


def test_two_stages_of_one_programme_are_kept_apart_by_planning(world, session):
    second = factories.application(factories.category(world.festival), world.school)
    factories.member(second, world.pupil)
    session.commit()
    groups = groups_of([world.choir.id, second.id])
    assert groups.meeting((world.choir.id, second.id)) is Meeting.KEPT_APART


def test_pages_warn_without_telling_of_other_schools(world, sign_in):
    page = sign_in(world.officer).get(f"/applications/{world.choir.ref}").text
    assert "Pupils who are in another group at a time that may meet" in page
    assert "七月团" in page
    assert SECRET not in page
    assert "外校" not in page
    world.choir.state = State.SUBMITTED
    page = sign_in(world.coordinator).get(f"/applications/{world.choir.ref}/case").text
    assert "a group of another programme" in page
    assert not any(name in page for name in ("七月团", "July tour", SECRET, "外校"))


def test_the_list_of_a_programme_is_filtered_and_exported(world, sign_in):
    client = sign_in(world.coordinator)
    place = f"/programmes/{world.festival.code}/several-groups"
    assert client.get(place).text.count("Times may meet</span>") == 2
    assert client.get(f"{place}?meeting=apart").text.count("Times cannot meet</span>") == 1
    assert client.get(f"{place}?meeting=overlaps").text.count(TWIN) == 0
    assert client.get(f"{place}?meeting=all&q=nobody").text.count(TWIN) == 0
    asked = {"list": "several_groups", "place": world.festival.code, "format": "csv"}
    rows = client.post("/exports/download", data=asked | {"filters": "meeting=all"}).text
    assert rows.count(TWIN) == 3
    assert SECRET not in rows
    assert sign_in(world.officer).get(place).status_code == 403


def test_the_cost_does_not_grow_with_the_list(world, session):
    def queries():
        lines(world, world.officer.actor)  # what was committed is read again first
        counted = []
        note = lambda *args: counted.append(args[2])  # noqa: E731
        event.listen(Engine, "before_cursor_execute", note)
        try:
            lines(world, world.officer.actor)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(counted)

    few = queries()
    for _ in range(40):
        pupil = factories.person(world.school)
        factories.member(world.choir, pupil)
        factories.member(world.july, pupil)
    session.commit()
    assert len(lines(world, world.officer.actor)) == 43
    assert queries() == few


def test_a_rosters_preview_warns_and_does_not_stop(world, session):
    content = (
        "姓名,性别,出生日期,监护人姓名,监护人手机,监护人同意书,声部/乐器\n"
        f"{TWIN},女,2016-03-01,黄大文,13800138000,Y,S1\n"
        "新同学,女,2016-04-01,新大文,13800138001,Y,S1\n"
    ).encode()
    found = examine(
        content,
        school=world.school,
        category=world.choir.category,
        sealer=current_sealer(),
        today=dt.date(2027, 3, 1),
    )
    said = [
        (problem.code, problem.row, problem.facts.get("group"))
        for problem in found.problems
        if problem.code in {RosterCode.MEMBER_ELSEWHERE, RosterCode.MEMBER_ELSEWHERE_SCHOOL}
    ]
    assert said == [
        (RosterCode.MEMBER_ELSEWHERE, 2, "七月团"),
        (RosterCode.MEMBER_ELSEWHERE_SCHOOL, 2, None),
    ]
    assert not found.has_errors, found.problems
    session.rollback()


def test_a_preview_tells_nobody_who_bears_a_number(world, session):
    number = "E12345678"
    index = current_sealer().index(number, field=DOCUMENT_FIELD)
    world.abroad.members[0].person.document_index = index
    session.commit()
    content = (
        "姓名,性别,出生日期,监护人姓名,监护人手机,监护人同意书,声部/乐器,证件类型,证件号码\n"
        f"新同学,女,2016-04-01,新大文,13800138001,Y,S1,护照,{number}\n"
    ).encode()
    found = examine(
        content,
        school=world.school,
        category=world.choir.category,
        sealer=current_sealer(),
        today=dt.date(2027, 3, 1),
    )
    assert not found.has_errors, found.problems
    (pupil,) = found.changes.pupils
    assert pupil.values["document_number"] == number
    codes = {problem.code for problem in found.problems}
    assert codes.isdisjoint({RosterCode.MEMBER_ELSEWHERE, RosterCode.MEMBER_ELSEWHERE_SCHOOL})


def test_pupils_of_withdrawn_groups_are_in_no_other_group(world, session):
    rows = db.session.execute(elsewhere(pupils_in_programme(world.tour))).all()
    assert {row.there_id for row in rows} <= {
        world.choir.id,
        world.july.id,
        world.august.id,
        world.abroad.id,
    }
    session.rollback()


def test_another_schools_group_is_told_by_its_days_alone_whatever_is_published(world):
    """Its published time would tell which group it is."""
    start = dt.datetime(2027, 7, 16, 6, tzinfo=dt.UTC)
    publish(world.choir, start)
    publish(world.abroad, start + dt.timedelta(minutes=37))
    line = next(each for each in lines(world, world.officer.actor) if "(" not in each.other)
    assert (line.meeting, line.times) == (Meeting.OVERLAPS, "Fri 16 July 2027")
