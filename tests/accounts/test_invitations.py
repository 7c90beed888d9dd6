"""From an invitation to a signed-in account."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.accounts import invitations
from scheduler.accounts.models import Account, AccountToken
from scheduler.accounts.refusals import AccountRefusal
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.notifications.models import Mail
from tests import factories
from tests.accounts.conftest import PASSWORD_HASH, account_of, link_in

CHOSEN = "morning tide 77"


@pytest.fixture
def invite(app, session):
    """A function that invites an address as a school officer: `invite(school, email)`."""

    def send(school, email="new@school.example", **values):
        facts = {"name": "", "locale": "en", "inviter": "Admin Chan", "actor_id": None}
        with app.app_context(), transaction():
            invitation = invitations.invite(
                **(facts | values),
                email=email,
                role=Role.SCHOOL_OFFICER,
                scope_id=school.id,
                scope_names=school.name,
                now=clock.now(),
            )
            token = invitation.token
        session.commit()  # what the test reads next is what was written above
        return token

    return send


@pytest.fixture
def school(session):
    school = factories.school(name="No. 3 School")
    session.commit()
    return school


def accept(client, path, **changes):
    form = {"name": "Wong Ka-yan", "locale": "zh_Hant_HK", "password": CHOSEN, "repeated": CHOSEN}
    return client.post(path, data=form | changes)


def test_the_mail_names_inviter_role_and_end_of_the_link(invite, school, mailbox, frozen):
    frozen(2027, 3, 1, 8)
    token = invite(school, name="Wong")
    ((to, subject, text),) = mailbox()
    assert (to, subject) == (
        "Wong <new@school.example>",
        "Your invitation to Ambassador Scheduler",
    )
    assert "Admin Chan has invited you" in text
    assert "Your role: School officer, No. 3 School" in text
    assert "until Mon 15 March 2027 16:00 (UTC+8)" in text
    assert link_in(text, "/invitations/") == f"/invitations/{token}"


def test_the_mail_is_in_the_language_of_the_invited(invite, school, session, mailbox):
    invite(school, locale="zh_Hans")
    assert session.scalars(select(Mail.locale)).all() == ["zh_Hans"]


def test_accepting_sets_name_language_and_password_and_signs_in(
    invite, school, session, client, enter
):
    path = f"/invitations/{invite(school)}"
    page = client.get(path).page
    assert "new@school.example" in page.text
    assert page.all("p", class_="menu-person") == []
    answer = accept(client, path)
    assert (answer.status_code, answer.location) == (303, "/")
    account = account_of(session, "new@school.example")
    assert (account.name, account.locale) == ("Wong Ka-yan", "zh_Hant_HK")
    assert client.get("/account").status_code == 200
    _, later = enter("new@school.example", CHOSEN)
    assert later.status_code == 303


def test_a_link_works_once(invite, school, app):
    path = f"/invitations/{invite(school)}"
    accept(app.test_client(), path)
    again = app.test_client()
    assert (again.get(path).status_code, accept(again, path).status_code) == (410, 410)
    assert again.get("/account").status_code == 302


def test_a_link_ends_after_fourteen_days(invite, school, client, frozen):
    frozen(2027, 3, 1, 8)
    path = f"/invitations/{invite(school)}"
    frozen(2027, 3, 15, 7, 59)
    assert client.get(path).status_code == 200
    frozen(2027, 3, 15, 8)
    assert (client.get(path).status_code, accept(client, path).status_code) == (410, 410)


def test_a_newer_invitation_ends_the_older_link(invite, school, client):
    older, newer = (f"/invitations/{invite(school)}" for _ in range(2))
    assert (client.get(older).status_code, client.get(newer).status_code) == (410, 200)


def test_a_reset_token_is_no_invitation(session, client):
    account = factories.account(password_hash=PASSWORD_HASH)
    with_reset = factories.account(password_hash=PASSWORD_HASH, email="b@school.example")
    session.commit()
    from scheduler.accounts import tokens
    from scheduler.accounts.models import TokenPurpose

    token, _ = tokens.issue(with_reset, TokenPurpose.RESET, now=clock.now())
    session.commit()
    assert client.get(f"/invitations/{token}").status_code == 410
    assert account.email != with_reset.email


def test_only_the_hash_of_a_token_is_stored_and_the_mail_keeps_none(
    invite, school, session, mailbox
):
    token = invite(school)
    stored = session.scalars(select(AccountToken)).one()
    mail = session.scalars(select(Mail)).one()
    assert token not in stored.token_hash
    assert token in mailbox()[0][2]
    assert token not in f"{mail.facts}{mail.body}"
    assert mail.sealed is None
    assert "\n…\n" in mail.body


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "at least 10 characters"),
        ("new@school.example", "must not be made of your e-mail address"),
        ("my new@school.example!", "must not be made of your e-mail address"),
        ("Password2027!", "among the first that anybody would try"),
        ("aaaaaaaaaaaa", "among the first that anybody would try"),
        ("12345678901234", "among the first that anybody would try"),
        ("9876543210", "among the first that anybody would try"),
        ("x" * 129, "at most"),
    ],
)
def test_weak_passwords_are_refused_and_the_link_stays(
    invite, school, client, session, password, sentence
):
    path = f"/invitations/{invite(school)}"
    answer = accept(client, path, password=password, repeated=password)
    assert answer.status_code == 422
    assert sentence in answer.page.text
    assert answer.page.values()["name"] == "Wong Ka-yan"
    assert account_of(session, "new@school.example").password_hash is None
    assert accept(client, path).status_code == 303


def test_a_slip_in_the_repetition_is_told(invite, school, client):
    answer = accept(client, f"/invitations/{invite(school)}", repeated="morning tide 78")
    assert (answer.status_code, "The two passwords differ." in answer.page.text) == (422, True)


def test_somebody_with_a_password_gets_the_role_and_no_link(session, school, invite, mailbox):
    account = factories.account(email="old@school.example", password_hash=PASSWORD_HASH)
    session.commit()
    assert invite(school, "Old@School.example") is None
    assert [(grant.role, grant.scope_id) for grant in account.grants] == [
        (Role.SCHOOL_OFFICER, school.id)
    ]
    ((_, subject, text),) = mailbox()
    assert subject == "You have a new role in Ambassador Scheduler"
    assert "/invitations/" not in text


def test_the_same_role_twice_is_refused(session, school, invite):
    factories.officer(school, email="old@school.example", password_hash=PASSWORD_HASH)
    session.commit()
    with pytest.raises(Refused) as refusal:
        invite(school, "old@school.example")
    assert refusal.value.code is AccountRefusal.ALREADY_GRANTED


def test_a_closed_account_is_not_invited(session, school, invite):
    factories.account(email="old@school.example", deactivated_at=clock.now())
    session.commit()
    with pytest.raises(Refused) as refusal:
        invite(school, "old@school.example")
    assert refusal.value.code is AccountRefusal.ACCOUNT_CLOSED


@pytest.mark.parametrize(
    "address",
    ["", "name", "name@", "@school.example", "a b@school.example", "a@b@c.example", "a@school",
     "老师@school.example", "a@school..example", "a@school.example\nBcc: b@c.example"],
)  # fmt: skip
def test_what_is_no_address_gets_no_account(session, school, invite, address):
    with pytest.raises(Refused) as refusal:
        invite(school, address)
    assert refusal.value.code is AccountRefusal.ADDRESS_INVALID
    assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_nobody_accepts_for_an_account_that_was_closed_meanwhile(invite, school, session, client):
    path = f"/invitations/{invite(school)}"
    account_of(session, "new@school.example").deactivated_at = clock.now() - dt.timedelta(1)
    session.commit()
    assert accept(client, path).status_code == 410
