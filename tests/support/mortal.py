"""Programs of ours that are killed (SIGKILL) in the middle of their work, once.

The environment says when: `KILLED_AT` is the number of the mail about a decision after which the
process dies, its transaction still open, and `KILLED_ONCE` a file that is made just before.
"""

import os
import signal
import sys
from pathlib import Path

from scheduler import app as scheduler_app
from scheduler.applications import notices
from scheduler.database import db


def create_app():
    """The application, in a process that will be killed."""
    tell, last, told = notices.tell_decision, int(os.environ["KILLED_AT"]), []

    def tell_and_die(*arguments, **facts):
        tell(*arguments, **facts)
        told.append(arguments)
        if len(told) == last and not Path(os.environ["KILLED_ONCE"]).exists():
            db.session.flush()
            Path(os.environ["KILLED_ONCE"]).touch()
            os.kill(os.getpid(), signal.SIGKILL)

    notices.tell_decision = tell_and_die
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
