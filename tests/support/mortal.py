"""Programs of ours that are killed (SIGKILL) in the middle of their work, once.

The environment says when: `KILLED_AT` is the number of the step in entries' histories after which
the process dies, its transaction still open, and `KILLED_ONCE` a file that is made just before.
"""

import multiprocessing
import os
import signal
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy import event

from scheduler import app as scheduler_app
from scheduler import rooms, worker  # noqa: F401 - all of them: whoever forks need not load them
from scheduler.applications import offer_tasks
from scheduler.applications.models import HistoryEntry
from scheduler.jobs import running
from scheduler.notifications import tasks, templates

# Forked from a process that has loaded the house: loading it takes longer than their work.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def create_app():
    """The application, in a process that will be killed."""
    last, written = int(os.environ["KILLED_AT"]), []

    @event.listens_for(HistoryEntry, "after_insert")
    def count_and_die(_mapper, _connection, entry):
        written.append(entry)
        if len(written) == last and not Path(os.environ["KILLED_ONCE"]).exists():
            Path(os.environ["KILLED_ONCE"]).touch()
            os.kill(os.getpid(), signal.SIGKILL)

    return scheduler_app.create_app(LOG_LEVEL="ERROR")


def run(environment, words):
    """Do the job of that name, or what a task of the worker does, in a process of its own."""
    os.environ.update(environment)
    task, *arguments = words
    with create_app().app_context():
        TASKS[task](*arguments)


def send(environment):
    """Send the mails that are due."""
    os.environ.update(environment)
    templates.add("tests.notice", subject=_l("%(what)s"), body=_l("%(secret_link)s"))
    with scheduler_app.create_app(LOG_LEVEL="ERROR").app_context():
        tasks.send_due()


TASKS = {
    "job": running.run,
    "offers": offer_tasks.end_offers,
    "receipts": offer_tasks.serve_receipts,
}
