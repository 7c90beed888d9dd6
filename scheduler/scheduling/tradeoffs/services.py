"""Tables of trade-offs: begun as jobs, found again, one of their timetables made a draft."""

import datetime as dt

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.jobs import services as jobs
from scheduler.references import new_reference
from scheduler.scheduling import services
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.models import Plan, PlanMethod, PlanState
from scheduler.scheduling.placing import slots_of
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.situation import situation_of_draft
from scheduler.scheduling.tradeoffs.contents import Contents
from scheduler.scheduling.tradeoffs.models import TradeoffTable

TRADE = "scheduling.tradeoffs"


def table_of(plan: Plan) -> TradeoffTable | None:
    """Return the table that was worked out for a draft last, or is being worked out."""
    return db.session.get(TradeoffTable, plan.id)


def begin_table(
    plan: Plan, *, seconds: int, seed: int, is_repeatable: bool, actor: Actor, now: dt.datetime
) -> TradeoffTable:
    """Start the job that works out the table of a draft within `seconds`, in place of the last.

    While one is under way nothing is begun, and that one is returned. Refuses for what is no
    draft.
    """
    services.lock_programme(plan.programme)
    if plan.state is not PlanState.DRAFT:
        raise Refused(Refusal.NOT_A_DRAFT)
    table = table_of(plan)
    if table is not None and table.job.is_live:
        return table
    job = jobs.start(TRADE, account_id=actor.account_id, now=now, total=seconds, plan_id=plan.id)
    if table is None:
        table = TradeoffTable(plan_id=plan.id)
        db.session.add(table)
    table.job = job
    table.edition, table.roster_revision = plan.edition, plan.programme.roster_revision
    table.seconds, table.seed, table.is_repeatable = seconds, seed, is_repeatable
    table.choices, table.floors, table.made_at = [], [], None
    db.session.flush()
    services.audit_plan("plan:tradeoffs", plan, actor, now, seconds=seconds, seed=seed)
    return table


def is_outdated(table: TradeoffTable) -> bool:
    """Tell whether the draft, or what it stands on, was changed since the table was made."""
    plan = table.plan
    return (table.edition, table.roster_revision) != (plan.edition, plan.programme.roster_revision)


def choose(plan: Plan, number: int, *, actor: Actor, now: dt.datetime) -> Plan:
    """Make one of the table's timetables a draft of its own; the draft beside it stays.

    Groups and venues that are gone meanwhile are passed over, and the new draft is as stale as the
    table. Raises `NotFound` for a number that the table does not have.
    """
    table = table_of(plan)
    if table is None or not 0 <= number < len(table.choices):
        raise NotFound
    contents = Contents.of(table)
    line = contents.lines[number]
    slots = services.slots_of_plan(plan)
    situation = situation_of_draft(plan, slots)
    places = Basis.of_stored(table.choices[number]["places"]).within(situation)
    draft = Plan(
        ref=new_reference("T"),
        programme=plan.programme,
        name=services.next_name(plan.programme),
        state=PlanState.DRAFT,
        method=PlanMethod.IMPROVE,
        made_from=plan.name,
        roster_revision=table.roster_revision,
        seed=table.seed,
        seconds=table.seconds,
        is_repeatable=table.is_repeatable,
        value=line.value,
        terms={term.code: [term.amount, term.cost] for term in line.terms},
        created_by=actor.account_id,
        created_at=now,
        changed_at=now,
    )
    locked = {slot.item.ref for slot in slots if slot.is_locked}
    draft.slots = slots_of(places.plan(situation), situation)
    for slot in draft.slots:
        slot.is_locked = slot.item.ref in locked
    draft.locked_count = len(locked)
    db.session.add(draft)
    db.session.flush()
    services.audit_plan("plan:choose", draft, actor, now, made_from=plan.name, number=number + 1)
    return draft
