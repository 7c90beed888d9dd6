"""A coordinator's pages about objections."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.listing import page_of
from scheduler.publicity import objections
from scheduler.publicity.forms import AnswerForm
from scheduler.publicity.models import Objection, ObjectionState, PublicNotice
from scheduler.publicity.views import blueprint, find_notice
from scheduler.states import state_look
from scheduler.web import shown_version

Answer = str | tuple[str, int] | Response


def find_objection(ref: str) -> Objection:
    """Return the objection of an address."""
    return objections.find(ref)


@blueprint.get("/notices/<string:ref>/objections")
@access(Permission.APPLICATION_DECIDE, find_notice)
def objections_to(thing: PublicNotice) -> Answer:
    """List the objections to a notice by state, the newest first."""
    asked = request.args.get("state", "")
    state = ObjectionState(asked) if asked in set(ObjectionState) else None
    page = page_of(
        objections.objections_of(thing, state),
        sorts={"received": (Objection.received_at, Objection.id)},
        default_sort="received",
        newest_first=True,
    )
    return render_template(
        "publicity/objections.html", notice=thing, page=page, tabs=_tabs(thing, state)
    )


@blueprint.get("/objections/<string:ref>")
@access(Permission.APPLICATION_DECIDE, find_objection)
def objection(thing: Objection) -> Answer:
    """Show who objects and why, and the form for the answer."""
    return _page(thing, AnswerForm(data={"version": thing.version}))


@blueprint.post("/objections/<string:ref>/answer")
@access(Permission.APPLICATION_DECIDE, find_objection)
def answer(thing: Objection) -> Answer:
    """Close an objection with an answer."""
    form = AnswerForm()
    form.offer_choices()
    if not form.validate_on_submit():
        return _page(thing, form), 422
    try:
        with transaction():
            objections.answer(
                thing,
                form.outcome,
                str(form.answer.data or ""),
                version=shown_version(),
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as error:
        if error.field is None:
            raise
        form.refuse(error)
        return _page(thing, form), 422
    flash(_("The objection was answered, and the objector is told by mail."), "success")
    return redirect(url_for("publicity.objections_to", ref=thing.notice.ref), code=303)


def _page(objection: Objection, form: AnswerForm) -> str:
    form.offer_choices()
    return render_template(
        "publicity/objection.html", objection=objection, notice=objection.notice, form=form
    )


def _tabs(notice: PublicNotice, chosen: ObjectionState | None) -> list[tuple[str, str, bool, int]]:
    counts = objections.counts_by_state([notice])[notice.id]
    tabs = [
        (
            str(state_look(state).word) if state is not ObjectionState.OPEN else _("To answer"),
            url_for("publicity.objections_to", ref=notice.ref, state=state.value),
            chosen is state,
            counts.get(state, 0),
        )
        for state in ObjectionState
    ]
    everything = url_for("publicity.objections_to", ref=notice.ref)
    return [*tabs, (_("All"), everything, chosen is None, sum(counts.values()))]
