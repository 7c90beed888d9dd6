"""What if something is late: everything slips, or a repair; kept is what is chosen."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.programmes.models import Programme
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme
from scheduler.scheduling.happenings import repairs
from scheduler.scheduling.happenings.delays import WhatIf, what_if
from scheduler.scheduling.happenings.forms import DelayForm
from scheduler.scheduling.happenings.views import Answer, lead_to_repair, schools_planned
from scheduler.scheduling.models import Plan
from scheduler.scheduling.services import lock_programme
from scheduler.texts import sentence


@blueprint.route("/programmes/<string:code>/delay", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def delay(thing: Programme) -> Answer:
    """Show who is hit by a delay; make either way of going on a draft."""
    form = DelayForm()
    form.prepare(thing, schools_planned(thing))
    if not form.validate_on_submit():
        return _page(thing, form), 422 if form.errors else 200
    try:
        seen = what_if(thing, form.delay(thing))
        step, mark = request.form.get("step"), str(seen.asked)
        # What was typed in since the page showed who is hit has to be looked at first.
        if step in _STEPS and form.seen.data == mark and seen.slips:
            return _STEPS[step](thing, form, seen)
        form.seen.data = mark
        return _page(thing, form, seen)
    except Refused as refused:
        form.refuse(refused)
        return _page(thing, form), 409


@blueprint.post("/plans/<string:ref>/repair/instead")
@access(Permission.PLAN_EDIT, repairs.find_repair)
def mend_instead(thing: Plan) -> Response:
    """Look for a repair where a draft in which everything slips breaks rules."""
    if not repairs.is_slip(thing):
        raise NotFound
    try:
        with transaction():
            plan = repairs.begin_repair(
                lock_programme(thing.programme),
                repairs.repair_of(thing).asked,
                seconds=thing.seconds,
                actor=current_actor(),
                now=clock.now(),
            )
            address = lead_to_repair(plan)
    except Refused as refused:
        flash(sentence(refused.code, **refused.facts), "error")
        address = url_for("scheduling.repair", ref=thing.ref)
    return redirect(address, code=303)


def _page(programme: Programme, form: DelayForm, seen: WhatIf | None = None) -> str:
    return render_template("scheduling/delay.html", programme=programme, form=form, seen=seen)


def _slip(_programme: Programme, form: DelayForm, seen: WhatIf) -> Response:
    with transaction():
        ref = repairs.draft_of(
            seen.situation,
            seen.plan.placements,
            seen.published,
            {**seen.asked, "notice": form.notice.data, "slip": _slipped(seen)},
            actor=current_actor(),
            now=clock.now(),
        ).ref
    return redirect(url_for("scheduling.repair", ref=ref), code=303)


def _repair(programme: Programme, form: DelayForm, seen: WhatIf) -> Response:
    with transaction():
        plan = repairs.begin_repair(
            lock_programme(programme),
            {**seen.asked, "notice": form.notice.data, "slip": _slipped(seen)},
            seconds=int(form.seconds.data),
            actor=current_actor(),
            now=clock.now(),
        )
        address = lead_to_repair(plan)
    return redirect(address, code=303)


def _slipped(seen: WhatIf) -> dict[str, int]:
    """Return what letting everything slip comes to, to be compared with a repair."""
    return {"moved": len(seen.slips), "minutes": seen.minutes, "broken": seen.broken}


_STEPS = {"slip": _slip, "repair": _repair}
