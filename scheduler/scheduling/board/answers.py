"""What the board answers with: the whole page, or what looks different since a page was made."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import current_actor, may
from scheduler.access.permissions import Actor, Permission
from scheduler.database import transaction
from scheduler.errors import Conflict, Refused
from scheduler.scheduling import services
from scheduler.scheduling.board.contents import board_of
from scheduler.scheduling.board.lanes import Shown, frame_of, mark_of
from scheduler.scheduling.board.news import News, news_of
from scheduler.scheduling.board.sight import Sight
from scheduler.scheduling.models import Plan
from scheduler.scheduling.reading.term_texts import term_text
from scheduler.texts import sentence

Answer = str | Response | tuple[str, int]


def change_board(
    plan: Plan, deed: Callable[[int, Actor, dt.datetime], str], *, group: str = ""
) -> Answer:
    """Do it in one transaction; then, or when it is refused, show the board as it is.

    Without script that is the board's page, looked at as before, at the `group` that it is about.
    """
    try:
        with transaction():
            text = deed(edition_of(request.form.get("edition")), current_actor(), clock.now())
    except Refused as error:
        return _after_change(plan, sentence(error.code, **error.facts), "error", 409, group)
    except Conflict:
        text = _("Somebody else has changed this draft meanwhile. Here it is as it is now.")
        return _after_change(plan, text, "error", 409, group)
    return _after_change(plan, text, "success", 200, group)


def _after_change(plan: Plan, text: str, tone: str, status: int, group: str) -> Answer:
    if not request.headers.get("X-Board"):
        flash(text, tone)
        return redirect(board_url(plan, group), code=303)
    context = board_context(plan)
    count = len(context["board"].problems)
    if count:
        broken = ngettext("%(num)s broken rule.", "%(num)s broken rules.", count)
        text = f"{text} {broken}"
    page = render_template("scheduling/board_part.html", message=text, tone=tone, **context)
    return page, status


def board_url(plan: Plan, group: str = "") -> str:
    """Return the board's address as it is looked at in this request, at a group if one is named."""
    words: dict[str, Any] = dict(Sight.asked(request.values).words())
    anchor = f"slot-{group}" if group else None
    return url_for("scheduling.board", ref=plan.ref, _anchor=anchor, **words)


def edition_of(text: str | None) -> int:
    """Return the edition that a page showed; raises `Conflict` for what is none."""
    try:
        return int(text or "")
    except ValueError:
        raise Conflict from None


def board_context(plan: Plan, news: News | None = None) -> dict[str, Any]:
    """Return all that a board shows of a draft, and which lanes the asking page shows otherwise.

    `differing` is None where the page needs all of them.
    """
    news = news or _news(plan)
    board = board_of(plan, Sight.asked(request.values), news.changed)
    return {
        "plan": plan,
        "board": board,
        "news": news,
        "frame": frame_of(board),
        "mark_of": mark_of,
        "differing": Shown.asked(request.values).differing(board),
        "address": url_for("scheduling.board", ref=plan.ref),
        "sight_query": f"?{urlencode(board.sight.words())}" if board.sight.words() else "",
        "is_stale": services.is_stale(plan),
        "is_kept": services.is_kept(plan),
        "may_edit": may(Permission.PLAN_EDIT, plan),
        "term_text": term_text,
    }


def _news(plan: Plan) -> News:
    """Return what others changed since the board was made from which a form came."""
    actor = current_actor()
    since = request.form.get("edition", type=int)
    return news_of(plan, actor, since=since, but_of=actor.account_id)
