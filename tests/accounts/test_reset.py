"""A new password by mail, without telling anybody which addresses are known."""

from sqlalchemy import func, select

from scheduler import clock
from scheduler.accounts.models import AccountToken, SignInSession
from scheduler.notifications.models import Mail
from tests import factories
from tests.accounts.conftest import PASSWORD, PASSWORD_HASH, link_in

CHOSEN = "harbour ferry 12"


def ask(client, email):
    return client.post("/reset", data={"email": email})


def choose(client, path, password=CHOSEN):
    return client.post(path, data={"password": password, "repeated": password})


def test_the_page_says_the_same_for_known_and_unknown(officer, client, mailbox):
    known = ask(client, "officer@school.example")
    unknown = ask(client, "0fficer@school.example")
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert known.page.text.replace("officer@", "0fficer@") == unknown.page.text
    assert [to for to, _, _ in mailbox()] == ["Officer Lin <officer@school.example>"]


def test_a_reset_sets_the_password_and_signs_every_browser_out(
    officer, client, enter, mailbox, session
):
    browser, _ = enter("officer@school.example")
    ask(client, "officer@school.example")
    path = link_in(mailbox()[0][2], "/reset/")
    answer = choose(client, path)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert browser.get("/account").status_code == 302
    assert enter("officer@school.example", PASSWORD)[1].status_code == 422
    assert enter("officer@school.example", CHOSEN)[1].status_code == 303
    assert [subject for _, subject, _ in mailbox()] == [
        "Choose a new password",
        "Your password was changed",
    ]


def test_the_link_works_once_and_for_an_hour(officer, client, mailbox, frozen):
    frozen(2027, 3, 1, 8)
    ask(client, "officer@school.example")
    path = link_in(mailbox()[0][2], "/reset/")
    frozen(2027, 3, 1, 8, 59)
    assert client.get(path).status_code == 200
    frozen(2027, 3, 1, 9)
    assert (client.get(path).status_code, choose(client, path).status_code) == (410, 410)
    frozen(2027, 3, 1, 8, 59)
    assert [choose(client, path).status_code for _ in range(2)] == [303, 410]


def test_asking_leaves_the_password_as_it_is(officer, client, enter):
    ask(client, "officer@school.example")
    assert enter("officer@school.example")[1].status_code == 303


def test_a_weak_password_leaves_the_link(officer, client, mailbox):
    ask(client, "officer@school.example")
    path = link_in(mailbox()[0][2], "/reset/")
    assert [choose(client, path, word).status_code for word in ("short", CHOSEN)] == [422, 303]


def test_somebody_invited_gets_a_new_invitation(session, client, mailbox):
    factories.officer(factories.school(), email="new@school.example", password_hash=None)
    ask(client, "new@school.example")
    ((_, subject, text),) = mailbox()
    assert subject == "Your invitation to Ambassador Scheduler"
    assert client.get(link_in(text, "/invitations/")).status_code == 200


def test_a_closed_account_gets_nothing(session, client, mailbox):
    factories.account(
        email="closed@school.example", password_hash=PASSWORD_HASH, deactivated_at=clock.now()
    )
    ask(client, "closed@school.example")
    assert mailbox() == []
    assert session.scalar(select(func.count()).select_from(AccountToken)) == 0


def test_a_mailbox_is_not_filled(officer, client, session):
    statuses = [ask(client, "officer@school.example").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert session.scalar(select(func.count()).select_from(Mail)) == 4
    assert session.scalar(select(func.count()).select_from(SignInSession)) == 0
