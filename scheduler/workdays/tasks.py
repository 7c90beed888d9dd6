"""Nightly: propose the days of this year and the next where there are none yet."""

from scheduler import clock
from scheduler.database import transaction
from scheduler.workdays import services


def keep_up() -> None:
    """Fill in what nobody has touched; announced make-up days are still to be entered by hand."""
    with transaction():
        services.keep_up(now=clock.now())
