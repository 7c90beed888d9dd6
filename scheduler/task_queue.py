"""The queue that wakes the worker: on PostgreSQL in the same database, else beside SQLite.

A message carries a job's id and nothing else; what is to be done stands in the job's row, so a
lost message costs a delay and never the work (see `jobs.services.requeue_lost`).
"""

import logging
import sqlite3
from contextlib import suppress
from pathlib import Path

import psycopg
from flask import current_app
from huey import MemoryHuey, PostgresHuey, SqliteHuey
from huey.api import Huey

NAME = "scheduler"
logger = logging.getLogger(__name__)


def make_queue(database_url: str, instance: Path, *, in_memory: bool = False) -> Huey:
    """Return the queue for a deployment; `in_memory` runs tasks at once, in the caller."""
    if in_memory:
        return MemoryHuey(NAME, immediate=True, immediate_use_memory=True)
    if database_url.startswith("postgresql"):
        dsn = "postgresql" + database_url[database_url.index("://") :]
        return PostgresHuey(NAME, dsn=dsn)
    return SqliteHuey(NAME, filename=str(instance / "queue.db"), fsync=False)


def wake(task: str, *arguments: str) -> None:
    """Send a message to the worker: the name of one of its tasks, and ids.

    A connection to the queue that was cut is opened anew. What the queue does not take even then is
    only late: whoever asked has committed already, and must not be told that it failed.
    """
    send = current_app.extensions["tasks"][task]
    for _try in range(2):
        try:
            send(*arguments)
        except (psycopg.Error, sqlite3.Error):
            with suppress(psycopg.Error, sqlite3.Error):
                send.huey.storage.close()
        else:
            return
    logger.warning("The queue took no message for %s.", task)
