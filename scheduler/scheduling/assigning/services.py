"""What coordinators enter about assignments, and the search for one. No Flask here."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.jobs import services as jobs
from scheduler.programmes import writing
from scheduler.programmes.models import Category, Programme
from scheduler.scheduling.assigning.models import (
    AssignmentParticipant,
    Goal,
    Takers,
    WishAssignment,
)
from scheduler.scheduling.assigning.taking_part import count_candidates
from scheduler.scheduling.refusals import Refusal

ASSIGN = "scheduling.assign"


@dataclass(frozen=True)
class AssignmentDetails:
    """What stands in the form about an assignment."""

    name: str
    takers: Takers
    category: Category | None
    goal: Goal
    gives_unwished: bool
    leaves_out: bool
    school_most: int | None


def assignments_of(programme: Programme) -> Select[WishAssignment]:
    """Return the query for a programme's assignments."""
    return (
        select(WishAssignment)
        .where(WishAssignment.programme_id == programme.id)
        .options(selectinload(WishAssignment.options))
    )


def find_assignment(ref: str) -> WishAssignment:
    """Return an assignment; raises `NotFound`."""
    found = db.session.scalar(select(WishAssignment).where(WishAssignment.ref == ref))
    if found is None:
        raise NotFound
    return found


def add_assignment(
    programme: Programme, details: AssignmentDetails, *, actor: Actor, now: dt.datetime
) -> WishAssignment:
    """Add an assignment without options yet. A form that was sent again adds nothing."""
    writing.hold(programme)
    for known in db.session.scalars(assignments_of(programme)):
        if facts_of(known) == facts_of(details) and not known.options:
            return known
    assignment = WishAssignment(programme=programme, **_values(details))
    db.session.add(assignment)
    db.session.flush()
    record("assignment:add", assignment, actor, now)
    return assignment


def change_assignment(
    assignment: WishAssignment, details: AssignmentDetails, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over everything that was entered, but for who takes part: wishes hang on that."""
    before = facts_of(assignment)
    for name, value in _values(details).items():
        if name != "takers":
            setattr(assignment, name, value)
    changed = writing.changes(before, facts_of(assignment))
    if changed:
        touch(assignment)
        record("assignment:change", assignment, actor, now, fields=changed)


def remove_assignment(assignment: WishAssignment, *, actor: Actor, now: dt.datetime) -> None:
    """Forget it with its wishes and its result. Refuses while a search is under way."""
    require_idle(assignment)
    record("assignment:remove", assignment, actor, now)
    db.session.delete(assignment)
    db.session.flush()


def facts_of(assignment: WishAssignment | AssignmentDetails) -> dict[str, Any]:
    """Return what the form shows, by the names of its fields: as it is stored, or was entered."""
    return {
        "name": assignment.name,
        "takers": assignment.takers.value,
        "category": assignment.category.code if assignment.category else "",
        "goal": assignment.goal.value,
        "gives_unwished": assignment.gives_unwished,
        "leaves_out": assignment.leaves_out,
        "school_most": assignment.school_most,
    }


def begin_search(
    assignment: WishAssignment, seed: int, *, actor: Actor, now: dt.datetime, result_url: str
) -> None:
    """Start the job that looks for the best assignment; what stands is kept until it ends.

    Refuses while one is under way, without options, and where nobody takes part.
    """
    writing.hold(assignment.programme)
    require_idle(assignment)
    if not assignment.options:
        raise Refused(Refusal.ASSIGNING_NO_OPTIONS)
    if not count_candidates(assignment):
        raise Refused(Refusal.ASSIGNING_NOBODY)
    assignment.seed = seed
    assignment.job = jobs.start(
        ASSIGN,
        account_id=actor.account_id,
        now=now,
        total=1,
        result_url=result_url,
        assignment_id=assignment.id,
    )
    db.session.flush()
    record("assignment:solve", assignment, actor, now, seed=seed)


def is_outdated(assignment: WishAssignment) -> bool:
    """Tell whether wishes, options, or perhaps who takes part were changed since the search."""
    return (assignment.solved_edition, assignment.solved_revision) != (
        assignment.edition,
        assignment.programme.roster_revision,
    )


def lock_all(
    assignment: WishAssignment, *, is_locked: bool, actor: Actor, now: dt.datetime
) -> None:
    """Lock everybody to what they were given, or unlock all."""
    require_idle(assignment)
    rows = db.session.scalars(
        select(AssignmentParticipant).where(AssignmentParticipant.assignment_id == assignment.id)
    )
    for row in rows:
        row.locked_id = (row.given_id or row.locked_id) if is_locked else None
    touch(assignment)
    record("assignment:locks", assignment, actor, now, is_locked=is_locked)


def require_idle(assignment: WishAssignment) -> None:
    """Refuse while a search is under way: it would write over what is changed meanwhile."""
    if assignment.is_running:
        raise Refused(Refusal.ASSIGNING_RUNNING)


def touch(assignment: WishAssignment) -> None:
    """Note that what was found before stands on something else."""
    assignment.edition += 1
    db.session.flush()


def record(
    action: str, assignment: WishAssignment, actor: Actor, now: dt.datetime, **facts: Any
) -> None:
    """Write the audit log about an assignment; wishes of people are never in it."""
    writing.record(action, assignment.programme, actor, now, assignment=assignment.ref, **facts)


def _values(details: AssignmentDetails) -> dict[str, Any]:
    return {each.name: getattr(details, each.name) for each in fields(details)}
