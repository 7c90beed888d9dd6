"""The statistics page of a programme, and its numbers as a workbook."""

from io import BytesIO
from typing import Any

from flask import render_template, request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission
from scheduler.applications import queries, queues
from scheduler.formats import format_instant, named
from scheduler.programmes.models import Programme
from scheduler.reports.application_lists import find_reviewed
from scheduler.reports.blueprint import blueprint
from scheduler.reports.statistics import Chosen, Statistics, statistics
from scheduler.reports.statistics_words import blocks, drawing, figures, sheets
from scheduler.reports.writing import Format, write_workbook


@blueprint.get("/programmes/<string:code>/statistics")
@access(Permission.APPLICATION_REVIEW)
def show_statistics(code: str) -> str:
    """All numbers of what the reader's queue holds, drawn, with a table below each drawing."""
    programme, scope, chosen = _asked(code)
    found = statistics(programme, scope, chosen)
    categories = queries.categories_of(programme)
    return render_template(
        "reports/statistics.html",
        programme=programme,
        chosen=chosen,
        figures=figures(found),
        drawings=[drawing(block) for block in blocks(found)],
        is_whole=may(Permission.APPLICATION_DECIDE, programme),
        choices={
            "category": [(each.code, named(each.names)) for each in categories],
            "district": queues.districts_in(scope),
        },
    )


@blueprint.get("/programmes/<string:code>/statistics/workbook")
@access(Permission.APPLICATION_REVIEW)
def statistics_workbook(code: str) -> Response:
    """The same numbers as a workbook, a sheet for each drawing."""
    programme, scope, chosen = _asked(code)
    return _workbook(programme, statistics(programme, scope, chosen))


def _asked(code: str) -> tuple[Programme, Any, Chosen]:
    actor = current_actor()
    programme = find_reviewed(actor, code)
    chosen = Chosen(request.args.get("category", ""), request.args.get("district", ""))
    return programme, queues.reach(actor, programme), chosen


def _workbook(programme: Programme, found: Statistics) -> Response:
    now = clock.now()
    mark = _(
        "%(programme)s, as of %(when)s",
        programme=named(programme.names),
        when=format_instant(now, programme.timezone),
    )
    file = BytesIO()
    write_workbook(sheets(found, mark), file, author=current_actor().name)
    file.seek(0)
    name = f"statistics-{programme.code}-{now.date().isoformat()}.xlsx"
    answer = send_file(file, Format.XLSX.media_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
