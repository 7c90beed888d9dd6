"""The board: a draft by day and venue, and everything that is done to it by hand."""

import datetime as dt
from typing import cast

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Actor, Permission
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.formats import local, venue_name
from scheduler.jobs.models import Job
from scheduler.programmes.local_times import instant_of
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.board import editing
from scheduler.scheduling.board.answers import Answer, board_context, board_url, change_board
from scheduler.scheduling.board.sight import Sight
from scheduler.scheduling.find import find_plan
from scheduler.scheduling.forms import LengthForm, MoveForm
from scheduler.scheduling.items import is_planned
from scheduler.scheduling.models import Plan, PlanState, Slot
from scheduler.scheduling.reading.bottlenecks import kept_bottlenecks
from scheduler.scheduling.reading.relief_texts import relief_sentence
from scheduler.scheduling.rule_texts import FINDINGS, Names, reason_sentence
from scheduler.scheduling.rules.places import place_of
from scheduler.scheduling.situation import situation_of
from scheduler.web import select_choices


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
    is_partial = request.headers.get("HX-Request") or request.headers.get("X-Board")
    template = "scheduling/board_part.html" if is_partial else "scheduling/board.html"
    return render_template(template, **board_context(thing))


@blueprint.get("/plans/<string:ref>/slots/<string:application>")
@access(Permission.PLAN_EDIT, find_plan)
def slot(thing: Plan, application: str) -> str:
    """One group's place, to change it without dragging; or to give it one."""
    return slot_page(thing, application)


@blueprint.post("/plans/<string:ref>/slots/<string:application>")
@access(Permission.PLAN_EDIT, find_plan)
def move(thing: Plan, application: str) -> Answer:
    """Move or place one group; the board says at once what that breaks."""
    form = _move_form(thing)
    if not form.validate_on_submit():
        return slot_page(thing, application, form=form), 422
    wall = cast("dt.datetime", form.starts_at.data)
    zone = thing.programme.timezone

    def deed(edition: int, actor: Actor, now: dt.datetime) -> str:
        editing.move(
            thing,
            application_ref=application,
            venue_code=form.venue.data,
            starts_at=instant_of(wall, zone, field="starts_at"),
            edition=edition,
            actor=actor,
            now=now,
        )
        return str(_("Moved."))

    return change_board(thing, deed, group=application)


@blueprint.post("/plans/<string:ref>/slots/<string:application>/lock")
@access(Permission.PLAN_EDIT, find_plan)
def lock(thing: Plan, application: str) -> Answer:
    """Hold a group where it is, or let it go."""
    is_locked = request.form.get("locked") == "1"

    def deed(edition: int, actor: Actor, now: dt.datetime) -> str:
        editing.set_lock(
            thing,
            application_ref=application,
            is_locked=is_locked,
            edition=edition,
            actor=actor,
            now=now,
        )
        return str(_("Locked to its place.") if is_locked else _("Unlocked."))

    return change_board(thing, deed, group=application)


@blueprint.post("/plans/<string:ref>/slots/<string:application>/remove")
@access(Permission.PLAN_EDIT, find_plan)
def take_out(thing: Plan, application: str) -> Answer:
    """Take a group out of the draft."""

    def deed(edition: int, actor: Actor, now: dt.datetime) -> str:
        editing.take_out(thing, application_ref=application, edition=edition, actor=actor, now=now)
        return str(_("Taken out of the draft."))

    return change_board(thing, deed, group=application)


@blueprint.post("/plans/<string:ref>/locks")
@access(Permission.PLAN_EDIT, find_plan)
def lock_all(thing: Plan) -> Answer:
    """Hold every group where it is, or let all go."""
    is_locked = request.form.get("locked") == "1"

    def deed(edition: int, actor: Actor, now: dt.datetime) -> str:
        count = editing.lock_all(thing, is_locked=is_locked, edition=edition, actor=actor, now=now)
        if is_locked:
            return str(ngettext("%(num)s group locked.", "%(num)s groups locked.", count))
        return str(ngettext("%(num)s group unlocked.", "%(num)s groups unlocked.", count))

    return change_board(thing, deed)


@blueprint.post("/plans/<string:ref>/rooms")
@access(Permission.PLAN_EDIT, find_plan)
def deal_rooms(thing: Plan) -> Answer:
    """Give every group a warm-up room that its venue has."""

    def deed(edition: int, actor: Actor, now: dt.datetime) -> str:
        editing.deal_rooms(thing, edition=edition, actor=actor, now=now)
        return str(_("The warm-up rooms were dealt anew."))

    return change_board(thing, deed)


def _move_form(plan: Plan) -> MoveForm:
    form = MoveForm()
    form.venue.choices = select_choices((v.code, venue_name(v)) for v in plan.programme.venues)
    return form


def _first_opening(plan: Plan) -> dt.datetime | None:
    opens = [hour.opens_at for venue in plan.programme.venues for hour in venue.hours]
    return local(min(opens), plan.programme.timezone).replace(tzinfo=None) if opens else None


def slot_page(
    plan: Plan,
    application: str,
    *,
    form: MoveForm | None = None,
    length_form: LengthForm | None = None,
) -> str:
    """Return a group's page; its forms are those that came back with errors, or say what is."""
    try:
        chosen = editing.slot_of(plan, application)
    except NotFound:
        chosen = None
    item = chosen.item if chosen else editing.unplaced_item(plan, application)
    return render_template(
        "scheduling/slot.html",
        plan=plan,
        slot=chosen,
        item=item,
        is_planned=is_planned(item),
        form=form or _place_now(plan, chosen),
        length_form=length_form or _length_now(plan, chosen),
        stated_seconds=editing.stated_seconds(application),
        sight=Sight.asked(request.values).words(),
        board_url=board_url(plan, application),
    )


def _place_now(plan: Plan, slot: Slot | None) -> MoveForm:
    form = _move_form(plan)
    form.edition.data = str(plan.edition)
    form.starts_at.data = _first_opening(plan)
    if slot is not None:
        form.venue.data = slot.venue.code
        form.starts_at.data = local(slot.starts_at, plan.programme.timezone).replace(tzinfo=None)
    return form


def _length_now(plan: Plan, slot: Slot | None) -> LengthForm:
    form = LengthForm()
    form.edition.data = str(plan.edition)
    if slot is not None:
        form.limit(slot.item.minutes)
        form.minutes.data = int((slot.ends_at - slot.starts_at).total_seconds()) // 60
    return form


def _reasons_page(plan: Plan) -> str:
    programme = plan.programme
    names = Names(situation_of(programme))
    counts = [one for one in plan.explanation if one["code"] in FINDINGS]
    rules = [one for one in plan.explanation if one["code"] not in FINDINGS]
    return render_template(
        "scheduling/impossible.html",
        plan=plan,
        shortages=kept_bottlenecks(counts, names, programme.code),
        rules=[
            {
                "text": reason_sentence(one["code"], one["ids"], one["facts"], names),
                "relief": relief_sentence(*one["relief"]) if one.get("relief") else None,
                "place": place_of(one["code"], one["ids"], programme.code),
            }
            for one in rules
        ],
    )
