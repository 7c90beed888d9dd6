"""The published timetable: for everybody signed in, by venue, and for each school its own."""

from flask import Blueprint, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission, Role
from scheduler.calendars.addresses import shared_addresses
from scheduler.formats import format_day
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.entries import school_audience, venue_audience
from scheduler.scheduling.find import SchoolTimetable, find_programme, find_school, find_venue
from scheduler.scheduling.timetable import (
    Performance,
    Wanted,
    by_day,
    latest_release,
    performances_of,
)

blueprint = Blueprint("timetable", __name__, url_prefix="/programmes/<string:code>/timetable")


@blueprint.get("")
@access(Permission.PROGRAMME_READ, find_programme)
def whole(thing: Programme) -> str:
    """Every published performance by day, or those of one day, one venue, the own school."""
    release = latest_release(thing)
    lines = performances_of(release) if release else []
    own_schools = current_actor().scope_ids(Role.SCHOOL_OFFICER)
    wanted = Wanted.of(request.args, own_schools)
    schools = {
        line.application.school.code: line.application.school
        for line in lines
        if line.application.school_id in own_schools
    }
    return render_template(
        "scheduling/timetable.html",
        programme=thing,
        release=release,
        days=by_day((line for line in lines if wanted.has(line, thing.timezone)), thing.timezone),
        wanted=wanted,
        choices=_choices(lines, thing.timezone),
        venues=_venues(lines),
        schools=list(schools.values()),
        own_schools=own_schools,
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
        heading=thing.name,
        days=by_day(own, thing.programme.timezone),
        addresses=shared_addresses(venue_audience(thing.programme, thing), str(get_locale())),
    )


@blueprint.get("/schools/<string:school_code>")
@access(Permission.TIMETABLE_READ, find_school)
def school(thing: SchoolTimetable) -> str:
    """One school's published performances, and its calendar."""
    programme = thing.programme
    release = latest_release(programme)
    lines = performances_of(release) if release else []
    own = [line for line in lines if line.application.school_id == thing.school.id]
    return render_template(
        "scheduling/timetable_part.html",
        programme=programme,
        release=release,
        heading=thing.school.name,
        days=by_day(own, programme.timezone),
        addresses=shared_addresses(school_audience(thing.school.code), str(get_locale())),
    )


def _choices(lines: list[Performance], zone: str) -> dict[str, list[tuple[str, str]]]:
    """Return what the timetable can be narrowed to, values and words."""
    days = [(day.isoformat(), format_day(day)) for day, _lines in by_day(lines, zone)]
    venues = [(venue.code, venue.name) for venue in _venues(lines)]
    return {
        "day": [("", _("All days")), *days],
        "venue": [("", _("All venues")), *venues],
        "own": [("", _("All schools")), ("yes", _("My school"))],
    }


def _venues(lines: list[Performance]) -> list[Venue]:
    found = {line.venue.code: line.venue for line in lines if line.venue}
    return [found[code] for code in sorted(found)]
