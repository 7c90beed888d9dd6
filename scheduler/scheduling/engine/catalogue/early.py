"""Rules about who has to come early in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.terms import Expr


@dataclass(frozen=True, kw_only=True)
class FewEarly(ProgrammeRule):
    """At most `most` of these begin early, such as one group of a school; each further counts 1.

    Early is what begins on stage less than `early_minutes` after the day's first venue opens.
    """

    kind: ClassVar[str] = "few_early"
    looks_at_times: ClassVar[bool] = True

    early_minutes: int
    most: int = 0

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        until = early_until(seen.problem, self.early_minutes)
        early = [
            id_
            for id_ in seen.placed(self.activities)
            if (day := seen.day(id_)) in until and seen.start(id_) < until[day]
        ]
        if len(early) > self.most:
            facts = {"count": len(early), "most": self.most, "early_minutes": self.early_minutes}
            yield Breach(tuple(early), len(early) - self.most, facts)

    def amount(self, model: Model) -> Expr:
        until = early_until(model.problem, self.early_minutes)
        early = []
        for id_ in self.activities:
            literal = model.cp.new_bool_var(f"{self.id}: {id_} early")
            for day, minute in until.items():
                here = model.on_day(id_, day)
                if here is not None:
                    later = model.cp.add(model.start(id_) >= minute)
                    later.only_enforce_if(here, literal.negated())
            early.append(literal)
        further = model.cp.new_int_var(0, len(early), self.id)
        model.cp.add(further >= model.total(early) - self.most)
        return further

    def flaw(self) -> str | None:
        bad = self.early_minutes < 1 or self.most < 0
        return super().flaw() or ("bad_early" if bad else None)


def early_until(problem: Problem, minutes: int) -> dict[int, int]:
    """Return for each day on which a venue opens the minute at which it is no longer early."""
    opened = {
        number: [
            window.start
            for venue in problem.venues
            for window in venue.windows
            if day.start <= window.start < day.end
        ]
        for number, day in enumerate(problem.days)
    }
    return {number: min(starts) + minutes for number, starts in opened.items() if starts}
