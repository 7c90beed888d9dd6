"""A group moved by hand, as the board does it."""

from scheduler import clock
from scheduler.database import transaction
from scheduler.scheduling.board import editing


def put(plan, group, venue, starts_at, actor, edition=None):
    with transaction():
        return editing.move(
            plan,
            application_ref=group.ref,
            venue_code=venue,
            starts_at=starts_at,
            edition=plan.edition if edition is None else edition,
            actor=actor,
            now=clock.now(),
        )
