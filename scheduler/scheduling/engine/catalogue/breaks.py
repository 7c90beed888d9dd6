"""Rules about the breaks that people need between activities."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.rows import Turn
    from scheduler.scheduling.engine.terms import EitherWay, Expr, Literal


@dataclass(frozen=True)
class _Work:
    """A turn in the model, when the stretch of work that it belongs to began, and "too late"."""

    turn: Turn
    since: Expr
    late: Literal


@dataclass(frozen=True, kw_only=True)
class Breaks(ProgrammeRule):
    """Whoever attends these has a break of `break_minutes` after at most `most_minutes`.

    Such as a juror's. Shorter pauses do not interrupt a stretch of work; what ends later than
    `most_minutes` after its stretch began counts 1. With `with_warm_up` they attend that as well.
    """

    kind: ClassVar[str] = "breaks"
    looks_at_times: ClassVar[bool] = True
    looks_at_turns: ClassVar[bool] = True

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
        rows = model.rows(self.activities, with_warm_up=self.with_warm_up)
        work = {turn: self._work(model, turn) for row in rows for turn in row.turns}
        for row in rows:
            for earlier, later in pairwise(row.turns):
                self._rest_or_go_on(model, work[earlier], work[later], [])
        for one, other in combinations(rows, 2):
            for mine, theirs, first, then in model.pairs(one, other):
                self._rest_or_go_on(model, work[mine], work[theirs], [first])
                self._rest_or_go_on(model, work[theirs], work[mine], [then])
        return model.total(each.late for each in work.values())

    def _work(self, model: Model, turn: Turn) -> _Work:
        since = model.cp.new_int_var(0, model.problem.days[-1].end, "")
        model.cp.add(since <= turn.begin)
        late = model.cp.new_bool_var(f"{self.id} late")
        in_time = model.cp.add(turn.end - since <= self.most_minutes)
        in_time.only_enforce_if(late.negated())
        return _Work(turn, since, late)

    def _rest_or_go_on(
        self, model: Model, earlier: _Work, later: _Work, order: list[EitherWay]
    ) -> None:
        """In this order, let there be a break between the two, or let the stretch go on."""
        model.cp.add(earlier.turn.begin <= later.turn.begin).only_enforce_if(*order)
        rested = model.cp.new_bool_var("")
        pause = model.cp.add(later.turn.begin >= earlier.turn.end + self.break_minutes)
        pause.only_enforce_if(*order, rested)
        goes_on = model.cp.add(later.since <= earlier.since)
        goes_on.only_enforce_if(*order, rested.negated())

    def flaw(self) -> str | None:
        too_short = self.most_minutes < 1 or self.break_minutes < 1
        return super().flaw() or ("bad_breaks" if too_short else None)
