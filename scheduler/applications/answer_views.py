"""Where coordinators' fields are answered outside the entry form: by leaders, staff, and later."""

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.applications.answer_pages import Asking, answers_page, asking
from scheduler.applications.answer_services import find_member, save_answers
from scheduler.applications.entry_forms import EntryForm
from scheduler.applications.form_plan import AnswerPairs, read_answers
from scheduler.applications.models import Application, Member
from scheduler.applications.queries import find_application
from scheduler.applications.workflow import Refusal
from scheduler.database import transaction
from scheduler.errors import Refused

blueprint = Blueprint("answers", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.route("/applications/<string:ref>/answers", methods=["GET", "POST"])
@access(Permission.APPLICATION_READ, find_application)
def group(thing: Application) -> Answer:
    """What can be answered about the group now, and the way to its members."""
    return _answers(thing, None)


@blueprint.route(
    "/applications/<string:ref>/members/<string:person>/answers", methods=["GET", "POST"]
)
@access(Permission.APPLICATION_READ, find_application)
def member(thing: Application, person: str) -> Answer:
    """What can be answered about one pupil now."""
    return _answers(thing, find_member(thing, person))


def _answers(application: Application, about: Member | None) -> Answer:
    return answers_answer(asking(application, about))


def answers_answer(asked: Asking) -> Answer:
    """Show the page, or store what was typed into it."""
    form = asked.form()
    if not form.is_submitted():
        return answers_page(asked, asked.filled_form())
    form.validate()
    given, problems = read_answers(asked.typed, form.values(), asked.plan.around)
    form.show_problems(problems)
    if form.errors or not _save(form, asked, given):
        return answers_page(asked, form), 422
    flash(_("The answers are stored."), "success")
    return redirect(asked.back, code=303)


def _save(form: EntryForm, asked: Asking, given: AnswerPairs) -> bool:
    answering, specs = asked.answering(), asked.typed
    try:
        with transaction():
            save_answers(
                asked.application, asked.member, given, specs, answering, seen=form.seen.data
            )
    except Refused as refusal:
        form.show_refusal(refusal)
        if refusal.code is Refusal.CHANGED_MEANWHILE:
            form.show_stored(*asked.stored())
        return False
    return True
