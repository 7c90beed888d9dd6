"""Repairs of the published timetable: begun as jobs, and drafts that need no search. No Flask."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes.models import Programme
from scheduler.references import new_reference
from scheduler.scheduling import services
from scheduler.scheduling.engine import Placement, Problem, TimeLimit, moved_between
from scheduler.scheduling.engine import Plan as EnginePlan
from scheduler.scheduling.engine.delay import first_after, held_up, kept_away
from scheduler.scheduling.happenings.absences import RESERVE
from scheduler.scheduling.happenings.models import Repair
from scheduler.scheduling.items import Item
from scheduler.scheduling.models import Plan, PlanMethod, PlanState, Release, Slot
from scheduler.scheduling.placing import slots_of
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases.differences import against_release
from scheduler.scheduling.releases.frozen_queries import frozen_changes
from scheduler.scheduling.situation import Situation
from scheduler.scheduling.timetable import Performance, latest_release, performances_of

Asked = dict[str, Any]
"""What a repair keeps to, as it is stored: `notice`, `delay`, `reserve`, and in the end `zone`."""


def begin_repair(
    programme: Programme, asked: Asked, *, seconds: int, actor: Actor, now: dt.datetime
) -> Plan:
    """Start a job that makes a draft with the fewest and kindest moves from what is published.

    Refuses before the first release, and while another search of the programme is under way.
    """
    plan = services.begin(
        programme,
        actor=actor,
        now=now,
        seconds=seconds,
        based_on=published_release(programme),
        method=PlanMethod.KEEP,
        work=services.REPAIR,
    )
    db.session.add(Repair(plan_id=plan.id, asked=asked))
    db.session.flush()
    return plan


def published_release(programme: Programme) -> Release:
    """Return the release that stands; refuses when there is none."""
    release = latest_release(programme)
    if release is None:
        raise Refused(Refusal.NOTHING_PUBLISHED)
    return release


def find_repair(ref: str) -> Plan:
    """Return the plan that is a repair; raises `NotFound` for any other."""
    plan = services.find_plan(ref)
    if db.session.get(Repair, plan.id) is None:
        raise NotFound
    return plan


def repair_of(plan: Plan) -> Repair:
    """Return what a draft repairs."""
    return db.session.get_one(Repair, plan.id)


@dataclass(frozen=True)
class Move:
    """A group that a repair puts elsewhere: where it was published, and where it would be."""

    item: Item
    was: Performance | None
    now: Slot | None

    @property
    def is_earlier(self) -> bool:
        """Whether its people have to come earlier than they were told."""
        return bool(self.was and self.now and self.now.starts_at < self.was.starts_at)

    @property
    def minutes(self) -> int:
        """By how much its time on stage shifts, either way."""
        if self.was is None or self.now is None:
            return 0
        return int(abs((self.now.starts_at - self.was.starts_at).total_seconds())) // 60


def moves_of(plan: Plan) -> list[Move]:
    """Return whom publishing the draft would move, in order of the published time."""
    published = performances_of(published_release(plan.programme))
    lines = {line.item.ref: line for line in published}
    slots = {slot.item.ref: slot for slot in services.slots_of_plan(plan)}
    moves = [
        Move((lines.get(ref) or slots[ref]).item, lines.get(ref), slots.get(ref))
        for ref in lines.keys() | slots.keys()
        if _place(lines.get(ref)) != _place(slots.get(ref))
    ]
    return sorted(moves, key=lambda m: ((m.was or m.now).starts_at, m.item.ref))  # type: ignore[union-attr]  # one of the two


def is_slip(plan: Plan) -> bool:
    """Tell whether the draft lets everything slip that is late, without a search."""
    return plan.job_id is None and bool(repair_of(plan).asked.get("delay"))


def frozen_in(plan: Plan, *, now: dt.datetime) -> frozenset[str]:
    """Return the groups that publishing the draft would move or cancel within the frozen zone."""
    changes = against_release(plan.programme, services.slots_of_plan(plan))
    near = frozen_changes(plan.programme, changes, now=now)
    return frozenset(change.item.ref for change in near)


def _place(placed: Performance | Slot | None) -> tuple[str, dt.datetime] | None:
    return (placed.venue.code if placed.venue else "", placed.starts_at) if placed else None


def asked_problem(
    situation: Situation, published: EnginePlan, asked: Asked
) -> tuple[Problem, EnginePlan]:
    """Return the problem and the published plan as a repair has to see them."""
    problem = situation.problem
    if windows := asked.get("reserve"):
        reserve = [situation.timescale.window(*map(dt.datetime.fromisoformat, w)) for w in windows]
        refs = tuple(ref for ref in asked["hit"] if ref in situation.items)
        limit = TimeLimit(RESERVE, RESERVE, refs, tuple(sorted(reserve)))
        problem = replace(problem, time_limits=(*problem.time_limits, *([limit] if refs else [])))
    delay = asked.get("delay")
    if not delay:
        return problem, published
    if delay.get("venue"):
        first = first_after(problem, published, delay["venue"], delay["from"])
        if first is None:
            return problem, published
        return held_up(problem, published, first, delay["minutes"])
    late = {ref: delay["minutes"] for ref in delay["groups"] if ref in published.by_activity}
    return kept_away(problem, published, late), published


def draft_of(
    situation: Situation,
    places: Iterable[Placement],
    published: EnginePlan,
    asked: Asked,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Plan:
    """Add a draft of these places as they are, rules broken or not."""
    programme = situation.programme
    release = published_release(programme)
    found = EnginePlan(tuple(one for one in places if one.activity in situation.items))
    plan = Plan(
        ref=new_reference("T"),
        programme=programme,
        name=services.next_name(programme),
        state=PlanState.DRAFT,
        method=PlanMethod.KEEP,
        made_from=f"R{release.number}",
        moved=len(moved_between(published, found)),
        roster_revision=programme.roster_revision,
        created_by=actor.account_id,
        created_at=now,
        changed_at=now,
    )
    plan.slots = slots_of(found, situation)
    db.session.add(plan)
    db.session.flush()
    db.session.add(Repair(plan_id=plan.id, asked=asked))
    services.audit_plan("plan:repair", plan, actor, now, made_from=plan.made_from)
    return plan


def groups_by_ref(refs: Iterable[str]) -> list[Application]:
    """Return these groups, by ref."""
    query = select(Application).where(Application.ref.in_(list(refs))).order_by(Application.ref)
    return list(db.session.scalars(query))
