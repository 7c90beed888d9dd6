"""Groups and members entered by form: the same checks as a workbook, errors beside the field."""

import pytest
from sqlalchemy import func, select

from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole, Piece
from scheduler.applications.workflow import State
from scheduler.people.keys import current_sealer
from scheduler.people.models import Consent, Guardian, Person
from tests import factories

GROUP = {
    "name": "云岭合唱团",
    "leader": "林望舒",
    "leader_phone": "138 0013 8000",
    "piece_1_title": "茉莉花",
    "piece_1_duration": "3:45",
}
PUPIL = {
    "name": "陈子涵",
    "sex": "M",
    "birth_on": "2015/3/1",
    "guardian_name": "陈大文",
    "guardian_phone": "13800138000",
    "consent_held": "Y",
}


@pytest.fixture
def place(session):
    programme = factories.programme()
    category = factories.category(programme, min_members=1, max_members=2)
    school = factories.school()
    made = {"programme": programme, "category": category, "school": school}
    made["officer"] = factories.officer(school)
    session.commit()
    return made


@pytest.fixture
def officer(place, sign_in):
    return sign_in(place["officer"])


@pytest.fixture
def draft(officer, place, session):
    answer = officer.post(new_group(place), data=GROUP)
    assert answer.status_code == 303
    return session.scalars(select(Application)).one()


def new_group(place):
    return (
        f"/programmes/{place['programme'].code}/categories/{place['category'].code}"
        f"/schools/{place['school'].code}/entries/new"
    )


def test_a_group_is_begun_with_its_leader_and_works(officer, place, session):
    assert officer.get(new_group(place)).status_code == 200
    answer = officer.post(new_group(place), data=GROUP)
    made = session.scalars(select(Application)).one()
    assert answer.location == f"/applications/{made.ref}/members"
    assert (made.group_name, made.state) == ("云岭合唱团", State.DRAFT)
    leader = session.scalars(select(Person)).one()
    assert (leader.name, leader.phone, leader.is_adult) == ("林望舒", "+8613800138000", True)
    piece = session.scalars(select(Piece)).one()
    assert (piece.title, piece.duration_seconds, piece.position) == ("茉莉花", 225, 1)


@pytest.mark.parametrize("most", [1, 2, 4])
def test_as_many_works_can_be_entered_as_the_category_allows(officer, place, session, most):
    place["category"].max_works = most
    session.commit()
    asked = officer.get(new_group(place)).page.values()
    titles = [f"piece_{number}_title" for number in range(1, most + 1)]
    assert [key for key in asked if key.startswith("piece_") and key.endswith("title")] == titles
    works = {key: f"Work {number}" for number, key in enumerate(titles, 1)}
    works |= {key.replace("title", "duration"): "1:00" for key in titles}
    assert officer.post(new_group(place), data=GROUP | works).status_code == 303
    pieces = session.scalars(select(Piece).order_by(Piece.position)).all()
    assert [(each.title, each.duration_seconds) for each in pieces] == [
        (title, 60) for title in works.values() if title != "1:00"
    ]


def test_a_work_too_many_is_shown_and_can_be_taken_out(officer, place, draft, session):
    values = officer.get(f"/applications/{draft.ref}/edit").page.values()
    second = {"piece_2_title": "梁祝", "piece_2_duration": "1:00"}
    place["category"].max_works = 2
    session.commit()
    officer.post(f"/applications/{draft.ref}/edit", data=values | second)
    place["category"].max_works = 1
    session.commit()
    values = officer.get(f"/applications/{draft.ref}/edit").page.values()
    assert values["piece_2_title"] == "梁祝"
    refused = officer.post(f"/applications/{draft.ref}/edit", data=values)
    assert refused.status_code == 422
    assert "piece_2_title-error" in refused.text
    values |= {"piece_2_title": "", "piece_2_duration": ""}
    assert officer.post(f"/applications/{draft.ref}/edit", data=values).status_code == 303
    assert [each.title for each in session.scalars(select(Piece))] == ["茉莉花"]


def test_every_error_stands_beside_its_field(officer, place, session):
    wrong = GROUP | {"leader": "林望舒2", "leader_phone": "12", "piece_1_duration": "long"}
    answer = officer.post(new_group(place), data=wrong)
    assert answer.status_code == 422
    ids = [block.get("id", "") for block in answer.page.all("div")]
    shown = [each for each in ids if each.endswith("-error")]
    assert shown == ["leader-error", "leader_phone-error", "piece_1_duration-error"]
    assert answer.page.values()["name"] == "云岭合唱团"
    assert session.scalar(select(func.count(Application.id))) == 0


def test_a_group_name_is_free_once(officer, place, draft):
    answer = officer.post(new_group(place), data=GROUP)
    assert answer.status_code == 422
    assert "name-error" in answer.text


def test_a_change_of_the_group_is_in_its_history(officer, draft, session):
    page = officer.get(f"/applications/{draft.ref}/edit")
    values = page.page.values()
    assert values["piece_1_duration"] == "03:45"
    answer = officer.post(
        f"/applications/{draft.ref}/edit", data=values | {"voicing": "SSA", "leader": "何伟"}
    )
    assert answer.status_code == 303
    last = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert last.changes == {"voicing": [None, "SSA"], "leader": [None, None]}
    session.refresh(draft)
    assert draft.voicing == "SSA"
    assert draft.version > 1


def test_saving_without_a_change_writes_nothing(officer, draft, session):
    values = officer.get(f"/applications/{draft.ref}/edit").page.values()
    officer.post(f"/applications/{draft.ref}/edit", data=values)
    session.refresh(draft)
    assert draft.version == 1


def test_of_a_returned_entry_only_the_marked_parts_change(officer, draft, session):
    draft.state = State.RETURNED
    draft.returned_fields = ["voicing"]
    session.commit()
    page = officer.get(f"/applications/{draft.ref}/edit").page
    assert set(page.values()) - {"csrf_token", "locale", "theme", "next"} == {"seen", "voicing"}
    everything = GROUP | {"voicing": "SSA", "name": "别的名字"}
    assert officer.post(f"/applications/{draft.ref}/edit", data=everything).status_code == 303
    session.refresh(draft)
    assert (draft.voicing, draft.group_name) == ("SSA", "云岭合唱团")


def test_of_a_returned_entry_nothing_is_warned_of_that_the_form_does_not_show(
    officer, draft, session
):
    session.scalars(select(Person)).one().phone = "+8612000000192"
    draft.state = State.RETURNED
    draft.returned_fields = ["voicing"]
    session.commit()
    page = f"/applications/{draft.ref}/edit"
    warning = "No operator has such numbers"
    answer = officer.post(page, data={"voicing": "SSA"}, follow_redirects=True)
    assert "The changes are stored." in answer.text
    assert warning not in answer.text
    draft.returned_fields = ["voicing", "leader"]
    session.commit()
    values = officer.get(page).page.values()
    again = officer.post(page, data=values | {"voicing": "SA"}, follow_redirects=True)
    assert warning in again.text


def test_a_submitted_entry_cannot_be_changed(officer, draft, session):
    draft.state = State.SUBMITTED
    session.commit()
    answer = officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL)
    assert answer.status_code == 422
    assert session.scalar(select(func.count(Member.id)).where(Member.role == "pupil")) == 0


@pytest.mark.parametrize("page", ["edit", "members/new"])
def test_no_form_is_offered_that_cannot_be_saved(officer, draft, session, page):
    draft.state = State.SUBMITTED
    session.commit()
    address = f"/applications/{draft.ref}"
    answer = officer.get(f"{address}/{page}")
    assert answer.status_code == 302
    assert answer.location == address
    assert "no longer possible" in officer.get(address).text


def test_members_typed_one_after_another_are_one_line_of_the_history(officer, draft):
    for name in ("陈子涵", "林望舒"):
        officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL | {"name": name})
    text = officer.get(f"/applications/{draft.ref}").page.text
    assert text.count("Members: from “0 pupils” to “2 pupils”") == 1


def test_a_member_is_entered_with_guardian_and_declaration(officer, draft, session):
    document = {"document_kind": "passport", "document_number": "ex0000001", "health_note": "花生"}
    answer = officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL | document)
    assert answer.status_code == 303
    person = session.scalars(select(Person).where(Person.is_adult.is_(False))).one()
    assert (person.name, person.document_last_four) == ("陈子涵", "0001")
    assert current_sealer().open(person.document_sealed, field="person.document") == "EX0000001"
    assert b"EX0000001" not in person.document_sealed
    assert session.scalars(select(Guardian.phone)).all() == ["+8613800138000"]
    consent = session.scalars(select(Consent)).one()
    assert (consent.method, consent.is_granted) == ("school_holds", True)


def test_what_is_sealed_is_not_shown_and_stays(officer, draft, session):
    document = {"document_kind": "passport", "document_number": "EX0000001", "health_note": "花生"}
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL | document)
    person = session.scalars(select(Person).where(Person.is_adult.is_(False))).one()
    address = f"/applications/{draft.ref}/members/{person.ref}/edit"
    page = officer.get(address)
    assert "EX0000001" not in page.text
    assert "花生" not in page.text
    values = page.page.values()
    assert (values["document_number"], values["sex"]) == ("••••0001", "M")
    before = person.document_sealed, person.health_sealed
    assert officer.post(address, data=values | {"grade": "五(3)班"}).status_code == 303
    session.expire_all()
    assert (person.document_sealed, person.health_sealed) == before
    assert session.scalars(select(Member.grade).where(Member.role == "pupil")).all() == ["五(3)班"]


def test_a_pupil_of_another_group_is_the_same_person(officer, place, draft, session):
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL)
    officer.post(new_group(place), data=GROUP | {"name": "第二队"})
    second = session.scalars(select(Application).where(Application.id != draft.id)).one()
    officer.post(f"/applications/{second.ref}/members/new", data=PUPIL)
    assert session.scalar(select(func.count(Person.id)).where(Person.is_adult.is_(False))) == 1
    assert session.scalar(select(func.count(Member.id)).where(Member.role == "pupil")) == 2


def test_a_pupil_of_another_group_keeps_what_is_left_blank(officer, place, draft, session):
    known = {"guardian_email": "parent@example.com", "health_note": "花生"}
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL | known)
    officer.post(new_group(place), data=GROUP | {"name": "第二队"})
    second = session.scalars(select(Application).where(Application.id != draft.id)).one()
    officer.post(f"/applications/{second.ref}/members/new", data=PUPIL | {"part": "S1"})
    person = session.scalars(select(Person).where(Person.is_adult.is_(False))).one()
    assert current_sealer().open(person.health_sealed, field="person.health") == "花生"
    assert session.scalars(select(Guardian.email)).all() == ["parent@example.com"]
    parts = session.scalars(select(Member.part).where(Member.role == "pupil").order_by(Member.id))
    assert parts.all() == [None, "S1"]


def test_a_pupil_is_once_in_a_group(officer, draft, session):
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL)
    answer = officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL)
    assert answer.status_code == 422
    assert "in the group already" in answer.text


def test_namesakes_with_other_birth_dates_are_two_pupils(officer, draft, session):
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL)
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL | {"birth_on": "2015-03-09"})
    assert session.scalar(select(func.count(Person.id)).where(Person.is_adult.is_(False))) == 2


def test_a_group_has_a_largest_size(officer, draft):
    for day in ("2015-03-01", "2015-03-02"):
        officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL | {"birth_on": day})
    answer = officer.post(
        f"/applications/{draft.ref}/members/new", data=PUPIL | {"birth_on": "2015-03-03"}
    )
    assert answer.status_code == 422
    assert "at most 2" in answer.text


def test_a_name_can_be_corrected_without_making_another_person(officer, draft, session):
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL)
    person = session.scalars(select(Person).where(Person.is_adult.is_(False))).one()
    address = f"/applications/{draft.ref}/members/{person.ref}/edit"
    values = officer.get(address).page.values()
    officer.post(address, data=values | {"name": "陈紫涵", "birth_on": "2015-03-02"})
    session.expire_all()
    assert session.scalars(select(Person.name).where(Person.is_adult.is_(False))).all() == [
        "陈紫涵"
    ]


def test_a_document_belongs_to_one_pupil(officer, draft, session):
    document = {"document_kind": "passport", "document_number": "EX0000001"}
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL | document)
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL | {"name": "李思睿"})
    other = session.scalars(select(Person).where(Person.name == "李思睿")).one()
    address = f"/applications/{draft.ref}/members/{other.ref}/edit"
    values = officer.get(address).page.values()
    answer = officer.post(address, data=values | document)
    assert answer.status_code == 422
    assert "document_number-error" in answer.text


def test_a_removed_member_stays_a_person(officer, draft, session):
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL)
    person = session.scalars(select(Person).where(Person.is_adult.is_(False))).one()
    page = officer.get(f"/applications/{draft.ref}/members")
    assert "陈子涵" in page.text
    officer.post(f"/applications/{draft.ref}/members/{person.ref}/remove")
    roles = session.scalars(select(Member.role)).all()
    assert roles == [MemberRole.LEADER]
    assert session.get(Person, person.id) is not None


def test_another_school_finds_nothing_here(draft, sign_in, session):
    neighbour = factories.officer(factories.school())
    session.commit()
    answer = sign_in(neighbour).get(f"/applications/{draft.ref}/members")
    assert answer.status_code == 403


def groups_leader(officer, application):
    values = officer.get(f"/applications/{application.ref}/edit").page.values()
    return values["leader"], values["leader_phone"], values["leader_email"]


def test_a_leader_of_one_name_with_another_contact_is_another_person(
    officer, place, draft, session
):
    session.refresh(draft)
    draft.state = State.SUBMITTED
    session.commit()
    other = GROUP | {"name": "珠江合唱团", "leader_phone": "13900139000", "leader_email": "b@c.hk"}
    answer = officer.post(new_group(place), data=other, follow_redirects=True)
    assert "The group “云岭合唱团” has a team leader of this name" in answer.text
    leaders = session.execute(select(Person.phone, Person.email).order_by(Person.id)).all()
    assert leaders == [("+8613800138000", None), ("+8613900139000", "b@c.hk")]


def test_a_leader_of_two_groups_is_one_person_with_one_contact(officer, place, draft, session):
    answer = officer.post(
        new_group(place), data=GROUP | {"name": "珠江合唱团"}, follow_redirects=True
    )
    assert "team leader of this name" not in answer.text
    assert session.scalar(select(func.count(Person.id))) == 1


def test_a_changed_contact_of_the_only_group_stays_the_same_person(officer, draft, session):
    values = officer.get(f"/applications/{draft.ref}/edit").page.values()
    officer.post(f"/applications/{draft.ref}/edit", data=values | {"leader_phone": "13900139000"})
    assert [person.phone for person in session.scalars(select(Person))] == ["+8613900139000"]


def test_a_changed_contact_leaves_the_leaders_other_groups_alone(officer, place, draft, session):
    officer.post(new_group(place), data=GROUP | {"name": "珠江合唱团"})
    second = session.scalars(select(Application).order_by(Application.id.desc())).first()
    values = officer.get(f"/applications/{second.ref}/edit").page.values()
    officer.post(f"/applications/{second.ref}/edit", data=values | {"leader_phone": "13900139000"})
    assert groups_leader(officer, draft) == ("林望舒", "+8613800138000", "")
    assert groups_leader(officer, second) == ("林望舒", "+8613900139000", "")


def test_a_conductor_of_the_leaders_name_is_the_leader(officer, place, draft, session):
    both = {"leader_phone": "13900139000", "conductor": "林望舒"}
    officer.post(new_group(place), data=GROUP | {"name": "珠江合唱团"} | both)
    second = session.scalars(select(Application).order_by(Application.id.desc())).first()
    persons = session.scalars(select(Member.person_id).where(Member.application_id == second.id))
    assert len(set(persons)) == 1


def test_a_group_saved_in_another_tab_is_not_overwritten(officer, draft, session):
    page = f"/applications/{draft.ref}/edit"
    first, second = officer.get(page).page.values(), officer.get(page).page.values()
    officer.post(page, data=first | {"voicing": "SSA"})
    answer = officer.post(page, data=second | {"introduction": "Hello"})
    assert answer.status_code == 422
    assert "Somebody has saved this since you opened the form" in answer.text
    assert "Stored now: SSA" in answer.text
    assert answer.page.values()["introduction"] == "Hello"
    session.refresh(draft)
    assert (draft.voicing, draft.introduction) == ("SSA", None)
    again = officer.post(page, data=answer.page.values())
    assert again.status_code == 303
    session.refresh(draft)
    assert (draft.voicing, draft.introduction) == (None, "Hello")


def test_members_entered_meanwhile_do_not_hinder_a_change_of_the_group(officer, draft, session):
    page = f"/applications/{draft.ref}/edit"
    values = officer.get(page).page.values()
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL)
    assert officer.post(page, data=values | {"voicing": "SSA"}).status_code == 303


def test_a_member_saved_in_another_tab_is_not_overwritten(officer, draft, session):
    officer.post(f"/applications/{draft.ref}/members/new", data=PUPIL)
    pupil = session.scalars(select(Person).where(Person.is_adult.is_(False))).one()
    page = f"/applications/{draft.ref}/members/{pupil.ref}/edit"
    first, second = officer.get(page).page.values(), officer.get(page).page.values()
    officer.post(page, data=first | {"health_note": "nuts"})
    answer = officer.post(page, data=second | {"sex": "F", "part": "S1"})
    assert answer.status_code == 422
    assert "Stored now: Male" in answer.text
    assert "nuts" not in answer.text
    assert answer.page.values()["part"] == "S1"
    session.refresh(pupil)
    assert pupil.sex == "M"
