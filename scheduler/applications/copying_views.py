"""How a school copies last year's people into a draft: which entry, then who of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications import copying
from scheduler.applications.copying import CopyRefusal
from scheduler.applications.current_form import current_form
from scheduler.applications.findings import CODE_BY_FAULT
from scheduler.applications.import_views import find_school
from scheduler.applications.models import Application
from scheduler.applications.reading import note_reading
from scheduler.applications.roster_writing import Writing
from scheduler.applications.texts import FINDING_LABELS
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.listing import page_of
from scheduler.organisations.models import School
from scheduler.people.keys import current_sealer
from scheduler.programmes.category_services import find_category
from scheduler.programmes.models import Category
from scheduler.texts import add_sentences, sentence
from scheduler.web import whole_numbers

blueprint = Blueprint("copying", __name__)

_PLACE = "/programmes/<string:code>/categories/<string:category>/schools/<string:school>/copies"
LONGEST_NAME = 80

add_sentences(
    {
        CopyRefusal.NOBODY_CHOSEN: _l("Tick whoever takes part this time."),
        CopyRefusal.NOT_DECLARED: _l(
            "Consents of an earlier programme do not count. Ask the guardians, then declare that "
            "the school holds their consent for this one."
        ),
    }
)


@blueprint.get(_PLACE)
@access(Permission.APPLICATION_ENTER, find_school)
def index(thing: School, code: str, category: str) -> str:
    """The school's earlier entries, those most like this category first."""
    chosen = find_category(code, category)
    query = copying.earlier_entries(thing, chosen)
    page = page_of(query, sorts={"likeness": ()}, default_sort="likeness", scalars=False)
    return render_template(
        "applications/copying_index.html", school=thing, category=chosen, page=page
    )


@blueprint.route(f"{_PLACE}/<string:source>", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_school)
def choose(
    thing: School, code: str, category: str, source: str
) -> str | Response | tuple[str, int]:
    """Everybody of an earlier entry with a tick box, and where the ticked ones go."""
    chosen = find_category(code, category)
    earlier = copying.find_earlier(source, thing, chosen)
    if request.method == "GET":
        return _page(thing, chosen, earlier)
    ticked = whole_numbers("member")
    try:
        with transaction():
            made = _copied(thing, find_category(code, category), source, ticked)
            ref, pupils = made.ref, len(made.members)
    except Refused as refused:
        return _page(thing, chosen, earlier, ticked, refused), 422
    text = ngettext(
        "%(num)s person is in the draft now. Complete it and submit it.",
        "%(num)s people are in the draft now. Complete it and submit it.",
        pupils,
    )
    flash(text, "success")
    return redirect(url_for("applications.show", ref=ref), code=303)


def _copied(school: School, category: Category, source: str, ticked: set[int]) -> Application:
    earlier = copying.find_earlier(source, school, category)
    form = current_form(category, school)
    writing = Writing(current_actor(), school, category, current_sealer(), clock.now(), form)
    target = None
    if wanted := request.form.get("target"):
        drafts = {draft.ref: draft for draft in copying.drafts_of(school, category)}
        if wanted not in drafts:
            raise NotFound
        target = drafts[wanted]
    return copying.copy_people(
        copying.candidates(earlier, school, category),
        ticked,
        writing,
        target=target,
        group_name=request.form.get("name", "").strip()[:LONGEST_NAME] or earlier.group_name,
        is_declared=request.form.get("is_declared") == "y",
    )


def _page(
    school: School,
    category: Category,
    earlier: Application,
    ticked: set[int] | None = None,
    refused: Refused | None = None,
) -> str:
    found = copying.candidates(earlier, school, category)
    note_reading(earlier, people=len(found))
    if ticked is None:
        ticked = {each.member.id for each in found if each.fits}
    facts: dict[str, Any] = {
        "school": school,
        "category": category,
        "earlier": earlier,
        "candidates": found,
        "ticked": ticked,
        "problem": sentence(refused.code, **refused.facts) if refused else None,
        "is_undeclared": refused is not None and refused.field == "is_declared",
        "drafts": copying.drafts_of(school, category),
        "fault_labels": {fault: FINDING_LABELS[code] for fault, code in CODE_BY_FAULT.items()},
    }
    return render_template("applications/copying_choose.html", **facts)
