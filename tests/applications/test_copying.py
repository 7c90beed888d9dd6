"""Last year's people copied into a draft: who is proposed, what comes along and what does not."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.people.models import Consent, Person
from scheduler.programmes.grades import moved_grade, school_year
from scheduler.programmes.kinds import AgeRule
from tests import factories
from tests.applications.making import (
    NOW,
    make_category,
    make_entry,
    make_person,
    make_programme,
    make_school,
    officer_of,
)
from tests.support.pages import text_of


@pytest.fixture
def last_year(festival):
    """Last year's entry of the same category: three pupils, a leader and a conductor."""
    programme = make_programme(starts_on=dt.date(2026, 7, 17), ends_on=dt.date(2026, 7, 19))
    category = make_category(programme, code=festival.category.code)
    return make_entry(category, festival.school, state=State.ACCEPTED)


@pytest.fixture
def officer(festival, last_year, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    return sign_in(festival.officer)


def path(festival, source=None):
    place = (
        f"/programmes/{festival.programme.code}/categories/{festival.category.code}"
        f"/schools/{festival.school.code}/copies"
    )
    return f"{place}/{source.ref}" if source else place


def members(entry, role=MemberRole.PUPIL):
    return [each for each in entry.members if each.role is role]


def ids(entry):
    return [str(each.id) for each in entry.members]


def new_draft(session):
    return session.scalars(select(Application).where(Application.state == State.DRAFT)).one()


def ticked(page):
    boxes = page.all("input", name="member")
    return [each.get("value") for each in boxes if each.get("checked") is not None]


def test_the_entry_most_like_this_one_stands_first(festival, last_year, officer):
    older = make_programme(starts_on=dt.date(2026, 12, 1), ends_on=dt.date(2026, 12, 2))
    make_entry(make_category(older), festival.school, group_name="Newer but other")
    later = make_programme(starts_on=dt.date(2028, 1, 1), ends_on=dt.date(2028, 1, 2))
    make_entry(make_category(later), festival.school, group_name="Later")
    make_entry(last_year.category, make_school(), group_name="Stranger")
    # A guest's pupil is copied by nobody but the guest, and so is not counted here.
    factories.member(last_year, make_person(make_school()))
    page = officer.get(path(festival)).page
    groups = [text_of(each) for each in page.all("th", scope="row")]
    assert groups == [last_year.group_name, "Newer but other"]
    assert [text_of(each) for each in page.all("td", data_label="Pupils")] == ["3", "3"]
    assert path(festival) in [
        each.get("href") for each in officer.get("/applications/my-school").page.all("a")
    ]


def test_people_come_and_what_was_said_for_another_programme_stays(
    festival, last_year, officer, session
):
    pupil = members(last_year)[0]
    pupil.part, pupil.grade, pupil.remark = "S1", "四(2)班", "Also plays the flute"
    pupil.answers = {"shirt": "M"}
    consents = session.scalar(select(func.count(Consent.id)))
    persons = session.scalar(select(func.count(Person.id)))
    data = {"member": ids(last_year), "name": "Larks", "is_declared": "y"}
    answer = officer.post(path(festival, last_year), data=data)
    made = new_draft(session)
    assert answer.location == f"/applications/{made.ref}"
    assert (made.group_name, made.category) == ("Larks", festival.category)
    first = members(made)[0]
    assert (first.person, first.part, first.grade) == (pupil.person, "S1", "五(2)班")
    assert (first.remark, first.answers) == (None, {})
    assert [each.role for each in made.members].count(MemberRole.LEADER) == 1
    assert len(made.members) == 5
    assert session.scalar(select(func.count(Person.id))) == persons
    declared = session.scalars(select(Consent).order_by(Consent.id.desc()).limit(3)).all()
    assert session.scalar(select(func.count(Consent.id))) == consents + 3
    assert {(each.declared_by, each.given_at) for each in declared} == {
        (festival.officer.name, NOW)
    }
    last = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert last.changes == {"members": [0, 3], "leader": [None, None], "conductor": [None, None]}


def test_who_no_longer_fits_is_marked_and_not_ticked(festival, last_year, officer):
    festival.category.age_rule = AgeRule.BORN_BETWEEN
    festival.category.born_from, festival.category.born_to = (
        dt.date(2015, 1, 1),
        dt.date(2018, 1, 1),
    )
    old, left, fine = members(last_year)
    old.person.birth_on = dt.date(2014, 12, 31)
    left.grade = "高三"
    page = officer.get(path(festival, last_year)).page
    adults = [each for each in last_year.members if each.role is not MemberRole.PUPIL]
    assert ticked(page) == [str(each.id) for each in (fine, *adults)]
    notes = [text_of(cell) for cell in page.all("td", data_label="To look at")]
    assert notes[:3] == ["Too old for the category", "Has left school by now", "–"]


def test_nobody_is_in_a_draft_twice(festival, last_year, officer, session):
    draft = make_entry(festival.category, festival.school, pupils=0)
    session.add(Member(application=draft, person=members(last_year)[0].person, position=0))
    data = {"member": ids(last_year), "target": draft.ref, "is_declared": "y"}
    for _ in range(2):
        assert officer.post(path(festival, last_year), data=data).status_code == 303
    session.refresh(draft)
    assert len(members(draft)) == 3
    assert len(members(draft, MemberRole.LEADER)) == 1
    assert members(draft, MemberRole.LEADER)[0].person.name.startswith("Adult")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"member": []}, "Tick whoever takes part this time."),
        ({"is_declared": ""}, "Consents of an earlier programme do not count."),
    ],
)
def test_without_people_or_declaration_nothing_is_made(
    festival, last_year, officer, session, change, told
):
    data = {"member": ids(last_year), "name": "Larks", "is_declared": "y"} | change
    answer = officer.post(path(festival, last_year), data=data)
    assert answer.status_code == 422
    assert told in text_of(answer.page.one("p", role="alert"))
    assert ticked(answer.page) == change.get("member", ids(last_year))
    assert session.scalars(select(Application.state)).all() == [State.ACCEPTED]


def test_what_was_chosen_is_still_there_beside_the_refusal(festival, last_year, officer, session):
    draft = make_entry(festival.category, festival.school, state=State.DRAFT)
    session.commit()
    data = {"member": ids(last_year), "name": "Larks", "target": draft.ref}
    page = officer.post(path(festival, last_year), data=data).page
    box = page.one("input", name="is_declared")
    assert (box.get("checked"), box.get("aria-invalid")) == (None, "true")
    assert "do not count" in text_of(page.one("div", id=box.get("aria-describedby")))
    assert page.values()["target"] == draft.ref
    again = officer.post(path(festival, last_year), data={"is_declared": "y", "name": "Larks"}).page
    assert again.one("input", name="is_declared").get("checked") is not None


def test_more_than_the_category_takes_are_refused(festival, last_year, officer, session):
    festival.category.max_members = 2
    data = {"member": ids(last_year), "name": "Larks", "is_declared": "y"}
    answer = officer.post(path(festival, last_year), data=data)
    assert "“Larks” has 3 members; at most 2 are accepted." in answer.page.text
    assert session.scalars(select(Application.state)).all() == [State.ACCEPTED]


def test_after_the_deadline_nothing_is_copied(festival, last_year, sign_in, frozen, session):
    frozen(2027, 4, 10, 8)
    late = sign_in(festival.officer)
    data = {"member": ids(last_year), "name": "Larks", "is_declared": "y"}
    assert late.post(path(festival, last_year), data=data).status_code == 422
    assert session.scalars(select(Application.state)).all() == [State.ACCEPTED]


def test_another_schools_entry_and_draft_are_not_to_be_had(festival, last_year, officer, session):
    foreign = make_entry(last_year.category, make_school(), group_name="Stranger")
    draft = make_entry(festival.category, make_school())
    assert officer.get(path(festival, foreign)).status_code == 404
    data = {"member": ids(foreign), "name": "Larks", "is_declared": "y"}
    assert officer.post(path(festival, foreign), data=data).status_code == 404
    data = {"member": ids(last_year), "target": draft.ref, "is_declared": "y"}
    assert officer.post(path(festival, last_year), data=data).status_code == 404
    stolen = {"member": ids(foreign), "name": "Larks", "is_declared": "y"}
    assert officer.post(path(festival, last_year), data=stolen).status_code == 422
    assert len(members(draft)) == 3


def test_a_stranger_copies_nothing(festival, last_year, sign_in):
    stranger = sign_in(officer_of(make_school()))
    assert stranger.get(path(festival)).status_code in {403, 404}
    assert stranger.get(path(festival, last_year)).status_code in {403, 404}


def test_two_hundred_cost_as_many_queries_as_three(
    festival, last_year, officer, session, count_queries
):
    def cost():
        with count_queries() as counted:
            assert officer.get(path(festival, last_year)).status_code == 200
        return len(counted.statements)

    few = cost()
    festival.category.max_members = 300
    for position in range(200):
        factories.member(last_year, make_person(festival.school), position=position)
    session.commit()
    assert cost() == few
    data = {"member": ids(last_year), "name": "Larks", "is_declared": "y"}
    assert officer.post(path(festival, last_year), data=data).status_code == 303
    assert len(members(new_draft(session))) == 203


@pytest.mark.parametrize(
    ("text", "country", "years", "moved"),
    [
        ("P5", "HK", 1, "P6"),
        ("P6", "HK", 1, None),
        ("五(3)班", "CN", 1, "六(3)班"),
        ("五年级", "CN", 2, "七年级"),
        ("初二", "CN", 1, "初三"),
        ("Year 8", "GB", 1, "Year 9"),
        ("9年级", "CN", 1, "10年级"),
        ("高三", "CN", 1, None),
        ("Larks", "CN", 1, None),
        ("Larks", "CN", 0, "Larks"),
        (None, "CN", 1, None),
    ],
)
def test_grades_move_up_as_they_are_written(text, country, years, moved):
    assert moved_grade(text, country, years) == moved


def test_school_years_begin_when_the_country_says():
    days = [dt.date(2027, 1, 31), dt.date(2027, 7, 16), dt.date(2027, 9, 1)]
    assert [school_year(day, "CN") for day in days] == [2026, 2026, 2027]
    assert [school_year(day, "NZ") for day in days] == [2027, 2027, 2027]
    assert [school_year(day, "JP") for day in days] == [2026, 2027, 2027]
