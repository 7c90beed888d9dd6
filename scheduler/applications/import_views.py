"""A school's way to enter groups by workbook: download, upload, problems or preview, confirm."""

from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.applications import import_services
from scheduler.applications.current_form import current_form
from scheduler.applications.import_pages import (
    PROBLEM_COLUMNS,
    change_row,
    change_tabs,
    equal_ones,
    errors_first,
    figures,
    of_kind,
    problem_row,
    sliced,
)
from scheduler.applications.import_services import APPLY_ROSTER, READ_ROSTER
from scheduler.applications.import_upload import (
    Answer,
    UploadPlace,
    download,
    place_of,
    start_answer,
    start_job,
    workbook_answer,
)
from scheduler.applications.models import ImportState, RosterImport
from scheduler.database import db, transaction
from scheduler.jobs.models import Job
from scheduler.organisations.models import School
from scheduler.organisations.services import find_school as find_school_by_code
from scheduler.people.keys import current_sealer
from scheduler.programmes.category_services import find_category
from scheduler.texts import sentence

blueprint = Blueprint("imports", __name__)

_PLACE = "/programmes/<string:code>/categories/<string:category>/schools/<string:school>"


def find_school(school: str) -> School:
    """Find the school that the address names."""
    return find_school_by_code(school)


def find_import(ref: str) -> RosterImport:
    """Find the import that the address names."""
    return import_services.find(ref)


@blueprint.route(f"{_PLACE}/import", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_school)
def start(thing: School, code: str, category: str) -> Answer:
    """Download the entry workbook here, and upload it when it is filled in."""
    return start_answer(UploadPlace(thing, find_category(code, category)))


@blueprint.get(f"{_PLACE}/entry-workbook")
@access(Permission.APPLICATION_ENTER, find_school)
def workbook(thing: School, code: str, category: str) -> Response:
    """The workbook to fill in, with what the school has entered so far."""
    return workbook_answer(UploadPlace(thing, find_category(code, category)))


@blueprint.get("/imports/<string:ref>")
@access(Permission.APPLICATION_ENTER, find_import)
def show(thing: RosterImport) -> str | Response:
    """Where the import stands: still being read, its problems, its preview, or done."""
    job = db.session.get(Job, thing.job_id) if thing.job_id else None
    if thing.state in {ImportState.READING, ImportState.APPLYING} and job and job.is_live:
        return redirect(url_for("jobs.show", ref=job.ref))
    found = import_services.findings(thing, current_sealer())
    kind = request.args.get("kind", "")
    form = current_form(thing.category, thing.school)
    return render_template(
        "applications/import.html",
        roster_import=thing,
        place=place_of(thing),
        preview_version=import_services.preview_version(thing),
        problem_columns=PROBLEM_COLUMNS,
        problems=sliced(equal_ones(errors_first(found.problems)), partial(problem_row, form=form)),
        changes=sliced(of_kind(found.lines, kind), partial(change_row, form=form)),
        tabs=change_tabs(thing, found.lines, kind),
        group_figures=figures(thing, "groups"),
        member_figures=figures(thing, "members"),
        left_out=found.left_out,
        refusal=_refusal(thing),
    )


@blueprint.get("/imports/<string:ref>/marked-workbook")
@access(Permission.APPLICATION_ENTER, find_import)
def marked(thing: RosterImport) -> Response:
    """The upload with the bad cells marked."""
    content = import_services.marked_workbook_of(thing, current_sealer())
    stem = thing.file_name.rpartition(".")[0] or thing.file_name
    return download(content, f"{stem}-{_('marked')}.xlsx")


@blueprint.post("/imports/<string:ref>/confirm")
@access(Permission.APPLICATION_ENTER, find_import)
def confirm(thing: RosterImport) -> Response:
    """Apply what the preview that was looked at shows, by a job."""
    with transaction():
        import_services.confirm(
            thing,
            request.form.get("preview", ""),
            withdraws_left_out=request.form.get("withdraw_left_out") == "yes",
        )
        ref = start_job(thing, APPLY_ROSTER).ref
    return redirect(url_for("jobs.show", ref=ref), code=303)


@blueprint.post("/imports/<string:ref>/check-again")
@access(Permission.APPLICATION_ENTER, find_import)
def check_again(thing: RosterImport) -> Response:
    """Read the same upload once more, against what is stored now."""
    with transaction():
        import_services.read_again(thing)
        ref = start_job(thing, READ_ROSTER).ref
    return redirect(url_for("jobs.show", ref=ref), code=303)


@blueprint.post("/imports/<string:ref>/discard")
@access(Permission.APPLICATION_ENTER, find_import)
def discard(thing: RosterImport) -> Response:
    """Throw the upload away; nothing of it has been stored among the entries."""
    with transaction():
        import_services.discard(thing, now=clock.now())
    flash(_("The upload has been thrown away. Nothing was changed."), "info")
    return redirect(place_of(thing).start_url, code=303)


def _refusal(roster_import: RosterImport) -> str | None:
    kept: dict[str, Any] | None = roster_import.counts.get("refusal")
    return None if kept is None else sentence(kept["code"], **kept["facts"])
