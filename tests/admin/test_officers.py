"""Officers invite colleagues of their own school, coordinators invite for any school."""

import pytest
from sqlalchemy import func, select

from scheduler.access.permissions import Role
from scheduler.accounts.models import Account, RoleGrant
from tests import factories

FORM = {"email": "new@school.example", "name": "Colleague", "locale": "zh_Hans"}
HASH = "$argon2id$stands-for-a-password"


@pytest.fixture
def school(session):
    return factories.school(name="No. 3 School")


@pytest.fixture
def officer(session, school, sign_in):
    """The browser of the school's officer."""
    account = factories.officer(school, name="Officer Lin", email="lin@school.example")
    session.commit()
    return sign_in(account)


def new_account(session):
    return session.scalar(select(Account).where(Account.email == "new@school.example"))


def test_an_officer_invites_a_colleague(officer, school, session):
    answer = officer.post(f"/schools/{school.code}/officers", data=FORM)
    assert (answer.status_code, answer.location) == (303, f"/schools/{school.code}/officers")
    invited = new_account(session)
    assert [(grant.role, grant.scope_id) for grant in invited.grants] == [
        (Role.SCHOOL_OFFICER, school.id)
    ]
    page = officer.get(f"/schools/{school.code}/officers").page
    assert "Colleague new@school.example invited" in page.text
    assert "Officer Lin you" in page.text


def test_the_neighbour_school_is_out_of_reach(officer, session):
    neighbour = factories.school(name="Neighbour School")
    colleague = factories.officer(neighbour, name="Neighbour Wu", email="wu@other.example")
    session.commit()
    page = f"/schools/{neighbour.code}/officers"
    answers = [
        officer.get(page),
        officer.post(page, data=FORM),
        officer.post(f"{page}/{colleague.ref}/remove"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not any("Wu" in answer.text for answer in answers)
    assert new_account(session) is None
    assert len(colleague.grants) == 1


def test_a_colleague_is_removed_but_not_oneself(officer, school, session):
    colleague = factories.officer(school)
    session.commit()
    own = session.scalar(select(Account).where(Account.email == "lin@school.example"))
    page = f"/schools/{school.code}/officers"
    assert officer.post(f"{page}/{own.ref}/remove").status_code == 409
    assert officer.post(f"{page}/{colleague.ref}/remove").status_code == 303
    grants = select(func.count()).select_from(RoleGrant)
    assert session.scalar(grants.where(RoleGrant.account_id == colleague.id)) == 0
    assert session.scalar(grants.where(RoleGrant.account_id == own.id)) == 1


def test_only_officers_of_this_school_are_removed_here(officer, school, session):
    other = factories.officer(factories.school())
    session.commit()
    assert officer.post(f"/schools/{school.code}/officers/{other.ref}/remove").status_code == 404
    assert len(other.grants) == 1


def test_nobody_invites_oneself(officer, school, session):
    form = FORM | {"email": "lin@school.example"}
    answer = officer.post(f"/schools/{school.code}/officers", data=form)
    assert (answer.status_code, "to your own account" in answer.page.text) == (422, True)


def test_a_coordinator_invites_an_officer_for_a_school(session, sign_in, school):
    programme = factories.programme()
    factories.officer(school, password_hash=HASH)
    factories.school(name="Lonely School")
    account = factories.coordinator(programme)
    session.commit()
    coordinator = sign_in(account)
    page = f"/programmes/{programme.code}/officers"
    assert coordinator.get(page).page.one("aside").find("ul/li").text == "Lonely School"
    answer = coordinator.post(page, data=FORM | {"school": school.code})
    assert (answer.status_code, answer.location) == (303, page)
    assert [grant.scope_id for grant in new_account(session).grants] == [school.id]


def test_a_coordinator_needs_a_school_of_the_list(session, sign_in, school):
    programme = factories.programme()
    account = factories.coordinator(programme)
    session.commit()
    coordinator = sign_in(account)
    for code in ("", "NOWHERE"):
        page = f"/programmes/{programme.code}/officers"
        assert coordinator.post(page, data=FORM | {"school": code}).status_code == 422
    assert new_account(session) is None


def test_the_coordinator_of_another_programme_and_reviewers_may_not(session, sign_in, school):
    programme = factories.programme()
    others = [
        factories.coordinator(factories.programme()),
        factories.reviewer(school.district or factories.district()),
        factories.officer(school),
    ]
    session.commit()
    for other in others:
        browser = sign_in(other)
        session.commit()
        page = f"/programmes/{programme.code}/officers"
        assert browser.get(page).status_code == 403
        assert browser.post(page, data=FORM | {"school": school.code}).status_code == 403
    assert new_account(session) is None


def test_an_officer_invites_a_leader_who_sees_that_group_only(officer, school, session, sign_in):
    category = factories.category(factories.programme())
    group = factories.application(category, school, group_name="Own group")
    other = factories.application(category, school, group_name="Second group")
    session.commit()
    page = f"/applications/{group.ref}/leaders"
    answer = officer.post(page, data=FORM)
    assert (answer.status_code, answer.location) == (303, page)
    leader = new_account(session)
    assert [(grant.role, grant.scope_id) for grant in leader.grants] == [
        (Role.TEAM_LEADER, group.id)
    ]
    browser = sign_in(leader)
    assert browser.get(f"/applications/{group.ref}").status_code == 200
    assert browser.get(f"/applications/{other.ref}").status_code == 403
    assert browser.get(page).status_code == 403
    assert officer.post(f"{page}/{leader.ref}/remove").status_code == 303
    assert browser.get(f"/applications/{group.ref}").status_code == 403


def test_leaders_of_the_neighbour_school_are_out_of_reach(officer, session):
    category = factories.category(factories.programme())
    theirs = factories.application(category, factories.school())
    leader = factories.account((Role.TEAM_LEADER, theirs), name="Leader Wu")
    session.commit()
    page = f"/applications/{theirs.ref}/leaders"
    answers = [
        officer.get(page),
        officer.post(page, data=FORM),
        officer.post(f"{page}/{leader.ref}/remove"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not any("Leader Wu" in answer.text for answer in answers)
    assert new_account(session) is None
    assert len(leader.grants) == 1


def test_reviewers_and_coordinators_name_no_leaders(session, sign_in, school):
    group = factories.application(factories.category(factories.programme()), school)
    others = [factories.coordinator(group.programme), factories.administrator()]
    session.commit()
    for other in others:
        browser = sign_in(other)
        assert browser.post(f"/applications/{group.ref}/leaders", data=FORM).status_code == 403
    assert new_account(session) is None
