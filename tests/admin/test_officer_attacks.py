"""What an officer or a coordinator could do to other people's accounts through invitations."""

import re

import pytest
from flask import current_app
from sqlalchemy import func, select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.accounts import offers
from scheduler.accounts.models import RoleGrant, RoleOffer
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.calendars import links
from scheduler.calendars.entries import Audience, Subject
from scheduler.calendars.models import PersonalLink
from scheduler.notifications.models import Mail
from tests import factories

HASH = "$argon2id$stands-for-a-password"
NEUTRAL = "Nobody can be invited here under this address."


@pytest.fixture
def school(session):
    return factories.school(district=factories.district(), name="No. 3 School")


@pytest.fixture
def page(school):
    return f"/schools/{school.code}/officers"


@pytest.fixture
def officer(session, school, sign_in):
    account = factories.officer(school, email="lin@school.example", password_hash=HASH)
    session.commit()
    return sign_in(account)


def form(email, **values):
    return {"email": email, "name": "", "locale": "en"} | values


def roles_of(session, account):
    query = select(RoleGrant.role).where(RoleGrant.account_id == account.id)
    return sorted(session.scalars(query))


def staff(school):
    programme = factories.programme()
    entry = factories.application(
        factories.category(programme), school, state=State.SUBMITTED, pupils=1
    )
    return entry, {
        "reviewer": factories.reviewer(school.district, password_hash=HASH),
        "coordinator": factories.coordinator(programme, password_hash=HASH),
        "administrator": factories.administrator(password_hash=HASH),
    }


def test_a_school_cannot_put_its_reviewers_and_coordinators_out_of_action(
    officer, school, session, sign_in, page
):
    entry, people = staff(school)
    session.commit()
    for account in people.values():
        for address in (page, f"/applications/{entry.ref}/leaders"):
            answer = officer.post(address, data=form(account.email))
            assert (answer.status_code, NEUTRAL in answer.page.text) == (422, True)
            assert account.name not in answer.text
    assert session.scalar(select(func.count(RoleOffer.id))) == 0
    for role in ("reviewer", "coordinator"):
        assert roles_of(session, people[role]) == [
            {"reviewer": Role.DISTRICT_REVIEWER, "coordinator": Role.COORDINATOR}[role]
        ]
        assert sign_in(people[role]).get(f"/applications/{entry.ref}/case").status_code == 200


def test_a_closed_account_is_refused_in_the_same_words(officer, session, page):
    closed = factories.account(deactivated_at=clock.now(), password_hash=HASH)
    session.commit()
    answer = officer.post(page, data=form(closed.email))
    assert (answer.status_code, NEUTRAL in answer.page.text) == (422, True)


def test_an_account_gets_no_role_that_its_owner_does_not_take(
    officer, school, session, sign_in, page
):
    other = factories.officer(factories.school(), name="Secret Name", password_hash=HASH)
    session.commit()
    answer = officer.post(page, data=form(other.email, name="Typed Name"))
    assert answer.status_code == 303
    assert roles_of(session, other) == [Role.SCHOOL_OFFICER]
    shown = officer.get(page)
    assert f"Typed Name {other.email} invited" in shown.page.text
    assert "Secret Name" not in shown.text
    (mail,) = session.scalars(select(Mail).where(Mail.code == "accounts.role_offered"))
    assert mail.to_address == other.email
    address = str(mail.facts["offer_link"])
    browser = sign_in(other)
    assert "School officer: No. 3 School" in browser.get(address).page.text
    assert officer.get(address).status_code == 403
    assert officer.post(address, data={"decision": "take"}).status_code == 403
    assert browser.get(page).status_code == 403
    assert browser.post(address, data={"decision": "take"}).status_code == 303
    assert browser.get(page).status_code == 200
    assert roles_of(session, other) == [Role.SCHOOL_OFFICER] * 2
    assert browser.get(address).status_code == 404


def test_the_page_shows_new_and_known_addresses_alike(officer, session, page):
    known = factories.account(email="known@school.example", password_hash=HASH)
    session.commit()
    for email in (known.email, "fresh@school.example"):
        assert officer.post(page, data=form(email)).status_code == 303
    rows = re.findall(r"<tr>.*?</tr>", officer.get(page).text, re.DOTALL)
    plain = [
        re.sub(r"P-[0-9A-Z]{10}|known|fresh", "", row)
        for row in rows
        if "known@" in row or "fresh@" in row
    ]
    assert len(plain) == 2
    assert plain[0] == plain[1]


def test_an_offer_is_declined_withdrawn_or_too_old(officer, school, session, sign_in, page, frozen):
    other = factories.account(email="other@school.example", password_hash=HASH)
    session.commit()

    def offered():
        officer.post(page, data=form(other.email))
        return session.scalars(select(RoleOffer)).one().ref

    browser = sign_in(other)
    declined = browser.post(f"/account/role-offers/{offered()}", data={"decision": "decline"})
    assert declined.status_code == 303
    assert session.scalar(select(func.count(RoleOffer.id))) == 0
    assert officer.post(f"{page}/{offered()}/remove").status_code == 303
    assert session.scalar(select(func.count(RoleOffer.id))) == 0
    late = offered()
    frozen(days=14, seconds=1)
    late_page = f"/account/role-offers/{late}"
    browser = sign_in(other)
    assert browser.post(late_page, data={"decision": "take"}).status_code == 409
    assert "too old" in browser.get(late_page).page.text
    assert other.email not in sign_in(factories.officer(school)).get(page).text
    offers.forget_old(now=clock.now())
    assert session.scalar(select(func.count(RoleOffer.id))) == 0
    assert roles_of(session, other) == []


def test_who_became_a_reviewer_meanwhile_cannot_take_the_offer(
    officer, school, session, sign_in, page
):
    other = factories.account(email="other@school.example", password_hash=HASH)
    session.commit()
    officer.post(page, data=form(other.email))
    other.grants.append(factories.grant(Role.DISTRICT_REVIEWER, school.district))
    session.commit()
    address = f"/account/role-offers/{session.scalars(select(RoleOffer)).one().ref}"
    assert sign_in(other).post(address, data={"decision": "take"}).status_code == 409
    assert roles_of(session, other) == [Role.DISTRICT_REVIEWER]


def test_an_offer_asked_for_twice_is_one_offer_and_neighbours_cannot_withdraw_it(
    officer, session, sign_in, page
):
    other = factories.account(email="other@school.example", password_hash=HASH)
    neighbour_school = factories.school()
    neighbour = sign_in(factories.officer(neighbour_school))
    session.commit()
    for name in ("First", "Second"):
        officer.post(page, data=form(other.email, name=name))
    offer = session.scalars(select(RoleOffer)).one()
    assert offer.name == "Second"
    remove = f"/schools/{neighbour_school.code}/officers/{offer.ref}/remove"
    assert neighbour.post(remove).status_code == 404
    assert session.scalar(select(func.count(RoleOffer.id))) == 1


def test_an_invitation_from_outside_is_told_to_the_school_and_the_administrators(
    officer, school, session, sign_in
):
    programme = factories.programme()
    administrator = factories.administrator(password_hash=HASH, email="admin@bureau.example")
    factories.officer(factories.school(), password_hash=HASH)
    coordinator = factories.coordinator(programme, name="Coordinator Ho")
    session.commit()
    browser = sign_in(coordinator)
    data = form("evil@elsewhere.example", school=school.code)
    assert browser.post(f"/programmes/{programme.code}/officers", data=data).status_code == 303
    told = session.scalars(
        select(Mail).where(Mail.code == "accounts.officer_invited").order_by(Mail.to_address)
    ).all()
    assert [mail.to_address for mail in told] == [administrator.email, "lin@school.example"]
    assert told[0].facts == {
        "inviter": "Coordinator Ho",
        "address": "evil@elsewhere.example",
        "school": "No. 3 School",
        "officers_link": f"/schools/{school.code}/officers",
    }
    noted = select(AuditEntry.account_id).where(AuditEntry.action == "account:invite_for_school")
    assert session.scalars(noted).all() == [coordinator.id]


def test_an_administrator_gives_themselves_no_role(session, sign_in, school):
    account = factories.administrator()
    session.commit()
    data = {"role": f"{Role.SCHOOL_OFFICER}:{school.code}"}
    answer = sign_in(account).post(f"/admin/accounts/{account.ref}/grants", data=data)
    assert (answer.status_code, "to your own account" in answer.page.text) == (422, True)
    assert roles_of(session, account) == [Role.PLATFORM_ADMINISTRATOR]


# What is left to somebody who had a role


def shared_path(school):
    secret = current_app.secret_key
    subject = Subject(Audience("school", school.code), {"en": school.name}, zone="Asia/Shanghai")
    feed = links.shared_feeds([subject], secret_key=secret, now=clock.now())[0]
    return links.feed_path(feed, secret)


@pytest.mark.parametrize("way", ["removed", "revoked", "closed"])
def test_an_officer_who_leaves_keeps_no_calendar_of_the_school(
    officer, school, session, sign_in, page, client, way
):
    old = shared_path(school)
    neighbour_old = shared_path(factories.school())
    leaver = factories.officer(school, password_hash=HASH)
    session.commit()
    assert client.get(old).status_code == 200
    admin = sign_in(factories.administrator())
    if way == "removed":
        answer = officer.post(f"{page}/{leaver.ref}/remove")
    elif way == "revoked":
        grant = leaver.grants[0].id
        answer = admin.post(f"/admin/accounts/{leaver.ref}/revoke", data={"grant": grant})
    else:
        answer = admin.post(f"/admin/accounts/{leaver.ref}/close")
    assert answer.status_code == 303
    assert client.get(old).status_code == 410
    new = shared_path(school)
    session.commit()
    assert new != old
    assert client.get(new).status_code == 200
    assert client.get(neighbour_old).status_code == 200


def test_whoever_has_no_role_any_more_reads_no_timetable(officer, session, sign_in, page):
    programme = factories.programme()
    venue = factories.venue(programme)
    session.commit()
    pages = [
        "/programmes",
        "/timetable",
        f"/programmes/{programme.code}",
        f"/programmes/{programme.code}/timetable",
        f"/programmes/{programme.code}/venues",
        f"/programmes/{programme.code}/timetable/venues/{venue.code}",
    ]
    nobody = sign_in(factories.account(password_hash=HASH))
    assert {address: nobody.get(address).status_code for address in pages} == dict.fromkeys(
        pages, 403
    )
    assert nobody.get("/").status_code == 200
    assert nobody.get("/account").status_code == 200
    assert {officer.get(address).status_code for address in pages} == {200, 302}


def test_all_links_of_a_group_are_replaced_at_once(officer, school, session, client):
    entry = factories.application(
        factories.category(factories.programme()), school, state=State.ACCEPTED, pupils=3
    )
    subjects = [
        Subject(Audience("person", each.person.ref), {"en": each.person.name}, zone="Asia/Shanghai")
        for each in entry.members[:2]
    ]
    secret = current_app.secret_key
    made = links.personal_links(subjects, secret_key=secret, now=clock.now())
    old = [links.personal_path(link, secret) for link in made.values()]
    session.commit()
    answer = officer.post(f"/applications/{entry.ref}/links/replace", data={"person": "*"})
    assert answer.status_code == 303
    assert "2 links are replaced" in officer.get(answer.location).page.text
    assert [client.get(path).status_code for path in old] == [404, 404]
    live = session.scalars(select(PersonalLink).where(PersonalLink.revoked_at.is_(None))).all()
    assert {link.audience for link in live} == {subject.audience for subject in subjects}
    assert all(client.get(links.personal_path(link, secret)).status_code == 200 for link in live)
