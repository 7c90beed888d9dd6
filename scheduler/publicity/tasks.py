"""What the worker does for public notices once a night."""

from flask import current_app

from scheduler import clock
from scheduler.database import transaction
from scheduler.publicity import objections


def erase_old_objections() -> None:
    """Erase objectors' data after the time that the settings say."""
    with transaction():
        objections.erase_old(kept_days=current_app.config["OBJECTION_KEPT_DAYS"], now=clock.now())
