"""The worker's part of planning: solve a plan and keep what was found, publish a release."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.calendars.addresses import public_url
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.extensions import secret_key
from scheduler.jobs.running import Report, work
from scheduler.scheduling.activities.planning import PLACE_FOR
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.effort import Effort
from scheduler.scheduling.engine import Plan as EnginePlan
from scheduler.scheduling.engine import moved_between, plan_of
from scheduler.scheduling.engine.aside import is_aside
from scheduler.scheduling.engine.rules import NamedRule
from scheduler.scheduling.holding import Holding, Keep
from scheduler.scheduling.models import Plan, PlanMethod, PlanState, Release
from scheduler.scheduling.placing import Stored, slots_of, stored_places
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases.publishing import publish
from scheduler.scheduling.services import PUBLISH, SOLVE
from scheduler.scheduling.situation import Situation, situation_of
from scheduler.scheduling.timescale import Timescale

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.scheduling.engine.explain import Explanation
    from scheduler.scheduling.engine.result import Progress, Result

EXPLAIN_SECONDS = 30


@work(SOLVE)
def solve(
    report: Report,
    plan_id: int,
    based_on: int | None,
    release_id: int | None = None,
    part: str = "",
    keeps: Iterable[str] = (),
) -> dict[str, Any]:
    """Solve a plan within its seconds; a request to stop keeps the best so far.

    The engine is run outside any transaction. The plan ends as a draft with slots, as impossible
    with its colliding rules, or as undecided when time ran out before anything was found.
    """
    plan = plan_with_programme(plan_id)
    task = _Task(plan.method, Effort.of(plan.seconds, plan.seed, is_repeatable=plan.is_repeatable))
    situation = situation_of(plan.programme)
    basis = _basis(based_on, release_id).within(situation)
    situation = Holding(plan.method, part, tuple(map(Keep, keeps))).of(situation, basis)
    db.session.rollback()
    result = _search(task, situation, basis, report)
    if result.plan is None:
        return keep_reasons(plan_id, situation, impossible=result.status == "impossible")
    return keep_plan(plan_id, result, situation, basis)


@dataclass(frozen=True)
class _Task:
    method: PlanMethod
    effort: Effort


def _basis(plan_id: int | None, release_id: int | None) -> Basis:
    if release_id is not None:
        return Basis.of_release(db.session.get_one(Release, release_id))
    return Basis.of_plan(plan_with_programme(plan_id)) if plan_id is not None else Basis({})


def _search(task: _Task, situation: Situation, basis: Basis, report: Report) -> "Result":
    # OR-Tools brings hundreds of modules with it; only the worker needs them.
    from scheduler.scheduling.engine.repair import repair  # noqa: PLC0415
    from scheduler.scheduling.engine.search import solve as search  # noqa: PLC0415

    tell = telling(report, task.effort.seconds, situation.timescale)
    before = basis.plan(situation)
    if task.method is PlanMethod.KEEP and basis.places:
        return repair(
            situation.problem,
            before,
            # What has taken place already stays where it was.
            frozen_before=situation.timescale.minute(clock.now()),
            **task.effort.limits,
            on_progress=tell,
            should_stop=lambda: report.should_stop,
        )
    return search(
        situation.problem,
        **task.effort.limits,
        warm_start=before if basis.places else None,
        on_progress=tell,
        should_stop=lambda: report.should_stop,
    )


def telling(report: Report, seconds: int, timescale: Timescale) -> "Callable[[Progress], None]":
    """Return what passes a search's progress on to the job's page, with the best plan so far."""
    shown = _Shown(timescale)

    def tell(progress: "Progress") -> None:
        report.advance(
            min(int(progress.seconds), seconds),
            seconds,
            value=progress.value,
            bound=progress.bound,
            measure=str(progress.measure),
            seconds=round(progress.seconds, 1),
            places=shown.places(progress.plan),
        )

    return tell


class _Shown:
    """The best plan as a page reads it, written anew only when there is another."""

    def __init__(self, timescale: Timescale) -> None:
        self._timescale = timescale
        self._plan: EnginePlan | None = None
        self._places: Stored = []

    def places(self, plan: EnginePlan | None) -> Stored:
        if plan is not None and plan is not self._plan:
            placed = plan_of(one for one in plan.placements if not is_aside(one))
            self._plan, self._places = plan, stored_places(placed, self._timescale)
        return self._places


def plan_with_programme(plan_id: int) -> Plan:
    """Return the plan that a job is about."""
    return db.session.scalars(
        select(Plan).where(Plan.id == plan_id).options(joinedload(Plan.programme))
    ).one()


def keep_plan(plan_id: int, result: "Result", solved: Situation, basis: Basis) -> dict[str, Any]:
    """Make what was found the plan's slots; groups that have left meanwhile are passed over."""
    found = cast("EnginePlan", result.plan)
    with transaction():
        plan = plan_with_programme(plan_id)
        situation = situation_of(plan.programme, allotted=solved.allotted)
        placements = [p for p in found.placements if p.activity in situation.items]
        plan.slots = slots_of(EnginePlan(tuple(placements)), situation)
        for slot in plan.slots:
            slot.is_locked = slot.item.ref in basis.locked
        plan.state = PlanState.DRAFT
        plan.value, plan.bound = result.value, result.bound
        plan.locked_count = len(solved.problem.locks)
        if basis.places:
            plan.moved = len(moved_between(basis.plan(solved), found))
        is_counted = plan.method is PlanMethod.KEEP and plan.moved is not None
        plan.is_fewest = is_counted and (result.moves_bound or 0) >= (plan.moved or 0)
        # A repair is optimal in how little it moves, which says nothing about the cost.
        plan.is_optimal = result.status == "optimal" and not is_counted
        plan.terms = {term.code: [term.amount, term.cost] for term in result.terms}
        plan.history = [[round(p.seconds, 2), p.value, p.bound] for p in result.history]
        plan.touch(clock.now())
    return {"value": result.value, "bound": result.bound}


def keep_reasons(plan_id: int, situation: Situation, *, impossible: bool) -> dict[str, Any]:
    """Explain why there is no plan; a search that merely ran out of time is not `impossible`."""
    from scheduler.scheduling.engine.explain import explain  # noqa: PLC0415 - see solve

    explanation = explain(situation.problem, seconds=EXPLAIN_SECONDS)
    is_proven = impossible or explanation.verdict == "conflict"
    with transaction():
        plan = plan_with_programme(plan_id)
        plan.state = PlanState.IMPOSSIBLE if is_proven else PlanState.UNDECIDED
        plan.explanation = reasons_of(explanation)
        plan.touch(clock.now())
    return {"state": str(plan.state)}


def reasons_of(explanation: "Explanation") -> list[dict[str, Any]]:
    """Return an explanation as it is stored."""
    reliefs = {
        rule: [str(relief.way), relief.amount]
        for rule, relief in zip(explanation.rules, explanation.reliefs, strict=True)
        # More rooms of their own for activities are nothing that anybody could build.
        if relief is not None and not any(id_.startswith(PLACE_FOR) for id_ in rule.ids)
    }
    reasons: list[Any] = [*explanation.findings, *explanation.rules]
    return [
        {
            "code": str(r.code),
            "ids": list(r.ids),
            "facts": _json(r.facts),
            "relief": reliefs.get(r) if isinstance(r, NamedRule) else None,
        }
        for r in reasons
    ]


def _json(facts: Any) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in facts.items()}


@work(PUBLISH)
def publish_plan(
    report: Report, plan_id: int, edition: int, notes: str, actor_name: str
) -> dict[str, Any]:
    """Publish a previewed draft; repeated after a killed worker it finds its own release."""
    report.advance(0, 1)
    try:
        with transaction():
            release = publish(
                plan_with_programme(plan_id),
                edition=edition,
                notes=notes,
                actor=Actor(report.account_id, actor_name),
                now=clock.now(),
                secret_key=secret_key(),
                public_url=public_url(),
            )
    except Refused as refused:
        number = _published_since(plan_id, report.created_at)
        if refused.code is not Refusal.NOTHING_CHANGED or number is None:
            raise
        return {"number": number}
    return {"number": release.number}


def _published_since(plan_id: int, instant: dt.datetime) -> int | None:
    """Return the release that this job, or an earlier try of it, has made of the plan."""
    query = select(Release.number).where(
        Release.plan_id == plan_id, Release.published_at >= instant
    )
    return db.session.scalars(query.order_by(Release.number.desc()).limit(1)).one_or_none()
