"""Real messages over a real SMTP server, and what happens when it does not want them."""

import socket
import threading
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from scheduler.notifications import sending
from scheduler.notifications.models import MailState
from tests.support.servers import free_port


class Answering:
    """An SMTP server's handler that answers as told, or breaks off instead of answering."""

    def __init__(self):
        self.mail, self.rcpt, self.data = "250 OK", "250 OK", "250 OK"
        self.received = []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.mail.startswith("250"):
            envelope.mail_from = address
        return self.mail

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        if self.data == "break off":
            server.transport.abort()
            return "250 nobody hears this"
        return self.data


@pytest.fixture
def server(mail_url):
    handler = Answering()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    mail_url(f"smtp://127.0.0.1:{controller.port}")
    yield handler
    controller.stop()


def words(message, name):
    return str(make_header(decode_header(message[name])))


def test_a_mail_arrives_with_all_that_it_needs(smtp_server, mail_url, queue, send, stored, frozen):
    mail_url(smtp_server.url)
    frozen(2027, 7, 1, 8)
    queue()
    send()
    (message,) = smtp_server.messages
    (mail,) = stored()
    assert message["From"] == "Ambassador Scheduler <scheduler@localhost>"
    assert message["To"] == "Teacher Ng <teacher@school.example>"
    assert message["Subject"] == "About the concert"
    assert message["Date"] == "Thu, 01 Jul 2027 08:00:00 +0000"
    assert message["Message-ID"] == f"<{mail.ref}@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    plain, html = (part.get_payload(decode=True).decode() for part in message.get_payload())
    assert plain.replace("\r\n", "\n") == (
        "Dear Teacher Ng,\n\n"
        "It is the concert at Fri 16 July 2027 10:30 (UTC+8) on Fri 16 July 2027.\n\n"
        "http://localhost:5000/programmes/F27\nhttp://localhost:5000/my/abcdefghijkl\n\n"
        "-- \nAmbassador Scheduler sent this mail automatically. Replies are not read.\n"
        "http://localhost:5000\n"
    )
    assert '<a href="http://localhost:5000/my/abcdefghijkl">' in html


def test_a_mail_is_written_in_its_language(smtp_server, mail_url, queue, send):
    mail_url(smtp_server.url)
    queue(locale="zh_Hans", to_name="吴老师")
    send()
    (message,) = smtp_server.messages
    assert words(message, "To") == "吴老师 <teacher@school.example>"
    assert "音乐会" in words(message, "Subject")
    assert "2027年7月16日(周五) 10:30" in message.get_payload()[0].get_payload(decode=True).decode()
    assert message["Content-Language"] == "zh-Hans"


def test_names_cannot_smuggle_headers_or_tags(smtp_server, mail_url, queue, send):
    mail_url(smtp_server.url)
    queue(to_name="Ng <script>", facts={**TEXT, "what": "x\nBcc: evil@x.example <b>"})
    send()
    (message,) = smtp_server.messages
    assert message["Bcc"] is None
    assert words(message, "Subject") == "About x Bcc: evil@x.example <b>"
    html = message.get_payload()[1].get_payload(decode=True).decode()
    assert "<b>" not in html
    assert "<script>" not in html


TEXT = {
    "what": "",
    "starts_at": "2027-07-16T02:30:00+00:00",
    "played_on": "2027-07-16",
    "link": "/",
}


def test_a_sent_mail_is_never_sent_again(smtp_server, mail_url, queue, send, stored):
    mail_url(smtp_server.url)
    queue()
    send()
    send()
    assert len(smtp_server.messages) == 1
    (mail,) = stored()
    assert (mail.state, mail.attempts, mail.sealed) == (MailState.SENT, 1, None)
    assert "abcdefghijkl" not in mail.body
    assert mail.subject_line == "About the concert"


def test_two_senders_at_once_send_everything_once(smtp_server, mail_url, queue, send, stored):
    mail_url(smtp_server.url)
    for number in range(12):
        queue(to_address=f"teacher{number}@school.example")
    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    receivers = sorted(message["To"] for message in smtp_server.messages)
    assert receivers == sorted(f"Teacher Ng <teacher{n}@school.example>" for n in range(12))
    assert {mail.state for mail in stored()} == {MailState.SENT}


def test_no_server_means_later_and_the_pause_grows(mail_url, queue, send, stored, frozen):
    mail_url(f"smtp://127.0.0.1:{free_port()}")
    frozen(2027, 7, 1, 8)
    queue()
    send()
    (mail,) = stored()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 1)
    assert (mail.next_attempt_at.hour, mail.next_attempt_at.minute) == (8, 1)
    send()  # not due yet
    assert stored()[0].attempts == 1
    frozen(2027, 7, 1, 8, 1)
    send()
    assert (stored()[0].attempts, stored()[0].next_attempt_at.minute) == (2, 6)


def test_after_the_last_pause_a_mail_has_failed(mail_url, queue, send, stored, frozen):
    mail_url(f"smtp://127.0.0.1:{free_port()}")
    queue()
    for day in range(1, 9):
        frozen(2027, 7, 2 * day, 8)
        send()
    (mail,) = stored()
    assert (mail.state, mail.attempts) == (MailState.FAILED, 8)
    assert "ConnectionRefusedError" in mail.last_error


def test_a_server_that_is_down_is_tried_with_one_mail_only(mail_url, queue, send, stored):
    mail_url(f"smtp://127.0.0.1:{free_port()}")
    queue()
    queue(to_address="other@school.example")
    send()
    assert [mail.attempts for mail in stored()] == [1, 0]


def test_a_refused_receiver_comes_back_at_once_and_holds_nobody_up(
    server, queue, send, stored, returned
):
    server.rcpt = "550 no such mailbox"
    queue()
    send()
    server.rcpt = "250 OK"
    queue(to_address="other@school.example")
    send()
    assert [mail.state for mail in stored()] == [MailState.BOUNCED, MailState.SENT]
    assert stored()[0].last_error == "550 no such mailbox"
    assert [row.address for row in returned()] == ["teacher@school.example"]


def test_an_address_that_takes_mail_again_is_marked_no_longer(server, queue, send, returned):
    server.rcpt = "550 5.1.1 no such mailbox"
    queue()
    send()
    assert len(returned()) == 1
    server.rcpt = "250 OK"
    queue(to_address="Teacher@school.example")
    send()
    assert returned() == []


def test_a_policy_of_the_server_says_nothing_about_the_address(
    server, queue, send, stored, returned
):
    server.rcpt = "554 5.7.1 relay access denied"
    queue()
    send()
    assert [mail.state for mail in stored()] == [MailState.FAILED]
    assert returned() == []


def test_each_mail_has_a_return_address_of_its_own(app, server, queue, send, stored, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_BOUNCES_TO", "bounces@example.org")
    queue()
    queue(to_address="other@school.example")
    send()
    senders = [sender for sender, _receivers, _text in server.received]
    assert senders == [f"bounces+{mail.ref}@example.org" for mail in stored()]


def test_a_refused_sender_is_our_trouble_and_no_mail_fails(server, queue, send, stored):
    server.mail = "550 who are you"
    queue()
    queue(to_address="other@school.example")
    send()
    assert [(mail.state, mail.attempts) for mail in stored()] == [
        (MailState.QUEUED, 1),
        (MailState.QUEUED, 0),
    ]
    assert stored()[0].last_error == "NotNow: 550 who are you"


def test_a_server_that_hangs_up_before_the_text_is_tried_later(mail_url, queue, send, stored):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        mail_url(f"smtp://127.0.0.1:{listener.getsockname()[1]}")
        queue()
        hanging_up = threading.Thread(target=greet_and_hang_up, args=(listener,))
        hanging_up.start()
        send()
        hanging_up.join()
    (mail,) = stored()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 1)


def greet_and_hang_up(listener):
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"220 hello\r\n")
        connection.recv(1000)
        connection.sendall(b"250 hello\r\n")
        connection.recv(1000)


def test_a_server_that_greets_with_a_refusal_is_tried_later(mail_url, queue, send, stored):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        mail_url(f"smtp://127.0.0.1:{listener.getsockname()[1]}")
        queue()
        refusing = threading.Thread(target=refuse_at_once, args=(listener,))
        refusing.start()
        send()
        refusing.join()
    (mail,) = stored()
    assert (mail.state, mail.last_error) == (MailState.QUEUED, "NotNow: 554 not today")


def refuse_at_once(listener):
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"554 not today\r\n")
        connection.recv(1000)


def test_a_folder_that_cannot_be_written_is_tried_later(mail_url, queue, send, stored, tmp_path):
    (tmp_path / "mail").write_text("a file stands where the folder should be")
    mail_url(f"file://{tmp_path}/mail")
    queue()
    send()
    (mail,) = stored()
    assert (mail.state, mail.last_error) == (MailState.QUEUED, "NotNow: File exists")


def test_a_full_mailbox_is_tried_later(server, queue, send, stored):
    server.rcpt = "452 mailbox full"
    queue()
    queue(to_address="other@school.example")
    send()
    assert [(mail.state, mail.attempts) for mail in stored()] == [(MailState.QUEUED, 1)] * 2


@pytest.mark.parametrize(
    ("answer", "state"),
    [("554 spam", MailState.FAILED), ("451 greylisted", MailState.QUEUED)],
)
def test_an_answer_after_the_text_counts(server, queue, send, stored, answer, state):
    server.data = answer
    queue()
    send()
    assert [mail.state for mail in stored()] == [state]
    assert len(server.received) == 1


def test_a_connection_lost_after_the_text_is_not_tried_again(server, queue, send, stored, frozen):
    frozen(2027, 7, 1, 8)
    server.data = "break off"
    queue()
    queue(to_address="other@school.example")
    send()
    frozen(2027, 7, 3, 8)
    send()
    assert len(server.received) == 2
    assert [mail.state for mail in stored()] == [MailState.SENDING] * 2


def test_a_mail_that_cannot_be_written_fails_alone(smtp_server, mail_url, queue, send, stored):
    mail_url(smtp_server.url)
    queue(facts={})
    queue(to_address="other@school.example")
    send()
    assert [mail.state for mail in stored()] == [MailState.FAILED, MailState.SENT]
    assert stored()[0].last_error == "KeyError: 'what'"


def test_a_name_and_password_are_given_to_the_server(mail_url, queue, send, stored):
    seen = []

    def authenticate(server, session, envelope, mechanism, login):
        assert isinstance(login, LoginPassword)
        seen.append((login.login, login.password))
        return AuthResult(success=True)

    handler = Answering()
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=authenticate,
        auth_require_tls=False,
    )
    controller.start()
    mail_url(f"smtp://post%40school:p%3Aw%2Fd@127.0.0.1:{controller.port}")
    try:
        queue()
        send()
    finally:
        controller.stop()
    assert seen == [(b"post@school", b"p:w/d")]
    assert [mail.state for mail in stored()] == [MailState.SENT]


def test_files_are_written_whole_and_for_the_owner_only(mail_url, queue, send, stored, tmp_path):
    mail_url(f"file://{tmp_path}/a%20mailbox")
    queue()
    send()
    (mail,) = stored()
    (file,) = (tmp_path / "a mailbox").iterdir()
    assert file.name == f"{mail.ref}.eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"About the concert" in file.read_bytes()


@pytest.mark.parametrize(
    "url", ["", "mail.example.org", "http://x.example", "smtp://", "file://", "smtp+tls://x"]
)
def test_a_wrong_mail_url_is_told(url):
    with pytest.raises(sending.InvalidMailUrl):
        sending.delivery_for(url)
