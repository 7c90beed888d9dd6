"""The worker's part: calendars that are kept elsewhere are read again, every six hours."""

from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import ANONYMOUS
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.people.keys import current_sealer
from scheduler.scheduling.parties import outside_services
from scheduler.scheduling.parties.outside_models import OutsideCalendar
from scheduler.scheduling.parties.outside_views import fetcher

MOST_AT_ONCE = 2
"""In one minute: a server that takes its time may hold up the others no longer."""


def refresh_outside_calendars() -> None:
    """Read again what is due. What cannot be read keeps its times, and says why on its page.

    Called once a minute; nothing is held while a server is waited for.
    """
    due = [each.id for each in outside_services.due_calendars(clock.now())[:MOST_AT_ONCE]]
    db.session.rollback()
    for calendar_id in due:
        _refresh(calendar_id)


def _refresh(calendar_id: int) -> None:
    calendar = db.session.get_one(OutsideCalendar, calendar_id)
    days, etag = outside_services.days_of(calendar.programme), calendar.etag
    address = outside_services.address_of(calendar, current_sealer())
    db.session.rollback()
    try:
        source, busy = outside_services.fetch_for(days, address, fetcher(), etag=etag)
    except Refused as error:
        with transaction():
            if (standing := _standing(calendar_id)) is not None:
                outside_services.failed(standing, error, now=clock.now())
        return
    with transaction():
        if (standing := _standing(calendar_id)) is not None:
            outside_services.refreshed(
                standing, busy, source.etag, actor=ANONYMOUS, now=clock.now()
            )


def _standing(calendar_id: int) -> OutsideCalendar | None:
    """Return the calendar, held until the transaction ends, if it was not removed meanwhile."""
    query = select(OutsideCalendar).where(OutsideCalendar.id == calendar_id)
    return db.session.scalar(query.with_for_update())
