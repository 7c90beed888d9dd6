"""Wall times of a zone and the instants they stand for. Pure.

Twice a year most zones of the world have an hour that does not exist and one that comes twice;
`zoneinfo` guesses silently. What a coordinator types is judged here instead (domain.md section 9).
"""

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel.speaklater import LazyString

from scheduler.errors import Refused
from scheduler.formats import zone_name
from scheduler.programmes.refusals import Refusal


class Repeated(StrEnum):
    """Which of the two is meant when clocks show a time twice."""

    FIRST = "first"
    SECOND = "second"


def instant_of(
    wall: dt.datetime, zone: str, *, repeated: Repeated | None = None, field: str | None = None
) -> dt.datetime:
    """Return the instant (UTC) at which clocks of the zone show the naive date and time.

    Raises `Refused` when clocks skip that time, and when they show it twice and `repeated` does
    not say which is meant; `field` is the form field that is told so.
    """
    place = ZoneInfo(zone)
    first, second = (wall.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(dt.UTC)
    shown = f"{wall:%Y-%m-%d %H:%M}"
    if not _comes_back(first):
        after = first.astimezone(dt.UTC).astimezone(place)
        raise Refused(
            Refusal.TIME_SKIPPED,
            field=field,
            shown=shown,
            zone=_named(zone),
            instead=f"{after:%H:%M}",
        )
    if repeated is None:
        raise Refused(Refusal.TIME_REPEATED, field=field, shown=shown, zone=_named(zone))
    meant = first if repeated is Repeated.FIRST else second
    return meant.astimezone(dt.UTC)


def wall_time(instant: dt.datetime, zone: str) -> dt.datetime:
    """Return the naive wall time of an instant, as forms show it."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def which_repeated(instant: dt.datetime, zone: str) -> Repeated | None:
    """Return which of two equal wall times an instant is; None if clocks show it only once."""
    local = instant.astimezone(ZoneInfo(zone))
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        return None
    return Repeated.SECOND if local.fold else Repeated.FIRST


def _comes_back(local: dt.datetime) -> bool:
    """Tell whether a wall time survives the way to UTC and back, which skipped ones do not."""
    back = local.astimezone(dt.UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def _named(zone: str) -> LazyString:
    """Say the zone as its reader does, once there is one."""
    return LazyString(zone_name, zone)
