"""The job worker's process: runs jobs and periodic tasks until it is told to stop."""

import logging
import os
import threading

from huey.api import Huey

from scheduler import readiness
from scheduler.app import create_app

logger = logging.getLogger(__name__)

NICENESS = 5
"""Where processors are short, a page that somebody waits for has three times a job's share."""


def main() -> None:
    """Run until SIGINT (running jobs finish first) or SIGTERM (they are cut off)."""
    os.nice(NICENESS)
    app = create_app()
    queue: Huey = app.extensions["huey"]
    # Without this each polled message is a line in the log.
    logging.getLogger("huey").setLevel(logging.WARNING)
    threading.Thread(target=_beat, args=(queue,), daemon=True).start()
    consumer = queue.create_consumer(
        workers=app.config["JOB_WORKERS"], worker_type="thread", max_delay=1.0, initial_delay=0.1
    )
    app.extensions["is_stopping"] = consumer.stop_flag.is_set
    consumer.run()


def _beat(queue: Huey) -> None:
    pause = threading.Event()
    while True:
        try:
            readiness.beat(queue)
        except Exception:  # noqa: BLE001 - a database that is away for a moment is no reason to end
            logger.warning("the worker could not note that it lives")
        pause.wait(readiness.BEAT_SECONDS)


if __name__ == "__main__":
    main()
