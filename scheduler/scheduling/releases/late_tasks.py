"""What the worker does after a release without being asked."""

from scheduler import clock
from scheduler.database import transaction
from scheduler.scheduling.releases import late_calendars


def tell_those_behind() -> None:
    """Mail those whose calendars are late with an urgent change; once for each release.

    Called once a minute; takes the write lock only when a release is half an hour old.
    """
    now = clock.now()
    for release_id in late_calendars.due(now=now):
        with transaction():
            late_calendars.tell_those_behind(release_id, now=now)
