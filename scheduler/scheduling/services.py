"""Drafts of a timetable: begun, solved by the worker, copied, renamed, thrown away."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.audit.services import record
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job
from scheduler.programmes.kinds import STAGED
from scheduler.programmes.models import Category, Programme, Venue, VenueHours
from scheduler.references import new_reference
from scheduler.scheduling.activities.models import PlannedActivity
from scheduler.scheduling.models import Plan, PlanMethod, PlanState, Release, Slot
from scheduler.scheduling.refusals import Refusal

SOLVE = "scheduling.solve"
PUBLISH = "scheduling.publish"
REPAIR = "scheduling.repair"

WITH_ITEM = (joinedload(Application.category), joinedload(Application.school))
"""What items ask of their groups."""


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
            joinedload(Slot.application).options(*WITH_ITEM),
            joinedload(Slot.activity).options(
                selectinload(PlannedActivity.groups).options(*WITH_ITEM)
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
    based_on: Plan | Release | None = None,
    method: PlanMethod | None = None,
    part: str = "",
    keeps: Iterable[str] = (),
    is_repeatable: bool = False,
    work: str = SOLVE,
) -> Plan:
    """Add a plan that a job will solve within `seconds`; returns it with its `job_id`.

    `based_on` is the draft or release whose places the `method` keeps; locked slots stay where
    they are with every method but a fresh start, which begins from nothing. Refuses when there is
    nothing to plan, or while another plan of the programme is being solved. `part` and `keeps` are
    those of `holding.Holding`. A repeatable search counts work instead of seconds, so that a seed
    gives one timetable. `work` is what the job does: search, or repair.
    """
    _give_up_lost_searches(programme)
    code = obstacle(programme)
    if code is not None:
        raise Refused(code)
    if method is PlanMethod.FRESH:
        based_on = None
    plan = Plan(
        ref=new_reference("T"),
        programme=programme,
        name=name or next_name(programme),
        state=PlanState.SOLVING,
        method=(method or PlanMethod.IMPROVE) if based_on else PlanMethod.FRESH,
        made_from=_name_of(based_on),
        roster_revision=programme.roster_revision,
        seed=seed,
        seconds=seconds,
        is_repeatable=is_repeatable,
        created_by=actor.account_id,
        created_at=now,
        changed_at=now,
    )
    db.session.add(plan)
    db.session.flush()
    job = jobs.start(
        work,
        account_id=actor.account_id,
        now=now,
        total=seconds,
        plan_id=plan.id,
        based_on=based_on.id if isinstance(based_on, Plan) else None,
        release_id=based_on.id if isinstance(based_on, Release) else None,
        **_held(part, keeps, based_on),
    )
    plan.job_id = job.id
    facts = {"seconds": seconds, "seed": seed, "method": plan.method, "made_from": plan.made_from}
    audit_plan("plan:solve", plan, actor, now, **facts, **_held(part, keeps, based_on))
    return plan


def _held(part: str, keeps: Iterable[str], based_on: Plan | Release | None) -> dict[str, Any]:
    """Return what of a limited search is not as usual; without a basis nothing can be held."""
    if based_on is None:
        return {}
    found = {"part": part, "keeps": [str(one) for one in keeps]}
    return {key: value for key, value in found.items() if value}


def _name_of(thing: Plan | Release | None) -> str:
    if isinstance(thing, Release):
        return f"R{thing.number}"
    return thing.name if thing else ""


def next_name(programme: Programme) -> str:
    """Return the name of a draft to which nobody gave one: a number, in every language alike."""
    count = db.session.scalar(
        select(func.count()).select_from(Plan).where(Plan.programme_id == programme.id)
    )
    return f"#{(count or 0) + 1}"


def rename(plan: Plan, name: str, *, actor: Actor, now: dt.datetime) -> None:
    """Give a draft another name."""
    before, plan.name = plan.name, name
    db.session.flush()
    audit_plan("plan:rename", plan, actor, now, before=before, name=name)


def copy(plan: Plan, *, name: str = "", actor: Actor, now: dt.datetime) -> Plan:
    """Add a draft with the same slots, to try something without touching this one."""
    twin = Plan(
        ref=new_reference("T"),
        programme=plan.programme,
        name=name or next_name(plan.programme),
        state=PlanState.DRAFT,
        method=plan.method,
        made_from=plan.name,
        locked_count=plan.locked_count,
        is_repeatable=plan.is_repeatable,
        moved=plan.moved,
        is_fewest=plan.is_fewest,
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
    audit_plan("plan:copy", twin, actor, now, source=plan.ref)
    return twin


def discard(plan: Plan, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a draft that was never published; a published one is kept for its releases."""
    if is_kept(plan):
        raise Refused(Refusal.PUBLISHED_PLAN)
    if plan.state is PlanState.SOLVING:
        raise Refused(Refusal.ALREADY_SOLVING)
    audit_plan("plan:discard", plan, actor, now)
    db.session.delete(plan)
    db.session.flush()


def is_kept(plan: Plan) -> bool:
    """Tell whether a plan was published, and so is kept with its release."""
    query = select(Release.id).where(Release.plan_id == plan.id).limit(1)
    return db.session.scalar(query) is not None


def is_stale(plan: Plan) -> bool:
    """Tell whether groups, venues or rules were changed since the plan was made."""
    return plan.roster_revision != plan.programme.roster_revision


def lock_programme(programme: Programme) -> Programme:
    """Return the programme, held against other planners until the transaction ends."""
    return db.session.scalars(
        select(Programme).where(Programme.id == programme.id).with_for_update()
    ).one()


def obstacle(programme: Programme) -> Refusal | None:
    """Return why no search can be begun now, if so. Writes nothing."""
    accepted = (
        select(Application.id)
        .join(Application.category)
        .where(
            Application.programme_id == programme.id,
            Application.state == State.ACCEPTED,
            Category.kind.in_(STAGED),
        )
    )
    activity = select(PlannedActivity.id).where(
        PlannedActivity.programme_id == programme.id, PlannedActivity.removed_at.is_(None)
    )
    venue = select(Venue.id).where(Venue.programme_id == programme.id)
    hours = select(VenueHours.id).join(Venue).where(Venue.programme_id == programme.id)
    needed = (
        ((accepted, activity), Refusal.NO_ACCEPTED_GROUPS),
        ((venue,), Refusal.NO_VENUES),
        ((hours,), Refusal.NO_HOURS),
    )
    for queries, code in needed:
        if all(db.session.scalar(query.limit(1)) is None for query in queries):
            return code
    if any(is_live for _plan, is_live in _searches(programme)):
        return Refusal.ALREADY_SOLVING
    return None


def _searches(programme: Programme) -> list[tuple[Plan, bool]]:
    """Return the plans that are being solved, and whether their job really is under way."""
    solving = db.session.execute(
        select(Plan, Job)
        .outerjoin(Job, Plan.job_id == Job.id)
        .where(Plan.programme_id == programme.id, Plan.state == PlanState.SOLVING)
    )
    return [
        (plan, job is not None and job.is_live)  # type: ignore[redundant-expr]  # an outer join
        for plan, job in solving
    ]


def _give_up_lost_searches(programme: Programme) -> None:
    for plan, is_live in _searches(programme):
        if not is_live:
            plan.state = PlanState.UNDECIDED


def audit_plan(action: str, plan: Plan, actor: Actor, now: dt.datetime, **facts: Any) -> None:
    """Write the audit log about a plan."""
    record(
        action,
        account_id=actor.account_id,
        subject_type="plan",
        subject_ref=plan.ref,
        now=now,
        **facts,
    )
