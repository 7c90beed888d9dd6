"""The pages of assignments: what there is, the search, and who was given what."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.reading import note_programme_reading
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.listing import page_of
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.programmes.views import Answer, form_page
from scheduler.scheduling.assigning import services
from scheduler.scheduling.assigning.forms import (
    GOALS,
    TAKERS,
    AssignmentForm,
    SearchForm,
)
from scheduler.scheduling.assigning.models import Takers, WishAssignment
from scheduler.scheduling.assigning.option_names import option_names, option_text
from scheduler.scheduling.assigning.outcome import Outcome
from scheduler.scheduling.assigning.overview import list_of, overview_of
from scheduler.scheduling.assigning.services import find_assignment
from scheduler.scheduling.assigning.taking_part import candidates, candidates_from
from scheduler.scheduling.assigning.wording import rank_text, why_impossible
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme
from scheduler.texts import sentence

SETTINGS = "scheduling/assignment_form.html"


@blueprint.get("/programmes/<string:code>/assignments")
@access(Permission.PLAN_EDIT, find_programme)
def assignments(thing: Programme) -> str:
    """All assignments of a programme."""
    page = page_of(
        services.assignments_of(thing),
        sorts={"name": (WishAssignment.name, WishAssignment.id)},
        default_sort="name",
    )
    return render_template(
        "scheduling/assignments.html",
        programme=thing,
        page=page,
        takers=TAKERS,
        outcome_of=Outcome.of,
    )


@blueprint.route("/programmes/<string:code>/assignments/new", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def new_assignment(thing: Programme) -> Answer:
    """Add an assignment; its options come next."""
    form = AssignmentForm(data={"takers": Takers.PUPILS.value})
    form.offer_choices(thing)
    if form.validate_on_submit():
        with transaction():
            made = services.add_assignment(
                thing, form.details(thing), actor=current_actor(), now=clock.now()
            )
            ref = made.ref
        flash(_("%(name)s was added. Now enter its options.", name=form.name.data), "success")
        return redirect(url_for("scheduling.assignment_options", ref=ref), code=303)
    return form_page(SETTINGS, form, programme=thing, assignment=None)


@blueprint.get("/assignments/<string:ref>")
@access(Permission.PLAN_EDIT, find_assignment)
def assignment(thing: WishAssignment) -> str | Response:
    """Who was given what, or how far the search is; for htmx the part that changes."""
    if request.headers.get("HX-Request"):
        if not thing.is_running:
            return Response(status=200, headers={"HX-Redirect": _address(thing)})
        return render_template("scheduling/assignment_progress.html", assignment=thing)
    return _page(thing, SearchForm(data={"seed": thing.seed}))


@blueprint.post("/assignments/<string:ref>")
@access(Permission.PLAN_EDIT, find_assignment)
def solve_assignment(thing: WishAssignment) -> str | Response | tuple[str, int]:
    """Start the search for the best assignment."""
    form = SearchForm()
    if not form.validate_on_submit():
        return _page(thing, form), 422
    address = _address(thing)
    try:
        with transaction():
            services.begin_search(
                thing,
                form.seed.data or 0,
                actor=current_actor(),
                now=clock.now(),
                result_url=address,
            )
    except Refused as error:
        flash(sentence(error.code, **error.facts), "error")
    return redirect(address, code=303)


@blueprint.route("/assignments/<string:ref>/settings", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_assignment)
def edit_assignment(thing: WishAssignment) -> Answer:
    """Change what counts as best and what may happen; who takes part stays."""
    programme = thing.programme
    facts = services.facts_of(thing)
    form = AssignmentForm(data=facts)
    del form.takers
    form.remember(facts)
    form.offer_choices(programme)
    if form.validate_on_submit():
        try:
            with transaction():
                writing.hold(programme)
                services.require_idle(thing)
                form.require_seen(services.facts_of(thing))
                details = form.details(programme, thing.takers)
                services.change_assignment(thing, details, actor=current_actor(), now=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(_address(thing), code=303)
    return form_page(SETTINGS, form, programme=programme, assignment=thing)


@blueprint.post("/assignments/<string:ref>/remove")
@access(Permission.PLAN_EDIT, find_assignment)
def remove_assignment(thing: WishAssignment) -> Response:
    """Forget an assignment with its wishes."""
    code, name, address = thing.programme.code, thing.name, _address(thing)
    try:
        with transaction():
            writing.hold(thing.programme)
            services.remove_assignment(thing, actor=current_actor(), now=clock.now())
    except Refused as error:
        flash(sentence(error.code, **error.facts), "error")
        return redirect(address, code=303)
    flash(_("%(name)s was removed.", name=name), "success")
    return redirect(url_for("scheduling.assignments", code=code), code=303)


def _address(assignment: WishAssignment) -> str:
    return url_for("scheduling.assignment", ref=assignment.ref)


def _page(assignment: WishAssignment, form: SearchForm) -> str:
    query, sorts = list_of(assignment, request.args)
    page = page_of(query, sorts=sorts, default_sort="name", scalars=False)
    rows = list(candidates_from(page.items))
    outcome = Outcome.of(assignment)
    if assignment.takers is Takers.PUPILS:
        note_programme_reading(assignment.programme, people=len(rows), action="read:wishes")
    names = _names_in(assignment, outcome)
    return render_template(
        "scheduling/assignment.html",
        assignment=assignment,
        page=replace(page, items=rows),
        overview=overview_of(assignment),
        outcome=outcome,
        reasons=why_impossible(assignment, outcome, names)
        if outcome and not outcome.is_found
        else [],
        names=names,
        is_outdated=services.is_outdated(assignment),
        form=form,
        goals=GOALS,
        takers=TAKERS,
        options={each.id: each for each in assignment.options},
        option_names=option_names,
        option_text=option_text,
        rank_text=rank_text,
    )


def _names_in(assignment: WishAssignment, outcome: Outcome | None) -> dict[str, str]:
    """Return the names of all whom a set, or a collision of rules, speaks of, by reference."""
    refs = {ref for company in assignment.companies for ref in company.refs}
    refs |= {ref for _rule, ids in outcome.colliding for ref in ids} if outcome else set()
    columns = candidates(assignment).selected_columns
    query = candidates(assignment).with_only_columns(columns["ref"], columns["name"])
    rows = db.session.execute(query.where(columns["ref"].in_(refs)))
    return {row.ref: row.name for row in rows}
