"""Rules about the breaks that people need between activities."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.terms import Expr, Literal


@dataclass(frozen=True, kw_only=True)
class Breaks(ProgrammeRule):
    """Whoever attends these has a break of `break_minutes` after at most `most_minutes`.

    Such as a juror's. Shorter pauses do not interrupt a stretch of work; what ends later than
    `most_minutes` after its stretch began counts 1. With `with_warm_up` they attend that as well.
    """

    kind: ClassVar[str] = "breaks"
    looks_at_times: ClassVar[bool] = True

    most_minutes: int
    break_minutes: int
    with_warm_up: bool = False

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        for ids in self._stretches(seen):
            begin, last = self._begin(seen, ids[0]), max(seen.end(id_) for id_ in ids)
            late = sum(seen.end(id_) - begin > self.most_minutes for id_ in ids)
            if late:
                yield Breach(ids, late, {**self._facts, "start": begin, "minutes": last - begin})

    @property
    def _facts(self) -> Mapping[str, int]:
        return {"most_minutes": self.most_minutes, "break_minutes": self.break_minutes}

    def _stretches(self, seen: Seen) -> Iterator[tuple[str, ...]]:
        """Yield what follows one another without a break, in order of time."""
        stretch: list[str] = []
        free_at = 0
        for id_ in sorted(seen.placed(self.activities), key=lambda i: (self._begin(seen, i), i)):
            if stretch and self._begin(seen, id_) >= free_at + self.break_minutes:
                yield tuple(stretch)
                stretch = []
            free_at = max(free_at, seen.end(id_)) if stretch else seen.end(id_)
            stretch.append(id_)
        if stretch:
            yield tuple(stretch)

    def _begin(self, seen: Seen, id_: str) -> int:
        return seen.start(id_) + self._offset(seen.problem.activity_by_id[id_])

    def _offset(self, activity: Activity) -> int:
        return activity.begins if self.with_warm_up else activity.stage_begins

    def amount(self, model: Model) -> Expr:
        times = {id_: self._times(model.problem, id_) for id_ in self.activities}
        begins = {id_: model.start(id_, begin) for id_, (begin, _) in times.items()}
        ends = {id_: model.start(id_, end) for id_, (_, end) in times.items()}
        horizon = model.problem.days[-1].end
        since = {id_: model.cp.new_int_var(0, horizon, "") for id_ in self.activities}
        late: list[Literal] = []
        for id_ in self.activities:
            model.cp.add(since[id_] <= begins[id_])
            late.append(model.cp.new_bool_var(f"{self.id}: {id_} late"))
            in_time = model.cp.add(ends[id_] - since[id_] <= self.most_minutes)
            in_time.only_enforce_if(late[-1].negated())
        for pair in combinations(self.activities, 2):
            first = model.cp.new_bool_var("")
            rested = model.cp.new_bool_var("")
            for (one, other), order in ((pair, first), (pair[::-1], first.negated())):
                model.cp.add(begins[one] <= begins[other]).only_enforce_if(order)
                pause = model.cp.add(begins[other] >= ends[one] + self.break_minutes)
                pause.only_enforce_if(order, rested)
                goes_on = model.cp.add(since[other] <= since[one])
                goes_on.only_enforce_if(order, rested.negated())
        return model.total(late)

    def _times(self, problem: Problem, id_: str) -> tuple[int, int]:
        activity = problem.activity_by_id[id_]
        return self._offset(activity), activity.ends

    def flaw(self) -> str | None:
        too_short = self.most_minutes < 1 or self.break_minutes < 1
        return super().flaw() or ("bad_breaks" if too_short else None)
