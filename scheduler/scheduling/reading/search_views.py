"""The board of a search that is still under way: the best timetable so far, to look at only."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.database import db
from scheduler.jobs.models import Job
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.board.contents import days_of
from scheduler.scheduling.board.lanes import mark_of
from scheduler.scheduling.board.news import News
from scheduler.scheduling.board.sight import Sight
from scheduler.scheduling.find import find_plan
from scheduler.scheduling.models import Plan
from scheduler.scheduling.placing import slots_of
from scheduler.scheduling.situation import situation_of


@blueprint.get("/plans/<string:ref>/progress/board")
@access(Permission.PLAN_READ, find_plan)
def best_so_far(thing: Plan) -> str | Response:
    """Show what the search would keep if it were stopped now; when it is over, its board."""
    job = db.session.get(Job, thing.job_id) if thing.job_id else None
    if job is None or not job.is_live:
        return redirect(url_for("scheduling.board", ref=thing.ref))
    situation = situation_of(thing.programme)
    basis = Basis.of_stored(job.progress.get("places", [])).within(situation)
    slots = sorted(slots_of(basis.plan(situation), situation), key=lambda slot: slot.starts_at)
    return render_template(
        "scheduling/progress_board.html",
        plan=thing,
        job=job,
        news=News([], frozenset(), None, None, []),
        days=days_of(situation, slots, {}, Sight()) if slots else [],
        mark_of=mark_of,
        may_edit=False,
    )
