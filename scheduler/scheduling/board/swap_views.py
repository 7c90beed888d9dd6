"""Two groups that change places: chosen, judged together, then swapped in one step."""

import datetime as dt

from flask import render_template, request
from flask_babel import gettext as _

from scheduler.access.guard import access
from scheduler.access.permissions import Actor, Permission
from scheduler.errors import NotFound
from scheduler.formats import format_short_day, local, venue_name
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.board import editing
from scheduler.scheduling.board.answers import Answer, board_url, change_board
from scheduler.scheduling.board.sight import Sight
from scheduler.scheduling.board.trying import try_swap
from scheduler.scheduling.find import find_plan
from scheduler.scheduling.models import Plan, Slot
from scheduler.scheduling.services import slots_of_plan


@blueprint.get("/plans/<string:ref>/slots/<string:application>/swap")
@access(Permission.PLAN_EDIT, find_plan)
def swap_with(thing: Plan, application: str) -> str:
    """Choose the other group; once chosen, the page says what the swap would break and cost."""
    slots = {slot.item.ref: slot for slot in slots_of_plan(thing)}
    if application not in slots:
        raise NotFound
    slot = slots[application]
    others = [one for one in slots.values() if one is not slot and not one.is_locked]
    other = next((one for one in others if one.item.ref == request.args.get("other")), None)
    return render_template(
        "scheduling/swap.html",
        plan=thing,
        slot=slot,
        other=other,
        choices=[(one.item.ref, _words(thing, one)) for one in others],
        tried=try_swap(thing, application_ref=application, other_ref=other.item.ref)
        if other
        else None,
        sight=Sight.asked(request.values).words(),
        board_url=board_url(thing, application),
    )


@blueprint.post("/plans/<string:ref>/slots/<string:application>/swap")
@access(Permission.PLAN_EDIT, find_plan)
def swap(thing: Plan, application: str) -> Answer:
    """Let the two groups change places; the board says what that breaks."""

    def deed(edition: int, actor: Actor, now: dt.datetime) -> str:
        editing.swap(
            thing,
            application_ref=application,
            other_ref=request.form.get("other", ""),
            edition=edition,
            actor=actor,
            now=now,
        )
        return str(_("Swapped."))

    return change_board(thing, deed, group=application)


def _words(plan: Plan, slot: Slot) -> str:
    wall = local(slot.starts_at, plan.programme.timezone)
    place = f"{format_short_day(wall.date())} {wall:%H:%M} {venue_name(slot.venue)}"
    return f"{slot.item.title} · {place}"
