"""Joins the warnings about pupils in several groups to the application's pages."""

from flask import Flask

from scheduler.access.guard import current_actor, may
from scheduler.access.permissions import Permission
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.guests import own_people, part_people
from scheduler.applications.member_links import EVERYBODY
from scheduler.applications.models import Application
from scheduler.clashes import views
from scheduler.clashes.lines import Line, lines_of_group


def init_app(app: Flask) -> None:
    """Register the list, and what pages of groups ask."""
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["other_groups"] = _other_groups


def _other_groups(application: Application, part: GuestPart | None = None) -> list[Line]:
    """Return the other groups of those pupils whom the page's reader answers for or decides on."""
    actor = current_actor()
    if part is not None:
        return lines_of_group(actor, application, part_people(part)) if part.takes_part else []
    if may(Permission.APPLICATION_DECIDE, application):
        return lines_of_group(actor, application, EVERYBODY)
    if may(Permission.APPLICATION_ENTER, application):
        return lines_of_group(actor, application, own_people(application))
    return []
