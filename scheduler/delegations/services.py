"""What the lead school and its guests do with a joint entry.

Every step locks the entry first (with its category where places may be freed), then the part; each
is a step of the entry's history, and raises the entry's version: whoever decides on what stood
before is refused.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm.attributes import flag_modified

from scheduler.access.permissions import Actor
from scheduler.applications import offers, services
from scheduler.applications.fields import Field
from scheduler.applications.guest_models import GuestPart, PartState
from scheduler.applications.guest_notices import tell_coordinators, tell_guest, tell_lead
from scheduler.applications.guests import Refusal, part_people
from scheduler.applications.history_words import SCHOOL
from scheduler.applications.member_links import people_of
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.published import leave_timetable
from scheduler.applications.steps import (
    LONGEST_TEXT,
    Step,
    lock_with_category,
    note,
)
from scheduler.applications.substitution_models import end_requests
from scheduler.applications.sums import raise_roster_revision
from scheduler.applications.workflow import HOLDS_PLACE, Action, State
from scheduler.applications.workflow import Refusal as WorkflowRefusal
from scheduler.database import db, held
from scheduler.delegations.queries import missing_of_part
from scheduler.errors import Conflict, Refused
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.date_services import may_still_withdraw
from scheduler.references import new_reference

ENDED = (PartState.DECLINED, PartState.WITHDRAWN, PartState.REMOVED)


@dataclass(frozen=True)
class Invitation:
    """What the lead school asks of another one."""

    message: str = ""
    pupils_asked: int | None = None
    answer_by: dt.date | None = None


def invite(
    application: Application,
    school: School,
    invitation: Invitation,
    *,
    actor: Actor,
    now: dt.datetime,
) -> GuestPart:
    """Invite a school into a draft; its officers are told by mail.

    A school that declined or left can be invited again. Raises `Refused` where the category is not
    joint, for the own school, and while an invitation or a part stands.
    """
    application = services.lock(application)
    if not application.category.is_joint:
        raise Refused(Refusal.NOT_JOINT)
    services.demand_editable(application, now=now, fields={Field.MEMBERS})
    if school.id == application.school_id:
        raise Refused(Refusal.OWN_SCHOOL, field="school")
    if invitation.answer_by is not None and invitation.answer_by < _today(application, now):
        raise Refused(Refusal.DATE_PAST, field="answer_by")
    part = _part_of(application, school)
    if part is not None and part.state not in ENDED:
        raise Refused(Refusal.INVITED_ALREADY, field="school")
    before = part.state if part is not None else None
    if part is None:
        part = GuestPart(ref=new_reference("G"), application=application, school=school)
        db.session.add(part)
    part.pupils_asked, part.answer_by = invitation.pupils_asked, invitation.answer_by
    part.message, part.reason, part.invited_at = invitation.message[:LONGEST_TEXT], "", now
    _move(part, PartState.INVITED, before, actor, now)
    answer_by = _day(part.answer_by)
    tell_guest(part, "delegations.invited", now=now, answer_by=answer_by, message=part.message)
    return part


def accept(part: GuestPart, *, version: int, actor: Actor, now: dt.datetime) -> GuestPart:
    """Take part: from now on the school enters its own pupils. The lead school is told.

    Raises `Refused` after the day until which an answer was asked for, and once the entry's members
    cannot be changed any more.
    """
    part = _hold(part, version, PartState.INVITED)
    services.demand_editable(part.application, now=now, fields={Field.MEMBERS})
    if part.answer_by is not None and _today(part.application, now) > part.answer_by:
        raise Refused(Refusal.ANSWER_TOO_LATE)
    _move(part, PartState.JOINED, part.state, actor, now)
    tell_lead(part, "delegations.accepted", now=now)
    return part


def decline(
    part: GuestPart, reason: str, *, version: int, actor: Actor, now: dt.datetime
) -> GuestPart:
    """Decline an invitation with a reason, which the lead school is told."""
    part = _hold(part, version, PartState.INVITED)
    part.reason = _reason(reason)
    _move(part, PartState.DECLINED, part.state, actor, now, part.reason)
    tell_lead(part, "delegations.declined", now=now, reason=part.reason)
    return part


def declare_ready(part: GuestPart, *, version: int, actor: Actor, now: dt.datetime) -> GuestPart:
    """Say that all pupils of the school are entered. The lead school is told.

    Raises `Refused` while there is none, or something about them is missing.
    """
    part = _hold(part, version, PartState.JOINED)
    if not pupils_of(part):
        raise Refused(Refusal.PART_EMPTY)
    if missing_of_part(part):
        raise Refused(Refusal.PART_INCOMPLETE)
    _move(part, PartState.READY, part.state, actor, now)
    tell_lead(part, "delegations.ready", now=now, pupils=pupils_of(part))
    return part


def change_again(part: GuestPart, *, version: int, actor: Actor, now: dt.datetime) -> GuestPart:
    """Open a part that was ready, so that its pupils can be changed; the entry then waits for it.

    Raises `Refused` once the entry's members cannot be changed any more.
    """
    part = _hold(part, version, PartState.READY)
    services.demand_editable(part.application, now=now, fields={Field.MEMBERS})
    _move(part, PartState.JOINED, part.state, actor, now)
    return part


def withdraw(
    part: GuestPart, reason: str, *, version: int, actor: Actor, now: dt.datetime
) -> GuestPart:
    """Leave the entry with all own pupils, whatever the entry's state; the lead school is told.

    The coordinators are told, too, if the group had a place: others may wait for it. Places that
    are counted by pupils become free. Raises `Refused` for an accepted entry once the
    programme's date for withdrawing has passed.
    """
    part = _hold(part, version, PartState.JOINED, PartState.READY)
    application = part.application
    if application.state is State.ACCEPTED and not may_still_withdraw(
        application.programme, now=now
    ):
        raise Refused(WorkflowRefusal.WITHDRAWAL_OVER)
    part.reason = _reason(reason)
    left = _leave(part, PartState.WITHDRAWN, actor, now)
    counts: dict[str, Any] = {"pupils": left, "least": application.category.min_members}
    tell_lead(part, "delegations.withdrawn", now=now, reason=part.reason, **counts)
    if application.state is State.ACCEPTED:
        tell_coordinators(part, "delegations.left_with_a_place", now=now, **counts)
    return part


def remove(
    part: GuestPart, reason: str, *, version: int, actor: Actor, now: dt.datetime
) -> GuestPart:
    """Take an invitation back, or a school and its pupils out of the entry, and tell it why.

    Raises `Refused` once the entry's members cannot be changed any more.
    """
    part = _hold(part, version, PartState.INVITED, PartState.JOINED, PartState.READY)
    services.demand_editable(part.application, now=now, fields={Field.MEMBERS})
    part.reason = _reason(reason)
    _leave(part, PartState.REMOVED, actor, now)
    tell_guest(part, "delegations.removed", now=now, reason=part.reason)
    return part


def pupils_of(part: GuestPart) -> int:
    """Return how many pupils the school has in the entry."""
    return _count(part.application, Person.school_id == part.school_id)


def _leave(part: GuestPart, state: PartState, actor: Actor, now: dt.datetime) -> int:
    """Take the school's pupils out; return how many pupils the entry has left."""
    application = part.application
    gone = people_of(application, part_people(part))
    db.session.execute(
        delete(Member).where(
            Member.application_id == application.id,
            Member.role == MemberRole.PUPIL,
            Member.person_id.in_([person.id for person in gone]),
        ),
        execution_options={"synchronize_session": False},
    )
    db.session.expire(application, ["members"])
    end_requests(application, now=now, about=[person.id for person in gone])
    leave_timetable(application, gone, school=part.school, now=now)
    left = _count(application)
    _move(part, state, part.state, actor, now, part.reason)
    if gone:
        _free_places(application, left, now)
    return left


def _free_places(application: Application, left: int, now: dt.datetime) -> None:
    """Give back what the pupils who left had taken, and let plans know that somebody left."""
    category = application.category
    if application.state is State.ACCEPTED:
        raise_roster_revision(application.programme_id)
    if not category.counts_persons or application.state not in HOLDS_PLACE:
        return
    freed = application.places_held - max(1, left)
    if freed > 0:
        application.places_held -= freed
        category.places_taken -= freed
        db.session.flush()
        offers.promote(category, now=now)


def _move(
    part: GuestPart,
    state: PartState,
    before: PartState | None,
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
) -> None:
    application = part.application
    part.state, part.changed_at = state, now
    # Two steps may fall into one second; the version rises all the same.
    flag_modified(part, "changed_at")
    guests = set(application.guest_school_ids) - {part.school.id}
    application.guest_school_ids = sorted(guests | ({part.school.id} if part.takes_part else set()))
    application.changed_at = now
    flag_modified(application, "changed_at")
    changes = {f"{SCHOOL}{part.school.name}": [before, state]}
    note(application, Step(Action.EDIT, actor, now, reason or None), application.state, changes)


def _hold(part: GuestPart, version: int, *states: PartState) -> GuestPart:
    """Return the part as it is now, with its entry and category held.

    Raises `Conflict` if it was changed since the page was made, `Refused` if it is in no state of
    these.
    """
    lock_with_category(part.application)
    part = held(GuestPart, part.id)
    if part.version != version:
        raise Conflict
    if part.state not in states:
        raise Refused(Refusal.OTHER_STATE)
    return part


def _part_of(application: Application, school: School) -> GuestPart | None:
    return db.session.scalar(
        select(GuestPart).where(
            GuestPart.application_id == application.id, GuestPart.school_id == school.id
        )
    )


def _today(application: Application, now: dt.datetime) -> dt.date:
    return now.astimezone(ZoneInfo(application.programme.timezone)).date()


def _reason(words: str) -> str:
    reason = words.strip()[:LONGEST_TEXT]
    if not reason:
        raise Refused(Refusal.REASON_MISSING, field="reason")
    return reason


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day is not None else "–"


def _count(application: Application, *only: ColumnElement[bool]) -> int:
    query = (
        select(func.count(Member.id))
        .join(Person, Member.person_id == Person.id)
        .where(Member.application_id == application.id, Member.role == MemberRole.PUPIL, *only)
    )
    return db.session.scalar(query) or 0
