"""Reserve times, and the page that calls a part of a day off (a typhoon)."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.programmes.models import Programme
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme
from scheduler.scheduling.happenings import reserves as services
from scheduler.scheduling.happenings.reserve_forms import CallOffForm, ReserveForm, Way
from scheduler.scheduling.happenings.views import Answer, lead_to_repair
from scheduler.scheduling.services import lock_programme


@blueprint.route("/programmes/<string:code>/reserves", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def reserves(thing: Programme) -> Answer:
    """The times that no plan uses until they are needed."""
    form = ReserveForm()
    form.prepare(thing)
    if not form.validate_on_submit():
        return _reserves_page(thing, form), 422 if form.errors else 200
    try:
        with transaction():
            programme = lock_programme(thing)
            venue, begin, end = form.reserve(programme)
            services.add_reserve(
                programme, venue, begin, end, actor=current_actor(), now=clock.now()
            )
            address = url_for("scheduling.reserves", code=programme.code)
    except Refused as refused:
        form.refuse(refused)
        return _reserves_page(thing, form), 409
    flash(_("This time is kept in reserve."), "success")
    return redirect(address, code=303)


@blueprint.post("/programmes/<string:code>/reserves/remove")
@access(Permission.PLAN_EDIT, find_programme)
def remove_reserve(thing: Programme) -> Response:
    """Give a reserve time up."""
    chosen = request.form.get("reserve", 0, type=int)
    with transaction():
        services.remove_reserve(
            lock_programme(thing), chosen, actor=current_actor(), now=clock.now()
        )
        address = url_for("scheduling.reserves", code=thing.code)
    return redirect(address, code=303)


@blueprint.route("/programmes/<string:code>/typhoon", methods=["GET", "POST"])
@access(Permission.PLAN_EDIT, find_programme)
def typhoon(thing: Programme) -> Answer:
    """Call a part of a day off: who is hit is shown first, then confirmed a second time."""
    form = CallOffForm()
    form.prepare(thing)
    if not form.validate_on_submit():
        return _typhoon_page(thing, form), 422 if form.errors else 200
    try:
        off = form.call_off(thing)
        mark = f"{off.starts_at} {off.ends_at} {form.way.data}"
        # What was chosen since the page showed who is hit has to be looked at first.
        if request.form.get("step") == "confirm" and form.seen.data == mark:
            return _called_off(thing, form, off)
        form.seen.data = mark
        hits = services.hit_by(thing, off)
        usable = services.usable(thing, off, clock.now())
        return _typhoon_page(
            thing, form, hits=hits, usable=usable, is_move=form.way.data == Way.MOVE
        )
    except Refused as refused:
        form.refuse(refused)
        return _typhoon_page(thing, form), 409


def _called_off(programme: Programme, form: CallOffForm, off: services.CallOff) -> Response:
    actor, now = current_actor(), clock.now()
    with transaction():
        held = lock_programme(programme)
        if form.way.data == Way.SUSPEND:
            plan = services.call_off(held, off, actor=actor, now=now)
            address = url_for("scheduling.repair", ref=plan.ref)
        else:
            plan = services.move_to_reserve(
                held,
                off,
                notice=int(form.notice.data or 0),
                seconds=int(form.seconds.data),
                actor=actor,
                now=now,
            )
            address = lead_to_repair(plan)
    return redirect(address, code=303)


def _reserves_page(programme: Programme, form: ReserveForm) -> str:
    return render_template(
        "scheduling/reserves.html",
        programme=programme,
        form=form,
        reserves=services.reserves_of(programme),
    )


def _typhoon_page(programme: Programme, form: CallOffForm, **seen: object) -> str:
    return render_template("scheduling/typhoon.html", programme=programme, form=form, **seen)
