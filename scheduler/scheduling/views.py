"""Planning's pages for coordinators: drafts and releases, the search for a timetable."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job
from scheduler.programmes.models import Programme
from scheduler.scheduling import services
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.draft_names import draft_name
from scheduler.scheduling.find import find_plan, find_programme
from scheduler.scheduling.forms import NameForm, SolveForm
from scheduler.scheduling.models import Plan, PlanMethod, PlanState
from scheduler.scheduling.part_names import parts_of
from scheduler.scheduling.reading.bottlenecks import bottlenecks_of
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases.frozen_queries import waiting_in
from scheduler.scheduling.situation import left_out, situation_of
from scheduler.scheduling.standing import standing_of
from scheduler.scheduling.timetable import latest_release
from scheduler.texts import sentence
from scheduler.web import select_choices

RELEASED = "release"
"""What the form calls the release that stands; drafts are called by their refs."""

NOTHING_TO_COUNT = frozenset({Refusal.NO_ACCEPTED_GROUPS, Refusal.NO_VENUES, Refusal.NO_HOURS})


@blueprint.get("/programmes/<string:code>/plans")
@access(Permission.PLAN_READ, find_programme)
def plans(thing: Programme) -> str:
    """Drafts, releases, and the form that starts a search."""
    return _plans_page(thing, _solve_form(thing))


@blueprint.post("/programmes/<string:code>/plans")
@access(Permission.PLAN_EDIT, find_programme)
def solve(thing: Programme) -> str | Response | tuple[str, int]:
    """Start a search and lead to its progress."""
    form = _solve_form(thing)
    if not form.validate_on_submit():
        return _plans_page(thing, form), 422
    try:
        with transaction():
            programme = services.lock_programme(thing)
            plan = services.begin(
                programme,
                actor=current_actor(),
                now=clock.now(),
                seconds=form.seconds.data,
                seed=form.seed.data or 0,
                is_repeatable=form.is_repeatable.data,
                **_beginning(programme, form),
            )
            job = db.session.get_one(Job, plan.job_id)
            job.result_url = url_for("scheduling.board", ref=plan.ref)
            ref = plan.ref
    except Refused as error:
        flash(sentence(error.code, **error.facts), "error")
        return redirect(url_for("scheduling.plans", code=thing.code), code=303)
    return redirect(url_for("scheduling.progress", ref=ref), code=303)


@blueprint.get("/plans/<string:ref>/progress")
@access(Permission.PLAN_READ, find_plan)
def progress(thing: Plan) -> str | Response:
    """How far the search is: best value, bound, gap and time; for htmx the part that changes."""
    job = db.session.get(Job, thing.job_id) if thing.job_id else None
    board_url = (job and job.result_url) or url_for("scheduling.board", ref=thing.ref)
    is_partial = bool(request.headers.get("HX-Request"))
    if job is None or not job.is_live:
        if is_partial:
            return Response(status=200, headers={"HX-Redirect": board_url})
        return redirect(board_url)
    template = "scheduling/progress_part.html" if is_partial else "scheduling/progress.html"
    return render_template(template, plan=thing, job=job, gap=_gap(job.progress))


@blueprint.post("/plans/<string:ref>/stop")
@access(Permission.PLAN_EDIT, find_plan)
def stop(thing: Plan) -> Response:
    """Stop the search and keep the best timetable so far."""
    with transaction():
        job = db.session.get(Job, thing.job_id) if thing.job_id else None
        if job is not None:
            jobs.request_stop(job, now=clock.now())
    return redirect(url_for("scheduling.progress", ref=thing.ref), code=303)


@blueprint.post("/plans/<string:ref>/copy")
@access(Permission.PLAN_EDIT, find_plan)
def copy(thing: Plan) -> Response:
    """Make a twin to try something on."""
    with transaction():
        ref = services.copy(thing, actor=current_actor(), now=clock.now()).ref
    flash(_("This is a copy. Changes here leave the first draft as it is."), "success")
    return redirect(url_for("scheduling.board", ref=ref), code=303)


@blueprint.route("/plans/<string:ref>/name", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_plan)
def rename(thing: Plan) -> str | Response | tuple[str, int]:
    """Give a draft another name."""
    form = NameForm(data={"name": draft_name(thing.name)})
    if form.validate_on_submit():
        with transaction():
            services.rename(thing, str(form.name.data), actor=current_actor(), now=clock.now())
        return redirect(url_for("scheduling.board", ref=thing.ref), code=303)
    page = render_template("scheduling/name.html", plan=thing, form=form)
    return (page, 422) if form.errors else page


@blueprint.post("/plans/<string:ref>/discard")
@access(Permission.PLAN_EDIT, find_plan)
def discard(thing: Plan) -> Response:
    """Throw a draft away."""
    code = thing.programme.code
    with transaction():
        services.discard(thing, actor=current_actor(), now=clock.now())
    flash(_("The draft was discarded."), "success")
    return redirect(url_for("scheduling.plans", code=code), code=303)


def _plans_page(programme: Programme, form: SolveForm) -> str:
    code = services.obstacle(programme)
    releases = services.releases_of(programme)
    situation = None if code in NOTHING_TO_COUNT else situation_of(programme)
    return render_template(
        "scheduling/plans.html",
        programme=programme,
        plans=services.plans_of(programme),
        releases=releases,
        standing=standing_of(programme, situation),
        form=form,
        obstacle=sentence(code) if code else None,
        kept={release.plan_id for release in releases},
        is_stale=services.is_stale,
        left_out=left_out(programme),
        waiting=waiting_in(programme),
        narrow=bottlenecks_of(situation) if situation else [],
    )


def _solve_form(programme: Programme) -> SolveForm:
    """Return the form, without the question what may move where nothing stands yet."""
    drafts = [p for p in services.plans_of(programme) if p.state is PlanState.DRAFT]
    known = [(p.ref, draft_name(p.name)) for p in drafts]
    released = latest_release(programme)
    if released is not None:
        published = _("release %(number)s, as it was published", number=released.number)
        known.insert(0, (RELEASED, published))
    form = SolveForm(data={"based_on": known[0][0]} if known else {})
    if known:
        form.based_on.choices = select_choices(known)
        form.part.choices = select_choices([("", _("all")), *parts_of(programme)])
    else:
        del form.method, form.based_on, form.part, form.keeps
    return form


def _beginning(programme: Programme, form: SolveForm) -> dict[str, Any]:
    """Return what the form says the search begins from, and what may move."""
    if "method" not in form:
        return {}
    chosen = form.based_on.data
    based_on = latest_release(programme) if chosen == RELEASED else find_plan(chosen)
    return {
        "method": PlanMethod(form.method.data),
        "based_on": based_on,
        "part": form.part.data,
        "keeps": form.keeps.data,
    }


def _gap(progress: dict[str, Any]) -> float | None:
    value, bound = progress.get("value"), progress.get("bound")
    if value is None or bound is None:
        return None
    return 0.0 if value == bound else 100 * (value - bound) / max(value, 1)
