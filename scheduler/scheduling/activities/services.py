"""What coordinators enter about activities. Every change makes plans stale. No Flask here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import Names
from scheduler.programmes import writing
from scheduler.programmes.models import Category, Programme, Venue
from scheduler.scheduling.activities.models import (
    ActivityKind,
    Attendance,
    Before,
    Invited,
    PlannedActivity,
    StaffInvited,
)
from scheduler.scheduling.refusals import Refusal


@dataclass(frozen=True)
class ActivityDetails:
    """What stands in the form about an activity."""

    kind: ActivityKind
    name: str
    names: Names
    minutes: int
    setup_minutes: int
    clear_minutes: int
    invited: Invited
    category: Category | None
    chosen: list[Application]
    attendance: Attendance
    staff: StaffInvited
    for_each_group: bool
    times: int
    on_other_days: bool
    before: Before
    earliest_at: dt.datetime | None
    latest_at: dt.datetime | None
    venues: list[Venue]


def activities_of(programme: Programme) -> list[PlannedActivity]:
    """Return what is planned beside the performances, with groups and venues, by name."""
    return activities_where(
        PlannedActivity.programme_id == programme.id, PlannedActivity.removed_at.is_(None)
    )


def activities_where(*conditions: Any) -> list[PlannedActivity]:
    """Return the activities, removed ones too, with all that items ask of them. Four queries."""
    groups = selectinload(PlannedActivity.groups).options(
        joinedload(Application.category), joinedload(Application.school)
    )
    query = (
        select(PlannedActivity)
        .where(*conditions)
        .options(groups, selectinload(PlannedActivity.venues), joinedload(PlannedActivity.category))
        .order_by(PlannedActivity.name, PlannedActivity.id)
        # Who takes part is asked anew: somebody may have been accepted since.
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def find_activity(code: str, ref: str) -> PlannedActivity:
    """Return an activity that a programme plans; raises `NotFound`."""
    found = db.session.scalar(
        select(PlannedActivity)
        .join(Programme)
        .where(
            Programme.code == code,
            PlannedActivity.ref == ref,
            PlannedActivity.removed_at.is_(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def choosable(programme: Programme, also: Iterable[Application] = ()) -> list[Application]:
    """Return the accepted groups of a programme by name, and those that were chosen before."""
    query = select(Application).where(
        Application.programme_id == programme.id, Application.state == State.ACCEPTED
    )
    found = {*db.session.scalars(query), *also}
    return sorted(found, key=lambda group: (group.group_name, group.ref))


def add_activity(
    programme: Programme, details: ActivityDetails, *, actor: Actor, now: dt.datetime
) -> PlannedActivity:
    """Add an activity; planning gives it a place with the performances.

    A form that was sent again adds nothing: all that stands in it is planned already.
    """
    _check(programme, details)
    writing.hold(programme)
    for known in activities_of(programme):
        if facts_of(known) == facts_of(details):
            return known
    activity = PlannedActivity(programme=programme)
    _take_over(activity, details)
    db.session.add(activity)
    db.session.flush()
    db.session.refresh(activity, ["groups"])
    writing.make_plans_stale(programme)
    writing.record("activity:add", programme, actor, now, activity=activity.ref)
    return activity


def change_activity(
    activity: PlannedActivity, details: ActivityDetails, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over everything that was entered; its turns keep their refs and calendar entries."""
    _check(activity.programme, details)
    before = facts_of(activity)
    _take_over(activity, details)
    db.session.flush()
    changed = writing.changes(before, facts_of(activity))
    if not changed:
        return
    db.session.refresh(activity, ["groups"])
    writing.make_plans_stale(activity.programme)
    writing.record(
        "activity:change", activity.programme, actor, now, activity=activity.ref, fields=changed
    )


def remove_activity(activity: PlannedActivity, *, actor: Actor, now: dt.datetime) -> None:
    """Plan it no more; where a draft still has it, that breaks a rule until it is taken out.

    What was published of it is cancelled in calendars by the next release.
    """
    activity.removed_at = now
    activity.venues = []
    db.session.flush()
    writing.make_plans_stale(activity.programme)
    writing.record("activity:remove", activity.programme, actor, now, activity=activity.ref)


def facts_of(activity: PlannedActivity | ActivityDetails) -> dict[str, Any]:
    """Return what the form shows, by the names of its fields: as it is stored, or was entered."""
    return {
        "kind": activity.kind.value,
        "name": activity.name,
        "names": dict(activity.names),
        "minutes": activity.minutes,
        "setup_minutes": activity.setup_minutes,
        "clear_minutes": activity.clear_minutes,
        "invited": activity.invited.value,
        "category": activity.category.code if activity.category else "",
        "chosen": sorted(group.ref for group in activity.chosen),
        "attendance": activity.attendance.value,
        "staff": activity.staff.value,
        "for_each_group": activity.for_each_group,
        "times": activity.times,
        "on_other_days": activity.on_other_days,
        "before": activity.before.value,
        "earliest_at": activity.earliest_at,
        "latest_at": activity.latest_at,
        "venues": sorted(venue.code for venue in activity.venues),
    }


def _take_over(activity: PlannedActivity, details: ActivityDetails) -> None:
    for name in ActivityDetails.__dataclass_fields__:
        setattr(activity, name, getattr(details, name))


def _check(programme: Programme, details: ActivityDetails) -> None:
    """Raise `Refused` for what could never take place, naming the field."""
    _check_who(details)
    days = (programme.ends_on - programme.starts_on).days + 1
    if details.on_other_days and details.times > days:
        raise Refused(Refusal.ACTIVITY_DAYS, field="times", days=days)
    if details.earliest_at and details.latest_at:
        needed = dt.timedelta(minutes=details.minutes)
        if details.latest_at - details.earliest_at < needed:
            raise Refused(Refusal.ACTIVITY_SPAN, field="latest_at", minutes=details.minutes)


def _check_who(details: ActivityDetails) -> None:
    if details.invited is Invited.CATEGORY and details.category is None:
        raise Refused(Refusal.ACTIVITY_CATEGORY, field="category")
    if details.invited is Invited.CHOSEN and not details.chosen:
        raise Refused(Refusal.ACTIVITY_GROUPS, field="chosen")
    if details.invited is Invited.NONE:
        if details.staff is StaffInvited.NONE:
            raise Refused(Refusal.ACTIVITY_NOBODY, field="invited")
        if details.for_each_group:
            raise Refused(Refusal.ACTIVITY_GROUPS, field="for_each_group")
