"""The changes of a draft: kept as they are made, asked when two people change it at once."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.database import db, held
from scheduler.errors import Conflict, Refused
from scheduler.scheduling.board.change_models import ChangeKind, PlanChange
from scheduler.scheduling.models import Plan, PlanState, Slot
from scheduler.scheduling.refusals import Refusal

SHOWN_AT_ONCE = 30

Place = dict[str, Any]
"""A group's venue code, beginning, lock and allotted minutes, as a change keeps them."""


class Move(NamedTuple):
    """A group's ref, and its place before and after; None without a place."""

    ref: str
    was: Place | None
    now: Place | None


def place_of_slot(slot: Slot | None) -> Place | None:
    """Return where a group stands, in the words of a change."""
    if slot is None:
        return None
    place: Place = {
        "venue": slot.venue.code,
        "starts_at": slot.starts_at.isoformat(),
        "locked": slot.is_locked,
    }
    return place | ({"minutes": slot.allotted_minutes} if slot.allotted_minutes else {})


def hold(plan: Plan, edition: int, refs: Iterable[str] = ()) -> None:
    """Hold the draft against other editors until the transaction ends.

    Whoever saw an earlier edition may go on if all that has come since concerns other groups than
    `refs`; else it is refused with who was faster. Something that was not done by hand, as a
    repair, raises `Conflict`: then everything may stand elsewhere.
    """
    held(Plan, plan.id)
    if plan.state is not PlanState.DRAFT:
        raise Refused(Refusal.NOT_A_DRAFT)
    later = changes_since(plan, edition)
    if edition + len(later) != plan.edition:
        raise Conflict
    wanted = set(refs)
    for change in reversed(later):
        if wanted & {ref for ref, _was, _now in change.moves}:
            raise Refused(Refusal.CHANGED_MEANWHILE, who=name_of(change))


def name_of(change: PlanChange) -> str:
    """Return who made a change."""
    return change.account.name if change.account else "–"


def changes_since(plan: Plan, edition: int) -> list[PlanChange]:
    """Return what was changed by hand after an edition, in order."""
    query = (
        select(PlanChange)
        .where(PlanChange.plan_id == plan.id, PlanChange.edition > edition)
        .options(joinedload(PlanChange.account))
        .order_by(PlanChange.edition)
    )
    return list(db.session.scalars(query))


def latest_changes(plan: Plan) -> list[PlanChange]:
    """Return the last changes by hand, the newest first."""
    query = (
        select(PlanChange)
        .where(PlanChange.plan_id == plan.id)
        .options(joinedload(PlanChange.account))
        .order_by(PlanChange.edition.desc())
        .limit(SHOWN_AT_ONCE)
    )
    return list(db.session.scalars(query))


def keep_change(
    plan: Plan,
    kind: ChangeKind,
    moves: Iterable[Move],
    *,
    actor: Actor,
    now: dt.datetime,
    of: PlanChange | None = None,
) -> PlanChange:
    """Count the draft's edition up and keep what made it."""
    plan.touch(now)
    change = PlanChange(
        plan_id=plan.id,
        edition=plan.edition,
        kind=kind,
        moves=[list(move) for move in moves],
        account_id=actor.account_id,
        made_at=now,
        of_id=of.id if of else None,
    )
    db.session.add(change)
    db.session.flush()
    return change
