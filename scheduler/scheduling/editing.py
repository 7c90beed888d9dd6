"""A draft changed by hand: groups placed, moved, taken out, locked; rooms dealt anew.

Whatever a change breaks, the board shows it; only what cannot be meant is refused. `edition` is
always the one that the editor saw: if the draft was changed since, `Conflict` is raised and
nothing is done.
"""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.programmes.models import Venue
from scheduler.scheduling.models import Plan, PlanState, Slot
from scheduler.scheduling.placing import assign_warmup_rooms, place
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.services import audit_plan, slots_of_plan
from scheduler.scheduling.timescale import timescale_of


def move(
    plan: Plan,
    *,
    application_ref: str,
    venue_code: str,
    starts_at: dt.datetime,
    edition: int,
    actor: Actor,
    now: dt.datetime,
) -> Slot:
    """Put one group somewhere else, or somewhere at all if it has no place yet; return its slot.

    A locked slot, an unknown venue or a time outside the programme is refused; a group that is
    neither placed nor accepted raises `NotFound`.
    """
    slots = _editable_slots(plan, edition)
    slot = next((one for one in slots if one.application.ref == application_ref), None)
    if slot is not None and slot.is_locked:
        raise Refused(Refusal.SLOT_LOCKED)
    venue = venue_for(plan, venue_code, starts_at)
    was = {"venue": slot.venue.code, "starts_at": slot.starts_at.isoformat()} if slot else None
    if slot is None:
        slot = Slot(application=unplaced_group(plan, application_ref), warmup_room=0)
        slots.append(slot)
    place(slot, programme=plan.programme, venue=venue, starts_at=starts_at)
    if was is None:
        plan.slots.append(slot)
    _keep(plan, slots, now)
    moved_to = {"venue": venue_code, "starts_at": starts_at.isoformat()}
    audit_plan("plan:move", plan, actor, now, application=application_ref, was=was, now_at=moved_to)
    return slot


def take_out(
    plan: Plan, *, application_ref: str, edition: int, actor: Actor, now: dt.datetime
) -> None:
    """Take a group out of the draft; accepted ones then wait for a place again.

    Once such a draft is published, the group's entries in calendars are cancelled.
    """
    slots = _editable_slots(plan, edition)
    slot = _slot_of(slots, application_ref)
    plan.slots.remove(slot)
    _keep(plan, [one for one in slots if one is not slot], now)
    audit_plan("plan:take_out", plan, actor, now, application=application_ref)


def set_lock(
    plan: Plan,
    *,
    application_ref: str,
    is_locked: bool,
    edition: int,
    actor: Actor,
    now: dt.datetime,
) -> Slot:
    """Hold a slot where it is, for hand and solver alike, or let it go."""
    slots = _editable_slots(plan, edition)
    slot = _slot_of(slots, application_ref)
    slot.is_locked = is_locked
    _keep(plan, slots, now)
    audit_plan("plan:lock", plan, actor, now, application=application_ref, is_locked=is_locked)
    return slot


def lock_all(plan: Plan, *, is_locked: bool, edition: int, actor: Actor, now: dt.datetime) -> int:
    """Hold every slot where it is, or let all go; return for how many that is new."""
    slots = _editable_slots(plan, edition)
    changed = [slot for slot in slots if slot.is_locked is not is_locked]
    for slot in changed:
        slot.is_locked = is_locked
    _keep(plan, slots, now)
    audit_plan("plan:lock_all", plan, actor, now, count=len(changed), is_locked=is_locked)
    return len(changed)


def deal_rooms(plan: Plan, *, edition: int, actor: Actor, now: dt.datetime) -> None:
    """Give every group a warm-up room that its venue has, keeping what is right."""
    _keep(plan, _editable_slots(plan, edition), now)
    audit_plan("plan:rooms", plan, actor, now)


def slot_of(plan: Plan, application_ref: str) -> Slot:
    """Return a group's slot in the plan; raises `NotFound`."""
    return _slot_of(slots_of_plan(plan), application_ref)


def unplaced_group(plan: Plan, application_ref: str) -> Application:
    """Return an accepted group of the plan's programme; raises `NotFound`."""
    found = db.session.scalar(
        select(Application).where(
            Application.programme_id == plan.programme_id,
            Application.ref == application_ref,
            Application.state == State.ACCEPTED,
        )
    )
    if found is None:
        raise NotFound
    return found


def venue_for(plan: Plan, code: str, starts_at: dt.datetime) -> Venue:
    """Return the venue of a place within the programme's days; refuses any other place."""
    venue = db.session.scalar(
        select(Venue).where(Venue.programme_id == plan.programme_id, Venue.code == code)
    )
    if venue is None:
        raise Refused(Refusal.NO_SUCH_VENUE)
    timescale = timescale_of(plan.programme)
    if not timescale.days()[0].start <= timescale.minute(starts_at) < timescale.days()[-1].end:
        raise Refused(Refusal.OUTSIDE_DAYS)
    return venue


def _keep(plan: Plan, slots: Iterable[Slot], now: dt.datetime) -> None:
    """Deal the warm-up rooms for how things stand now, and count the change."""
    assign_warmup_rooms(slots)
    plan.touch(now)
    db.session.flush()


def _editable_slots(plan: Plan, edition: int) -> list[Slot]:
    if plan.state is not PlanState.DRAFT:
        raise Refused(Refusal.NOT_A_DRAFT)
    if plan.edition != edition:
        raise Conflict
    return slots_of_plan(plan)


def _slot_of(slots: list[Slot], application_ref: str) -> Slot:
    for slot in slots:
        if slot.application.ref == application_ref:
            return slot
    raise NotFound
