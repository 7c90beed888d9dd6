"""Answers from a mailbox over IMAP: each read once, what is none left for people."""

import logging

import pytest

from scheduler.calendar_mail import mailboxes, tasks
from scheduler.calendar_mail.mailboxes import InvalidMailboxUrl, checked_mailbox
from scheduler.calendar_mail.models import Answer
from tests.calendar_mail.conftest import JUROR
from tests.support.imap import ImapServer
from tests.support.servers import free_port

pytestmark = pytest.mark.usefixtures("replies_to")


@pytest.fixture
def server(app, monkeypatch):
    made = ImapServer()
    monkeypatch.setitem(app.config, "MAIL_IN_URL", made.url)
    yield made
    made.stop()


@pytest.fixture
def juror(published, asked, frozen):
    published(JUROR)
    frozen(2027, 3, 1, 12)
    return asked()["juror@jury.example"]


def test_answers_are_noted_and_marked_as_read(server, juror, asked, answer_of, app):
    server.add(answer_of(juror).message())
    server.add(b"Subject: lunch\r\n\r\nToday?\r\n")
    server.add(answer_of(juror, attendee="stranger@evil.example").message())
    result = app.test_cli_runner().invoke(args=["mail", "replies"])
    assert result.stdout.splitlines() == [
        "1 about no request of ours, of somebody else, or not to the address made for it",
        "1 answers noted",
        "1 no answer to a request",
    ]
    assert asked()["juror@jury.example"].answer is Answer.ACCEPTED
    flags = [message.flags for message in server.messages]
    assert flags == [{"\\Seen"}, {mailboxes.SEEN_BY_US}, {"\\Seen"}]


def test_nothing_is_fetched_twice(server, juror, answer_of, session):
    server.add(answer_of(juror).message())
    server.add(b"Subject: lunch\r\n\r\nToday?\r\n")
    for _ in range(2):
        tasks.read_replies()
    assert server.fetched == [1, 2]


def test_what_is_too_large_is_not_fetched(server, juror, session, monkeypatch):
    monkeypatch.setattr(mailboxes, "LARGEST", 100)
    server.add(b"Subject: large\r\n\r\n" + b"x" * 100)
    tasks.read_replies()
    assert server.fetched == []
    assert server.messages[0].flags == {mailboxes.SEEN_BY_US}


def test_a_wrong_password_or_folder_is_said_without_it(server, app, session, monkeypatch):
    runner = app.test_cli_runner()
    for url in (server.url.replace("pass%20word", "secret"), f"{server.url}-other"):
        monkeypatch.setitem(app.config, "MAIL_IN_URL", url)
        result = runner.invoke(args=["mail", "replies"])
        assert result.exit_code == 1
        assert "secret" not in result.output


def test_a_server_that_is_away_is_logged_and_tried_later(app, session, monkeypatch, caplog):
    monkeypatch.setitem(app.config, "MAIL_IN_URL", f"imap://127.0.0.1:{free_port()}")
    with caplog.at_level(logging.WARNING):
        tasks.read_replies()
    assert "the mailbox for answers cannot be read: ConnectionRefusedError" in caplog.text


def test_without_a_mailbox_the_command_says_what_it_needs(app, session):
    result = app.test_cli_runner().invoke(args=["mail", "replies"])
    assert (result.exit_code, "MAIL_IN_URL" in result.output) == (2, True)
    tasks.read_replies()


@pytest.mark.parametrize("url", ["http://mail.example.org", "imaps:///INBOX", "nonsense"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(InvalidMailboxUrl):
        checked_mailbox(url)
