"""Follows a search: keeps the best plan and the bound, and tells the caller about both."""

from __future__ import annotations

from math import ceil
from time import monotonic
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.result import Measure, Progress, gap_of
from scheduler.scheduling.engine.run import PULSE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.run import News

INFINITE = 1e15
BOUND_SLACK = 1e-6  # bounds come as floats of a whole-numbered objective


class Audience:
    """Who listens to a search, over all of its runs: the caller's callbacks and one clock."""

    def __init__(
        self,
        on_progress: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.history: list[Progress] = []
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._started = monotonic()
        self._told_at = -PULSE_SECONDS
        self.asked_to_stop = False

    @property
    def seconds(self) -> float:
        return monotonic() - self._started

    def left(self, seconds: float | None) -> float | None:
        """Return what is left of that many seconds, None of an unlimited time."""
        return None if seconds is None else seconds - self.seconds

    def hear(self, now: Progress, *, at_once: bool = False) -> bool:
        """Note what is new, pass it on unless that was just done, say whether to stop."""
        last = self.history[-1] if self.history else None
        if last is None or _numbers(now) != _numbers(last):
            self.history.append(now)
        if now.seconds - self._told_at < PULSE_SECONDS and not at_once:
            return self.asked_to_stop
        self._told_at = now.seconds
        if self._on_progress is not None:
            self._on_progress(now)
        if self._should_stop is not None and not self.asked_to_stop:
            self.asked_to_stop = self._should_stop()
        return self.asked_to_stop


def _numbers(progress: Progress) -> tuple[Measure, int | None, int | None]:
    return progress.measure, progress.value, progress.bound


class Watch:
    """Keeps the best plan of one run of the solver, as `value_of` measures it."""

    def __init__(
        self, audience: Audience, value_of: Callable[[Plan], int], measure: Measure = Measure.COST
    ) -> None:
        self.plan: Plan | None = None
        self.value: int | None = None
        self.bound: int | None = None
        self.ceiling: int | None = None
        self._audience = audience
        self._value_of = value_of
        self.measure = measure

    def __call__(self, news: News | None) -> bool:
        """Take the news in and pass it on; say whether the search should stop."""
        if news is not None and news.plan is not None:
            self._keep_better(news.plan)
        if news is not None and news.bound is not None:
            self._raise_bound(news.bound)
        return self._audience.hear(self._now())

    def close(self, bound: float) -> None:
        """Take the last bound over and tell how the run ended."""
        if self.plan is not None:
            self._raise_bound(bound)
        self._audience.hear(self._now(), at_once=True)

    @property
    def is_best(self) -> bool:
        return gap_of(self.value, self.bound) == 0

    def _now(self) -> Progress:
        seconds = self._audience.seconds
        return Progress(seconds, self.value, self.bound, self.plan, self.measure)

    def _keep_better(self, plan: Plan) -> None:
        value = self._value_of(plan)
        if self.value is None or value < self.value:
            self.plan, self.value = plan, value

    def _raise_bound(self, bound: float) -> None:
        """Take a bound over; no cost is below 0, and none below a plan that is proved best.

        What is found under a ceiling says nothing about plans above it.
        """
        found = ceil(bound - BOUND_SLACK) if bound < INFINITE else 0
        if self.ceiling is not None:
            found = min(found, self.ceiling + 1)
        proven = max(0, found, self.bound or 0)
        self.bound = proven if self.value is None else min(proven, self.value)
