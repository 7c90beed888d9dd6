"""A worker that is killed while it hands a mail over: the mail is never sent a second time."""

import os
import signal
import subprocess
import sys

from aiosmtpd.controller import Controller

from scheduler.notifications.models import MailState
from tests.support.servers import free_port

SENDER = """
from flask_babel import lazy_gettext as _l
from scheduler.app import create_app
from scheduler.notifications import tasks, templates
templates.add("tests.notice", subject=_l("%(what)s"), body=_l("%(secret_link)s"))
with create_app(LOG_LEVEL="ERROR").app_context():
    tasks.send_due()
"""


class Killing:
    """Takes a whole message, and kills whoever sent it before the answer."""

    def __init__(self):
        self.sender = None
        self.received = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.received += 1
        os.kill(self.sender.pid, signal.SIGKILL)
        return "250 OK"


def test_a_mail_whose_worker_was_killed_is_not_sent_twice(app, queue, stored):
    handler = Killing()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    environment = {
        **os.environ,
        "DATABASE_URL": app.config["DATABASE_URL"],
        "INSTANCE_PATH": app.config["INSTANCE_PATH"],
        "MAIL_URL": f"smtp://127.0.0.1:{controller.port}",
    }

    def run_worker():
        handler.sender = subprocess.Popen([sys.executable, "-c", SENDER], env=environment)
        return handler.sender.wait()

    queue(facts={"what": "Release 1"})
    try:
        assert [run_worker(), run_worker()] == [-signal.SIGKILL, 0]
    finally:
        controller.stop()
    assert handler.received == 1
    assert [(mail.state, mail.attempts) for mail in stored()] == [(MailState.SENDING, 1)]
