"""A guest school has one of its own pupils substituted; nobody else asks, or takes it back."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.models import Member
from scheduler.applications.substitution_models import Substitution, SubstitutionState
from scheduler.applications.workflow import State
from scheduler.database import transaction
from scheduler.delegations import services
from scheduler.notifications.models import Mail
from scheduler.people.models import Consent, Person
from tests import factories
from tests.delegations.conftest import GUEST, LEAD, OTHER, PUPIL
from tests.support.pages import text_of

WISH = {"reason": "Moved to another town", **PUPIL}


@pytest.fixture
def accepted(joint, session):
    joint.entry.state, joint.entry.places_held = State.ACCEPTED, 1
    session.commit()
    joint.refs = dict(session.execute(select(Person.name, Person.ref)).all())
    return joint


@pytest.fixture
def guest(accepted, sign_in):
    return sign_in(accepted.guest_officer)


@pytest.fixture
def asked(accepted, session):
    pupil = session.scalars(select(Person).where(Person.name == GUEST)).one()
    made = factories.substitution(accepted.entry, accepted.guest_officer, leaving=pupil)
    session.commit()
    return made


def part_of(joint, name=GUEST):
    return f"/guest-parts/{joint.part.ref}/members/{joint.refs[name]}/substitute"


def decide(client, joint, asked, **values):
    address = f"/programmes/{joint.programme.code}/substitutions/decisions"
    return client.post(address, data={"seen": asked.seen, "verdict": "approve", **values})


def members(joint, session):
    query = select(Person.name).join(Member, Member.person_id == Person.id)
    return set(session.scalars(query.where(Member.application_id == joint.entry.id)))


def mails(session):
    return {(each.code, each.to_address) for each in session.scalars(select(Mail))}


def test_the_guest_reads_that_its_pupil_holds_up_the_confirmation(accepted, guest, session):
    page = f"/guest-parts/{accepted.part.ref}"
    shown = guest.get(page).page.text
    assert "The entry has been submitted. Its state: Accepted." in shown
    assert "lacks a required consent" not in shown
    others = session.scalars(select(Person).where(Person.name == OTHER)).one()
    factories.consent(others, is_granted=False)
    session.commit()
    assert "lacks a required consent" not in guest.get(page).page.text
    own = session.scalars(select(Person).where(Person.name == GUEST)).one()
    factories.consent(own, is_granted=False)
    session.commit()
    shown = guest.get(page).page
    assert (
        "1 of your pupils lacks a required consent. Without it the group cannot be confirmed."
        in shown.text
    )
    place = f"/programmes/{accepted.programme.code}/schools/{accepted.guest.code}/consents"
    assert f"{place}?group={accepted.entry.ref}&state=required" in [
        link.get("href") for link in shown.all("a")
    ]


def test_the_lead_is_led_to_the_page_that_says_which_school_lacks_a_consent(
    accepted, session, sign_in
):
    """Its own list of families would be empty: the pupil is the guest's."""
    lead = sign_in(accepted.lead_officer)
    own = session.scalars(select(Person).where(Person.name == GUEST)).one()
    factories.consent(own, is_granted=False)
    session.commit()
    links = lead.get("/applications/my-school").page.all("a")
    place = f"/applications/{accepted.entry.ref}/delegation"
    assert [link.get("href") for link in links if text_of(link) == "Who lacks it"] == [place]
    guests = lead.get(place).page
    assert "without consent: 1" in guests.text
    assert GUEST not in guests.text
    lists = f"/programmes/{accepted.programme.code}/schools/{accepted.entry.school.code}/consents"
    assert not [link for link in guests.all("a") if link.get("href").startswith(lists)]
    ours = session.scalars(select(Person).where(Person.name == LEAD)).one()
    factories.consent(ours, is_granted=False)
    session.commit()
    links = [link.get("href") for link in lead.get(place).page.all("a")]
    assert f"{lists}?group={accepted.entry.ref}&state=required" in links


def test_a_guest_asks_for_its_own_pupil_and_the_lead_is_told(accepted, guest, session):
    page = f"/guest-parts/{accepted.part.ref}"
    assert f"{page}/substitutions" in guest.get(page).text
    shown = guest.get(f"{page}/substitutions").text
    assert GUEST in shown
    assert not any(name in shown for name in (LEAD, OTHER))
    known = factories.person(accepted.guest, name="周留校")
    factories.person(accepted.lead, name="孙别校")
    session.commit()
    choice = guest.get(part_of(accepted)).text
    assert known.ref in choice
    assert "孙别校" not in choice
    answer = guest.post(f"{part_of(accepted)}/form", data=WISH)
    assert answer.location == f"{page}/substitutions"
    made = session.scalars(select(Substitution)).one()
    assert (made.leaving.name, made.school.id) == (GUEST, accepted.guest.id)
    assert members(accepted, session) == {GUEST, LEAD, OTHER, "林望舒"}
    assert mails(session) == {
        ("applications.substitution_asked", accepted.coordinator.email),
        ("delegations.substitution", accepted.lead_officer.email),
    }
    facts = {each.facts["school"] for each in session.scalars(select(Mail))}
    assert facts == {accepted.guest.name}


def test_nobody_asks_for_another_schools_pupil(accepted, guest, sign_in, session):
    stranger = session.scalars(select(Person).where(Person.name == OTHER)).one()
    for name in (LEAD, OTHER):
        assert guest.get(part_of(accepted, name)).status_code == 404
        assert guest.post(f"{part_of(accepted, name)}/form", data=WISH).status_code == 404
    chosen = f"{part_of(accepted)}/form?coming={stranger.ref}"
    assert guest.post(chosen, data=WISH).status_code == 404
    for officer in (accepted.lead_officer, accepted.neighbour_officer):
        other = sign_in(officer)
        assert other.get(part_of(accepted)).status_code == 403
        assert other.post(f"{part_of(accepted)}/form", data=WISH).status_code == 403
        page = f"/guest-parts/{accepted.part.ref}/substitutions"
        assert other.get(page).status_code == 403
    assert session.scalars(select(Substitution)).all() == []


def test_outside_an_accepted_entry_there_is_nothing_to_substitute(joint, sign_in):
    guest = sign_in(joint.guest_officer)
    assert guest.get(f"/guest-parts/{joint.part.ref}/substitutions").status_code == 404


def test_approved_one_of_the_guest_is_in_the_place_of_the_other(accepted, guest, sign_in, session):
    guest.post(f"{part_of(accepted)}/form", data=WISH)
    made = session.scalars(select(Substitution)).one()
    coordinator = sign_in(accepted.coordinator)
    queue = coordinator.get(f"/programmes/{accepted.programme.code}/substitutions").text
    assert all(shown in queue for shown in (GUEST, "王新生", "海珠小学"))
    session.execute(Mail.__table__.delete())
    session.commit()
    assert decide(coordinator, accepted, made).status_code == 303
    session.expire_all()
    assert members(accepted, session) == {"王新生", LEAD, OTHER, "林望舒"}
    coming = session.scalars(select(Person).where(Person.name == "王新生")).one()
    assert coming.school_id == accepted.guest.id
    declared = session.scalars(select(Consent).where(Consent.person_id == coming.id)).all()
    assert {each.declared_by for each in declared} == {accepted.guest_officer.name}
    assert accepted.entry.places_held == 1
    assert mails(session) == {
        ("delegations.substitution_approved", accepted.guest_officer.email),
        ("delegations.substitution", accepted.lead_officer.email),
    }
    assert "王新生" in guest.get(f"/guest-parts/{accepted.part.ref}").text


def test_a_rejection_is_told_to_the_guest_with_its_reason(accepted, asked, sign_in, session):
    coordinator = sign_in(accepted.coordinator)
    answer = decide(coordinator, accepted, asked, verdict="reject", reason="太迟")
    assert answer.status_code == 303
    case = f"/applications/{accepted.entry.ref}"
    assert "太迟" in coordinator.get(f"{case}/case").text
    guest = sign_in(accepted.guest_officer)
    assert "太迟" in guest.get(f"/guest-parts/{accepted.part.ref}/substitutions").text
    assert "太迟" not in sign_in(accepted.lead_officer).get(f"{case}/substitutions").text
    reasons = {each.code: each.facts.get("reason") for each in session.scalars(select(Mail))}
    assert reasons == {
        "delegations.substitution_rejected": "太迟",
        "delegations.substitution": None,
    }
    # What was written about a guest's pupil stands on no page of the lead.
    lead = sign_in(accepted.lead_officer)
    assert "rejected" not in lead.get(f"{case}/mails").text
    assert "Substitution of a member rejected" in lead.get(case).text
    leader = sign_in(factories.leader(accepted.entry))
    for reader in (lead, leader):
        page = reader.get(case)
        assert (page.status_code, "太迟" in page.text) == (200, False)


def test_the_lead_reads_why_its_own_pupil_is_not_substituted(accepted, sign_in, session):
    pupil = session.scalars(select(Person).where(Person.name == LEAD)).one()
    own = factories.substitution(accepted.entry, accepted.lead_officer, leaving=pupil)
    session.commit()
    decide(sign_in(accepted.coordinator), accepted, own, verdict="reject", reason="太迟")
    assert "太迟" in sign_in(accepted.lead_officer).get(f"/applications/{accepted.entry.ref}").text


def test_the_lead_reads_no_name_of_a_guests_pupil_who_has_left(accepted, asked, sign_in, session):
    lead = sign_in(accepted.lead_officer)
    address = f"/applications/{accepted.entry.ref}/substitutions"
    assert GUEST in lead.get(address).text
    part, actor = accepted.part, accepted.guest_officer.actor
    with transaction():
        services.withdraw(part, "流感", version=part.version, actor=actor, now=clock.now())
    page = lead.get(address).text
    assert ("What guest schools asked for" in page, GUEST in page) == (True, False)


def test_no_refusal_tells_whom_another_school_wants_to_bring(accepted, guest, session):
    other = session.scalars(select(Person).where(Person.name == OTHER)).one()
    guest.post(f"{part_of(accepted)}/form", data=WISH)
    made = session.scalars(select(Substitution)).one()
    factories.substitution(
        accepted.entry, accepted.lead_officer, leaving=other, coming_index=made.coming_index
    )
    guest.post(f"/substitutions/{made.ref}/withdraw")
    assert guest.post(f"{part_of(accepted)}/form", data=WISH).status_code == 303


def test_the_lead_sees_who_leaves_and_takes_nothing_back(accepted, asked, sign_in, session):
    lead = sign_in(accepted.lead_officer)
    page = lead.get(f"/applications/{accepted.entry.ref}/substitutions").text
    assert all(shown in page for shown in ("海珠小学", GUEST, "Waits for a decision"))
    assert "Somebody Else" not in page
    for officer in (accepted.lead_officer, accepted.neighbour_officer):
        answer = sign_in(officer).post(f"/substitutions/{asked.ref}/withdraw")
        assert answer.status_code == 403
    session.expire_all()
    assert asked.state is SubstitutionState.PENDING


def test_the_lead_reads_no_name_of_a_guests_pupil_who_did_not_come(
    accepted, guest, sign_in, session
):
    known = factories.person(accepted.guest, name="周留校")
    factories.guardian(accepted.guest, known, name="周母", phone="+8613800138000")
    session.commit()
    wish = {"reason": "x", "part": "A1", "consent_held": "Y"}
    guest.post(f"{part_of(accepted)}/form?coming={known.ref}", data=wish)
    assert session.scalars(select(Substitution)).one().coming is known
    history = sign_in(accepted.lead_officer).get(f"/applications/{accepted.entry.ref}").text
    assert "Substitution of a member asked for" in history
    assert "周留校" not in history
    case = sign_in(accepted.coordinator).get(f"/applications/{accepted.entry.ref}/case").text
    assert "周留校" in case


def test_the_guest_takes_its_request_back(accepted, asked, guest, session):
    answer = guest.post(f"/substitutions/{asked.ref}/withdraw")
    assert answer.location == f"/guest-parts/{accepted.part.ref}/substitutions"
    session.expire_all()
    assert (asked.state, asked.content) == (SubstitutionState.WITHDRAWN, None)


def test_the_requests_of_a_school_that_leaves_end_and_others_wait_on(accepted, asked, session):
    stays = session.scalars(select(Person).where(Person.name == OTHER)).one()
    other = factories.substitution(accepted.entry, accepted.lead_officer, leaving=stays)
    session.commit()
    part, actor = accepted.part, accepted.guest_officer.actor
    with transaction():
        services.withdraw(part, "流感", version=part.version, actor=actor, now=clock.now())
    session.expire_all()
    assert (asked.state, other.state) == (SubstitutionState.WITHDRAWN, SubstitutionState.PENDING)


def test_one_school_does_not_use_up_the_substitutions_of_the_others(
    accepted, guest, sign_in, session
):
    """Of each school's own pupils so many percent, at least one, whatever the others ask for."""
    accepted.programme.substitution_percent = 40
    second = factories.person(accepted.guest, name="陈二生")
    factories.member(accepted.entry, second)
    session.commit()
    accepted.refs[second.name] = second.ref
    assert guest.post(f"{part_of(accepted)}/form", data=WISH).status_code == 303
    more = WISH | {"name": "王又生", "birth_on": "2015/4/1"}
    refused = guest.post(f"{part_of(accepted, second.name)}/form", data=more)
    assert refused.status_code == 422
    assert "No more than 1 of your school's pupils in this group" in refused.page.text
    shown = guest.get(f"/guest-parts/{accepted.part.ref}/substitutions").page.text
    assert "Asked for or approved so far: 1; at most: 1." in shown
    lead = sign_in(accepted.lead_officer)
    own = f"/applications/{accepted.entry.ref}"
    shown = lead.get(f"{own}/substitutions").page.text
    assert "Asked for or approved so far: 0; at most: 1." in shown
    assert "each school of the entry has a number of its own" in shown
    form = f"{own}/members/{accepted.refs[LEAD]}/substitute/form"
    assert lead.post(form, data=WISH).status_code == 303
