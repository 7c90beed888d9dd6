"""Who was asked to attend and what they answered, for coordinators; and asking once more."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.calendar_mail.asking import ask_again
from scheduler.calendar_mail.models import Answer
from scheduler.calendar_mail.reply_addresses import reads_replies
from scheduler.calendar_mail.texts import ANSWER_LOOKS
from scheduler.database import transaction
from scheduler.listing import page_of
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme
from scheduler.scheduling.releases.answer_queries import (
    SORTS,
    AskedAnswers,
    counts_of,
    find_request,
    requests_of,
)


@blueprint.get("/programmes/<string:code>/answers")
@access(Permission.PLAN_EDIT, find_programme)
def answers(thing: Programme) -> str:
    """Jurors and leaders who were asked to attend, with their answers."""
    asked = AskedAnswers(
        answer=request.args.get("answer", ""), text=request.args.get("q", "").strip()
    )
    return render_template(
        "scheduling/answers.html",
        programme=thing,
        page=page_of(requests_of(thing, asked), sorts=SORTS, default_sort="when"),
        asked=asked,
        counts=counts_of(thing),
        looks=ANSWER_LOOKS,
        choices=[("", _("All")), *((each.value, ANSWER_LOOKS[each].word) for each in Answer)],
        locale=str(get_locale()),
        now=clock.now(),
        reads_replies=reads_replies(),
    )


@blueprint.post("/programmes/<string:code>/answers/<string:ref>/ask-again")
@access(Permission.PLAN_EDIT, find_programme)
def ask_once_more(thing: Programme, ref: str) -> Response:
    """Send the same request once more to somebody who has not answered."""
    with transaction():
        now = clock.now()
        found = find_request(thing, ref)
        is_sent = ask_again(found, about=thing.code, now=now)
        if is_sent:
            writing.record("attendance:ask_again", thing, current_actor(), now, asked=found.ref)
        name = found.name
    if is_sent:
        flash(_("%(name)s is asked once more.", name=name), "success")
    else:
        flash(_("%(name)s has answered, or was asked today already.", name=name), "info")
    return redirect(url_for("scheduling.answers", code=thing.code), code=303)
