"""Mails between the schools of a joint entry: in the programme's own words, shown to neither."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.accounts.notices import mail
from scheduler.consents.effects import REFUSAL_MAIL
from scheduler.database import transaction
from scheduler.delegations import services
from scheduler.delegations.services import Invitation
from scheduler.notifications import own_words
from scheduler.notifications.models import Mail
from scheduler.notifications.reading import subject_of
from scheduler.notifications.templates import OwnWords, adaptable, codes_for
from scheduler.notifications.templates import Readers as For


@pytest.mark.usefixtures("app")
def test_every_mail_between_schools_can_be_reworded():
    assert set(codes_for(For.PARTNER)) <= set(adaptable())
    assert len(codes_for(For.PARTNER)) == 11


def test_an_invitation_takes_the_programmes_own_words_along(joint, session):
    words = {"en": OwnWords("{lead} asks {school}", "By {answer_by}: {message} {link}")}
    with transaction():
        own_words.save(joint.programme.id, "delegations.invited", words, version=0)
    with transaction():
        services.invite(
            joint.entry,
            joint.neighbour,
            Invitation(message="欢迎"),
            actor=joint.lead_officer.actor,
            now=clock.now(),
        )
    mail = session.scalars(select(Mail)).one()
    assert mail.to_address == joint.neighbour_officer.email
    assert subject_of(mail) == "云岭小学 asks 邻校"


def test_a_preview_names_the_guest_and_no_officer_of_the_lead(joint, sign_in, session):
    joint.entry.state = "submitted"
    joint.lead_officer.name = "Lena Leadwell"
    session.commit()
    address = f"/programmes/{joint.programme.code}/messages/delegations.ready"
    page = sign_in(joint.coordinator).get(address).text
    assert "海珠小学 is ready: 湾区合唱团" in page
    assert "Lena Leadwell" not in page


def test_the_lead_is_shown_no_mail_to_its_guests(joint, sign_in, session):
    with transaction():
        services.remove(
            joint.part,
            "Too many singers",
            version=joint.part.version,
            actor=joint.lead_officer.actor,
            now=clock.now(),
        )
    assert session.scalars(select(Mail)).one().to_address == joint.guest_officer.email
    page = sign_in(joint.lead_officer).get(f"/applications/{joint.entry.ref}/mails").text
    assert joint.guest_officer.email not in page
    assert "No longer part of" not in page


def test_the_lead_is_shown_no_mail_that_its_guests_got_like_itself(joint, sign_in, session):
    joint.guest_officer.name = "Greta Guestly"
    facts = {
        "programme": joint.programme.names,
        "group": joint.entry.group_name,
        "link": f"/guest-parts/{joint.part.ref}",
    }
    with transaction():
        for account in (joint.lead_officer, joint.guest_officer):
            mail(account, REFUSAL_MAIL, facts, now=clock.now(), about=joint.entry.ref)
    refs = {each.account_id: each.ref for each in session.scalars(select(Mail))}
    case = f"/applications/{joint.entry.ref}"
    lead = sign_in(joint.lead_officer)
    for page in (f"{case}/mails", case):
        text = lead.get(page).text
        assert refs[joint.lead_officer.id] in text
        assert refs[joint.guest_officer.id] not in text
        assert "Greta Guestly" not in text
    assert lead.get(f"{case}/mails/{refs[joint.guest_officer.id]}").status_code == 404
    assert refs[joint.guest_officer.id] in sign_in(joint.coordinator).get(f"{case}/mails").text
