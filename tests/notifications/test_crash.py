"""A worker that is killed while it hands a mail over: the mail is never sent a second time."""

import os
import signal
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from scheduler import clock
from scheduler.applications.decisions import Decision, decide_many
from scheduler.applications.workflow import Action, State
from scheduler.notifications.models import MailState
from tests import factories
from tests.support import mortal
from tests.support.servers import free_port


class Killing:
    """Takes whole messages, and kills whoever sent the n-th one before the answer."""

    def __init__(self, nth=1):
        self.nth = nth
        self.sender = None
        self.received = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.received.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)))
        if len(self.received) == self.nth:
            os.kill(self.sender.pid, signal.SIGKILL)
        return "250 OK"


@pytest.fixture
def run_worker(app):
    """`run_worker(handler)`: a worker of its own that sends what is due; returns how it ended."""
    started = []

    def run(handler):
        if not started:
            controller = Controller(handler, hostname="127.0.0.1", port=free_port())
            controller.start()
            started.append(controller)
        environment = {
            **os.environ,
            "DATABASE_URL": app.config["DATABASE_URL"],
            "INSTANCE_PATH": app.config["INSTANCE_PATH"],
            "MAIL_URL": f"smtp://127.0.0.1:{started[0].port}",
        }
        handler.sender = mortal.PROCESSES.Process(target=mortal.send, args=(environment,))
        handler.sender.start()
        handler.sender.join()
        return handler.sender.exitcode

    yield run
    for controller in started:
        controller.stop()


def test_a_mail_whose_worker_was_killed_is_not_sent_twice(run_worker, queue, stored):
    handler = Killing()
    queue(facts={"what": "Release 1"})
    assert [run_worker(handler), run_worker(handler)] == [-signal.SIGKILL, 0]
    assert len(handler.received) == 1
    assert [(mail.state, mail.attempts) for mail in stored()] == [(MailState.SENDING, 1)]


def test_a_batch_whose_worker_was_killed_in_between_reaches_everybody_once(
    session, run_worker, stored
):
    """Three officers with two entries each; the worker dies while it sends the second mail."""
    programme = factories.programme()
    category = factories.category(programme, places=9)
    coordinator = factories.coordinator(programme)
    officers, asked = [], []
    for _ in range(3):
        school = factories.school()
        officers.append(factories.officer(school).email)
        for _ in range(2):
            entry = factories.application(category, school, state=State.SUBMITTED)
            asked.append((entry.ref, Decision(Action.ACCEPT, entry.version)))
    outcomes = decide_many(asked, actor=coordinator.actor, now=clock.now())
    session.commit()  # and nobody is woken: the worker is a process of its own here
    session.info.clear()
    refs = [outcome.application.ref for outcome in outcomes]
    handler = Killing(nth=2)
    ends = [run_worker(handler) for _ in range(3)]
    assert ends == [-signal.SIGKILL, 0, 0]
    assert [receiver for receiver, _message in handler.received] == officers
    for number, (_receiver, message) in enumerate(handler.received):
        plain = message.get_payload()[0].get_payload(decode=True).decode()
        assert [ref in plain for ref in refs] == [
            number * 2 <= place < number * 2 + 2 for place in range(6)
        ]
    assert [(mail.state, mail.attempts) for mail in stored()] == [
        (MailState.SENT, 1),
        (MailState.SENDING, 1),
        (MailState.SENT, 1),
    ]
