"""What the worker does for accounts once a day."""

from scheduler import clock
from scheduler.accounts import offers, sessions
from scheduler.database import transaction


def forget_old() -> None:
    """Delete sessions and links that ended long ago, and offers that nobody took."""
    with transaction():
        sessions.forget_old(now=clock.now())
        offers.forget_old(now=clock.now())
