"""What the worker does for calendars without being asked."""

from scheduler import clock
from scheduler.calendars import feeds, links, services
from scheduler.database import transaction


def look_after() -> None:
    """Forget cancelled entries that are long past, and end links that lead to the past only.

    Steps between versions of feeds are forgotten after two months.

    Called once a minute; takes the write lock only when there is something to do.
    """
    now = clock.now()
    if services.has_past_tombstones(now=now) or links.past_links(now=now):
        with transaction():
            links.end_past_links(now=now)  # first: tombstones tell when something was to end
            services.drop_past_tombstones(now=now)
    if feeds.has_old_changes(now=now):
        with transaction():
            feeds.drop_old_changes(now=now)
