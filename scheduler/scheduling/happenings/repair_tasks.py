"""The worker's part of a repair: search, and keep what was found with what it could not place."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.jobs.running import Report, work
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.engine import Plan as EnginePlan
from scheduler.scheduling.engine import Problem, plan_of
from scheduler.scheduling.engine.present import as_of
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

    Where no plan holds every group, the draft leaves the fewest without a time, and keeps why.
    """
    plan = plan_with_programme(plan_id)
    asked, seconds, seed = db.session.get_one(Repair, plan_id).asked, plan.seconds, plan.seed
    situation = situation_of(plan.programme)
    basis = Basis.of_release(db.session.get_one(Release, release_id)).within(situation)
    situation = Holding(PlanMethod.KEEP).of(situation, basis)
    problem, published = asked_problem(situation, basis.plan(situation), asked)
    now, notice = situation.timescale.minute(clock.now()), int(asked.get("notice", 0))
    problem = as_of(problem, published, now, notice)
    db.session.rollback()
    tell = telling(report, seconds, situation.timescale)
    result, is_in_part = _search(problem, published, seconds, seed, report, tell)
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
    _keep_repair(plan_id, result, problem, is_in_part=is_in_part)
    return facts


def _search(
    problem: Problem,
    published: EnginePlan,
    seconds: int,
    seed: int,
    report: Report,
    tell: "Callable[[Progress], None]",
) -> tuple["Result", bool]:
    # OR-Tools brings hundreds of modules with it; only the worker needs them.
    from scheduler.scheduling.engine.repair import repair, repair_in_part  # noqa: PLC0415

    whole = repair(
        problem,
        published,
        seed=seed,
        seconds=seconds,
        on_progress=tell,
        should_stop=lambda: report.should_stop,
    )
    if whole.plan is not None:
        return whole, False
    in_part = repair_in_part(
        problem,
        published,
        seed=seed,
        seconds=max(LEAST_SECONDS, seconds - whole.seconds),
        on_progress=tell,
        should_stop=lambda: report.should_stop,
    )
    return (whole, False) if in_part.plan is None else (in_part, True)


def _keep_repair(plan_id: int, result: "Result", problem: Problem, *, is_in_part: bool) -> None:
    from scheduler.scheduling.engine.explain import explain  # noqa: PLC0415 - see _search

    reasons = reasons_of(explain(problem, seconds=EXPLAIN_SECONDS)) if is_in_part else []
    with transaction():
        repair = db.session.get_one(Repair, plan_id)
        repair.is_in_part = is_in_part
        repair.moves_bound = result.moves_bound
        repair.left_out = list(result.left_out)
        repair.left_out_bound = result.left_out_bound
        repair.reasons = reasons
