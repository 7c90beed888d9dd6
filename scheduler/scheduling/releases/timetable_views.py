"""The published timetable: for everybody signed in, by venue, and for each school its own."""

import datetime as dt

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission, Role
from scheduler.applications.published import school_audience
from scheduler.calendars.addresses import public_url, shared_addresses
from scheduler.database import db
from scheduler.formats import format_day, local, named, venue_name
from scheduler.organisations.models import School
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.find import SchoolTimetable, find_programme, find_school, find_venue
from scheduler.scheduling.releases.entries import venue_audience
from scheduler.scheduling.standing import standing_of
from scheduler.scheduling.timetable import (
    Performance,
    TimetableFilter,
    by_day,
    latest_release,
    performances_of,
)

blueprint = Blueprint("timetable", __name__, url_prefix="/programmes/<string:code>/timetable")


@blueprint.get("")
@access(Permission.PROGRAMME_READ, find_programme)
def whole(thing: Programme) -> str:
    """Every published performance by day."""
    release = latest_release(thing)
    lines = performances_of(release) if release else []
    asked = TimetableFilter(
        **{name: request.args.get(name, "") for name in ("day", "venue", "category", "school")}
    )
    shown = [line for line in lines if asked.holds(line, thing.timezone)]
    own_schools = current_actor().scope_ids(Role.SCHOOL_OFFICER)
    taking_part = {i for line in lines for i in line.item.school_ids} & own_schools
    schools = db.session.scalars(
        select(School).where(School.id.in_(taking_part)).order_by(School.name)
    )
    return render_template(
        "scheduling/timetable.html",
        programme=thing,
        release=release,
        days=by_day(shown, thing.timezone),
        filters=_filters(lines, thing.timezone),
        asked=asked,
        venues=_venues(lines),
        schools=list(schools),
        own_schools=own_schools,
        standing=standing_of(thing) if may(Permission.PLAN_READ, thing) else None,
        visitors_url=public_url() + url_for("visitors.whole", code=thing.code),
    )


@blueprint.get("/venues/<string:venue_code>")
@access(Permission.PROGRAMME_READ, find_venue)
def venue(thing: Venue) -> str:
    """One venue's published performances, and its calendar."""
    release = latest_release(thing.programme)
    lines = performances_of(release) if release else []
    own = [line for line in lines if line.venue and line.venue.id == thing.id]
    return render_template(
        "scheduling/timetable_part.html",
        programme=thing.programme,
        release=release,
        heading=venue_name(thing),
        days=by_day(own, thing.programme.timezone),
        sheet_url=url_for("reports.timetable_sheets", code=thing.programme.code, venue=thing.code),
        sheet_label=_("Sheets to post (PDF, A3)"),
        addresses=shared_addresses(venue_audience(thing.programme, thing), str(get_locale())),
    )


@blueprint.get("/schools/<string:school_code>")
@access(Permission.TIMETABLE_READ, find_school)
def school(thing: SchoolTimetable) -> str:
    """One school's published performances, and its calendar."""
    programme = thing.programme
    release = latest_release(programme)
    lines = performances_of(release) if release else []
    own = [line for line in lines if thing.school.id in line.item.school_ids]
    return render_template(
        "scheduling/timetable_part.html",
        programme=programme,
        release=release,
        heading=thing.school.name,
        days=by_day(own, programme.timezone),
        sheet_url=url_for(
            "reports.school_timetable", code=programme.code, school_code=thing.school.code
        ),
        sheet_label=_("Sheet for the leader (PDF, A4)"),
        addresses=shared_addresses(school_audience(thing.school.code), str(get_locale())),
    )


def _venues(lines: list[Performance]) -> list[Venue]:
    found = {line.venue.code: line.venue for line in lines if line.venue}
    return [found[code] for code in sorted(found)]


def _filters(lines: list[Performance], zone: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the drop-downs above the timetable: name, label, and what occurs in it."""
    days = {local(line.starts_at, zone).date() for line in lines}
    venues = {v.code: venue_name(v) for v in _venues(lines)}
    groups = [group for line in lines for group in line.item.groups]
    categories = {each.category.code: named(each.category.names) for each in groups}
    schools = {each.school.code: each.school.name for each in groups}
    return [
        ("day", _("Day"), [("", _("All days")), *_choices(days)]),
        ("venue", _("Venue"), [("", _("All venues")), *venues.items()]),
        ("category", _("Category"), [("", _("All categories")), *sorted(categories.items())]),
        ("school", _("School"), [("", _("All schools")), *sorted(schools.items())]),
    ]


def _choices(days: set[dt.date]) -> list[tuple[str, str]]:
    return [(day.isoformat(), format_day(day)) for day in sorted(days)]
