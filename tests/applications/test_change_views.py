"""The page of a case after a resubmission: who sees which difference, and what can be ticked."""

import pytest
from sqlalchemy import select

from scheduler.applications import changes, decisions, services
from scheduler.applications.answer_services import Answering, save_answers
from scheduler.applications.change_mails import UNDONE
from scheduler.applications.current_form import form_for
from scheduler.applications.decisions import Decision
from scheduler.applications.fields import Field
from scheduler.applications.models import HistoryEntry, Member, MemberRole
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.notifications import own_words
from scheduler.notifications.models import Mail
from scheduler.notifications.reading import text_of
from scheduler.notifications.templates import OwnWords
from scheduler.people.keys import current_sealer
from scheduler.programmes.approval import Concern, LevelKind
from scheduler.programmes.form_fields import AskedWhen, FieldKind, FieldOwner
from tests import factories
from tests.applications.making import (
    NOW,
    city_reviewer_of,
    leader_of,
    make_district,
    make_entry,
    make_levels,
    make_person,
    make_school,
    officer_of,
    reviewer_of,
)

MARKED = (Field.PIECES, Field.MEMBERS, Field.LEADER, Field.INTRODUCTION)


@pytest.fixture(autouse=True)
def on_the_first_of_march(frozen):
    frozen(2027, 3, 1, 8)


@pytest.fixture
def levels(festival):
    return make_levels(festival.programme)


@pytest.fixture
def entry(festival, levels):
    """Returned by the organiser with four marks, three of them touched, and submitted again."""
    school = make_school(district=make_district())
    made = make_entry(
        festival.category,
        school,
        state=State.SUBMITTED,
        level=levels[LevelKind.ORGANISER],
        group_name="Hidden Larks",
        introduction="We are from Bridge End.",
    )
    for kind in (LevelKind.DISTRICT, LevelKind.CITY):
        changes.levels.count_nomination(made, levels[kind], NOW)
    back = Decision(Action.RETURN, made.version, "Please.", MARKED)
    decisions.decide(made, back, actor=festival.coordinator.actor, now=NOW)
    made.pieces[0].title = "Liuyang River"
    made.introduction = "We are from Bridge End, on the river."
    first = next(each for each in made.members if each.role is MemberRole.PUPIL)
    first.part = "Alto"
    made.members.append(Member(person=make_person(school, name="Quxi Neverseen"), position=50))
    db.session.flush()
    touched = {str(field): [None, None] for field in MARKED if field is not Field.LEADER}
    officer = officer_of(school)
    services.note_edit(made, actor=officer.actor, now=NOW, changes=touched)
    services.submit(made, actor=officer.actor, now=NOW)
    db.session.commit()
    return made


def case(client, entry):
    return client.get(f"/applications/{entry.ref}/case")


def panel(client, entry):
    text = case(client, entry).get_data(as_text=True)
    start = text.find('aria-labelledby="changes"')
    return " ".join(text[start : text.find("</section>", start)].split()) if start > 0 else ""


def test_the_coordinator_sees_old_and_new_and_which_mark_was_left(entry, festival, sign_in):
    text = panel(sign_in(festival.coordinator), entry)
    for said in ("Jasmine Flower", "Liuyang River", "Quxi Neverseen", "Added", "Alto"):
        assert said in text
    assert text.count("not changed") == 1
    assert [text.count(f'value="{mark}"') for mark in ("pieces", "members", "introduction")] == [
        1,
        1,
        1,
    ]
    assert 'value="leader"' not in text


def test_a_district_sees_that_people_changed_and_nobody_named(entry, sign_in):
    text = panel(sign_in(reviewer_of(entry.school.district)), entry)
    assert "1 added, 0 removed, 1 changed" in text
    assert "on the river" in text
    assert "Quxi" not in text
    assert "Alto" not in text
    assert 'type="checkbox"' not in text


def test_a_blind_level_sees_the_works_and_nothing_that_tells_whose(
    entry, festival, levels, sign_in
):
    levels[LevelKind.CITY].is_blind = True
    db.session.commit()
    text = panel(sign_in(city_reviewer_of(festival.programme)), entry)
    assert "Liuyang River" in text
    assert "1 added, 0 removed, 1 changed" in text
    for secret in ("Quxi", "Bridge End", "Hidden Larks", "river."):
        assert secret not in text


def test_what_is_ticked_is_approved(entry, festival, sign_in):
    client = sign_in(festival.coordinator)
    path = f"/applications/{entry.ref}/changes/approve"
    sent = {"version": entry.version, "field": ["pieces", "members"]}
    assert client.post(path, data=sent).status_code == 303
    db.session.expire_all()
    assert changes.open_fields(entry) == ["introduction"]
    text = panel(client, entry)
    assert (text.count("approved"), text.count('type="checkbox"')) == (2, 1)
    assert "Changed parts: Repertoire, Members." in case(client, entry).text


def test_a_stale_page_and_nothing_ticked_are_refused_on_the_page(entry, festival, sign_in):
    client = sign_in(festival.coordinator)
    path = f"/applications/{entry.ref}/changes/approve"
    stale = client.post(path, data={"version": entry.version - 1, "field": "pieces"})
    empty = client.post(path, data={"version": entry.version})
    assert (stale.status_code, empty.status_code) == (409, 409)
    assert "Somebody else has changed this application" in stale.text
    assert "Please tick at least one change" in empty.text
    db.session.expire_all()
    assert len(changes.open_fields(entry)) == 3


def test_the_list_of_what_waits_can_be_asked_for(entry, festival, levels, sign_in):
    other = make_entry(
        festival.category, entry.school, state=State.SUBMITTED, level=levels[LevelKind.ORGANISER]
    )
    db.session.commit()
    client = sign_in(festival.coordinator)
    path = f"/programmes/{festival.programme.code}/applications"
    found = client.get(f"{path}?todo=changes").text
    assert (entry.ref in found, other.ref in found) == (True, False)
    assert "3 changed parts" in found
    sent = {"action": "accept", "seen": entry.seen}
    refused = client.post(f"{path}/decisions", data=sent).text
    assert "3 changed fields wait for approval" in refused
    db.session.expire_all()
    assert entry.state is State.SUBMITTED


def test_a_level_says_which_changes_come_back_to_it(festival, levels, sign_in):
    client = sign_in(festival.coordinator)
    path = f"/programmes/{festival.programme.code}/approval/district/edit"
    client.post(path, data={"may_return": "y", "concerns": ["people", "works"]})
    db.session.expire_all()
    assert levels[LevelKind.DISTRICT].concerns == [Concern.PEOPLE, Concern.WORKS]
    shown = client.get(f"/programmes/{festival.programme.code}/approval").text
    assert "Members and adults" in shown


# After acceptance


@pytest.fixture
def accepted(festival):
    """An accepted group that is asked for its hotel, and each pupil for an allergy."""
    values = {"asked_when": AskedWhen.ACCEPTED}
    names = factories.names
    factories.form_field(festival.programme, code="hotel", names=names("Hotel"), **values)
    factories.form_field(
        festival.programme,
        code="allergy",
        names=names("Allergy"),
        owner=FieldOwner.MEMBER,
        kind=FieldKind.TEXT,
        **values,
    )
    made = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    db.session.commit()
    return made


def answer(festival, entry, code, text, member=None):
    form = form_for(entry)
    spec = form.spec_by_mark[f"form:{code}"]
    answering = Answering(festival.officer.actor, form, current_sealer(), NOW)
    save_answers(entry, member, ((code, text),), [spec], answering)
    db.session.commit()


def test_a_first_answer_needs_nobodys_approval_and_another_one_does(festival, accepted, sign_in):
    answer(festival, accepted, "hotel", "Lotus")
    assert changes.open_fields(accepted) == []
    answer(festival, accepted, "hotel", "Pearl")
    answer(festival, accepted, "hotel", "Grand Pearl")
    assert changes.open_fields(accepted) == ["form:hotel"]
    text = panel(sign_in(festival.coordinator), accepted)
    assert "Lotus" in text
    assert "Grand Pearl" in text


def test_changes_after_acceptance_are_approved_or_undone_one_by_one(festival, accepted, sign_in):
    pupil = next(each for each in accepted.members if each.role is MemberRole.PUPIL)
    for text in ("nuts", "milk"):
        answer(festival, accepted, "allergy", text, member=pupil)
    for text in ("Lotus", "Pearl"):
        answer(festival, accepted, "hotel", text)
    client = sign_in(festival.coordinator)
    assert "nuts" in panel(client, accepted)
    path = f"/applications/{accepted.ref}/changes"
    sent = {"version": accepted.version, "field": "form:allergy"}
    assert client.post(f"{path}/undo", data=sent).status_code == 303
    db.session.expire_all()
    sent = {"version": accepted.version, "field": "form:hotel"}
    assert client.post(f"{path}/approve", data=sent).status_code == 303
    db.session.expire_all()
    assert accepted.answers == {"hotel": "Pearl"}
    assert "nuts" in panel_of_members(client, accepted)
    assert changes.rows_of(accepted) == {}
    steps = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc()).limit(2))
    assert [(step.action, step.fields) for step in steps] == [
        (Action.APPROVE_CHANGES, ["form:hotel"]),
        (Action.UNDO_CHANGES, ["form:allergy"]),
    ]


def panel_of_members(client, entry):
    return case(client, entry).text


def test_an_answer_that_is_put_back_waits_no_longer(festival, accepted):
    for text in ("Lotus", "Pearl", "Lotus"):
        answer(festival, accepted, "hotel", text)
    assert changes.open_fields(accepted) == []


def test_the_school_can_neither_approve_nor_undo(festival, accepted, sign_in):
    for text in ("Lotus", "Pearl"):
        answer(festival, accepted, "hotel", text)
    client = sign_in(festival.officer)
    for deed in ("approve", "undo"):
        sent = {"version": accepted.version, "field": "form:hotel"}
        answered = client.post(f"/applications/{accepted.ref}/changes/{deed}", data=sent)
        assert answered.status_code == 403
    assert changes.open_fields(accepted) == ["form:hotel"]


def undo(festival, entry, sign_in, mark):
    data = {"version": entry.version, "field": mark}
    client = sign_in(festival.coordinator)
    answered = client.post(f"/applications/{entry.ref}/changes/undo", data=data)
    db.session.expire_all()
    return answered.status_code


def told():
    mails = db.session.scalars(select(Mail).where(Mail.code == UNDONE).order_by(Mail.id))
    return [mail.to_address for mail in mails]


def test_the_school_is_told_by_mail_what_became_of_its_change(festival, accepted, sign_in):
    leader, stranger = leader_of(accepted), officer_of(make_school())
    leader.locale, festival.officer.locale = "zh_Hans", "zh_Hant_HK"
    own = {"zh_Hans": OwnWords("已改回：{group}", "{ref} {link}")}
    own_words.save(festival.programme.id, UNDONE, own, version=0)
    for text in ("Lotus", "Pearl"):
        answer(festival, accepted, "hotel", text)
    assert undo(festival, accepted, sign_in, "form:hotel") == 303
    assert sorted(told()) == sorted([festival.officer.email, leader.email])
    assert stranger.email not in told()
    text_by_address = {mail.to_address: text_of(mail) for mail in db.session.scalars(select(Mail))}
    link = f"http://localhost:5000/applications/{accepted.ref}"
    own_text = text_by_address[leader.email]
    assert own_text.subject == f"已改回：{accepted.group_name}"
    assert f"{accepted.ref} {link}" in own_text.body
    houses = text_by_address[festival.officer.email]
    assert houses.subject.startswith(f"更改已撤銷：{accepted.group_name}")
    assert link in houses.body
    assert "Pearl" not in houses.body
    for account in (festival.officer, leader):
        page = sign_in(account).get(f"/applications/{accepted.ref}").text
        assert "Hotel" in page
    assert undo(festival, accepted, sign_in, "form:hotel") == 409
    assert len(told()) == 2


def test_a_leader_is_not_told_of_a_question_that_is_the_officers(festival, accepted, sign_in):
    leader = leader_of(accepted)
    pupil = next(each for each in accepted.members if each.role is MemberRole.PUPIL)
    for text in ("nuts", "milk"):
        answer(festival, accepted, "allergy", text, member=pupil)
    assert undo(festival, accepted, sign_in, "form:allergy") == 303
    assert told() == [festival.officer.email]
    assert "Allergy" in sign_in(festival.officer).get(f"/applications/{accepted.ref}").text
    assert "Allergy" not in sign_in(leader).get(f"/applications/{accepted.ref}").text
