"""What the worker does for waiting lists and confirmations each minute, for reviewers each day."""

from scheduler import clock
from scheduler.applications import confirmations, first_come, offers, review_notices
from scheduler.database import transaction


def end_offers() -> None:
    """End offers that nobody answered in time; their places go to the next in line."""
    with transaction():
        offers.lapse(now=clock.now())


def look_after_confirmations() -> None:
    """Remind schools that have not confirmed; pass places on where the programme says so."""
    with transaction():
        confirmations.remind(now=clock.now())
    with transaction():
        confirmations.pass_on(now=clock.now())


def serve_receipts() -> None:
    """Give places to first-come submissions that no request has served: too many, or one died."""
    is_over = False
    while not is_over:
        with transaction():
            is_over = first_come.serve(now=clock.now()) < first_come.AT_ONCE


def tell_reviewers() -> None:
    """Mail the reviewers to whom entries have come since yesterday."""
    with transaction():
        review_notices.tell_reviewers(now=clock.now())
