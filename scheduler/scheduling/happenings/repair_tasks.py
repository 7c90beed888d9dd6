"""The worker's part of a repair: search, and keep what was found with what it could not place."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.jobs.running import Report, work
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.engine import Plan as EnginePlan
from scheduler.scheduling.engine import Problem, plan_of
from scheduler.scheduling.engine.present import as_of, leave_near
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.happenings.models import Repair
from scheduler.scheduling.happenings.repairs import asked_problem
from scheduler.scheduling.holding import Holding
from scheduler.scheduling.models import PlanMethod, Release
from scheduler.scheduling.services import REPAIR
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.tasks import (
    EXPLAIN_SECONDS,
    keep_plan,
    keep_reasons,
    plan_with_programme,
    reasons_of,
    telling,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.scheduling.engine.result import Progress, Result

LEAST_SECONDS = 5


@work(REPAIR)
def mend(report: Report, plan_id: int, release_id: int, **_other: Any) -> dict[str, Any]:
    """Repair the release within the plan's seconds; a request to stop keeps the best so far.

    What begins within the frozen zone stays unless it is hit, if any plan leaves it there. Where no
    plan holds every group, the draft leaves the fewest without a time, and keeps why.
    """
    plan = plan_with_programme(plan_id)
    asked, seconds, seed = db.session.get_one(Repair, plan_id).asked, plan.seconds, plan.seed
    situation = situation_of(plan.programme)
    basis = Basis.of_release(db.session.get_one(Release, release_id)).within(situation)
    situation = Holding(PlanMethod.KEEP).of(situation, basis)
    problem, published = asked_problem(situation, basis.plan(situation), asked)
    now, notice = situation.timescale.minute(clock.now()), int(asked.get("notice", 0))
    problem = as_of(problem, published, now, notice)
    hours = situation.programme.frozen_hours
    near = leave_near(problem, published, now + 60 * hours) if hours else problem
    db.session.rollback()
    task = _Task(published, seconds, seed, report, telling(report, seconds, situation.timescale))
    result, is_in_part, leaves_near = _search(task, near, problem)
    if result.plan is None:
        stands = replace(situation, problem=problem)
        return keep_reasons(plan_id, stands, impossible=result.status == "impossible")
    # What only stood for a delay is no group of theirs.
    places = (p for p in result.plan.placements if p.activity in situation.items)
    plain = plan_of(places)
    cost = None if result.left_out else score(situation.problem, plain)
    result = replace(
        result,
        plan=plain,
        value=None if cost is None else cost.value,
        terms=() if cost is None else cost.terms,
    )
    facts = keep_plan(plan_id, result, situation, basis)
    zone = {"hours": hours, "is_left": leaves_near} if near is not problem else None
    _keep_repair(plan_id, result, problem, is_in_part=is_in_part, zone=zone)
    return facts


@dataclass(frozen=True)
class _Task:
    published: EnginePlan
    seconds: int
    seed: int
    report: Report
    tell: "Callable[[Progress], None]"

    def limits(self, spent: float = 0) -> dict[str, Any]:
        """Return how a search runs that begins so many seconds after the first."""
        return {
            "seed": self.seed,
            "seconds": max(LEAST_SECONDS, self.seconds - spent),
            "on_progress": self.tell,
            "should_stop": lambda: self.report.should_stop,
        }


def _search(task: _Task, near: Problem, problem: Problem) -> tuple["Result", bool, bool]:
    """Return what was found, whether in part, and whether what is near was left alone."""
    # OR-Tools brings hundreds of modules with it; only the worker needs them.
    from scheduler.scheduling.engine.repair import repair, repair_in_part  # noqa: PLC0415

    whole = repair(near, task.published, **task.limits())
    if whole.plan is not None:
        return whole, False, True
    spent = whole.seconds
    if near is not problem:
        whole = repair(problem, task.published, **task.limits(spent))
        if whole.plan is not None:
            return whole, False, False
        spent += whole.seconds
    in_part = repair_in_part(problem, task.published, **task.limits(spent))
    return (whole, False, False) if in_part.plan is None else (in_part, True, False)


def _keep_repair(
    plan_id: int,
    result: "Result",
    problem: Problem,
    *,
    is_in_part: bool,
    zone: dict[str, Any] | None,
) -> None:
    from scheduler.scheduling.engine.explain import explain  # noqa: PLC0415 - see _search

    reasons = reasons_of(explain(problem, seconds=EXPLAIN_SECONDS)) if is_in_part else []
    with transaction():
        repair = db.session.get_one(Repair, plan_id)
        repair.is_in_part = is_in_part
        repair.asked = repair.asked | ({"zone": zone} if zone else {})
        repair.moves_bound = result.moves_bound
        repair.left_out = list(result.left_out)
        repair.left_out_bound = result.left_out_bound
        repair.reasons = reasons
