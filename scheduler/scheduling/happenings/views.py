"""Something happened: who is hit is shown first, then it is kept and a repair is looked for."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.models import Application, Member
from scheduler.applications.texts import ROLE_LABELS
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.jobs.models import Job
from scheduler.organisations.models import School
from scheduler.programmes.models import Programme
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme
from scheduler.scheduling.happenings import repairs, services
from scheduler.scheduling.happenings.absences import Report
from scheduler.scheduling.happenings.forms import (
    MendForm,
    PersonForm,
    SchoolForm,
    StretchForm,
    VenueForm,
)
from scheduler.scheduling.happenings.hits import hits_of
from scheduler.scheduling.happenings.models import Happening, HappeningKind
from scheduler.scheduling.happenings.texts import happening_text, missing_text, who_of
from scheduler.scheduling.models import Plan
from scheduler.scheduling.rule_texts import Names, grouped_reasons
from scheduler.scheduling.services import lock_programme, slots_of_plan
from scheduler.scheduling.situation import accepted_groups, situation_of_draft
from scheduler.scheduling.standing import standing_of
from scheduler.scheduling.timetable import latest_release, performances_of
from scheduler.scheduling.verdict import broken_in, sentences
from scheduler.texts import sentence
from scheduler.web import shown_version

Answer = str | Response | tuple[str, int]

REPORT = "/programmes/<string:code>/happenings"


@blueprint.get("/programmes/<string:code>/happenings")
@access(Permission.PLAN_EDIT, find_programme)
def happenings(thing: Programme) -> str:
    """What happened so far, what can be reported, and the repair of what stands."""
    form = MendForm(data={"notice": thing.call_minutes})
    return render_template(
        "scheduling/happenings.html",
        programme=thing,
        happenings=services.happenings_of(thing),
        text_of=happening_text,
        now=clock.now(),
        may_end=_may_end,
        standing=standing_of(thing),
        form=form,
    )


@blueprint.route(f"{REPORT}/venue", methods=["GET", "POST"], defaults={"what": "venue"})
@blueprint.route(f"{REPORT}/school", methods=["GET", "POST"], defaults={"what": "school"})
@blueprint.route(f"{REPORT}/person", methods=["GET", "POST"], defaults={"what": "person"})
@access(Permission.PLAN_EDIT, find_programme)
def report(thing: Programme, what: str) -> Answer:
    """Say what happened: see who is hit, then keep it, alone or with a repair."""
    form = _FORMS[what](thing)
    if form is None:
        return render_template("scheduling/happening_group.html", programme=thing, **_groups(thing))
    if not form.validate_on_submit():
        return _report_page(thing, what, form), 422 if form.errors else 200
    try:
        told = form.report(thing)
        services.check_order(told)
        # What was typed in since the page showed who is hit has to be looked at first.
        if request.form.get("step") in {"keep", "mend"} and form.seen.data == _mark(told):
            return _kept(thing, told, form)
        form.seen.data = _mark(told)
        hits = hits_of(thing, [told])
        return _report_page(thing, what, form, hits=hits, said=missing_text(told, thing))
    except Refused as refused:
        form.refuse(refused)
        return _report_page(thing, what, form), 409


@blueprint.post("/programmes/<string:code>/happenings/mend")
@access(Permission.PLAN_EDIT, find_programme)
def mend(thing: Programme) -> Answer:
    """Look for the kindest repair of what is published: a late group, something changed since."""
    form = MendForm()
    if not form.validate_on_submit():
        flash(_("Please check the minutes of notice."), "error")
        return redirect(url_for("scheduling.happenings", code=thing.code), code=303)
    try:
        return _begun(thing, form)
    except Refused as refused:
        flash(sentence(refused.code, **refused.facts), "error")
        return redirect(url_for("scheduling.happenings", code=thing.code), code=303)


@blueprint.post("/happenings/<string:ref>/end")
@access(Permission.PLAN_EDIT, services.find_happening)
def end_happening(thing: Happening) -> Response:
    """Let it end now."""
    return _over(thing, services.end, _("It has ended. Plans count with that from now on."))


@blueprint.post("/happenings/<string:ref>/take-back")
@access(Permission.PLAN_EDIT, services.find_happening)
def take_back(thing: Happening) -> Response:
    """Make it as if it had never been reported."""
    return _over(thing, services.take_back, _("It has been taken back."))


@blueprint.get("/plans/<string:ref>/repair")
@access(Permission.PLAN_READ, repairs.find_repair)
def repair(thing: Plan) -> str:
    """What a repair changes for whom, whether fewer moves are possible, and who has no time."""
    made = repairs.repair_of(thing)
    slots = slots_of_plan(thing)
    situation = situation_of_draft(thing, slots)
    moves = repairs.moves_of(thing)
    broken = broken_in(situation, slots)
    left_out = [situation.items[r] for r in made.left_out if r in situation.items]
    return render_template(
        "scheduling/repair.html",
        plan=thing,
        repair=made,
        moves=moves,
        minutes=sum(move.minutes for move in moves),
        broken=list(dict.fromkeys(sentences(situation, broken))),
        is_slip=repairs.is_slip(thing),
        frozen=repairs.frozen_in(thing, now=clock.now()),
        left_out=left_out,
        reasons=grouped_reasons(made.reasons, Names(situation)),
    )


@blueprint.post("/plans/<string:ref>/repair/suspend")
@access(Permission.PLAN_EDIT, repairs.find_repair)
def suspend_left_out(thing: Plan) -> Response:
    """Plan the groups no more that the repair has no time for, until that is taken back."""
    with transaction():
        groups = repairs.groups_by_ref(repairs.repair_of(thing).left_out)
        programme = lock_programme(thing.programme)
        services.suspend(programme, groups, actor=current_actor(), now=clock.now())
    flash(_("They are suspended. Nobody is told before the draft is published."), "success")
    return redirect(url_for("scheduling.repair", ref=thing.ref), code=303)


# ------------------------------------------------------------------- forms


def _venue_form(programme: Programme) -> StretchForm:
    form = VenueForm()
    form.prepare(programme)
    return form


def _school_form(programme: Programme) -> StretchForm:
    form = SchoolForm()
    form.prepare(programme)
    form.offer(schools_planned(programme))
    return form


def schools_planned(programme: Programme) -> dict[str, School]:
    """Return the schools with groups on a stage, by code, in order of name."""
    schools = {group.school.code: group.school for group in accepted_groups(programme)}
    return dict(sorted(schools.items(), key=lambda each: (each[1].name, each[0])))


def _person_form(programme: Programme) -> StretchForm | None:
    """Return the form for the people of the group in the address; None before one is chosen."""
    chosen = request.args.get("group")
    if not chosen:
        return None
    group = next((g for g in accepted_groups(programme) if g.ref == chosen), None)
    if group is None:
        abort(404)
    members = db.session.scalars(
        select(Member)
        .where(Member.application_id == group.id)
        .options(joinedload(Member.person))
        .order_by(Member.role, Member.position)
    )
    form = PersonForm()
    form.prepare(programme)
    form.offer({m.person.ref: (m, ROLE_LABELS[m.role]) for m in members})
    return form


_FORMS: dict[str, Callable[[Programme], Any]] = {
    "venue": _venue_form,
    "school": _school_form,
    "person": _person_form,
}


def _mark(told: Report) -> str:
    """Return what tells one report from another."""
    facts = (told.kind, who_of(told), told.starts_at, told.ends_at)
    return " ".join(str(fact) for fact in facts)


def _groups(programme: Programme) -> dict[str, Any]:
    release = latest_release(programme)
    lines = performances_of(release) if release else []
    return {
        "groups": sorted((one.item.groups[0] for one in lines if one.item.warms_up), key=_by_name)
    }


def _by_name(group: Application) -> tuple[str, str]:
    return group.group_name, group.ref


def _report_page(programme: Programme, what: str, form: StretchForm, **seen: Any) -> str:
    return render_template(
        "scheduling/happening.html", programme=programme, what=what, form=form, **seen
    )


# ------------------------------------------------------------------- steps


def _kept(programme: Programme, told: Report, form: StretchForm) -> Response:
    actor, now = current_actor(), clock.now()
    if request.form.get("step") == "mend":
        return _begun(programme, form, told)
    with transaction():
        services.report(lock_programme(programme), told, actor=actor, now=now)
    flash(_("It has been kept. Plans respect it from now on; nobody has been told."), "success")
    return redirect(url_for("scheduling.happenings", code=programme.code), code=303)


def _begun(programme: Programme, form: MendForm, told: Report | None = None) -> Response:
    actor, now = current_actor(), clock.now()
    with transaction():
        held = lock_programme(programme)
        if told is not None:
            services.report(held, told, actor=actor, now=now)
        asked = {"notice": form.notice.data}
        seconds = int(form.seconds.data)
        plan = repairs.begin_repair(held, asked, seconds=seconds, actor=actor, now=now)
        address = lead_to_repair(plan)
    return redirect(address, code=303)


def lead_to_repair(plan: Plan) -> str:
    """Let the job's progress end on the page of the repair; return the progress page's address."""
    job = db.session.get_one(Job, plan.job_id)
    job.result_url = url_for("scheduling.repair", ref=plan.ref)
    return url_for("scheduling.progress", ref=plan.ref)


def _over(happening: Happening, step: Callable[..., None], said: str) -> Response:
    code = happening.programme.code
    try:
        with transaction():
            step(happening, version=shown_version(), actor=current_actor(), now=clock.now())
        flash(said, "success")
    except Refused as refused:
        flash(sentence(refused.code, **refused.facts), "error")
    return redirect(url_for("scheduling.happenings", code=code), code=303)


def _may_end(happening: Happening, now: Any) -> bool:
    is_going_on = happening.starts_at < now < happening.ends_at
    return is_going_on and happening.kind not in {
        HappeningKind.SCHOOL_DAY,
        HappeningKind.SUSPENDED,
    }
