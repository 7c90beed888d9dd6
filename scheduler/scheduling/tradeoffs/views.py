"""The page of a draft's trade-offs: begun, watched, read, and one of them chosen."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.jobs import services as jobs
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_plan
from scheduler.scheduling.forms import EffortForm
from scheduler.scheduling.models import Plan, PlanState
from scheduler.scheduling.tradeoffs import services
from scheduler.scheduling.tradeoffs.contents import Contents
from scheduler.scheduling.tradeoffs.wording import bargain, column_text
from scheduler.texts import sentence

USUAL_SECONDS = 300
"""A dozen searches share them."""


@blueprint.get("/plans/<string:ref>/tradeoffs")
@access(Permission.PLAN_READ, find_plan)
def tradeoffs(thing: Plan) -> str | Response:
    """The table, how far it is, or the form to begin it; for htmx the part that changes."""
    if thing.state is not PlanState.DRAFT:
        return redirect(url_for("scheduling.board", ref=thing.ref))
    table = services.table_of(thing)
    is_live = table is not None and table.job.is_live
    if request.headers.get("HX-Request"):
        if not is_live:
            here = url_for("scheduling.tradeoffs", ref=thing.ref)
            return Response(status=200, headers={"HX-Redirect": here})
        return render_template("scheduling/tradeoffs_progress.html", plan=thing, table=table)
    return _page(thing, EffortForm(data={"seconds": USUAL_SECONDS}))


@blueprint.post("/plans/<string:ref>/tradeoffs")
@access(Permission.PLAN_EDIT, find_plan)
def seek_tradeoffs(thing: Plan) -> str | Response | tuple[str, int]:
    """Start the job that works the table out."""
    form = EffortForm()
    if not form.validate_on_submit():
        return _page(thing, form), 422
    try:
        with transaction():
            services.begin_table(
                thing,
                seconds=form.seconds.data,
                seed=form.seed.data or 0,
                is_repeatable=form.is_repeatable.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as error:
        flash(sentence(error.code, **error.facts), "error")
    return redirect(url_for("scheduling.tradeoffs", ref=thing.ref), code=303)


@blueprint.post("/plans/<string:ref>/tradeoffs/stop")
@access(Permission.PLAN_EDIT, find_plan)
def stop_tradeoffs(thing: Plan) -> Response:
    """Stop the job and keep the timetables that it has."""
    with transaction():
        table = services.table_of(thing)
        if table is not None:
            jobs.request_stop(table.job, now=clock.now())
    return redirect(url_for("scheduling.tradeoffs", ref=thing.ref), code=303)


@blueprint.post("/plans/<string:ref>/tradeoffs/<int:number>")
@access(Permission.PLAN_EDIT, find_plan)
def choose_tradeoff(thing: Plan, number: int) -> Response:
    """Make one of the timetables a draft, and lead to its board."""
    with transaction():
        draft = services.choose(thing, number, actor=current_actor(), now=clock.now())
        ref = draft.ref
    flash(_("This is a draft of its own. The one that it came from stays as it is."), "success")
    return redirect(url_for("scheduling.board", ref=ref), code=303)


def _page(plan: Plan, form: EffortForm) -> str:
    table = services.table_of(plan)
    return render_template(
        "scheduling/tradeoffs.html",
        plan=plan,
        table=table,
        contents=Contents.of(table) if table else None,
        is_outdated=table is not None and services.is_outdated(table),
        form=form,
        column_text=column_text,
        bargain=bargain,
    )
