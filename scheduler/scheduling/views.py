"""Planning's pages for coordinators: drafts and releases, the board, publishing."""

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import db, transaction
from scheduler.errors import Conflict, Refused
from scheduler.formats import local
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job
from scheduler.programmes.local_times import instant_of
from scheduler.programmes.models import Programme
from scheduler.scheduling import services
from scheduler.scheduling.board import board_of
from scheduler.scheduling.find import find_plan, find_programme, find_release
from scheduler.scheduling.forms import MoveForm, PublishForm, SolveForm
from scheduler.scheduling.models import Plan, PlanState, Release
from scheduler.scheduling.publishing import preview
from scheduler.scheduling.rule_texts import FINDINGS, Names, reason_sentence
from scheduler.scheduling.situation import left_out, situation_of
from scheduler.scheduling.term_texts import term_text
from scheduler.scheduling.timetable import by_day, performances_of
from scheduler.scheduling.verdict import sentences
from scheduler.texts import sentence
from scheduler.web import select_choices

if TYPE_CHECKING:
    import datetime as dt

blueprint = Blueprint("scheduling", __name__)


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
    based_on = find_plan(form.based_on.data) if form.based_on.data else None
    if based_on is not None and based_on.programme_id != thing.id:
        raise Conflict
    with transaction():
        programme = services.lock_programme(thing)
        plan = services.begin(
            programme,
            actor=current_actor(),
            now=clock.now(),
            seconds=form.seconds.data,
            seed=form.seed.data or 0,
            based_on=based_on,
        )
        job = db.session.get_one(Job, plan.job_id)
        job.result_url = url_for("scheduling.board", ref=plan.ref)
        ref = plan.ref
    return redirect(url_for("scheduling.progress", ref=ref), code=303)


@blueprint.get("/plans/<string:ref>/progress")
@access(Permission.PLAN_READ, find_plan)
def progress(thing: Plan) -> str | Response:
    """How far the search is: best value, bound, gap and time; for htmx the part that changes."""
    job = db.session.get(Job, thing.job_id) if thing.job_id else None
    board_url = url_for("scheduling.board", ref=thing.ref)
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


@blueprint.get("/plans/<string:ref>")
@access(Permission.PLAN_READ, find_plan)
def board(thing: Plan) -> str | Response:
    """The draft by day and venue; or why there is none."""
    if thing.state is PlanState.SOLVING:
        job = db.session.get(Job, thing.job_id) if thing.job_id else None
        if job is not None and job.is_live:
            return redirect(url_for("scheduling.progress", ref=thing.ref))
    if thing.state is not PlanState.DRAFT:
        return _reasons_page(thing)
    return render_template(_board_template(), **_board_context(thing))


@blueprint.get("/plans/<string:ref>/slots/<string:application>")
@access(Permission.PLAN_EDIT, find_plan)
def slot(thing: Plan, application: str) -> str:
    """One group's place, to change it without dragging."""
    chosen = services.slot_of(thing, application)
    wall = local(chosen.starts_at, thing.programme.timezone).replace(tzinfo=None)
    form = _move_form(thing, venue=chosen.venue.code, starts_at=wall, edition=thing.edition)
    return render_template("scheduling/slot.html", plan=thing, slot=chosen, form=form)


@blueprint.post("/plans/<string:ref>/slots/<string:application>")
@access(Permission.PLAN_EDIT, find_plan)
def move(thing: Plan, application: str) -> str | Response | tuple[str, int]:
    """Move one group; the board says at once what that breaks."""
    form = _move_form(thing)
    if not form.validate_on_submit():
        chosen = services.slot_of(thing, application)
        page = render_template("scheduling/slot.html", plan=thing, slot=chosen, form=form)
        return page, 422
    wall = cast("dt.datetime", form.starts_at.data)
    try:
        starts_at = instant_of(wall, thing.programme.timezone, field="starts_at")
        with transaction():
            services.move(
                thing,
                application_ref=application,
                venue_code=form.venue.data,
                starts_at=starts_at,
                edition=_edition(form.edition.data),
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as error:
        return _after_change(thing, sentence(error.code, **error.facts), "error", 409)
    except Conflict:
        text = _("Somebody else has changed this draft meanwhile. Here it is as it is now.")
        return _after_change(thing, text, "error", 409)
    return _after_change(thing, _("Moved."), "success", 200)


@blueprint.post("/plans/<string:ref>/slots/<string:application>/lock")
@access(Permission.PLAN_EDIT, find_plan)
def lock(thing: Plan, application: str) -> str | Response | tuple[str, int]:
    """Hold a group where it is, or let it go."""
    is_locked = request.form.get("locked") == "1"
    with transaction():
        services.set_lock(
            thing,
            application_ref=application,
            is_locked=is_locked,
            edition=_edition(request.form.get("edition")),
            actor=current_actor(),
            now=clock.now(),
        )
    text = _("Locked to its place.") if is_locked else _("Unlocked.")
    return _after_change(thing, text, "success", 200)


@blueprint.post("/plans/<string:ref>/copy")
@access(Permission.PLAN_EDIT, find_plan)
def copy(thing: Plan) -> Response:
    """Make a twin to try something on."""
    with transaction():
        twin = services.copy(
            thing,
            name=_("Copy of %(name)s", name=thing.name)[:80],
            actor=current_actor(),
            now=clock.now(),
        )
        ref = twin.ref
    flash(_("This is a copy. Changes here leave the first draft as it is."), "success")
    return redirect(url_for("scheduling.board", ref=ref), code=303)


@blueprint.post("/plans/<string:ref>/discard")
@access(Permission.PLAN_EDIT, find_plan)
def discard(thing: Plan) -> Response:
    """Throw a draft away."""
    code = thing.programme.code
    with transaction():
        services.discard(thing, actor=current_actor(), now=clock.now())
    flash(_("The draft was discarded."), "success")
    return redirect(url_for("scheduling.plans", code=code), code=303)


@blueprint.get("/plans/<string:ref>/publish")
@access(Permission.PLAN_PUBLISH, find_plan)
def publish(thing: Plan) -> str:
    """What publishing would change and who would be told."""
    return _publish_page(thing, PublishForm(edition=thing.edition))


@blueprint.post("/plans/<string:ref>/publish")
@access(Permission.PLAN_PUBLISH, find_plan)
def confirm_publish(thing: Plan) -> str | Response | tuple[str, int]:
    """Publish the previewed edition, as a job."""
    form = PublishForm()
    if not form.validate_on_submit():
        return _publish_page(thing, form), 422
    actor = current_actor()
    code = thing.programme.code
    with transaction():
        if thing.edition != _edition(form.edition.data):
            raise Conflict
        job = jobs.start(
            services.PUBLISH,
            account_id=actor.account_id,
            now=clock.now(),
            total=1,
            result_url=url_for("scheduling.latest", code=code),
            plan_id=thing.id,
            edition=thing.edition,
            notes=form.notes.data or "",
            actor_name=actor.name,
        )
        ref = job.ref
    return redirect(url_for("jobs.show", ref=ref), code=303)


@blueprint.get("/programmes/<string:code>/releases/<int:number>")
@access(Permission.PLAN_READ, find_release)
def release(thing: Release) -> str:
    """A release as it was published."""
    days = by_day(performances_of(thing), thing.programme.timezone)
    return render_template("scheduling/release.html", release=thing, days=days)


@blueprint.get("/programmes/<string:code>/releases/latest")
@access(Permission.PLAN_READ, find_programme)
def latest(thing: Programme) -> Response:
    """Lead to the newest release."""
    newest = services.releases_of(thing)
    if not newest:
        return redirect(url_for("scheduling.plans", code=thing.code))
    return redirect(url_for("scheduling.release", code=thing.code, number=newest[0].number))


def _plans_page(programme: Programme, form: SolveForm) -> str:
    return render_template(
        "scheduling/plans.html",
        programme=programme,
        plans=services.plans_of(programme),
        releases=services.releases_of(programme),
        form=form,
        is_stale=services.is_stale,
        left_out=left_out(programme),
    )


def _publish_page(plan: Plan, form: PublishForm) -> str:
    seen = preview(plan)
    problems = sentences(situation_of(plan.programme), seen.broken) if seen.broken else []
    return render_template(
        "scheduling/publish.html", plan=plan, form=form, preview=seen, problems=problems
    )


def _solve_form(programme: Programme) -> SolveForm:
    form = SolveForm()
    drafts = [p for p in services.plans_of(programme) if p.state is PlanState.DRAFT]
    known = [(p.ref, _("draft %(name)s, keeping what is locked", name=p.name)) for p in drafts]
    form.based_on.choices = select_choices([("", _("nothing: a fresh start")), *known])
    return form


def _move_form(plan: Plan, **values: Any) -> MoveForm:
    form = MoveForm(**values)
    form.venue.choices = select_choices((v.code, v.name) for v in plan.programme.venues)
    return form


def _board_template() -> str:
    is_partial = request.headers.get("HX-Request") or request.headers.get("X-Board")
    return "scheduling/board_part.html" if is_partial else "scheduling/board.html"


def _board_context(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan,
        "board": board_of(plan),
        "is_stale": services.is_stale(plan),
        "term_text": term_text,
    }


def _after_change(
    plan: Plan, text: str, tone: str, status: int
) -> str | Response | tuple[str, int]:
    """For the board's script the board as it is now; otherwise a message and the board's page."""
    if request.headers.get("X-Board"):
        context = _board_context(plan)
        count = len(context["board"].problems)
        if count:
            broken = ngettext("%(num)s broken rule.", "%(num)s broken rules.", count)
            text = f"{text} {broken}"
        page = render_template("scheduling/board_part.html", message=text, tone=tone, **context)
        return page, status
    flash(text, tone)
    return redirect(url_for("scheduling.board", ref=plan.ref), code=303)


def _reasons_page(plan: Plan) -> str:
    names = Names(situation_of(plan.programme))
    said = [
        (reason_sentence(one["code"], one["ids"], one["facts"], names), one["code"] in FINDINGS)
        for one in plan.explanation
    ]
    return render_template(
        "scheduling/impossible.html",
        plan=plan,
        shortages=[text for text, is_count in said if is_count],
        rules=[text for text, is_count in said if not is_count],
    )


def _edition(text: str | None) -> int:
    try:
        return int(text or "")
    except ValueError:
        raise Conflict from None


def _gap(progress: dict[str, Any]) -> float | None:
    value, bound = progress.get("value"), progress.get("bound")
    if value is None or bound is None:
        return None
    return 0.0 if value == bound else 100 * (value - bound) / max(value, 1)
