"""The worker's part of a table of trade-offs: search for it, and keep it."""

from typing import TYPE_CHECKING, Any

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.jobs.running import Report, work
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.effort import Effort
from scheduler.scheduling.holding import Holding
from scheduler.scheduling.models import PlanMethod
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.tasks import plan_with_programme
from scheduler.scheduling.tradeoffs.contents import stored
from scheduler.scheduling.tradeoffs.models import TradeoffTable
from scheduler.scheduling.tradeoffs.services import TRADE

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.scheduling.engine.tradeoffs import Step


@work(TRADE)
def trade(report: Report, plan_id: int) -> dict[str, Any]:
    """Work out the table of a draft; locked groups stay in all of its timetables.

    A request to stop keeps what was found until then.
    """
    # OR-Tools brings hundreds of modules with it; only the worker needs them.
    from scheduler.scheduling.engine.tradeoffs import tradeoffs  # noqa: PLC0415

    plan = plan_with_programme(plan_id)
    table = db.session.get_one(TradeoffTable, plan_id)
    effort = Effort.of(table.seconds, table.seed, is_repeatable=table.is_repeatable)
    situation = situation_of(plan.programme)
    basis = Basis.of_plan(plan).within(situation)
    situation = Holding(PlanMethod.IMPROVE).of(situation, basis)
    db.session.rollback()
    found = tradeoffs(
        situation.problem,
        basis.plan(situation),
        **effort.limits,
        on_progress=_telling(report, effort.seconds),
        should_stop=lambda: report.should_stop,
    )
    choices, floors = stored(found, situation)
    with transaction():
        table = db.session.get_one(TradeoffTable, plan_id)
        table.choices, table.floors, table.made_at = choices, floors, clock.now()
    return {"choices": len(found.choices)}


def _telling(report: Report, seconds: int) -> "Callable[[Step], None]":
    def tell(step: "Step") -> None:
        report.advance(
            min(int(step.seconds), seconds),
            seconds,
            search=step.search,
            searches=step.searches,
            choices=step.choices,
        )

    return tell
