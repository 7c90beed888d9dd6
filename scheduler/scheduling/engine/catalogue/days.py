"""Rules about the days on which activities lie."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule, days_used

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.terms import Expr


@dataclass(frozen=True, kw_only=True)
class OneDay(ProgrammeRule):
    """All of these on one day, such as everything of one school; a further day counts 1."""

    kind: ClassVar[str] = "one_day"

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        days = {seen.day(id_) for id_ in seen.placed(self.activities)}
        if len(days) > 1:
            yield Breach(self.activities, len(days) - 1, {"days": len(days)})

    def amount(self, model: Model) -> Expr:
        return model.total(days_used(model, self.activities)) - 1


@dataclass(frozen=True, kw_only=True)
class SpreadDays(ProgrammeRule):
    """These on at least so many days, such as a course's lessons; each day missing counts 1."""

    kind: ClassVar[str] = "spread_days"

    days: int

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        days = {seen.day(id_) for id_ in seen.placed(self.activities)}
        missing = self.days - len(days)
        if len(seen.placed(self.activities)) == len(self.activities) and missing > 0:
            yield Breach(self.activities, missing, {"days": len(days), "needed_days": self.days})

    def amount(self, model: Model) -> Expr:
        missing = model.cp.new_int_var(0, self.days, self.id)
        model.cp.add(missing >= self.days - model.total(days_used(model, self.activities)))
        return missing

    def flaw(self) -> str | None:
        return super().flaw() or ("bad_days" if self.days < 1 else None)


@dataclass(frozen=True, kw_only=True)
class DaysApart(ProgrammeRule):
    """No two of these on one day; each pair that shares one counts 1."""

    kind: ClassVar[str] = "days_apart"

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        for one, other in combinations(seen.placed(self.activities), 2):
            if seen.day(one) == seen.day(other):
                yield Breach((one, other), 1, {})

    def amount(self, model: Model) -> Expr:
        pairs = []
        for one, other in combinations(self.activities, 2):
            together = model.cp.new_bool_var(f"{self.id}: {one} {other}")
            for day in range(len(model.problem.days)):
                here, there = model.on_day(one, day), model.on_day(other, day)
                if here is not None and there is not None:
                    model.cp.add(together >= here + there - 1)
            pairs.append(together)
        return model.total(pairs)
