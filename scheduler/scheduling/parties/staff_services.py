"""What coordinators enter about jurors and other staff. Every change makes plans stale."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes import writing
from scheduler.programmes.models import Category, Programme
from scheduler.programmes.venue_services import Stretch
from scheduler.scheduling.parties.busy_models import BusyTime
from scheduler.scheduling.parties.staff_models import Duty, StaffHours, StaffMember
from scheduler.scheduling.refusals import Refusal


@dataclass(frozen=True)
class StaffDetails:
    """What stands in the form about somebody of the staff."""

    name: str
    duty: Duty
    email: str | None
    categories: list[Category]
    most_minutes: int | None
    break_minutes: int | None
    hours: Sequence[Stretch]
    busy_times: Sequence[Stretch]


def staff_of(programme: Programme) -> list[StaffMember]:
    """Return the programme's staff by name, with all that their page and planning need."""
    query = (
        select(StaffMember)
        .where(StaffMember.programme_id == programme.id)
        .options(
            selectinload(StaffMember.categories),
            selectinload(StaffMember.hours),
            selectinload(StaffMember.busy_times),
        )
        .order_by(StaffMember.name, StaffMember.id)
    )
    return list(db.session.scalars(query))


def find_staff(code: str, ref: str) -> StaffMember:
    """Return somebody of a programme's staff; raises `NotFound`."""
    found = db.session.scalar(
        select(StaffMember).join(Programme).where(Programme.code == code, StaffMember.ref == ref)
    )
    if found is None:
        raise NotFound
    return found


def add_staff(
    programme: Programme, details: StaffDetails, *, actor: Actor, now: dt.datetime
) -> StaffMember:
    """Add somebody; planning keeps them free for every group of their categories.

    A form that was sent again adds nobody: all that stands in it is known already.
    """
    _check(details)
    writing.hold(programme)
    for known in staff_of(programme):
        if facts_of(known) == facts_of(details):
            return known
    member = StaffMember(programme=programme)
    _take_over(member, details)
    db.session.add(member)
    db.session.flush()
    writing.make_plans_stale(programme)
    writing.record("staff:add", programme, actor, now, staff=member.ref)
    return member


def change_staff(
    member: StaffMember, details: StaffDetails, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over everything that was entered about somebody."""
    _check(details)
    before = facts_of(member)
    _take_over(member, details)
    db.session.flush()
    changed = writing.changes(before, facts_of(member))
    if not changed:
        return
    writing.make_plans_stale(member.programme)
    writing.record("staff:change", member.programme, actor, now, staff=member.ref, fields=changed)


def remove_staff(member: StaffMember, *, actor: Actor, now: dt.datetime) -> None:
    """Forget somebody with their hours; nothing is kept free for them any more."""
    programme, ref = member.programme, member.ref
    db.session.delete(member)
    db.session.flush()
    writing.make_plans_stale(programme)
    writing.record("staff:remove", programme, actor, now, staff=ref)


def facts_of(member: StaffMember | StaffDetails) -> dict[str, Any]:
    """Return what the form shows, by the names of its fields: as it is stored, or was entered."""
    return {
        "name": member.name,
        "duty": member.duty.value,
        "email": member.email,
        "categories": sorted(each.code for each in member.categories),
        "most_minutes": member.most_minutes,
        "break_minutes": member.break_minutes,
        "hours": sorted((each.starts_at, each.ends_at) for each in member.hours),
        "closures": sorted((e.starts_at, e.ends_at, e.reason) for e in member.busy_times),
    }


def _take_over(member: StaffMember, details: StaffDetails) -> None:
    member.name, member.duty, member.email = details.name, details.duty, details.email
    member.categories = details.categories
    member.most_minutes, member.break_minutes = details.most_minutes, details.break_minutes
    member.hours = [
        StaffHours(starts_at=each.starts_at, ends_at=each.ends_at) for each in details.hours
    ]
    member.busy_times = [
        BusyTime(
            programme_id=member.programme.id,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            reason=each.reason,
        )
        for each in details.busy_times
    ]


def _check(details: StaffDetails) -> None:
    if (details.most_minutes is None) is not (details.break_minutes is None):
        missing = "most_minutes" if details.most_minutes is None else "break_minutes"
        raise Refused(Refusal.HALF_A_BREAK, field=missing)
    check_order(details.hours, "hours", "closes")
    check_order(details.busy_times, "closures", "ends")
    for one, other in pairwise(sorted(details.hours)):
        if other.starts_at < one.ends_at:
            raise Refused(Refusal.STAFF_HOURS_OVERLAP, field=f"hours-{other.row}-opens")


def check_order(stretches: Sequence[Stretch], rows: str, field: str) -> None:
    """Refuse a stretch that ends before it begins, naming the form's row."""
    for each in stretches:
        if each.ends_at <= each.starts_at:
            raise Refused(Refusal.BUSY_ORDER, field=f"{rows}-{each.row}-{field}")
