"""The very first way in: link, terminal command, and no second time."""

import pytest

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.accounts import first_administrator
from scheduler.accounts.refusals import AccountRefusal
from scheduler.database import transaction
from scheduler.errors import Refused
from tests import factories
from tests.accounts.conftest import PASSWORD_HASH, account_of

FORM = {
    "email": "first@bureau.example",
    "name": "Administrator Ho",
    "locale": "zh_Hans",
    "password": "copper lantern 8",
    "repeated": "copper lantern 8",
}


def new_path(app):
    with app.app_context(), transaction():
        return first_administrator.one_time_path(now=clock.now())


def test_the_link_makes_the_first_administrator(app, client, session):
    assert not first_administrator.has_administrator()
    path = new_path(app)
    assert client.get(path).page.h1 == "Set up your account"
    assert client.post(path, data=FORM).status_code == 303
    account = account_of(session, "first@bureau.example")
    assert [grant.role for grant in account.grants] == [Role.PLATFORM_ADMINISTRATOR]
    assert first_administrator.has_administrator()
    assert app.test_client().post(path, data=FORM).status_code == 410


def test_a_second_link_ends_the_first(app, client):
    older, newer = new_path(app), new_path(app)
    assert (client.get(older).status_code, client.get(newer).status_code) == (410, 200)


def test_the_link_is_worth_nothing_once_there_is_an_administrator(app, client, session):
    path = new_path(app)
    factories.administrator(password_hash=PASSWORD_HASH)
    answer = client.post(path, data=FORM)
    assert answer.status_code == 422
    assert "There is an administrator already" in answer.page.text
    assert account_of(session, "first@bureau.example") is None


def test_an_invited_or_closed_administrator_is_none(session):
    factories.administrator(password_hash=None)
    factories.administrator(password_hash=PASSWORD_HASH, deactivated_at=clock.now())
    assert not first_administrator.has_administrator()


def test_the_terminal_makes_an_administrator(app, session, enter):
    runner = app.test_cli_runner()
    answers = "First@bureau.example\nHo\ncopper lantern 8\ncopper lantern 8\n"
    result = runner.invoke(args=["accounts", "create-administrator"], input=answers)
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        0,
        "first@bureau.example can sign in now.",
    )
    _, answer = enter("first@bureau.example", "copper lantern 8")
    assert answer.status_code == 303


def test_the_terminal_says_what_is_wrong(app, session):
    arguments = ["accounts", "create-administrator", "--email", "a@b.example", "--name", "Ho"]
    result = app.test_cli_runner().invoke(args=[*arguments, "--password", "short"])
    assert result.exit_code == 1
    assert "at least 10 characters" in result.output


def test_first_link_refuses_when_there_is_an_administrator(app, session):
    factories.administrator(password_hash=PASSWORD_HASH)
    session.commit()
    result = app.test_cli_runner().invoke(args=["accounts", "first-link"])
    assert (result.exit_code, "There is an administrator already" in result.output) == (1, True)


def test_first_link_prints_an_address_that_works(app, client):
    result = app.test_cli_runner().invoke(args=["accounts", "first-link"])
    address = result.output.strip()
    assert client.get(address.removeprefix(app.config["PUBLIC_URL"])).status_code == 200


def test_create_refuses_a_second_administrator(session):
    factories.administrator(password_hash=PASSWORD_HASH)
    with pytest.raises(Refused) as refusal:
        first_administrator.create(
            email="x@y.example", name="X", password="copper lantern 8", now=clock.now()
        )
    assert refusal.value.code is AccountRefusal.HAS_ADMINISTRATOR
