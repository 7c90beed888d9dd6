"""An administrator corrects an address: old links end, both addresses are told, nobody else may."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.accounts import tokens
from scheduler.accounts.models import TokenPurpose
from scheduler.accounts.refusals import AccountRefusal
from scheduler.audit.models import AuditEntry
from scheduler.errors import Refused
from scheduler.notifications.models import Mail
from tests import factories

HASH = "$argon2id$stands-for-a-password"


@pytest.fixture
def administrator(session):
    return factories.administrator(password_hash=HASH)


@pytest.fixture
def officer(session):
    return factories.officer(factories.school(), email="wrnog@school.example", password_hash=HASH)


def post(client, account, email):
    return client.post(f"/admin/accounts/{account.ref}/address", data={"email": email})


def mails(session):
    rows = session.scalars(select(Mail).order_by(Mail.id))
    return [(mail.code, mail.to_address) for mail in rows]


def test_both_addresses_are_told_and_links_to_the_old_one_end(
    session, sign_in, administrator, officer
):
    token, _ends = tokens.issue(officer, TokenPurpose.RESET, now=clock.now())
    client = sign_in(administrator)
    assert post(client, officer, " Wrong@School.example ").status_code == 303
    assert officer.email == "wrong@school.example"
    assert mails(session) == [
        ("accounts.address_changed", "wrnog@school.example"),
        ("accounts.address_changed", "wrong@school.example"),
    ]
    with pytest.raises(Refused) as refused:
        tokens.find_live(token, TokenPurpose.RESET, now=clock.now() + dt.timedelta(seconds=1))
    assert refused.value.code is AccountRefusal.LINK_ENDED
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "account:correct_address")
    ).one()
    assert (entry.subject_ref, entry.account_id) == (officer.ref, administrator.id)
    assert "wrong" not in str(entry.facts)


def test_whoever_was_invited_is_invited_anew(session, sign_in, administrator, officer):
    officer.password_hash = None
    old, _ends = tokens.issue(officer, TokenPurpose.INVITATION, now=clock.now())
    post(sign_in(administrator), officer, "right@school.example")
    assert mails(session) == [
        ("accounts.address_changed", "wrnog@school.example"),
        ("accounts.invitation", "right@school.example"),
    ]
    with pytest.raises(Refused):
        tokens.find_live(old, TokenPurpose.INVITATION, now=clock.now())


@pytest.mark.parametrize(
    ("email", "text"),
    [
        ("taken@school.example", "There is an account with this address already."),
        ("wrnog@school.example", "There is an account with this address already."),
        ("no address", "address"),
        ("", "address"),
    ],
)
def test_a_wrong_address_is_refused(session, sign_in, administrator, officer, email, text):
    factories.account(email="taken@school.example")
    answer = post(sign_in(administrator), officer, email)
    assert answer.status_code == 422
    assert text in answer.text
    assert (officer.email, mails(session)) == ("wrnog@school.example", [])


def test_ones_own_address_is_left_alone(session, sign_in, administrator):
    before = administrator.email
    answer = post(sign_in(administrator), administrator, "new@bureau.example")
    assert answer.status_code == 422
    assert (administrator.email, mails(session)) == (before, [])


def test_a_coordinator_corrects_no_address(session, sign_in, officer):
    coordinator = factories.coordinator(factories.programme(), password_hash=HASH)
    answer = post(sign_in(coordinator), officer, "mine@evil.example")
    assert answer.status_code == 403
    assert officer.email == "wrnog@school.example"
