"""Personal links of an accepted group: shown, printed, mailed once, replaced."""

import pytest
from flask import current_app
from sqlalchemy import select

from scheduler.applications.models import MemberRole
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.calendars import links
from scheduler.calendars.entries import Audience, Subject
from scheduler.database import db
from scheduler.notifications.models import Mail, MailState
from scheduler.people.models import Guardian, Guardianship
from tests.applications.making import (
    NOW,
    coordinator_of,
    keep,
    leader_of,
    make_entry,
    make_programme,
    make_school,
    officer_of,
)
from tests.support.pages import text_of


@pytest.fixture
def group(festival):
    return make_entry(festival.category, festival.school, pupils=2, state=State.ACCEPTED)


@pytest.fixture
def officer(festival, group, sign_in):
    return sign_in(festival.officer)


def pupils(group):
    return [member.person for member in group.members if member.role is MemberRole.PUPIL]


def publish(group):
    """Give everybody a link, as the first release does."""
    people = [member.person for member in group.members]
    subjects = [
        Subject(Audience("person", person.ref), {"en": person.name}, zone="Asia/Shanghai")
        for person in people
    ]
    links.personal_links(subjects, secret_key=current_app.secret_key, now=NOW)


def add_guardian(person, email="parent@example.org"):
    guardian = Guardian(school_id=person.school_id, name="A Parent", email=email)
    person.guardianships.append(Guardianship(guardian=guardian))
    return keep(guardian)


def slips(page):
    return {
        text_of(item.find("div/h2")): item.find("div/div/div/img").get("src")
        for item in page.one("ul", class_="slips")
    }


def path(group, action=""):
    return f"/applications/{group.ref}/links{action}"


def test_before_the_first_release_there_are_none(group, officer):
    page = officer.get(path(group)).page
    assert "The links come with the timetable" in page.text


def test_everybody_has_a_slip_whose_code_can_be_drawn(group, officer, client):
    publish(group)
    page = officer.get(path(group)).page
    found = slips(page)
    assert set(found) == {member.person.name for member in group.members}
    answer = client.get(found[pupils(group)[0].name])
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_showing_links_is_noted_as_reading(festival, group, officer):
    officer.get(path(group))
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.account_id) == ("read:members", festival.officer.id)


def test_guardians_are_mailed_once_each_with_the_childs_own_link(group, officer):
    publish(group)
    first, second = pupils(group)
    add_guardian(first)
    add_guardian(second)
    add_guardian(second, email=None)
    for expected in ("2 mails are on their way.", "Nothing was sent"):
        answer = officer.post(path(group, "/mail"), follow_redirects=True)
        assert expected in answer.page.text
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [mail.to_address for mail in mails] == ["parent@example.org"] * 2


def test_a_link_that_came_back_is_sent_to_the_corrected_address(group, officer):
    publish(group)
    guardian = add_guardian(pupils(group)[0])
    officer.post(path(group, "/mail"))
    mail = db.session.scalars(select(Mail)).one()
    mail.state = MailState.BOUNCED
    db.session.commit()
    officer.post(path(group, "/mail"))  # nothing was corrected yet
    assert len(db.session.scalars(select(Mail)).all()) == 1
    guardian.email = "right@example.org"
    for _ in range(2):
        officer.post(path(group, "/mail"))
    addresses = db.session.scalars(select(Mail.to_address).order_by(Mail.id)).all()
    assert addresses == ["parent@example.org", "right@example.org"]


def test_neither_names_nor_links_lie_open_in_the_outbox(group, officer):
    publish(group)
    add_guardian(pupils(group)[0])
    officer.post(path(group, "/mail"))
    mail = db.session.scalars(select(Mail)).one()
    assert set(mail.facts) == {"group", "programme"}
    assert "/my/" not in str(mail.facts)


def test_a_replaced_link_ends_the_old_page_and_is_mailed_anew(group, officer, client):
    publish(group)
    person = pupils(group)[0]
    add_guardian(person)
    officer.post(path(group, "/mail"))
    before = slips(officer.get(path(group)).page)
    answer = officer.post(
        path(group, "/replace"), data={"person": person.ref}, follow_redirects=True
    )
    after = slips(answer.page)
    assert {name for name in before if before[name] != after[name]} == {person.name}
    assert client.get(before[person.name]).status_code == 404
    assert client.get(after[person.name]).status_code == 200
    officer.post(path(group, "/mail"))
    assert len(db.session.scalars(select(Mail)).all()) == 2


def test_somebody_elses_link_cannot_be_replaced_from_here(festival, group, officer):
    other = make_entry(festival.category, make_school(), state=State.ACCEPTED)
    publish(other)
    stranger = pupils(other)[0]
    token = links.personal_link(Audience("person", stranger.ref)).token_digest
    assert officer.post(path(group, "/replace"), data={"person": stranger.ref}).status_code == 404
    assert links.personal_link(Audience("person", stranger.ref)).token_digest == token


def test_a_group_that_is_not_accepted_has_no_links(festival, officer):
    draft = make_entry(festival.category, festival.school)
    assert officer.get(path(draft)).status_code == 404


def test_who_may_hand_out_links(festival, group, sign_in):
    answers = {
        "coordinator": sign_in(festival.coordinator).get(path(group)).status_code,
        "leader": sign_in(leader_of(group)).get(path(group)).status_code,
        "neighbour": sign_in(officer_of(make_school())).get(path(group)).status_code,
        "stranger": sign_in(coordinator_of(make_programme())).get(path(group)).status_code,
    }
    assert answers == {"coordinator": 200, "leader": 403, "neighbour": 403, "stranger": 403}
