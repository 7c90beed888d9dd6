"""What a school must change when one of its officers leaves: the address that they know."""

import datetime as dt
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from scheduler.access.permissions import Role
from scheduler.applications.published import school_audience
from scheduler.calendars import links
from scheduler.database import db
from scheduler.organisations.models import School


def replace_school_feeds(
    grants: Iterable[tuple[Role, int]], *, secret_key: str | bytes, now: dt.datetime
) -> int:
    """Give the shared feeds of the officers' schools new addresses; the old ones answer 410.

    Returns how many feeds that were. Other roles know no address that is theirs alone.
    """
    ids = [scope_id for role, scope_id in grants if role is Role.SCHOOL_OFFICER]
    codes = db.session.scalars(select(School.code).where(School.id.in_(ids)))
    audiences = [school_audience(code) for code in codes]
    return links.replace_shared(audiences, secret_key=secret_key, now=now)


def told() -> str:
    """Return what those who stay must know."""
    return str(
        _("The school's calendar has a new address. Whoever subscribes to it must do so anew.")
    )
