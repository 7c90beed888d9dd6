"""Changes of a draft undone and made again, and what others changed while its board is open."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Actor, Permission
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.board import undoing
from scheduler.scheduling.board.answers import Answer, board_context, change_board, edition_of
from scheduler.scheduling.board.news import news_of
from scheduler.scheduling.find import find_plan
from scheduler.scheduling.models import Plan, PlanState


@blueprint.post("/plans/<string:ref>/undo")
@access(Permission.PLAN_EDIT, find_plan)
def undo(thing: Plan) -> Answer:
    """Take back one's own last change."""
    return _step(thing, undoing.undo, _("Undone."))


@blueprint.post("/plans/<string:ref>/redo")
@access(Permission.PLAN_EDIT, find_plan)
def redo(thing: Plan) -> Answer:
    """Make the change again that one took back last."""
    return _step(thing, undoing.redo, _("Redone."))


@blueprint.get("/plans/<string:ref>/news")
@access(Permission.PLAN_READ, find_plan)
def news(thing: Plan) -> tuple[str, int]:
    """What looks different on a board whose draft was changed after the edition that it shows."""
    since = request.args.get("since", thing.edition, type=int)
    if thing.state is not PlanState.DRAFT or thing.edition <= since:
        return "", 204
    context = board_context(thing, news_of(thing, current_actor(), since=since))
    return render_template("scheduling/board_part.html", **context), 200


def _step(plan: Plan, step: Callable[..., Any], text: str) -> Answer:
    change_id = edition_of(request.form.get("change"))

    def deed(_edition: int, actor: Actor, now: dt.datetime) -> str:
        step(plan, change_id=change_id, actor=actor, now=now)
        return text

    return change_board(plan, deed)
