"""What a reviewer sees: the own cases, how many are judged, and one case to judge.

A blind panel shows nobody whose entry it is, whatever else the reader may do on the site.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission, Subject
from scheduler.applications.models import Application
from scheduler.database import transaction
from scheduler.errors import Conflict, Refused
from scheduler.formats import named
from scheduler.listing import page_of
from scheduler.panels import judging, queries
from scheduler.panels.forms import ConflictForm, JudgementForm, judgement_form
from scheduler.panels.models import Assignment
from scheduler.panels.scoring import HUNDREDTHS
from scheduler.panels.texts import STAGES
from scheduler.panels.videos import video_links
from scheduler.spreadsheets.durations import duration_text
from scheduler.texts import sentence

blueprint = Blueprint("reviews", __name__)

Answer = str | tuple[str, int] | Response


class OwnCase:
    """A case of the reader's own: nobody else's is found."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment

    @property
    def subject(self) -> Subject:
        """It is reached by the reviewer alone."""
        return Subject(account_id=self.assignment.reviewer.account_id)


def find_own_case(ref: str) -> OwnCase:
    """Return the reader's own case; anybody else's raises `NotFound`."""
    return OwnCase(judging.find_assignment(ref, current_actor()))


@blueprint.get("/reviews")
@access(Permission.OWN_ACCOUNT)
def index() -> str:
    """The reader's cases on one panel, with a bar for how many are judged."""
    actor = current_actor()
    panels = queries.panels_judged_by(actor)
    asked = request.args.get("panel", "")
    panel = next((each for each in panels if each.ref == asked), panels[0] if panels else None)
    progress = queries.progress_by_panel([each.id for each in panels], actor)
    page = None
    if panel is not None:
        page = page_of(
            queries.own_cases(actor, panel), sorts=queries.OWN_SORTS, default_sort="stage"
        )
    return render_template(
        "panels/reviews.html",
        panels=panels,
        panel=panel,
        progress=progress,
        page=page,
        stages=STAGES,
    )


@blueprint.get("/reviews/<string:ref>")
@access(Permission.OWN_ACCOUNT, find_own_case)
def show(thing: OwnCase) -> str:
    """Show a case and the marks that were given so far."""
    assignment = thing.assignment
    return _page(assignment, judgement_form(assignment, assignment.panel.criteria), ConflictForm())


@blueprint.post("/reviews/<string:ref>")
@access(Permission.OWN_ACCOUNT, find_own_case)
def judge(thing: OwnCase) -> Answer:
    """Keep a draft or submit, and lead on to the next case; what was typed stays if refused."""
    assignment, actor = thing.assignment, current_actor()
    criteria = assignment.panel.criteria
    form = judgement_form(assignment, criteria)
    is_draft = request.form.get("step") == "draft"
    if not form.validate_on_submit():
        return _page(assignment, form, ConflictForm()), 422
    judgement = form.judgement(criteria, is_draft=is_draft)
    try:
        with transaction():
            judging.judge(assignment, judgement, actor=actor, now=clock.now())
    except Refused as error:
        form.refuse(error)
        return _page(assignment, form, ConflictForm()), 409
    except Conflict:
        problem = _(
            "You have changed these marks elsewhere since this page was opened. Nothing was "
            "applied; below is how they stand now."
        )
        anew = judgement_form(assignment, criteria, is_anew=True)
        return _page(assignment, anew, ConflictForm(), problem), 409
    if is_draft:
        flash(_("Your draft was kept."), "success")
        return redirect(url_for("reviews.show", ref=assignment.ref), code=303)
    flash(_("Your marks were submitted."), "success")
    following = queries.next_case(assignment)
    return redirect(_address(following, assignment), code=303)


@blueprint.post("/reviews/<string:ref>/conflict")
@access(Permission.OWN_ACCOUNT, find_own_case)
def declare(thing: OwnCase) -> Answer:
    """Hand a case on because of a conflict of interest."""
    assignment = thing.assignment
    form = ConflictForm()
    panel_ref = assignment.panel.ref
    try:
        with transaction():
            judging.declare_conflict(
                assignment, reason=form.reason.data or "", actor=current_actor(), now=clock.now()
            )
    except Refused as error:
        marks = judgement_form(assignment, assignment.panel.criteria, is_anew=True)
        form.refuse(error)
        return _page(assignment, marks, form, sentence(error.code, **error.facts)), 409
    flash(_("Thank you. Somebody else will judge this case."), "success")
    return redirect(url_for("reviews.index", panel=panel_ref), code=303)


def _address(following: Assignment | None, assignment: Assignment) -> str:
    if following is not None:
        return url_for("reviews.show", ref=following.ref)
    return url_for("reviews.index", panel=assignment.panel.ref)


def _works(application: Application) -> dict[str, Any]:
    pieces = queries.pieces_of(application)
    seconds = sum(piece.duration_seconds for piece in pieces)
    return {"pieces": pieces, "duration": duration_text(seconds)}


def _given(assignment: Assignment) -> list[tuple[str, str | None]]:
    kept = {mark.criterion_id: f"{mark.hundredths / HUNDREDTHS:g}" for mark in assignment.marks}
    return [(named(each.names), kept.get(each.id)) for each in assignment.panel.criteria]


def _page(
    assignment: Assignment,
    form: JudgementForm,
    conflict_form: ConflictForm,
    problem: str | None = None,
) -> str:
    application: Application = assignment.application
    panel = assignment.panel
    return render_template(
        "panels/review.html",
        assignment=assignment,
        application=application,
        panel=panel,
        is_blind=panel.is_blind,
        is_open=judging.is_open(assignment, clock.now()),
        entry=_works(application),
        given=_given(assignment),
        videos=video_links(application),
        progress=queries.progress_by_panel([panel.id], current_actor())[panel.id],
        form=form,
        conflict_form=conflict_form,
        problem=problem,
        stages=STAGES,
    )
