"""Closes in on the best plan from both sides: better plans from above, proofs from below.

Whether a plan cheaper than some ceiling exists is often decided at once when the ceiling is low,
and takes minutes when it is near what was found first, because a tight ceiling rules out most
venues and hours before the search begins. So ceilings between bound and best plan are tried with
a little work each; one that stays undecided is followed by plain improvement, and by more work.
Measured on the demo festival: docs/benchmarks.md, Planning.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.result import StoppedBy
from scheduler.scheduling.engine.run import IMPROVING, PROVING, Limits, Outcome, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.watch import Audience, Watch

OPENING_WORK = 0.5
PROBE_WORK = 5.0
MORE_WORK = 1.5
# How far above the bound a ceiling lies, as a share of the way to the best plan.
# It grows after a proof and is halved where nothing was decided.
STEP = 0.125
LONGER = 1.5
# Within this share of the best plan, the proof that there is none better is tried at once.
CLOSE = 0.1
LEAST_STEP = 0.03


@dataclass(frozen=True)
class Approach:
    """How to model the problem under a ceiling, who follows, and how much time there is.

    `model` is asked for a model whose cost is at most the ceiling, if there is one; without, it
    starts from the best plan known.
    """

    model: Callable[[int | None], Model]
    watch: Watch
    audience: Audience
    limits: Limits

    def run(self, ceiling: int | None, work: float | None, spent: float) -> Outcome:
        """Search below a ceiling with so much work; the watch learns what that proves."""
        left = None if self.limits.work is None else max(0.0, self.limits.work - spent)
        limits = replace(
            self.limits,
            seconds=self.audience.left(self.limits.seconds),
            full_workers=IMPROVING if ceiling is None else PROVING,
            work=min((one for one in (work, left) if one is not None), default=None),
        )
        model = self.model(ceiling)
        self.watch.ceiling = ceiling
        outcome = run(model.cp, limits, model.plan, self.watch)
        if outcome.impossible and ceiling is not None:
            self.watch.close(float(ceiling + 1))
        else:
            self.watch.close(outcome.bound)
        return replace(outcome, deterministic_seconds=spent + outcome.deterministic_seconds)


def squeeze(approach: Approach) -> Outcome:
    """Search until a proof, a limit or a request ends it; return the last run's outcome."""
    outcome = approach.run(None, OPENING_WORK, 0.0)
    if approach.watch.plan is None and not _ended(approach, outcome):
        return approach.run(None, None, outcome.deterministic_seconds)
    step, work, tried = STEP, PROBE_WORK, -1
    while not _ended(approach, outcome):
        value, bound = approach.watch.value or 0, approach.watch.bound or 0
        if value - bound <= CLOSE * value and value != tried:
            tried, ceiling = value, value - 1
        else:
            ceiling = bound + int(step * (value - 1 - bound))
        outcome = approach.run(ceiling, work, outcome.deterministic_seconds)
        if (approach.watch.bound or 0) > ceiling:
            step = min(1.0, LONGER * step)
        elif approach.watch.value == value and not _ended(approach, outcome):
            step /= 2
            if step < LEAST_STEP:
                outcome = approach.run(None, work, outcome.deterministic_seconds)
                step, work = STEP, MORE_WORK * work
    if approach.watch.is_best:
        return replace(outcome, stopped_by=StoppedBy.PROOF)
    return outcome


def _ended(approach: Approach, outcome: Outcome) -> bool:
    """Say whether there is nothing more to do, or no more time to do it."""
    if approach.watch.is_best or outcome.stopped_by in {StoppedBy.REQUEST, StoppedBy.CLOCK}:
        return True
    if approach.watch.plan is None and outcome.stopped_by is StoppedBy.PROOF:
        return True
    limit = approach.limits.work
    return limit is not None and outcome.deterministic_seconds >= limit
