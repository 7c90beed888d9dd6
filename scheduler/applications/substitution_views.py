"""How a school substitutes a member of an accepted group: who leaves, who comes, and why."""

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts.limits import limit_invitations
from scheduler.applications import substitutions
from scheduler.applications.guests import part_of
from scheduler.applications.models import Application
from scheduler.applications.queries import find_application
from scheduler.applications.substitution_models import Substitution
from scheduler.applications.substitution_pages import (
    Answer,
    Side,
    choice_page,
    form_answer,
    requests_page,
)
from scheduler.applications.substitution_queries import find_substitution
from scheduler.database import transaction

blueprint = Blueprint("substitutions", __name__)


@blueprint.get("/applications/<string:ref>/substitutions")
@access(Permission.APPLICATION_ENTER, find_application)
def entry(thing: Application) -> str:
    """What was asked for so far, and the members who can be substituted."""
    return requests_page(_own(thing))


@blueprint.get("/applications/<string:ref>/members/<string:person>/substitute")
@access(Permission.APPLICATION_ENTER, find_application)
def choose(thing: Application, person: str) -> str | Response:
    """Who comes: somebody whom the school has entered before, or somebody new."""
    return choice_page(_own(thing), person)


@blueprint.route(
    "/applications/<string:ref>/members/<string:person>/substitute/form", methods=["GET", "POST"]
)
@access(Permission.APPLICATION_ENTER, find_application)
@limit_invitations
def new(thing: Application, person: str) -> Answer:
    """What is entered of whoever comes, and why; then it is the coordinators' turn."""
    return form_answer(_own(thing), person)


@blueprint.post("/substitutions/<string:substitution>/withdraw")
@access(Permission.APPLICATION_ENTER, find_substitution)
def withdraw(thing: Substitution) -> Response:
    """Take a request back, as the school that made it: the entry's own, or a guest."""
    application, school = thing.application, thing.school
    part = part_of(application, school.id) if thing.is_of_guest else None
    address = Side(application, school, part).address()
    with transaction():
        substitutions.drop(thing, actor=current_actor(), now=clock.now())
    flash(_("The request has been withdrawn. The group stays as it is."), "info")
    return redirect(address, code=303)


def _own(application: Application) -> Side:
    return Side(application, application.school)
