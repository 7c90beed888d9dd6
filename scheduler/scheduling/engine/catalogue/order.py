"""Rules about what comes before what, and how long after it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.terms import Expr

PAIR = 2


@dataclass(frozen=True, kw_only=True)
class InOrder(ProgrammeRule):
    """These begin on stage in the order given, as lots were drawn; each step back counts 1."""

    kind: ClassVar[str] = "in_order"
    looks_at_times: ClassVar[bool] = True

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        for one, other in pairwise(seen.placed(self.activities)):
            if seen.start(other) < seen.start(one):
                yield Breach((one, other), 1, {})

    def amount(self, model: Model) -> Expr:
        backwards = []
        for one, other in pairwise(self.activities):
            back = model.cp.new_bool_var(f"{self.id}: {other} < {one}")
            kept = model.cp.add(model.start(one) <= model.start(other))
            kept.only_enforce_if(back.negated())
            backwards.append(back)
        return model.total(backwards)


@dataclass(frozen=True, kw_only=True)
class Following(ProgrammeRule):
    """The second follows the first, `least_minutes` to `most_minutes` after its people are free.

    Counted are the minutes that are missing or too many. `most_minutes` None: any time later.
    """

    kind: ClassVar[str] = "following"
    looks_at_times: ClassVar[bool] = True

    least_minutes: int = 0
    most_minutes: int | None = None

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        if len(seen.placed(self.activities)) < PAIR:
            return
        first, then = self.activities
        between = seen.begin(then) - seen.end(first)
        most = between if self.most_minutes is None else self.most_minutes
        amount = max(self.least_minutes - between, between - most, 0)
        if amount:
            yield Breach(self.activities, amount, {"minutes": between})

    def amount(self, model: Model) -> Expr:
        first, then = (model.problem.activity_by_id[id_] for id_ in self.activities)
        wrong = model.cp.new_int_var(0, 2 * model.problem.days[-1].end, self.id)
        between = model.start(then.id, then.begins) - model.start(first.id, first.ends)
        model.cp.add(wrong >= self.least_minutes - between)
        if self.most_minutes is not None:
            model.cp.add(wrong >= between - self.most_minutes)
        return wrong

    def flaw(self) -> str | None:
        if len(self.activities) != PAIR:
            return "not_two_activities"
        backwards = self.most_minutes is not None and self.most_minutes < self.least_minutes
        return "bad_minutes" if backwards else None
