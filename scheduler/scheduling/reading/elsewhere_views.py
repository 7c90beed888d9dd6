"""The page that says why a group stands where it does, and what another place would cost."""

import datetime as dt
from typing import cast

from flask import render_template, request
from flask_babel import ngettext

from scheduler.access.guard import access
from scheduler.access.permissions import Actor, Permission
from scheduler.errors import Refused
from scheduler.formats import local, venue_name
from scheduler.programmes.local_times import instant_of
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.board.answers import Answer, change_board
from scheduler.scheduling.find import find_plan
from scheduler.scheduling.forms import PlaceForm
from scheduler.scheduling.models import Plan
from scheduler.scheduling.reading.elsewhere import Whereabouts
from scheduler.scheduling.reading.taking import shown, take
from scheduler.web import select_choices


@blueprint.get("/plans/<string:ref>/slots/<string:application>/elsewhere")
@access(Permission.PLAN_READ, find_plan)
def elsewhere(thing: Plan, application: str) -> str | tuple[str, int]:
    """Why here and where else; with `venue` and `starts_at`, what that place would come to."""
    at = Whereabouts(thing, application)
    form = _form(thing, at)
    if not request.args:
        return _page(thing, at, form, survey=at.survey())
    if not form.validate():
        return _page(thing, at, form), 422
    try:
        return _asked(thing, at, form)
    except Refused as refused:
        form.refuse(refused)
        return _page(thing, at, form), 422


@blueprint.post("/plans/<string:ref>/give-way")
@access(Permission.PLAN_EDIT, find_plan)
def give_way(thing: Plan) -> Answer:
    """Make the moves that were shown, of a group and of those that give way, in one step."""

    def deed(edition: int, actor: Actor, now: dt.datetime) -> str:
        wanted = shown(request.form.get("moves", ""))
        take(thing, wanted, edition=edition, actor=actor, now=now)
        count = len(wanted)
        return str(ngettext("%(num)s group moved.", "%(num)s groups moved.", count))

    return change_board(thing, deed)


def _asked(plan: Plan, at: Whereabouts, form: PlaceForm) -> str:
    wall = cast("dt.datetime", form.starts_at.data)
    starts_at = instant_of(wall, plan.programme.timezone, field="starts_at")
    alone = at.alone(form.venue.data, starts_at)
    way = at.with_others(form.venue.data, starts_at) if alone.broken else None
    return _page(plan, at, form, alone=alone, way=way)


def _form(plan: Plan, at: Whereabouts) -> PlaceForm:
    form = PlaceForm(request.args or None, meta={"csrf": False})
    form.venue.choices = select_choices((v.code, venue_name(v)) for v in plan.programme.venues)
    if not request.args and at.slot is not None:
        form.venue.data = at.slot.venue.code
        wall = local(at.slot.starts_at, plan.programme.timezone)
        form.starts_at.data = wall.replace(tzinfo=None)
    return form


def _page(plan: Plan, at: Whereabouts, form: PlaceForm, **told: object) -> str:
    return render_template("scheduling/elsewhere.html", plan=plan, at=at, form=form, **told)


def wall_text(instant: dt.datetime, zone: str) -> str:
    """Return an instant's local time as a form's field for date and time takes it."""
    return f"{local(instant, zone):%Y-%m-%dT%H:%M}"
