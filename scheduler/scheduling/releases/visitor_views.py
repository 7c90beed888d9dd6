"""The published timetable for visitors, and the switch that opens it to them."""

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, public
from scheduler.access.permissions import Permission
from scheduler.calendars.addresses import public_url, shared_addresses
from scheduler.calendars.entries import Audience
from scheduler.database import transaction
from scheduler.errors import NotFound
from scheduler.extensions import limiter
from scheduler.formats import local, named, venue_name
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.find import find_programme
from scheduler.scheduling.models import Release
from scheduler.scheduling.releases.timetable_views import blueprint as timetable_blueprint
from scheduler.scheduling.releases.visitors import (
    group_audience,
    hall_audience,
    lines_for_visitors,
    programme_audience,
    set_open,
)
from scheduler.scheduling.timetable import Performance, by_day, latest_release

blueprint = Blueprint("visitors", __name__, url_prefix="/timetables/<string:code>")

OPENED = "for everybody while its programme opens it; names no pupil"
READING_RATE = "240 per minute"


@dataclass(frozen=True)
class _Opened:
    """What stands published of a programme that is open to everybody."""

    programme: Programme
    release: Release | None
    lines: list[Performance]

    @property
    def venues(self) -> list[Venue]:
        """Where something takes place, by code."""
        found = {line.venue.code: line.venue for line in self.lines if line.venue}
        return [found[code] for code in sorted(found)]


@blueprint.get("")
@public(OPENED)
@limiter.limit(READING_RATE)
def whole(code: str) -> str:
    """One day of a programme, and its calendar."""
    opened = _opened(code)
    zone = opened.programme.timezone
    days = by_day(opened.lines, zone)
    dates = [date for date, _lines in days]
    shown = _shown_day(dates, zone)
    return _page(
        opened,
        named(opened.programme.names),
        [(date, lines) for date, lines in days if date == shown],
        programme_audience(opened.programme),
        dates=dates,
        shown=shown,
    )


@blueprint.get("/venues/<string:venue_code>")
@public(OPENED)
@limiter.limit(READING_RATE)
def venue(code: str, venue_code: str) -> str:
    """What takes place at one venue, and its calendar."""
    opened = _opened(code)
    lines = [line for line in opened.lines if line.venue and line.venue.code == venue_code]
    if not lines or lines[0].venue is None:
        raise NotFound
    hall = lines[0].venue
    days = by_day(lines, opened.programme.timezone)
    return _page(opened, venue_name(hall), days, hall_audience(opened.programme, hall))


@blueprint.get("/groups/<string:ref>")
@public(OPENED)
@limiter.limit(READING_RATE)
def group(code: str, ref: str) -> str:
    """When and where one group is on stage, and its calendar."""
    opened = _opened(code)
    lines = [line for line in opened.lines if any(each.ref == ref for each in line.item.groups)]
    shown = next((each for line in lines for each in line.item.groups if each.ref == ref), None)
    if shown is None:
        raise NotFound
    days = by_day(lines, opened.programme.timezone)
    return _page(opened, shown.group_name, days, group_audience(opened.programme, shown))


@timetable_blueprint.post("/visitors")
@access(Permission.PLAN_PUBLISH, find_programme)
def visitors(thing: Programme) -> Response:
    """Open the published timetable to everybody, or close it."""
    is_open = request.form.get("open") == "1"
    with transaction():
        is_changed = set_open(
            thing,
            is_open=is_open,
            actor=current_actor(),
            now=clock.now(),
            public_url=public_url(),
        )
        code = thing.code
    if is_changed and is_open:
        flash(_("Everybody can now read what is published, and subscribe to it."), "success")
    elif is_changed:
        flash(_("Closed: page and public calendars answer nobody any more."), "success")
    return redirect(url_for("timetable.whole", code=code), code=303)


def _opened(code: str) -> _Opened:
    programme = find_programme(code)
    if not programme.is_timetable_public:
        raise NotFound
    release = latest_release(programme)
    return _Opened(programme, release, lines_for_visitors(release) if release else [])


def _shown_day(dates: list[dt.date], zone: str) -> dt.date | None:
    """Return the day that is asked for, else the next one with anything, else the last one."""
    asked = next((date for date in dates if date.isoformat() == request.args.get("day")), None)
    today = local(clock.now(), zone).date()
    return asked or next((date for date in dates if date >= today), dates[-1] if dates else None)


def _page(
    opened: _Opened,
    heading: str,
    days: list[tuple[dt.date, list[Performance]]],
    audience: Audience,
    *,
    dates: list[dt.date] | None = None,
    shown: dt.date | None = None,
) -> str:
    return render_template(
        "scheduling/visitors.html",
        programme=opened.programme,
        release=opened.release,
        heading=heading,
        is_whole=dates is not None,
        dates=dates or [],
        shown=shown,
        days=days,
        venues=opened.venues,
        addresses=shared_addresses(audience, str(get_locale())),
    )
