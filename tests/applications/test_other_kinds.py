"""What schools enter that is no performance: tennis and tours, by form and by workbook."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.roster_examination import examine
from scheduler.applications.workflow import State
from scheduler.people.keys import current_sealer
from scheduler.programmes.kinds import AgeRule, CategoryKind
from tests import factories
from tests.applications.test_entries import GROUP, PUPIL
from tests.support.pages import text_of

PLAYER = {key: value for key, value in GROUP.items() if not key.startswith("piece")}


@pytest.fixture
def tennis(session):
    return factories.category(
        factories.programme(),
        code="BS12",
        kind=CategoryKind.TENNIS_SINGLES,
        min_members=1,
        max_members=1,
        max_works=0,
        max_minutes=55,
        age_rule=AgeRule.BIRTH_YEAR,
        age_max=12,
        min_chaperones=1,
    )


@pytest.fixture
def school(session):
    return factories.school()


@pytest.fixture
def officer(school, session, sign_in):
    account = factories.officer(school)
    session.commit()
    return sign_in(account)


def place(category, school):
    programme = category.programme
    return f"/programmes/{programme.code}/categories/{category.code}/schools/{school.code}"


def test_a_tennis_entry_is_submitted_without_any_piece(officer, tennis, school, session):
    path = f"{place(tennis, school)}/entries/new"
    asked = officer.get(path).page.values()
    assert not any(key.startswith("piece") for key in asked)
    assert not {"conductor", "accompanist", "voicing", "adviser_3"} & asked.keys()
    data = PLAYER | {"chaperones": "何伟；李梅、何伟"}
    assert officer.post(path, data=data).status_code == 303
    made = session.scalars(select(Application)).one()
    chaperones = [
        member.person.name for member in made.members if member.role is MemberRole.CHAPERONE
    ]
    assert chaperones == ["何伟", "李梅"]
    officer.post(f"/applications/{made.ref}/members/new", data=PUPIL | {"birth_on": "2013/3/1"})
    page = officer.get(f"/applications/{made.ref}").page
    assert "Too old for the category: 陈子涵" in page.text
    assert officer.post(f"/applications/{made.ref}/submit").status_code == 303
    session.expire_all()
    assert made.state is State.SUBMITTED


def test_a_chaperone_that_is_missing_is_said(officer, tennis, school, session):
    officer.post(f"{place(tennis, school)}/entries/new", data=PLAYER)
    made = session.scalars(select(Application)).one()
    officer.post(f"/applications/{made.ref}/members/new", data=PUPIL)
    refused = officer.post(f"/applications/{made.ref}/submit")
    assert refused.status_code == 409
    assert "0 chaperones entered; at least 1 are needed." in refused.page.text
    assert "at least 1 chaperone" in officer.get("/applications/my-school").page.text


def test_the_workbook_asks_for_no_piece_and_is_read_without_one(officer, tennis, school, session):
    answer = officer.get(f"{place(tennis, school)}/entry-workbook")
    book = load_workbook(io.BytesIO(answer.data))
    groups, members = book["Groups"], book["Members"]
    headings = [cell.value for cell in groups[1]]
    assert "Chaperones" in headings
    assert not any(word in heading for heading in headings for word in ("Piece", "Conductor"))
    columns = {cell.value: cell.column for cell in groups[1]}
    for heading, value in (
        ("Group name", "陈子涵"),
        ("Team leader", "林望舒"),
        ("Leader's mobile", "13800138000"),
        ("Chaperones", "何伟"),
    ):
        groups.cell(2, columns[heading], value)
    columns = {cell.value: cell.column for cell in members[1]}
    for heading, value in (
        ("Name", "陈子涵"),
        ("Sex", "Male"),
        ("Birth date", "2015-03-01"),
        ("Guardian", "陈大文"),
        ("Guardian's mobile", "13800138000"),
    ):
        members.cell(2, columns[heading], value)
    consent = next(column for heading, column in columns.items() if "consent" in heading.lower())
    members.cell(2, consent, "Yes")
    filled = io.BytesIO()
    book.save(filled)
    found = examine(
        filled.getvalue(),
        school=school,
        category=tennis,
        sealer=current_sealer(),
        today=factories.FESTIVAL_DAY,
    )
    assert [(problem.place, problem.code) for problem in found.problems] == []
    assert [change.record.chaperones for change in found.changes.groups] == [("何伟",)]


def test_grades_outside_are_named_to_the_school_and_to_nobody_else(officer, school, session):
    category = factories.category(
        factories.programme(), age_rule=AgeRule.GRADE, grade_from=7, grade_to=9
    )
    group = factories.application(category, school)
    for name, grade in (("Fits", "初二"), ("Young", "五年级"), ("Unknown", "大班")):
        factories.member(group, factories.person(school, name=name), grade=grade)
    page = officer.get(f"/applications/{group.ref}").page
    assert "Grade too low for the category: Young" in page.text
    assert "Grade not given or not understood: Unknown" in page.text
    assert not session.scalars(select(Member).where(Member.grade.is_(None))).all()


def test_what_a_tour_asks_is_said_without_minutes_and_with_how_places_are_counted(
    officer, school, session
):
    factories.category(
        factories.programme(),
        kind=CategoryKind.STUDY_TOUR,
        min_members=10,
        max_members=40,
        max_works=0,
        max_minutes=0,
        counts_persons=True,
        min_advisers=0,
        max_advisers=0,
    )
    session.commit()
    text = officer.get("/applications/my-school").page.text
    assert "10 to 40 pupils any age" in text
    assert "of 3 taken counted by pupils" in text


def test_a_fixed_number_of_pupils_is_said_once(tennis, session, sign_in):
    client = sign_in(factories.coordinator(tennis.programme))
    page = client.get(f"/programmes/{tennis.programme.code}").page
    cells = [text_of(cell) for cell in page.all("td") if cell.get("data-label") == "Pupils"]
    assert cells == ["1"]
