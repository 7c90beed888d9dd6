"""Pages on which coordinators record results, release them, and print the certificate list."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission, can
from scheduler.applications import results
from scheduler.applications.certificates import Certificate, certificates_of
from scheduler.applications.models import Application, Result
from scheduler.applications.reading import note_programme_reading
from scheduler.applications.results import Entered
from scheduler.applications.texts import ROLE_LABELS
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.formats import named
from scheduler.listing import Page, page_of
from scheduler.programmes.levels import levels_of
from scheduler.programmes.models import Category, Programme
from scheduler.programmes.services import find_programme as programme_by_code
from scheduler.spreadsheets.writing import table_workbook
from scheduler.texts import sentence

blueprint = Blueprint("results", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def find_programme(code: str) -> Programme:
    """Return the programme of an address."""
    return programme_by_code(code)


@blueprint.get("/programmes/<string:code>/results")
@access(Permission.APPLICATION_DECIDE, find_programme)
def record(thing: Programme) -> str:
    """All accepted groups with their results, to be chosen in one go."""
    return _record_page(thing, {})


@blueprint.post("/programmes/<string:code>/results")
@access(Permission.APPLICATION_DECIDE, find_programme)
def save(thing: Programme) -> Response | tuple[str, int]:
    """Take over what was changed; nothing if one of them was changed by somebody else."""
    refs = [name.removeprefix("was-") for name in request.form if name.startswith("was-")]
    values = {ref: request.form.get(f"result-{ref}", "").strip() for ref in refs}
    entered = [Entered(ref, request.form[f"was-{ref}"], value) for ref, value in values.items()]
    try:
        with transaction():
            count = results.record(thing, entered, actor=current_actor(), now=clock.now())
    except Refused as error:
        problem = {error.field or "": sentence(error.code, **error.facts)}
        return _record_page(thing, problem, values), 422
    text = ngettext("%(num)s result was saved.", "%(num)s results were saved.", count)
    flash(text, "success")
    return redirect(_back(thing), code=303)


@blueprint.post("/programmes/<string:code>/results/release")
@access(Permission.APPLICATION_DECIDE, find_programme)
def release(thing: Programme) -> Response:
    """Show the results to the schools, or hide them again."""
    is_released = request.form.get("show") == "yes"
    with transaction():
        results.release(thing, is_released=is_released, actor=current_actor(), now=clock.now())
    if is_released:
        flash(_("Each school now sees its own groups' results."), "success")
    else:
        flash(_("Schools no longer see the results."), "info")
    return redirect(_back(thing), code=303)


@blueprint.get("/programmes/<string:code>/certificates")
@access(Permission.PERSON_READ, find_programme)
def certificates(thing: Programme) -> str:
    """The certificate list, for printing."""
    found = certificates_of(thing, _category(thing))
    note_programme_reading(thing, people=_people(found))
    return render_template(
        "applications/certificates.html",
        programme=thing,
        certificates=found,
        category=_category(thing),
    )


@blueprint.get("/programmes/<string:code>/certificates/workbook")
@access(Permission.PERSON_READ, find_programme)
def workbook(thing: Programme) -> Response:
    """The certificate list as .xlsx: a row for each person, everything as text."""
    found = certificates_of(thing, _category(thing))
    note_programme_reading(thing, people=_people(found))
    headings = (_("Category"), _("Group"), _("School"), _("Result"), _("Role"), _("Name"))
    rows = [
        (
            named(each.application.category.names),
            each.application.group_name,
            each.application.school.name,
            result_words(each.result),
            str(ROLE_LABELS[person.role]),
            person.name,
            person.latin_name or "",
        )
        for each in found
        for person in each.people
    ]
    content = table_workbook(_("Certificates"), (*headings, _("Latin name")), rows)
    name = f"{thing.code}-certificates.xlsx"
    answer = send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def result_words(result: Result) -> str:
    """Return a result as people read it."""
    if result.level is not None:
        return named(result.level.names)
    return str(_("Rank %(rank)s", rank=result.rank))


def _record_page(
    programme: Programme, problems: dict[str, str], values: dict[str, str] | None = None
) -> str:
    category = _category(programme)
    page: Page[Application] = page_of(
        results.accepted(programme, category),
        sorts=results.ORDER,
        default_sort="category",
        per_page=200,
    )
    stored = results.results_by_id([application.id for application in page.items])
    actor = current_actor()
    return render_template(
        "applications/results.html",
        programme=programme,
        category=category,
        page=page,
        values={each.ref: results.result_value(stored.get(each.id)) for each in page.items},
        typed=values or {},
        own={
            each.ref
            for each in page.items
            if not can(actor, Permission.APPLICATION_DECIDE, each.subject)
        },
        levels=[(str(level.id), named(level.names)) for level in levels_of(programme)],
        problems=problems,
    )


def _category(programme: Programme) -> Category | None:
    """Return the category that the address asks for, None for all."""
    code = request.args.get("category", "")
    return next((each for each in programme.categories if each.code == code), None)


def _back(programme: Programme) -> str:
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("category", "page") if name in request.args
    }
    return url_for("results.record", code=programme.code, **kept)


def _people(found: list[Certificate]) -> int:
    return sum(len(each.people) for each in found)
