"""How a guest school has one of its own pupils in an accepted entry substituted."""

from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.accounts.limits import limit_invitations
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.substitution_pages import (
    Answer,
    Side,
    choice_page,
    form_answer,
    requests_page,
)
from scheduler.delegations.blueprint import blueprint
from scheduler.delegations.pupil_views import find_accepted_part


@blueprint.get("/guest-parts/<string:ref>/substitutions")
@access(Permission.APPLICATION_ENTER, find_accepted_part)
def substitutions(thing: GuestPart) -> str:
    """What the school has asked for so far, and its pupils who can be substituted."""
    return requests_page(_side(thing))


@blueprint.get("/guest-parts/<string:ref>/members/<string:person>/substitute")
@access(Permission.APPLICATION_ENTER, find_accepted_part)
def choose_substitute(thing: GuestPart, person: str) -> str | Response:
    """Who comes for a pupil of the school: another of its pupils, or somebody new."""
    return choice_page(_side(thing), person)


@blueprint.route(
    "/guest-parts/<string:ref>/members/<string:person>/substitute/form", methods=["GET", "POST"]
)
@access(Permission.APPLICATION_ENTER, find_accepted_part)
@limit_invitations
def new_substitution(thing: GuestPart, person: str) -> Answer:
    """What is entered of whoever comes, and why; then it is the coordinators' turn."""
    return form_answer(_side(thing), person)


def _side(part: GuestPart) -> Side:
    return Side(part.application, part.school, part)
