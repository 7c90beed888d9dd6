"""The published timetable as PDF, for whoever may read its page; no pupil is named in it."""

from flask import current_app, request
from flask_babel import get_locale
from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.errors import NotFound
from scheduler.programmes.models import Programme
from scheduler.reports.blueprint import blueprint
from scheduler.reports.pdf_answer import pdf_answer
from scheduler.reports.timetable_pdf import day_sheets, school_sheets
from scheduler.scheduling.find import SchoolTimetable, find_programme, find_school
from scheduler.scheduling.models import Release
from scheduler.scheduling.timetable import (
    Performance,
    TimetableFilter,
    latest_release,
    performances_of,
)


@blueprint.get("/programmes/<string:code>/timetable/pdf")
@access(Permission.PROGRAMME_READ, find_programme)
def timetable_sheets(thing: Programme) -> Response:
    """A3 sheets of what the page shows: everything, or a day, a venue, a category, a school."""
    release = _release(thing)
    asked = TimetableFilter(
        **{name: request.args.get(name, "") for name in ("day", "venue", "category", "school")}
    )
    lines = [line for line in performances_of(release) if asked.holds(line, thing.timezone)]
    _demand_any(lines)
    content = day_sheets(
        release, lines, locale=str(get_locale()), font=current_app.config["PDF_FONT"]
    )
    return pdf_answer(content, f"{thing.code}-{release.number}")


@blueprint.get("/programmes/<string:code>/timetable/schools/<string:school_code>/pdf")
@access(Permission.TIMETABLE_READ, find_school)
def school_timetable(thing: SchoolTimetable) -> Response:
    """A4 sheets of one school's groups, for its leaders to carry."""
    release = _release(thing.programme)
    lines = [line for line in performances_of(release) if thing.school.id in line.item.school_ids]
    _demand_any(lines)
    content = school_sheets(
        release, thing.school, lines, locale=str(get_locale()), font=current_app.config["PDF_FONT"]
    )
    return pdf_answer(content, f"{thing.programme.code}-{release.number}-{thing.school.code}")


def _release(programme: Programme) -> Release:
    release = latest_release(programme)
    if release is None:
        raise NotFound
    return release


def _demand_any(lines: list[Performance]) -> None:
    if not lines:
        raise NotFound
