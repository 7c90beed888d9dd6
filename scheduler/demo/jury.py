"""The demo's jury: who hears which categories, when they are there, and their breaks."""

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from scheduler.database import db
from scheduler.demo.festival import Festival
from scheduler.programmes.models import Category
from scheduler.scheduling.parties.busy_models import BusyTime
from scheduler.scheduling.parties.staff_models import Duty, StaffHours, StaffMember

CHOIRS = ("CHOIR_TREBLE_P", "CHOIR_TREBLE_J")
WIND = ("WIND_BAND",)
CHOIR_JURY = ("蔡文清", "罗思远", "Margaret Ellison")
WIND_JUROR = "何振声"
EMAILS = {"Margaret Ellison": "m.ellison@demo.example", WIND_JUROR: "he.zhensheng@demo.example"}
"""Who is asked by mail to attend; the others are told by telephone."""
WIND_HOURS = (dt.time(8, 30), dt.time(18, 30))
INTERVIEW = (dt.time(9, 0), dt.time(10, 0))


def add_jury(festival: Festival, programme_id: int, category_ids: Mapping[str, int]) -> None:
    """Add three jurors for treble choirs, who need breaks, and one for bands, who has hours.

    Two of them have an address, and so are asked to attend when a timetable is published.
    """
    for name in CHOIR_JURY:
        db.session.add(_juror(name, CHOIRS, programme_id, category_ids, breaks=(110, 15)))
    zone = ZoneInfo(festival.zone)
    first, second = festival.dates[:2]
    wind = _juror(WIND_JUROR, WIND, programme_id, category_ids)
    wind.hours = [
        StaffHours(starts_at=starts_at, ends_at=ends_at)
        for day in (first, second)
        for starts_at, ends_at in (_between(day, WIND_HOURS, zone),)
    ]
    starts_at, ends_at = _between(second, INTERVIEW, zone)
    wind.busy_times = [
        BusyTime(
            programme_id=programme_id,
            starts_at=starts_at,
            ends_at=ends_at,
            reason="电台采访",
        )
    ]
    db.session.add(wind)
    db.session.flush()


def _juror(
    name: str,
    categories: tuple[str, ...],
    programme_id: int,
    category_ids: Mapping[str, int],
    *,
    breaks: tuple[int, int] | tuple[None, None] = (None, None),
) -> StaffMember:
    return StaffMember(
        programme_id=programme_id,
        name=name,
        email=EMAILS.get(name),
        duty=Duty.JUROR,
        categories=[db.session.get_one(Category, category_ids[code]) for code in categories],
        most_minutes=breaks[0],
        break_minutes=breaks[1],
    )


def _between(
    day: dt.date, times: tuple[dt.time, dt.time], zone: ZoneInfo
) -> tuple[dt.datetime, dt.datetime]:
    starts, ends = (dt.datetime.combine(day, time, zone).astimezone(dt.UTC) for time in times)
    return starts, ends
