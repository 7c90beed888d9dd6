"""The navigation's ways in, which name no programme: to the only one, or to a choice."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission, Role
from scheduler.database import db
from scheduler.formats import named
from scheduler.programmes.models import Programme

blueprint = Blueprint("entrances", __name__)

LATEST_FIRST = select(Programme).order_by(Programme.starts_on.desc(), Programme.id)


@blueprint.get("/planning")
@access(Permission.PLAN_READ)
def planning() -> str | Response:
    """Lead coordinators to the drafts of their programme."""
    own = Programme.id.in_(current_actor().scope_ids(Role.COORDINATOR))
    found = db.session.scalars(LATEST_FIRST.where(own)).all()
    return _lead(found, "scheduling.plans", _("Planning"))


@blueprint.get("/timetable")
@access(Permission.PROGRAMME_READ)
def timetable() -> str | Response:
    """Lead everybody to the published timetable."""
    found = db.session.scalars(LATEST_FIRST).all()
    return _lead(found, "timetable.whole", _("Timetable"))


def _lead(programmes: Sequence[Programme], endpoint: str, title: str) -> str | Response:
    choices = [(named(each.names), url_for(endpoint, code=each.code)) for each in programmes]
    if len(choices) == 1:
        return redirect(choices[0][1])
    return render_template("scheduling/entrance.html", title=title, choices=choices)
