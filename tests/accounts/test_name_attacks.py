"""Names that would carry somebody's words, links or headers in our mails."""

import email
import time
from email import policy

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.accounts.models import Account, AccountToken
from scheduler.notifications import services as notifications
from scheduler.notifications.messages import compose
from scheduler.notifications.models import Mail, MailState
from scheduler.notifications.tasks import send_due
from scheduler.notifications.templates import Written
from tests import factories
from tests.accounts.conftest import PASSWORD, PASSWORD_HASH, link_in

LURE = "Prize! https://evil.example/login"


@pytest.fixture
def school(session):
    return factories.school()


@pytest.fixture
def browser(session, school, sign_in):
    account = factories.officer(school, password_hash=PASSWORD_HASH)
    session.commit()
    return sign_in(account)


@pytest.mark.parametrize(
    "name", [LURE, "www.evil.example", "a/b", "a\\b", "<b>a</b>", "a\u202eb", "a\u200bb"]
)
def test_what_is_no_name_is_refused_beside_the_field(browser, school, session, name):
    invitation = {"email": "new@school.example", "name": name, "locale": "en"}
    details = {"name": name, "locale": "en"}
    for path, form in (
        (f"/schools/{school.code}/officers", invitation),
        ("/account", details),
    ):
        answer = browser.post(path, data=form)
        assert answer.status_code == 422
        assert "name-error" in answer.text
    assert session.scalar(select(Account).where(Account.email == "new@school.example")) is None


@pytest.mark.parametrize(
    "name", ["陈大文", "O'Neill-Smith, Jr.", "José García", "𠮷田 遥", "Ng (Ada)"]
)
def test_names_of_people_are_names(browser, session, name):
    assert browser.post("/account", data={"name": name, "locale": "en"}).status_code == 303
    assert session.scalar(select(Account.id).where(Account.name == name)) is not None


def test_control_characters_in_a_form_are_blanks(browser, session):
    name = "A\x0b\x07B\x85C"  # a line break of Word's, a bell, one of a mainframe
    assert browser.post("/account", data={"name": name, "locale": "en"}).status_code == 303
    assert session.scalar(select(Account.id).where(Account.name == "A B C")) is not None


def test_line_breaks_in_a_name_are_blanks_and_the_mails_go_out(browser, school, session, mailbox):
    form = {"email": "new@school.example", "name": "A\r\nBcc: x@y.example\n\n B", "locale": "en"}
    assert browser.post(f"/schools/{school.code}/officers", data=form).status_code == 303
    invited = session.scalars(select(Account).where(Account.email == form["email"])).one()
    assert invited.name == "A Bcc: x@y.example B"
    assert session.scalars(select(Mail.state)).all() == [MailState.SENT]


def test_a_name_with_line_breaks_that_is_stored_already_stops_no_mail(app, session, mailbox):
    queued = {"to_address": "new@school.example", "to_name": "A\nB", "locale": "en"}
    factories.mail(
        **queued,
        facts={
            "inviter": "X",
            "role": "Y",
            "expires_at": "2027-03-01T08:00+00:00",
            "link": "/invitations/x",
        },
    )
    session.commit()
    with app.app_context():
        send_due()
    ((to, _, _),) = mailbox()
    assert to == "A B <new@school.example>"


def test_only_our_own_addresses_become_links():
    body = (
        f"{LURE}\nhttps://ours.example.evil.example/x\nhttps://ours.example@evil.example/\n"
        "https://ours.example/reset/abc\nhttps://ours.example\nhttps://ours.example?x"
    )
    message = compose(
        Written("Subject", body),
        ref="r",
        sender="a@ours.example",
        to_address="b@c.example",
        to_name="B",
        locale="en",
        public_url="https://ours.example",
        now=clock.now(),
    )
    parsed = email.message_from_bytes(message.as_bytes(), policy=policy.default)
    page = parsed.get_body(("html",)).get_content()
    links = [part.partition('"')[0] for part in page.split('href="')[1:]]
    assert links == [
        "https://ours.example/reset/abc",
        "https://ours.example",
        "https://ours.example?x",
    ]
    assert "https://evil.example/login" in page


def test_a_reset_link_ends_with_a_change_of_the_password(officer, enter, app, session, mailbox):
    app.test_client().post("/reset", data={"email": "officer@school.example"})
    path = link_in(mailbox()[-1][2], "/reset/")
    assert app.test_client().get(path).status_code == 200
    client, _ = enter("officer@school.example")
    form = {"current": PASSWORD, "password": "new kettle violet 7"}
    changed = client.post("/account/password", data=form | {"repeated": form["password"]})
    assert changed.status_code == 303
    stranger = app.test_client()
    assert stranger.get(path).status_code == 410
    taken = {"password": "stolen kettle 42", "repeated": "stolen kettle 42"}
    assert stranger.post(path, data=taken).status_code == 410
    assert session.scalars(select(AccountToken).where(AccountToken.used_at.is_(None))).all() == []


def test_the_reset_page_takes_as_long_for_an_unknown_address(officer, app):
    for address in ("officer@school.example", "nobody@school.example"):
        began = time.perf_counter()
        answer = app.test_client().post("/reset", data={"email": address})
        assert answer.status_code == 200
        assert time.perf_counter() - began >= 0.15


def test_queued_names_stand_on_one_line(session):
    notifications.queue(
        "accounts.reset", to_address="a@b.example", to_name="A\n\nB", locale="en", now=clock.now()
    )
    assert session.scalars(select(Mail.to_name)).all() == ["A B"]
