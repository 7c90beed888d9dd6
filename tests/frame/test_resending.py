"""What a form sent too late: kept for whoever typed it, never for what another site made up."""

import io

import pytest

from tests import factories

OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"name": "陈子涵", "csrf_token": "old", "members": ["A", "B"]}


@pytest.fixture
def strict(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


def send(client, data=TYPED, headers=OURS, path="/account"):
    return client.post(path, data=data, headers=headers)


def kept(answer):
    inputs = answer.page.one("main").iterfind(".//input[@type='hidden']")
    return [(each.get("name"), each.get("value")) for each in inputs]


def test_what_was_typed_is_in_the_answer_and_nowhere_else(strict, client):
    answer = send(client)
    fields = kept(answer)
    assert fields[1:] == [("name", "陈子涵"), ("members", "A"), ("members", "B")]
    assert fields[0][0] == "csrf_token"
    assert fields[0][1] != "old"
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"
    assert "陈子涵" not in str(answer.headers)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Referer": "https://evil.example/"}, {}]
)
def test_what_another_site_sent_is_not_offered(strict, client, headers):
    answer = send(client, headers=headers)
    assert answer.status_code == 400
    assert "陈子涵" not in answer.text


def test_old_browsers_say_it_by_the_referrer(strict, client):
    assert "陈子涵" in send(client, headers={"Referer": "http://localhost/account"}).text


def test_passwords_and_files_are_not_repeated(strict, client):
    answer = send(client, {"email": "a@b.hk", "new_password": "hunter2hunter2"})
    assert "hunter2" not in answer.text
    assert "Open the page again" in answer.text
    assert "Send again" not in send(client, {"file": (io.BytesIO(b"PK"), "a.xlsx")}).text


def test_a_session_that_ended_on_the_server_is_told_too(app, client):
    answer = send(client)
    assert answer.status_code == 401
    assert "You are no longer signed in" in answer.text
    assert ("name", "陈子涵") in kept(answer)


def test_whoever_has_signed_in_again_is_told_to_send(strict, sign_in, session):
    officer = sign_in(factories.officer(factories.school()))
    answer = send(officer)
    assert answer.page.h1 == "Not sent yet"
