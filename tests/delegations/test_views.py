"""Two sides of a joint entry: each school sees and changes its own pupils, and nobody else's."""

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.applications.answer_services import find_own_member
from scheduler.applications.copying import candidates
from scheduler.applications.entry_services import group_row
from scheduler.applications.guest_models import GuestPart, PartState
from scheduler.applications.member_links import MAIL, subject_of
from scheduler.applications.models import Member
from scheduler.applications.roster_stored import load_roster
from scheduler.applications.workflow import State
from scheduler.calendars import links
from scheduler.errors import NotFound
from scheduler.notifications.models import Mail
from scheduler.people.keys import current_sealer
from scheduler.people.models import Person
from scheduler.programmes.approval import LevelKind
from scheduler.programmes.form_fields import FieldKind, FieldOwner
from scheduler.scheduling.releases.entries import drafts_of
from tests import factories
from tests.delegations.conftest import GUEST, LEAD, OTHER, PUPIL

SECRETS = ("之母", "13800138000", "q7z8")


@pytest.fixture
def guest(joint, sign_in):
    return sign_in(joint.guest_officer)


@pytest.fixture
def lead(joint, sign_in):
    return sign_in(joint.lead_officer)


def part_of(joint):
    return f"/guest-parts/{joint.part.ref}"


@pytest.mark.parametrize("state", ["declined", "withdrawn", "removed", "invited"])
def test_a_school_that_takes_no_part_is_not_told_how_the_entry_fares(joint, guest, session, state):
    joint.entry.state, joint.entry.places_held = State.OFFERED, 470_047
    joint.entry.offer_ends_at, joint.entry.least_members = clock.now(), 410_041
    session.commit()
    told = ("Place offered", "470047", "410041", "Pupils of all schools")
    before = " ".join(guest.get(part_of(joint)).page.text.split())
    assert [each for each in told if each not in before] == []
    joint.part.state = PartState(state)
    session.commit()
    after = " ".join(guest.get(part_of(joint)).page.text.split())
    assert "Your school's part" in after
    assert [each for each in told if each in after] == []


def test_the_guest_sees_the_groups_facts_and_its_own_pupils_only(joint, guest):
    page = guest.get(part_of(joint)).text
    assert all(shown in page for shown in ("湾区合唱团", "云岭小学", GUEST, "2016-03-01"))
    assert not any(hidden in page for hidden in (LEAD, OTHER, "林望舒"))
    for address in (
        "",
        "/case",
        "/members",
        "/delegation",
        "/edit",
        "/answers",
        "/links",
        "/case.pdf",
    ):
        assert guest.get(f"/applications/{joint.entry.ref}{address}").status_code in {403, 404}


def test_the_lead_sees_of_guests_pupils_what_the_delegation_needs(joint, lead):
    entry = f"/applications/{joint.entry.ref}"
    for address in ("", "/members"):
        page = lead.get(f"{entry}{address}").text
        assert page.count("2016-03-01") == 1  # its own pupil's
        assert all(shown in page for shown in (LEAD, GUEST, OTHER, "海珠小学", "天河小学"))
        assert f"Latin {LEAD}" in page
        assert f"Latin {GUEST}" not in page
        assert not any(secret in page for secret in SECRETS)
    page = lead.get(f"{entry}/delegation").text
    assert "海珠小学" in page
    assert GUEST not in page


def test_the_leads_export_leaves_out_what_is_not_for_it(joint, lead, guest):
    sheet = lead.post(
        "/exports/download", data={"list": "members", "place": joint.entry.ref, "format": "csv"}
    )
    lines = {line.split(",")[0]: line for line in sheet.text.splitlines()}
    assert "2016-03-01" in lines[LEAD]
    assert "2016-03-01" not in lines[GUEST]
    own = guest.post(
        "/exports/download", data={"list": "part", "place": joint.part.ref, "format": "csv"}
    )
    assert GUEST in own.text
    assert LEAD not in own.text
    others = {"list": "part", "place": joint.other_part.ref, "format": "csv"}
    assert guest.post("/exports/download", data=others).status_code == 403
    assert lead.post("/exports/download", data=others).status_code == 403


def test_the_guest_enters_changes_and_removes_its_own_pupils(joint, guest, session):
    answer = guest.post(f"{part_of(joint)}/members/new", data=PUPIL | {"finish": "y"})
    assert answer.location == part_of(joint)
    made = session.scalars(select(Person).where(Person.name == "王新生")).one()
    assert made.school_id == joint.guest.id
    member = session.scalars(select(Member).where(Member.person_id == made.id)).one()
    assert (member.application_id, member.part) == (joint.entry.id, "A1")
    place = f"{part_of(joint)}/members/{made.ref}"
    assert guest.get(f"{place}/edit").page.values()["name"] == "王新生"
    assert guest.post(f"{place}/remove").status_code == 303
    assert session.scalar(select(Member.id).where(Member.person_id == made.id)) is None


def test_the_group_is_full_with_everybodys_pupils(joint, guest, session):
    guest.post(f"{part_of(joint)}/members/new", data=PUPIL)
    answer = guest.post(f"{part_of(joint)}/members/new", data=PUPIL | {"name": "赵过多"})
    assert answer.status_code == 422
    assert session.scalar(select(func.count(Member.id)).where(Member.role == "pupil")) == 4


def test_nobody_reaches_another_schools_pupils_through_the_own_part(joint, guest, lead, session):
    refs = dict(session.execute(select(Person.name, Person.ref)).all())
    for name in (LEAD, OTHER):
        place = f"{part_of(joint)}/members/{refs[name]}"
        assert guest.get(f"{place}/edit").status_code == 404
        assert guest.post(f"{place}/remove").status_code == 404
    place = f"/applications/{joint.entry.ref}/members/{refs[GUEST]}"
    assert lead.get(f"{place}/edit").status_code == 404
    assert lead.post(f"{place}/remove").status_code == 404
    assert len(session.scalars(select(Member)).all()) == 4


def test_a_part_that_is_ready_is_closed_until_it_is_opened_again(joint, guest, session):
    guest.post(f"{part_of(joint)}/ready", data={"version": joint.part.version})
    session.expire_all()
    assert joint.part.state is PartState.READY
    assert guest.post(f"{part_of(joint)}/members/new", data=PUPIL).status_code == 422
    guest.post(f"{part_of(joint)}/change-again", data={"version": joint.part.version})
    assert guest.post(f"{part_of(joint)}/members/new", data=PUPIL).status_code == 303


def test_an_officer_invites_by_name_and_the_school_answers_on_its_page(
    joint, lead, sign_in, session
):
    page = f"/applications/{joint.entry.ref}/delegation"
    assert "邻校" in lead.get(f"{page}?q=邻校").text
    assert lead.get(f"{page}?school={joint.neighbour.code}").status_code == 200
    sent = {"school": joint.neighbour.code, "pupils_asked": "2", "message": "欢迎"}
    assert lead.post(f"{page}/invite", data=sent).status_code == 303
    assert lead.post(f"{page}/invite", data=sent).status_code == 409
    entry, waiting = f"/applications/{joint.entry.ref}", "have not answered yet: 邻校"
    assert waiting in lead.get(entry).page.text
    part = session.scalars(select(GuestPart).where(GuestPart.school == joint.neighbour)).one()
    neighbour = sign_in(joint.neighbour_officer)
    assert "湾区合唱团" in neighbour.get("/applications/my-school").text
    place = f"/guest-parts/{part.ref}"
    assert "欢迎" in neighbour.get(place).text
    assert neighbour.get(f"{place}/members/new").status_code == 404
    assert neighbour.post(f"{place}/accept", data={"version": part.version}).status_code == 303
    assert neighbour.get(f"{place}/members/new").status_code == 200
    assert "have not answered yet" not in lead.get(entry).page.text


def test_a_roster_of_the_lead_neither_holds_nor_removes_guests_pupils(joint, session):
    stored = load_roster(joint.lead, joint.category, current_sealer())
    names = {person.id: person.values["name"] for person in stored.persons}
    assert [names[member.person_id] for member in stored.members] == [LEAD]
    assert [group.guests for group in stored.groups] == [2]
    assert stored.as_groups().guests_by_key == {"湾区合唱团": 2}
    assert group_row(joint.entry).name == "湾区合唱团"
    session.rollback()


def test_consents_and_links_are_each_schools_own(joint, guest, lead, session):
    factories.asked_purpose(joint.programme)
    joint.entry.state, joint.entry.places_held = State.ACCEPTED, 1
    session.commit()
    consents = f"/programmes/{joint.programme.code}/schools/{{}}/consents"
    page = guest.get(consents.format(joint.guest.code)).text
    assert GUEST in page
    assert LEAD not in page
    page = lead.get(consents.format(joint.lead.code)).text
    assert LEAD in page
    assert GUEST not in page
    assert guest.get(consents.format(joint.lead.code)).status_code == 403
    assert guest.get(f"{part_of(joint)}/links").status_code == 200


def test_a_coordinator_sees_whose_pupils_are_whose(joint, sign_in, session):
    joint.entry.state = State.SUBMITTED
    session.commit()
    page = sign_in(joint.coordinator).get(f"/applications/{joint.entry.ref}/case").text
    assert all(shown in page for shown in (LEAD, GUEST, OTHER, "海珠小学", f"Latin {GUEST}"))
    assert page.count("2016-03-01") == 3


def test_a_file_about_a_guests_pupil_is_the_guests_and_staffs(joint, guest, lead, sign_in, session):
    field = factories.form_field(joint.programme, kind=FieldKind.FILE, owner=FieldOwner.MEMBER)
    pupil = session.scalars(select(Person).where(Person.name == GUEST)).one()
    member = session.scalars(select(Member).where(Member.person_id == pupil.id)).one()
    stored = factories.stored_file(joint.entry, field, joint.guest_officer, member_id=member.id)
    member.answers = {field.code: stored.ref}
    session.commit()
    place = f"{part_of(joint)}/members/{pupil.ref}"
    assert "paper.pdf" in guest.get(f"{place}/answers").text
    assert guest.get(f"{place}/files/{stored.ref}").data == b"%PDF-1.7 nothing %%EOF"
    assert guest.get(f"/files/{stored.ref}").status_code == 403
    assert lead.get(f"/files/{stored.ref}").status_code == 403
    assert sign_in(joint.coordinator).get(f"/files/{stored.ref}").status_code == 200
    answers = f"/applications/{joint.entry.ref}/members/{pupil.ref}/answers"
    assert lead.get(answers).status_code == 404
    assert GUEST not in lead.get(f"/applications/{joint.entry.ref}/answers").text


def test_blind_reviewers_read_no_schools_name(joint, sign_in, session):
    levels = factories.levels(joint.programme)
    city = levels[LevelKind.CITY]
    city.is_blind = True
    joint.entry.state, joint.entry.level = State.SUBMITTED, city
    session.commit()
    reviewer = sign_in(factories.city_reviewer(joint.programme))
    page = reviewer.get(f"/applications/{joint.entry.ref}/case").text
    assert joint.entry.ref in page
    assert not any(name in page for name in ("海珠小学", "天河小学", "云岭小学", GUEST, LEAD))


def test_a_joint_entry_stands_in_the_calendar_of_each_school(joint, session):
    venue = factories.venue(joint.programme)
    plan = factories.plan(joint.programme)
    slot = factories.slot(plan, joint.entry, venue, factories.at(10))
    draft = drafts_of(joint.programme, [slot])[0]
    found = {audience.key for audience in draft.audiences if audience.kind == "school"}
    assert found == {joint.lead.code, joint.guest.code, joint.other.code}
    assert len([each for each in draft.audiences if each.kind == "person"]) == 4
    session.rollback()


def test_a_guests_pupil_is_neither_substituted_nor_copied_by_the_lead(joint, lead, session):
    pupil = session.scalars(select(Person).where(Person.name == GUEST)).one()
    joint.entry.state, joint.entry.places_held = State.ACCEPTED, 1
    session.commit()
    place = f"/applications/{joint.entry.ref}"
    assert lead.get(f"{place}/members/{pupil.ref}/substitute").status_code == 404
    page = lead.get(f"{place}/substitutions").text
    assert LEAD in page
    assert GUEST not in page
    with pytest.raises(NotFound):
        find_own_member(joint.entry, joint.lead, pupil.ref)
    names = {
        each.member.person.name for each in candidates(joint.entry, joint.lead, joint.category)
    }
    assert names == {LEAD, "林望舒"}
    session.rollback()


@pytest.mark.parametrize("has_left", [False, True])
@pytest.mark.parametrize("sender", ["guest", "coordinator"])
def test_the_lead_is_shown_no_mails_to_guests_families(joint, sign_in, session, sender, has_left):
    joint.entry.state, joint.entry.places_held = State.ACCEPTED, 1
    families = {}
    for name in (LEAD, GUEST):
        pupil = session.scalars(select(Person).where(Person.name == name)).one()
        families[name] = pupil.guardianships[0].guardian.email
        links.personal_links([subject_of(pupil)], secret_key="key", now=clock.now())
    session.commit()
    if sender == "guest":
        sign_in(joint.guest_officer).post(f"{part_of(joint)}/links/mail")
        sign_in(joint.lead_officer).post(f"/applications/{joint.entry.ref}/links/mail")
    else:
        sign_in(joint.coordinator).post(f"/applications/{joint.entry.ref}/links/mail")
    if has_left:
        asked = {"version": joint.part.version, "reason": "Ill"}
        sign_in(joint.guest_officer).post(f"{part_of(joint)}/withdraw", data=asked)
        assert joint.part.state is PartState.WITHDRAWN
    found = session.scalars(select(Mail).where(Mail.code == MAIL))
    sent = {mail.to_address: mail.ref for mail in found}
    assert set(sent) == set(families.values())
    mails = f"/applications/{joint.entry.ref}/mails"
    page = sign_in(joint.coordinator).get(mails).text
    assert all(address in page for address in families.values())
    lead = sign_in(joint.lead_officer)
    for address in (mails, f"/applications/{joint.entry.ref}"):
        page = lead.get(address).text
        assert (families[LEAD] in page, families[GUEST] in page) == (True, False)
        assert f"{GUEST}之母" not in page
    assert lead.get(f"{mails}/{sent[families[LEAD]]}").status_code == 200
    assert lead.get(f"{mails}/{sent[families[GUEST]]}").status_code == 404


def test_no_school_fills_anothers_mailboxes_with_invitations(joint, lead, session, frozen):
    asked = {"school": joint.neighbour.code}
    answers = []
    for _ in range(61):
        answers.append(
            lead.post(f"/applications/{joint.entry.ref}/delegation/invite", data=asked).status_code
        )
        part = session.scalars(
            select(GuestPart).where(GuestPart.school_id == joint.neighbour.id)
        ).one()
        part.state = PartState.DECLINED
        session.commit()
    assert (set(answers[:60]), answers[60]) == ({303}, 429)
