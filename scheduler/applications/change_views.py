"""What is done with changed fields alone, from the page of the case."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications import changes, later_changes
from scheduler.applications.blueprint import blueprint
from scheduler.applications.case_views import case_page, find_reviewable
from scheduler.applications.current_form import form_for
from scheduler.applications.forms import decision_forms
from scheduler.applications.models import Application
from scheduler.applications.queue_views import kept_filters
from scheduler.database import transaction
from scheduler.errors import Conflict, Refused
from scheduler.texts import sentence
from scheduler.web import shown_version

Answer = Response | tuple[str, int]


@blueprint.post("/applications/<string:ref>/changes/approve")
@access(Permission.APPLICATION_NOMINATE, find_reviewable)
def approve_changes(thing: Application) -> Answer:
    """Approve the changed fields that were ticked; with all of them the entry goes on."""
    chosen, version = request.form.getlist("field"), shown_version()
    try:
        with transaction():
            changes.approve(thing, chosen, version=version, actor=current_actor(), now=clock.now())
    except (Refused, Conflict) as error:
        return _refused(thing, error)
    flash(_("The changes are approved."), "success")
    return _back(thing)


@blueprint.post("/applications/<string:ref>/changes/undo")
@access(Permission.APPLICATION_DECIDE, find_reviewable)
def undo_changes(thing: Application) -> Answer:
    """Put back what an accepted group answered before, where ticked, and tell its school."""
    chosen, version = request.form.getlist("field"), shown_version()
    try:
        with transaction():
            later_changes.undo(
                thing,
                chosen,
                form_for(thing),
                version=version,
                actor=current_actor(),
                now=clock.now(),
            )
    except (Refused, Conflict) as error:
        return _refused(thing, error)
    flash(_("The changes are undone; what was approved before stands again."), "success")
    return _back(thing)


def _back(application: Application) -> Response:
    return redirect(url_for("applications.case", ref=application.ref, **kept_filters()), code=303)


def _refused(application: Application, error: Refused | Conflict) -> tuple[str, int]:
    """Show the case as it stands now, and why nothing was done."""
    problem = _(
        "Somebody else has changed this application since you opened it. Nothing was applied; "
        "below is how it stands now."
    )
    if isinstance(error, Refused):
        problem = sentence(error.code, **error.facts)
    return case_page(application, decision_forms(form_for(application)), problem=problem), 409
