"""What the worker does for waiting lists every minute."""

from scheduler import clock
from scheduler.applications import first_come, offers
from scheduler.database import transaction


def end_offers() -> None:
    """End offers that nobody answered in time; their places go to the next in line."""
    with transaction():
        offers.lapse(now=clock.now())


def serve_receipts() -> None:
    """Give places to first-come submissions that no request has served, should one have died."""
    with transaction():
        first_come.serve_all(now=clock.now())
