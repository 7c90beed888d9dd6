"""What the worker does for waiting lists every minute."""

from scheduler import clock
from scheduler.applications import offers
from scheduler.database import transaction


def end_offers() -> None:
    """End offers that nobody answered in time; their places go to the next in line."""
    with transaction():
        offers.lapse(now=clock.now())
