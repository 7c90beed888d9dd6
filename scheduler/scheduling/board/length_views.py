"""How long a group is on stage in a draft: tried while its end is dragged, then changed."""

import datetime as dt

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.access.guard import access
from scheduler.access.permissions import Actor, Permission
from scheduler.errors import Refused
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.board import editing
from scheduler.scheduling.board.answers import Answer, change_board
from scheduler.scheduling.board.trying import try_length
from scheduler.scheduling.board.views import slot_page
from scheduler.scheduling.find import find_plan
from scheduler.scheduling.forms import LengthForm
from scheduler.scheduling.models import Plan
from scheduler.texts import sentence

TEMPLATE = "scheduling/board_try.html"


@blueprint.get("/plans/<string:ref>/slots/<string:application>/length")
@access(Permission.PLAN_EDIT, find_plan)
def try_resize(thing: Plan, application: str) -> tuple[str, int]:
    """What another length would break, in words; nothing is changed."""
    minutes = request.args.get("minutes", 0, type=int)
    try:
        tried = try_length(thing, application_ref=application, minutes=minutes)
    except Refused as error:
        return render_template(TEMPLATE, refusal=sentence(error.code, **error.facts)), 409
    return render_template(TEMPLATE, tried=tried), 200


@blueprint.post("/plans/<string:ref>/slots/<string:application>/length")
@access(Permission.PLAN_EDIT, find_plan)
def resize(thing: Plan, application: str) -> Answer:
    """Allot the group another time on stage; the board says at once what that breaks."""
    form = LengthForm()
    form.limit(editing.slot_of(thing, application).item.minutes)
    if not form.validate_on_submit():
        return slot_page(thing, application, length_form=form), 422
    minutes = form.minutes.data or 0

    def deed(edition: int, actor: Actor, now: dt.datetime) -> str:
        editing.resize(
            thing,
            application_ref=application,
            minutes=minutes,
            edition=edition,
            actor=actor,
            now=now,
        )
        return _said(application, minutes)

    return change_board(thing, deed, group=application)


def _said(application: str, minutes: int) -> str:
    said = str(ngettext("Now %(num)s minute on stage.", "Now %(num)s minutes on stage.", minutes))
    seconds = editing.stated_seconds(application)
    if seconds <= 60 * minutes:
        return said
    stated = _("The works that it stated last %(time)s.", time=f"{seconds // 60}:{seconds % 60:02}")
    return f"{said} {stated}"
