"""The coordinators' list of requested substitutions, and the decision on one or many."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.applications.member_pages import writing_of
from scheduler.applications.queue_views import ticked
from scheduler.applications.reading import note_programme_reading
from scheduler.applications.roster_writing import Writing
from scheduler.applications.steps import LONGEST_TEXT
from scheduler.applications.substitution_models import Substitution, SubstitutionState
from scheduler.applications.substitution_queries import counts_by_state, requests_in, rows_of
from scheduler.applications.substitution_views import blueprint
from scheduler.applications.substitutions import Verdict, decide_many
from scheduler.applications.texts import error_text
from scheduler.applications.workflow import Refusal
from scheduler.database import transaction
from scheduler.extensions import secret_key
from scheduler.listing import page_of
from scheduler.people.keys import current_sealer
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.states import state_look
from scheduler.texts import sentence
from scheduler.web import BaseForm, trimmed

SORTS = {"asked": (Substitution.asked_at, Substitution.id)}


class VerdictForm(BaseForm):
    """What the school is told of the decision."""

    reason = TextAreaField(
        _l("Reason (needed to reject; the school reads it)"),
        filters=[trimmed],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )


@blueprint.get("/programmes/<string:code>/substitutions")
@access(Permission.APPLICATION_DECIDE, find_programme)
def queue(thing: Programme) -> str:
    """All requests of the programme by where they stand, first those that wait."""
    return _page(thing, VerdictForm())


@blueprint.post("/programmes/<string:code>/substitutions/decisions")
@access(Permission.APPLICATION_DECIDE, find_programme)
def decide(thing: Programme) -> str | Response | tuple[str, int]:
    """Approve or reject what was ticked, and say what could not be decided; that stays ticked."""
    form = VerdictForm()
    is_approved, reason = request.form.get("verdict") == "approve", form.reason.data
    verdicts = [(ref, Verdict(is_approved, version, reason)) for ref, version in ticked()]
    if verdicts and not is_approved and not reason:
        form.reason.errors = [sentence(Refusal.REASON_MISSING)]
        return _page(thing, form), 422
    with transaction():
        outcomes = decide_many(thing, verdicts, _writing, secret_key=secret_key())
        problems = [
            (application.group_name if application else ref, error_text(error))
            for ref, application, error in outcomes
            if error is not None
        ]
    done = len(outcomes) - len(problems)
    if done:
        flash(ngettext("%(num)s request decided.", "%(num)s requests decided.", done), "success")
    if problems or not outcomes:
        return _page(thing, form, problems), 409
    return redirect(url_for("substitutions.queue", code=thing.code), code=303)


def _writing(substitution: Substitution) -> Writing:
    return writing_of(substitution.school, substitution.application.category)


def _page(
    programme: Programme, form: VerdictForm, problems: list[tuple[str, str]] | None = None
) -> str:
    words = {state.value: state for state in SubstitutionState}
    chosen = words.get(request.args.get("state", ""), SubstitutionState.PENDING)
    page = page_of(requests_in(programme, chosen), sorts=SORTS, default_sort="asked")
    rows = rows_of(page.items, current_sealer())
    note_programme_reading(programme, people=2 * len(rows), action="read:substitutions")
    counts = counts_by_state(programme)
    tabs = [
        (
            str(state_look(state).word),
            url_for("substitutions.queue", code=programme.code, state=state.value),
            state is chosen,
            counts[state],
        )
        for state in SubstitutionState
    ]
    return render_template(
        "applications/substitution_queue.html",
        programme=programme,
        page=page,
        row_by_id={row.substitution.id: row for row in rows},
        tabs=tabs,
        is_pending=chosen is SubstitutionState.PENDING,
        problems=problems,
        form=form,
        ticked=request.form.getlist("seen"),
        title=_("Substitutions"),
    )
