"""Staff's pages about accounts, and that nobody else gets anywhere near them."""

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.accounts.models import Account, RoleGrant
from scheduler.audit.models import AuditEntry
from scheduler.notifications.models import Mail
from tests import factories
from tests.support.pages import text_of

HASH = "$argon2id$stands-for-a-password"


@pytest.fixture
def staff(session, sign_in):
    """An administrator's browser."""
    administrator = factories.administrator(
        name="Admin Chan", email="admin@bureau.example", password_hash=HASH
    )
    session.commit()
    return sign_in(administrator)


def made(session, thing):
    session.commit()
    return thing


def names_on(answer):
    return [text_of(head) for head in answer.page.all("th", scope="row")]


def test_the_list_finds_by_name_and_address_signs_and_all(staff, session):
    factories.account(name="100% Wong", email="w_1@school.example")
    factories.account(name="Wong", email="w21@school.example")
    session.commit()
    assert names_on(staff.get("/admin/accounts?text=0%25")) == ["100% Wong"]
    assert names_on(staff.get("/admin/accounts?text=W_1@")) == ["100% Wong"]
    assert names_on(staff.get("/admin/accounts?text=WONG")) == ["100% Wong", "Wong"]
    assert names_on(staff.get("/admin/accounts?text=nobody")) == []


def test_the_list_filters_by_role_and_state(staff, session):
    school = factories.school(name="No. 3 School")
    factories.officer(school, name="Active", password_hash=HASH)
    factories.officer(school, name="Invited")
    factories.account(name="Closed", deactivated_at=clock.now())
    session.commit()
    assert names_on(staff.get("/admin/accounts?role=school_officer")) == ["Active", "Invited"]
    assert names_on(staff.get("/admin/accounts?state=invited")) == ["Invited"]
    assert names_on(staff.get("/admin/accounts?state=closed")) == ["Closed"]
    assert names_on(staff.get("/admin/accounts?state=active")) == ["Active", "Admin Chan"]
    assert "School officer: No. 3 School" in staff.get("/admin/accounts").page.text


def test_the_list_is_sorted_by_the_server(staff, session):
    factories.account(name="A", email="z@school.example")
    factories.account(name="Z", email="aa@school.example")
    session.commit()
    by_address = staff.get("/admin/accounts?sort=email&direction=descending")
    assert names_on(by_address) == ["A", "Admin Chan", "Z"]
    assert names_on(staff.get("/admin/accounts?sort=nonsense")) == ["A", "Admin Chan", "Z"]


@pytest.mark.parametrize(
    ("make_choice", "role"),
    [
        (lambda: ("platform_administrator:platform", 0), Role.PLATFORM_ADMINISTRATOR),
        (lambda: _choice("coordinator", factories.programme()), Role.COORDINATOR),
        (lambda: _choice("district_reviewer", factories.district()), Role.DISTRICT_REVIEWER),
        (lambda: _choice("school_officer", factories.school()), Role.SCHOOL_OFFICER),
    ],
)
def test_somebody_is_invited_with_a_role_and_its_scope(staff, session, make_choice, role):
    choice, scope_id = make_choice()
    session.commit()
    form = {"email": "new@x.example", "name": "", "locale": "zh_Hans", "role": choice}
    answer = staff.post("/admin/accounts/invite", data=form)
    account = session.scalar(select(Account).where(Account.email == "new@x.example"))
    assert (answer.status_code, answer.location) == (303, f"/admin/accounts/{account.ref}")
    assert [(grant.role, grant.scope_id) for grant in account.grants] == [(role, scope_id)]
    assert session.scalars(select(Mail.code)).all() == ["accounts.invitation"]


def _choice(role, thing):
    return f"{role}:{thing.code}", thing.id


def test_a_role_that_was_not_offered_is_refused(staff, session):
    for choice in ("school_officer:NOWHERE", "team_leader:A-1", "", "platform_administrator"):
        form = {"email": "new@x.example", "locale": "en", "role": choice}
        assert staff.post("/admin/accounts/invite", data=form).status_code == 422
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_bad_address_is_told_beside_its_field(staff, session):
    form = {"email": "new@", "locale": "en", "role": "platform_administrator:platform"}
    answer = staff.post("/admin/accounts/invite", data=form)
    assert answer.status_code == 422
    assert "This is not an e-mail address" in text_of(answer.page.one("div", id="email-error"))
    assert answer.page.values()["email"] == "new@"


def test_a_role_is_given_and_taken_away(staff, session):
    school = factories.school()
    account = factories.account(password_hash=HASH)
    session.commit()
    page = f"/admin/accounts/{account.ref}"
    staff.post(f"{page}/grants", data={"role": f"school_officer:{school.code}"})
    (grant,) = account.grants
    assert (grant.role, grant.scope_id) == (Role.SCHOOL_OFFICER, school.id)
    again = staff.post(f"{page}/grants", data={"role": f"school_officer:{school.code}"})
    assert (again.status_code, "has this role already" in again.page.text) == (422, True)
    assert staff.post(f"{page}/revoke", data={"grant": grant.id}).status_code == 303
    assert session.scalar(select(func.count()).where(RoleGrant.account_id == account.id)) == 0
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["account:grant", "account:revoke"]


def test_a_taken_role_counts_from_the_next_page_on(staff, session, sign_in):
    other = factories.administrator(password_hash=HASH)
    session.commit()
    theirs = sign_in(other)
    session.commit()
    assert theirs.get("/admin/accounts").status_code == 200
    staff.post(f"/admin/accounts/{other.ref}/revoke", data={"grant": other.grants[0].id})
    assert theirs.get("/admin/accounts").status_code == 403


def test_the_last_administrator_stays(staff, session):
    own = session.scalar(select(Account).where(Account.email == "admin@bureau.example"))
    factories.administrator(password_hash=None)
    factories.administrator(password_hash=HASH, deactivated_at=clock.now())
    session.commit()
    answer = staff.post(f"/admin/accounts/{own.ref}/revoke", data={"grant": own.grants[0].id})
    assert (answer.status_code, "last administrator" in answer.page.text) == (409, True)
    assert staff.get("/admin/accounts").status_code == 200


def test_nobody_closes_the_own_account(staff, session):
    own = session.scalar(select(Account).where(Account.email == "admin@bureau.example"))
    factories.administrator(password_hash=HASH)
    session.commit()
    assert staff.post(f"/admin/accounts/{own.ref}/close").status_code == 409
    assert own.deactivated_at is None


def test_a_closed_account_is_signed_out_and_can_be_opened_again(staff, session, sign_in):
    account = made(session, factories.account(password_hash=HASH))
    theirs = sign_in(account)
    session.commit()
    assert staff.post(f"/admin/accounts/{account.ref}/close").status_code == 303
    assert theirs.get("/account").status_code == 302
    assert staff.post(f"/admin/accounts/{account.ref}/open").status_code == 303
    assert account.deactivated_at is None
    assert theirs.get("/account").status_code == 302


def test_an_account_is_signed_out_everywhere(staff, session, sign_in):
    account = made(session, factories.account(password_hash=HASH))
    theirs = sign_in(account)
    session.commit()
    assert staff.post(f"/admin/accounts/{account.ref}/sign-out").status_code == 303
    assert theirs.get("/account").status_code == 302
    assert staff.get("/account").status_code == 200


def test_an_invitation_is_sent_again_but_not_to_those_who_have_a_password(staff, session):
    invited = factories.officer(factories.school())
    active = factories.account(password_hash=HASH)
    session.commit()
    assert staff.post(f"/admin/accounts/{invited.ref}/invite-again").status_code == 303
    assert staff.post(f"/admin/accounts/{active.ref}/invite-again").status_code == 409
    assert session.scalars(select(Mail.account_id)).all() == [invited.id]


def test_a_grant_is_taken_from_its_own_account_only(staff, session):
    one, other = factories.administrator(password_hash=HASH), factories.account(password_hash=HASH)
    session.commit()
    for grant in (one.grants[0].id, "", "x"):
        address = f"/admin/accounts/{other.ref}/revoke"
        assert staff.post(address, data={"grant": grant}).status_code == 404
    assert len(one.grants) == 1


def test_the_frame_shows_who_looks_not_who_is_looked_at(staff, session):
    other = factories.account(name="Somebody Else")
    session.commit()
    page = staff.get(f"/admin/accounts/{other.ref}").page
    assert page.h1 == "Somebody Else"
    assert text_of(page.one("p", class_="menu-person")) == "Admin Chan Administrator"


def test_an_unknown_account_is_not_found(staff):
    assert staff.get("/admin/accounts/P-NOBODY").status_code == 404


def test_nobody_else_reaches_these_pages(session, sign_in, client):
    school, programme = factories.school(), factories.programme()
    others = [
        factories.officer(school),
        factories.coordinator(programme),
        factories.reviewer(factories.district()),
        factories.account(),
    ]
    victim = factories.account(email="victim@school.example", password_hash=HASH)
    session.commit()
    pages = ["accounts", "accounts/invite", f"accounts/{victim.ref}", "mails", "audit", "jobs"]
    for other in others:
        browser = sign_in(other)
        session.commit()
        answers = [browser.get(f"/admin/{page}") for page in pages]
        assert [answer.status_code for answer in answers] == [403] * len(pages)
        assert not any("victim@" in answer.text for answer in answers)
        assert browser.post(f"/admin/accounts/{victim.ref}/close").status_code == 403
    assert [client.get(f"/admin/{page}").status_code for page in pages] == [302] * len(pages)
    assert client.post(f"/admin/accounts/{victim.ref}/close").status_code == 401
    assert victim.deactivated_at is None
