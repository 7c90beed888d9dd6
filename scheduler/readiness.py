"""What `/readyz` asks besides the database: are the tables of this release, does a worker live."""

import datetime as dt
from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from huey.api import Huey

from scheduler import clock, paths
from scheduler.database import db

BEAT_SECONDS = 10.0
SILENT_AFTER = dt.timedelta(seconds=45)
_KEY = "worker-seen-at"


def init_app(app: Flask) -> None:
    """Add both questions to the application's readiness."""
    queue: Huey = app.extensions["huey"]
    app.extensions["readiness"]["migrations"] = is_migrated
    app.extensions["readiness"]["worker"] = lambda: has_worker(queue)


def is_migrated() -> bool:
    """Tell whether the database is at this release's newest revision."""
    context = MigrationContext.configure(db.session.connection())
    return context.get_current_heads() == _newest()


def beat(queue: Huey) -> None:
    """Note that a worker lives; every worker process does so every `BEAT_SECONDS`."""
    queue.storage.put_data(_KEY, clock.now().isoformat().encode())


def has_worker(queue: Huey) -> bool:
    """Tell whether a worker was seen lately. A queue that runs tasks at once needs none."""
    if queue.immediate:
        return True
    seen = queue.storage.peek_data(_KEY)
    if not isinstance(seen, bytes):
        return False
    return clock.now() - dt.datetime.fromisoformat(seen.decode()) < SILENT_AFTER


@cache
def _newest() -> tuple[str, ...]:
    return tuple(ScriptDirectory(str(paths.migrations())).get_heads())
