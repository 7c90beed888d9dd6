"""Busy times and class hours: entered by schools for themselves, kept free by planning."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.models import MemberRole
from scheduler.database import db
from scheduler.scheduling import services
from scheduler.scheduling.engine import Window
from scheduler.scheduling.parties.busy_models import BusyEntry, BusyTime, ClassHours
from scheduler.scheduling.parties.class_times import WEEK, ClassTimes
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.verdict import broken_rules, sentences
from scheduler.workdays.models import CalendarDay, DayType
from tests import factories
from tests.factories import at

HOUR = 60
DAY = 24 * HOUR
PAGE = "/programmes/small/busy-times/HILL"
FORM = {
    "who": "",
    "starts": "2027-07-16T10:00",
    "ends": "2027-07-16T11:00",
    "reason": "Exam",
}


@pytest.fixture
def officer(sign_in, festival):
    return sign_in(festival.hill_officer)


@pytest.fixture
def coordinator(sign_in, festival):
    return sign_in(festival.coordinator)


def busy(festival):
    problem = situation_of(festival.programme).problem
    return sorted((p.activities, p.persons, p.busy) for p in problem.parties if p.busy)


def told(festival, plan, app):
    with app.test_request_context():
        situation = situation_of(festival.programme)
        return sorted(sentences(situation, broken_rules(plan, plan.slots)))


def in_class(festival, school, weekdays, begins=dt.time(8), ends=dt.time(15, 30)):
    for weekday in weekdays:
        db.session.add(
            ClassHours(
                programme_id=festival.programme.id,
                school=school,
                weekday=weekday,
                begins=begins,
                ends=ends,
            )
        )


def test_a_busy_school_keeps_everybody_on_stage(festival, session):
    factories.busy_time(festival.programme, at(10), at(11), school_id=festival.hill.id)
    session.commit()
    choir, band = festival.hill_choir.ref, festival.hill_band.ref
    window = (Window(10 * HOUR, 11 * HOUR),)
    # Seven pupils and the conductor sing only, three and theirs play only, one does both.
    assert busy(festival) == sorted(
        [
            ((choir,), 8, window),
            ((band,), 4, window),
            (tuple(sorted((choir, band))), 1, window),
        ]
    )


def test_a_busy_leader_keeps_the_group_though_not_on_stage(festival, session):
    leader = factories.person(festival.hill, is_adult=True)
    factories.member(festival.hill_choir, leader, role=MemberRole.LEADER)
    factories.busy_time(festival.programme, at(10), at(11), school_id=festival.hill.id)
    factories.busy_time(festival.programme, at(12), at(13), person_id=leader.id)
    session.commit()
    mine = (festival.hill_choir.ref,), 1, (Window(12 * HOUR, 13 * HOUR),)
    assert [one for one in busy(festival) if one[2] == mine[2]] == [mine]


def test_busy_times_of_another_programme_do_not_count(festival, session):
    factories.busy_time(factories.programme(), at(10), at(11), school_id=festival.hill.id)
    session.commit()
    assert busy(festival) == []


def test_class_hours_count_on_working_days_of_the_schools_place(festival, session):
    # Friday is a holiday there, Saturday a make-up workday, and Sunday is Sunday.
    days = ((16, DayType.HOLIDAY), (17, DayType.MAKE_UP))
    session.add_all(
        CalendarDay(region="CN", day=dt.date(2027, 7, day), kind=kind, name="", source="")
        for day, kind in days
    )
    in_class(festival, festival.lake, WEEK)
    session.commit()
    windows = {window for _groups, _persons, times in busy(festival) for window in times}
    assert windows == {Window(DAY + 8 * HOUR, DAY + 15 * HOUR + 30)}


def test_the_draft_says_who_is_busy_and_why(festival, app, session):
    factories.busy_time(
        festival.programme, at(10), at(10, 5), school_id=festival.hill.id, reason="Exam."
    )
    conductor = festival.lake_choir.members[-1].person
    factories.busy_time(festival.programme, at(10, 15), at(10, 20), person_id=conductor.id)
    in_class(festival, festival.lake, WEEK, begins=dt.time(14, 50))
    plan = festival.draft()
    session.commit()
    assert told(festival, plan, app) == [
        "1 person in Hill Choir is busy then: Exam.",
        "5 people in Lake Band are in class then.",
        "8 people in Hill Choir are busy then: Exam.",
        "People in Lake Choir are busy elsewhere until Fri 16 July 2027 10:20.",
    ]


def test_a_school_enters_and_removes_its_own_busy_times(officer, festival, session):
    plan = festival.draft()
    session.commit()
    assert officer.post(PAGE, data=FORM).location == PAGE
    pupil = festival.hill_band.members[0].person
    officer.post(PAGE, data={**FORM, "who": pupil.ref, "reason": ""})
    rows = session.scalars(select(BusyTime).order_by(BusyTime.id)).all()
    assert [(row.school, row.person, row.starts_at, row.ends_at, row.reason) for row in rows] == [
        (festival.hill, None, at(10), at(11), "Exam"),
        (None, pupil, at(10), at(11), ""),
    ]
    session.refresh(festival.programme)
    assert services.is_stale(plan)
    page = officer.get(PAGE).text
    assert all(word in page for word in ("Exam", pupil.name, "Fri 16 Jul 10:00–11:00"))
    officer.post(f"{PAGE}/rows/{rows[0].id}/remove")
    assert session.scalars(select(BusyTime.reason)).all() == [""]


def test_the_same_time_sent_twice_stands_once(officer, session):
    for _ in range(2):
        assert officer.post(PAGE, data=FORM).status_code == 303
    assert session.scalars(select(BusyTime.reason)).all() == ["Exam"]


def test_a_school_sees_and_removes_nothing_of_another(officer, festival, session):
    row = factories.busy_time(
        festival.programme, at(8), at(9), school_id=festival.lake.id, reason="Lake secret"
    )
    session.commit()
    assert officer.get("/programmes/small/busy-times/LAKE").status_code == 403
    assert officer.get("/programmes/small/busy-times").status_code == 403
    assert "Lake secret" not in officer.get(PAGE).text
    assert officer.post(f"{PAGE}/rows/{row.id}/remove").status_code == 404
    stranger = festival.lake_choir.members[0].person
    answer = officer.post(PAGE, data={**FORM, "who": stranger.ref})
    assert (answer.status_code, stranger.name in answer.text) == (422, False)
    assert session.scalars(select(BusyTime)).all() == [row]


def test_a_school_that_takes_no_part_has_no_page(sign_in, festival, session):
    outside = factories.school(code="OUTS")
    session.commit()
    client = sign_in(factories.officer(outside, email="out@school.example"))
    assert client.get("/programmes/small/busy-times/OUTS").status_code == 404


def test_after_the_entry_window_only_coordinators_enter(officer, festival, session):
    festival.programme.entry_closes_at = clock.now() - dt.timedelta(days=1)
    session.commit()
    refused = officer.post(PAGE, data=FORM)
    assert refused.status_code == 422
    assert "Busy times can no longer be entered. Ask the coordinators." in refused.text
    assert (
        officer.post(f"{PAGE}/class-hours", data={"begins": "08:00", "ends": "15:30"}).status_code
        == 422
    )
    assert session.scalars(select(BusyTime)).all() == []
    session.add(
        BusyEntry(programme_id=festival.programme.id, closes_at=clock.now() + dt.timedelta(days=1))
    )
    session.commit()
    assert officer.post(PAGE, data=FORM).status_code == 303


def test_coordinators_say_until_when_and_enter_at_any_time(coordinator, festival, session):
    festival.programme.entry_closes_at = clock.now() - dt.timedelta(days=1)
    session.commit()
    list_page = "/programmes/small/busy-times"
    coordinator.post(list_page, data={"closes": "2027-07-01T18:00"})
    assert session.scalars(select(BusyEntry.closes_at)).all() == [at(18) - dt.timedelta(days=15)]
    coordinator.post(list_page, data={"closes": ""})
    assert session.scalars(select(BusyEntry)).all() == []
    assert coordinator.post(PAGE, data=FORM).status_code == 303
    page = coordinator.get(list_page).page
    lines = [row for row in page.all("tr") if page.all("a")]
    assert len(lines) == 3


def test_the_list_of_schools_is_searched_and_cut_on_the_server(coordinator, festival, session):
    for number in range(52):
        school = factories.school(name=f"Valley School {number:02}")
        festival.group(f"Group {number}", festival.choirs, school, 1)
    session.commit()
    page = coordinator.get("/programmes/small/busy-times?q=valley&page=2").page
    shown = [a.text for a in page.all("a") if (a.text or "").startswith("Valley School")]
    assert shown == [f"Valley School {number:02}" for number in range(50, 52)]
    found = coordinator.get("/programmes/small/busy-times?q=hill").page
    assert ("Hill School" in found.text, "Lake School" in found.text) == (True, False)


def test_class_hours_of_a_weekday_count_on_that_day_only(festival, session):
    friday = 4
    in_class(festival, festival.lake, {*WEEK} - {friday})
    session.commit()
    assert busy(festival) == []
    in_class(festival, festival.lake, {friday}, ends=dt.time(12))
    session.commit()
    windows = {window for _groups, _persons, times in busy(festival) for window in times}
    assert windows == {Window(8 * HOUR, 12 * HOUR)}


def kept_hours(session):
    session.expire_all()
    rows = session.scalars(select(ClassHours).order_by(ClassHours.weekday))
    return [(row.weekday, f"{row.begins:%H:%M}-{row.ends:%H:%M}") for row in rows]


def test_class_hours_are_entered_changed_and_taken_back(officer, festival, session):
    address = f"{PAGE}/class-hours"
    officer.post(address, data={"begins": "08:00", "ends": "15:30"})
    assert kept_hours(session) == [(day, "08:00-15:30") for day in WEEK]
    assert "own clocks: 08:00–15:30." in officer.get(PAGE).text
    other = {"days-0-day": "4", "days-0-begins": "08:00", "days-0-ends": "12:00", "days-1-day": "2"}
    officer.post(address, data={"begins": "08:00", "ends": "16:00", **other})
    assert kept_hours(session) == [
        (day, "08:00-12:00" if day == 4 else "08:00-16:00") for day in WEEK if day != 2
    ]
    shown = officer.get(PAGE).text
    assert "own clocks: 08:00–16:00, Wednesday: no classes, Friday: 08:00–12:00." in shown
    form = officer.get(address).page
    assert form.one("input", id="ends").get("value") == "16:00"
    assert form.one("input", id="days-1-ends").get("value") == "12:00"
    officer.post(address, data={"begins": "", "ends": ""})
    assert kept_hours(session) == []


def test_the_most_frequent_hours_are_the_usual_ones():
    long, short = (dt.time(8), dt.time(16)), (dt.time(8), dt.time(12))
    times = ClassTimes.of_days({0: long, 1: short, 2: long})
    assert (times.usual, times.otherwise) == (None, {0: long, 1: short, 2: long})
    times = ClassTimes.of_days({day: short if day == 4 else long for day in range(5)})
    assert (times.usual, times.otherwise) == (long, {4: short, 5: None, 6: None})
    assert times.by_weekday == {0: long, 1: long, 2: long, 3: long, 4: short}


@pytest.mark.parametrize(
    ("address", "data", "text"),
    [
        (PAGE, {**FORM, "ends": "2027-07-16T10:00"}, "The end must come after the beginning."),
        (PAGE, {**FORM, "starts": ""}, "Please fill this in."),
        (f"{PAGE}/class-hours", {"begins": "08:00", "ends": ""}, 'id="ends-error"'),
        (f"{PAGE}/class-hours", {"days-0-begins": "08:00"}, 'id="days-0-day-error"'),
        (
            f"{PAGE}/class-hours",
            {"days-0-day": "1", "days-1-day": "1"},
            "This weekday stands there twice.",
        ),
        (
            f"{PAGE}/class-hours",
            {"days-0-day": "1", "days-0-begins": "09:00", "days-0-ends": "08:00"},
            'id="days-0-ends-error"',
        ),
        (f"{PAGE}/class-hours", {"days-0-day": "7"}, 'id="days-0-day-error"'),
        (
            f"{PAGE}/class-hours",
            {"begins": "08:00", "ends": "07:00"},
            "The end must come after the beginning.",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(officer, session, address, data, text):
    answer = officer.post(address, data=data)
    assert (answer.status_code, text in answer.text) == (422, True)
    assert session.scalars(select(BusyTime)).all() == []
    assert session.scalars(select(ClassHours)).all() == []
