"""Drafts of a timetable: begun, solved by the worker, moved by hand, locked, thrown away."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.audit.services import record
from scheduler.database import db
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job
from scheduler.programmes.kinds import STAGED
from scheduler.programmes.models import Category, Programme, Venue, VenueHours
from scheduler.references import new_reference
from scheduler.scheduling.models import Plan, PlanState, Release, Slot
from scheduler.scheduling.placing import assign_warmup_rooms, place
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.timescale import timescale_of

SOLVE = "scheduling.solve"
PUBLISH = "scheduling.publish"


def find_plan(ref: str) -> Plan:
    """Return the plan; raises `NotFound`."""
    plan = db.session.scalar(
        select(Plan).where(Plan.ref == ref).options(joinedload(Plan.programme))
    )
    if plan is None:
        raise NotFound
    return plan


def slots_of_plan(plan: Plan) -> list[Slot]:
    """Return the plan's slots with all that a board shows, in order of time."""
    query = (
        select(Slot)
        .where(Slot.plan_id == plan.id)
        .options(
            joinedload(Slot.venue),
            joinedload(Slot.application).options(
                joinedload(Application.category), joinedload(Application.school)
            ),
        )
        .order_by(Slot.starts_at, Slot.id)
    )
    return list(db.session.scalars(query))


def plans_of(programme: Programme) -> list[Plan]:
    """Return the programme's drafts, newest first."""
    query = select(Plan).where(Plan.programme_id == programme.id).order_by(Plan.id.desc())
    return list(db.session.scalars(query))


def releases_of(programme: Programme) -> list[Release]:
    """Return what was published, newest first."""
    query = (
        select(Release).where(Release.programme_id == programme.id).order_by(Release.number.desc())
    )
    return list(db.session.scalars(query))


def begin(
    programme: Programme,
    *,
    actor: Actor,
    now: dt.datetime,
    seconds: int,
    seed: int = 1,
    name: str = "",
    based_on: Plan | None = None,
) -> Plan:
    """Add a plan that a job will solve within `seconds`; returns it with its `job_id`.

    With `based_on`, that draft is the warm start and its locked slots stay where they are.
    Refuses when there is nothing to plan, or while another plan of the programme is being solved.
    """
    _require_input(programme)
    _require_free(programme)
    count = db.session.scalar(
        select(func.count()).select_from(Plan).where(Plan.programme_id == programme.id)
    )
    plan = Plan(
        ref=new_reference("T"),
        programme=programme,
        name=name or f"#{(count or 0) + 1}",
        state=PlanState.SOLVING,
        roster_revision=programme.roster_revision,
        seed=seed,
        seconds=seconds,
        created_by=actor.account_id,
        created_at=now,
        changed_at=now,
    )
    db.session.add(plan)
    db.session.flush()
    job = jobs.start(
        SOLVE,
        account_id=actor.account_id,
        now=now,
        total=seconds,
        plan_id=plan.id,
        based_on=based_on.id if based_on else None,
    )
    plan.job_id = job.id
    _audit("plan:solve", plan, actor, now, seconds=seconds, seed=seed)
    return plan


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
    """Put one group somewhere else, whatever that breaks: the board shows broken rules.

    `edition` is the one that the mover saw; if the plan was changed since, raises `Conflict` and
    moves nothing. A locked slot, an unknown venue or a time outside the programme is refused.
    """
    slots = _editable_slots(plan, edition)
    slot = _slot_of(slots, application_ref)
    if slot.is_locked:
        raise Refused(Refusal.SLOT_LOCKED)
    venue = db.session.scalar(
        select(Venue).where(Venue.programme_id == plan.programme_id, Venue.code == venue_code)
    )
    if venue is None:
        raise Refused(Refusal.NO_SUCH_VENUE)
    timescale = timescale_of(plan.programme)
    minute = timescale.minute(starts_at)
    if not timescale.days()[0].start <= minute < timescale.days()[-1].end:
        raise Refused(Refusal.OUTSIDE_DAYS)
    was = {"venue": slot.venue.code, "starts_at": slot.starts_at.isoformat()}
    place(slot, programme=plan.programme, venue=venue, starts_at=starts_at)
    assign_warmup_rooms(slots)
    plan.touch(now)
    db.session.flush()
    moved_to = {"venue": venue_code, "starts_at": starts_at.isoformat()}
    _audit("plan:move", plan, actor, now, application=application_ref, was=was, now_at=moved_to)
    return slot


def slot_of(plan: Plan, application_ref: str) -> Slot:
    """Return a group's slot in the plan; raises `NotFound`."""
    return _slot_of(slots_of_plan(plan), application_ref)


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
    slot = _slot_of(_editable_slots(plan, edition), application_ref)
    slot.is_locked = is_locked
    plan.touch(now)
    db.session.flush()
    _audit("plan:lock", plan, actor, now, application=application_ref, is_locked=is_locked)
    return slot


def copy(plan: Plan, *, name: str, actor: Actor, now: dt.datetime) -> Plan:
    """Add a draft with the same slots, to try something without touching this one."""
    twin = Plan(
        ref=new_reference("T"),
        programme=plan.programme,
        name=name,
        state=PlanState.DRAFT,
        roster_revision=plan.roster_revision,
        seed=plan.seed,
        seconds=plan.seconds,
        value=plan.value,
        bound=plan.bound,
        is_optimal=plan.is_optimal,
        terms=plan.terms,
        history=plan.history,
        created_by=actor.account_id,
        created_at=now,
        changed_at=now,
    )
    columns = [c.key for c in Slot.__table__.columns if c.key not in {"id", "plan_id"}]
    twin.slots = [Slot(**{key: getattr(slot, key) for key in columns}) for slot in plan.slots]
    db.session.add(twin)
    db.session.flush()
    _audit("plan:copy", twin, actor, now, source=plan.ref)
    return twin


def discard(plan: Plan, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a draft that was never published; a published one is kept for its releases."""
    if db.session.scalar(select(Release.id).where(Release.plan_id == plan.id).limit(1)):
        raise Refused(Refusal.PUBLISHED_PLAN)
    if plan.state is PlanState.SOLVING:
        raise Refused(Refusal.ALREADY_SOLVING)
    _audit("plan:discard", plan, actor, now)
    db.session.delete(plan)
    db.session.flush()


def is_stale(plan: Plan) -> bool:
    """Tell whether groups, venues or rules were changed since the plan was made."""
    return plan.roster_revision != plan.programme.roster_revision


def lock_programme(programme: Programme) -> Programme:
    """Return the programme, held against other planners until the transaction ends."""
    return db.session.scalars(
        select(Programme).where(Programme.id == programme.id).with_for_update()
    ).one()


def _require_input(programme: Programme) -> None:
    accepted = (
        select(Application.id)
        .join(Application.category)
        .where(
            Application.programme_id == programme.id,
            Application.state == State.ACCEPTED,
            Category.kind.in_(STAGED),
        )
    )
    if db.session.scalar(accepted.limit(1)) is None:
        raise Refused(Refusal.NO_ACCEPTED_GROUPS)
    venue = select(Venue.id).where(Venue.programme_id == programme.id)
    if db.session.scalar(venue.limit(1)) is None:
        raise Refused(Refusal.NO_VENUES)
    hours = select(VenueHours.id).join(Venue).where(Venue.programme_id == programme.id)
    if db.session.scalar(hours.limit(1)) is None:
        raise Refused(Refusal.NO_HOURS)


def _require_free(programme: Programme) -> None:
    """Refuse while a plan is being solved; one whose job ended without it is given up."""
    solving = db.session.execute(
        select(Plan, Job)
        .outerjoin(Job, Plan.job_id == Job.id)
        .where(Plan.programme_id == programme.id, Plan.state == PlanState.SOLVING)
    )
    for plan, job in solving:
        if job is not None and job.is_live:  # type: ignore[redundant-expr]  # an outer join
            raise Refused(Refusal.ALREADY_SOLVING)
        plan.state = PlanState.UNDECIDED


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


def _audit(action: str, plan: Plan, actor: Actor, now: dt.datetime, **facts: Any) -> None:
    record(
        action,
        account_id=actor.account_id,
        subject_type="plan",
        subject_ref=plan.ref,
        now=now,
        **facts,
    )
