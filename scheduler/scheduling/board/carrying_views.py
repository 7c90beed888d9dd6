"""What the board's script asks while a group is carried."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.errors import Refused
from scheduler.formats import venue_name
from scheduler.programmes.local_times import instant_of
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.board.trying import try_onto, try_place
from scheduler.scheduling.find import find_plan
from scheduler.scheduling.forms import PlaceForm
from scheduler.scheduling.models import Plan
from scheduler.texts import sentence
from scheduler.web import select_choices

TEMPLATE = "scheduling/board_try.html"


@blueprint.get("/plans/<string:ref>/slots/<string:application>/try")
@access(Permission.PLAN_EDIT, find_plan)
def try_move(thing: Plan, application: str) -> tuple[str, int]:
    """What the group would break in another place, in words; nothing is changed.

    With `other`, a group that stands there, also what a swap of the two would break.
    """
    form = PlaceForm(request.args, meta={"csrf": False})
    form.venue.choices = select_choices((v.code, venue_name(v)) for v in thing.programme.venues)
    if not form.validate():
        return render_template(TEMPLATE, refusal=_("There is no such place.")), 422
    wall: Any = form.starts_at.data
    place = {
        "application_ref": application,
        "venue_code": form.venue.data,
        "starts_at": instant_of(wall, thing.programme.timezone),
    }
    other, swapped = request.args.get("other"), None
    try:
        if other:
            tried, swapped = try_onto(thing, other_ref=other, **place)
        else:
            tried = try_place(thing, **place)
    except Refused as error:
        return render_template(TEMPLATE, refusal=sentence(error.code, **error.facts)), 409
    return render_template(TEMPLATE, tried=tried, swapped=swapped), 200
