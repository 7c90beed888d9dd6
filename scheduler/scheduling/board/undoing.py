"""Changes of a draft taken back and made again, each editor's own, step by step."""

import datetime as dt

from sqlalchemy import ColumnElement, select

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.scheduling.board.change_models import ChangeKind, PlanChange
from scheduler.scheduling.board.changes import Move, Place, hold, keep_change, place_of_slot
from scheduler.scheduling.board.editing import unplaced_item, venue_for
from scheduler.scheduling.models import Plan, Slot
from scheduler.scheduling.placing import assign_warmup_rooms, place
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.services import audit_plan, slots_of_plan

STEPS = frozenset(ChangeKind) - {ChangeKind.ROOMS, ChangeKind.UNDO, ChangeKind.REDO}
"""What can be taken back; the numbers of warm-up rooms follow by themselves."""


def to_undo(plan: Plan, actor: Actor) -> PlanChange | None:
    """Return the last change of one's own that stands."""
    return _one(plan, actor, PlanChange.is_undone.is_(False), order=PlanChange.id.desc())


def to_redo(plan: Plan, actor: Actor) -> PlanChange | None:
    """Return the change of one's own that was taken back last; none after a new change."""
    last = to_undo(plan, actor)
    newer = PlanChange.id > (last.id if last else 0)
    return _one(plan, actor, PlanChange.is_undone.is_(True), newer, order=PlanChange.id.asc())


def undo(plan: Plan, *, change_id: int, actor: Actor, now: dt.datetime) -> PlanChange:
    """Put the groups of one's last change back; the change is the one that the page named.

    Refused where somebody has changed one of these groups since, or what stood before can stand no
    longer. Raises `Conflict` if it is not one's last change any more, as after a double click.
    """
    hold(plan, plan.edition)
    change = to_undo(plan, actor)
    if change is None or change.id != change_id:
        raise Conflict
    back = [Move(ref, now_at, was) for ref, was, now_at in change.moves]
    return _take(plan, change, ChangeKind.UNDO, back, actor=actor, now=now)


def redo(plan: Plan, *, change_id: int, actor: Actor, now: dt.datetime) -> PlanChange:
    """Make the change again that one took back last; refused and conflicting as `undo`."""
    hold(plan, plan.edition)
    change = to_redo(plan, actor)
    if change is None or change.id != change_id:
        raise Conflict
    again = [Move(*move) for move in change.moves]
    return _take(plan, change, ChangeKind.REDO, again, actor=actor, now=now)


def _one(
    plan: Plan, actor: Actor, *conditions: ColumnElement[bool], order: ColumnElement[int]
) -> PlanChange | None:
    query = (
        select(PlanChange)
        .where(
            PlanChange.plan_id == plan.id,
            PlanChange.account_id == actor.account_id,
            PlanChange.kind.in_(STEPS),
            *conditions,
        )
        .order_by(order)
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def _take(
    plan: Plan,
    change: PlanChange,
    kind: ChangeKind,
    moves: list[Move],
    *,
    actor: Actor,
    now: dt.datetime,
) -> PlanChange:
    slots = {slot.item.ref: slot for slot in slots_of_plan(plan)}
    if any(place_of_slot(slots.get(move.ref)) != move.was for move in moves):
        raise Refused(Refusal.CHANGED_SINCE)
    for move in moves:
        _put(plan, slots, move)
    assign_warmup_rooms(slots.values())
    change.is_undone = kind is ChangeKind.UNDO
    made = keep_change(plan, kind, moves, actor=actor, now=now, of=change)
    refs = [move.ref for move in moves]
    action = "plan:undo" if change.is_undone else "plan:redo"
    audit_plan(action, plan, actor, now, groups=refs)
    return made


def _put(plan: Plan, slots: dict[str, Slot], move: Move) -> None:
    if move.now is None:
        plan.slots.remove(slots.pop(move.ref))
        return
    slot = slots.get(move.ref) or _new_slot(plan, move.ref)
    _place(plan, slot, move.now)
    if move.ref not in slots:
        slots[move.ref] = slot
        plan.slots.append(slot)


def _new_slot(plan: Plan, ref: str) -> Slot:
    try:
        return Slot.of(unplaced_item(plan, ref), warmup_room=0)
    except NotFound:  # no longer accepted
        raise Refused(Refusal.CHANGED_SINCE) from None


def _place(plan: Plan, slot: Slot, where: Place) -> None:
    starts_at = dt.datetime.fromisoformat(where["starts_at"])
    venue = venue_for(plan, where["venue"], starts_at)
    slot.allotted_minutes = where.get("minutes")
    place(slot, programme=plan.programme, venue=venue, starts_at=starts_at)
    slot.is_locked = where["locked"]
