"""Programs of ours that are killed (SIGKILL) in the middle of their work, once.

The environment says when: `KILLED_AT` is the number of the step in entries' histories after which
the process dies, its transaction still open, and `KILLED_ONCE` a file that is made just before.
"""

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event

from scheduler import app as scheduler_app
from scheduler.applications.models import HistoryEntry


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


if __name__ == "__main__":
    from scheduler.applications import offer_tasks
    from scheduler.jobs import running

    work = {
        "job": running.run,
        "offers": offer_tasks.end_offers,
        "receipts": offer_tasks.serve_receipts,
    }
    with create_app().app_context():
        work[sys.argv[1]](*sys.argv[2:])
