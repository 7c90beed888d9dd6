"""The rule that something is the first, or the fifth, of what it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule
from scheduler.scheduling.engine.rounds import round_at, rounds_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.terms import Expr, Literal


@dataclass(frozen=True, kw_only=True)
class Numbered(ProgrammeRule):
    """Who has a number in `numbers` is the so-manieth of these; who is not counts 1.

    A number for each, 0 where any will do. Counted is round by round, in each venue by venue in
    their order, then by time.
    """

    kind: ClassVar[str] = "numbered"
    looks_at_times: ClassVar[bool] = True

    numbers: tuple[int, ...]

    @property
    def number_of(self) -> dict[str, int]:
        """What each has to be; those who may be any are left out."""
        pairs = zip(self.activities, self.numbers, strict=True)
        return {id_: number for id_, number in pairs if number}

    def among(self, activities: Collection[str]) -> ProgrammeRule | None:
        return self if set(self.activities) <= set(activities) else None

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        venues = list(seen.problem.venue_by_id)

        def turn(id_: str) -> tuple[int, int, int]:
            start = seen.start(id_)
            return round_at(seen.rounds, start), venues.index(seen.venue(id_)), start

        wanted = self.number_of
        for number, id_ in enumerate(sorted(seen.placed(self.activities), key=turn), 1):
            if wanted.get(id_, number) != number:
                yield Breach((id_,), 1, {"number": number, "needed_number": wanted[id_]})

    def amount(self, model: Model) -> Expr:
        ranks = _ranks(model)
        wrong = []
        for id_, number in self.number_of.items():
            miss = model.cp.new_bool_var(f"{self.id}: {id_}")
            before = [_turns(model, ranks, one, id_) for one in self.activities if one != id_]
            right = model.cp.add(model.total(before) == number - 1)
            right.only_enforce_if(miss.negated())
            wrong.append(miss)
        return model.total(wrong)

    def flaw(self) -> str | None:
        fits = len(self.numbers) == len(self.activities) and all(n >= 0 for n in self.numbers)
        return super().flaw() or (None if fits else "bad_numbers")


def _ranks(model: Model) -> list[int]:
    """Return where each session stands: by round, then by venue."""
    rounds = rounds_of(model.problem)
    venues = list(model.problem.venue_by_id)
    return [
        round_at(rounds, one.window.start) * len(venues) + venues.index(one.venue)
        for one in model.sessions
    ]


def _turns(model: Model, ranks: list[int], one: str, other: str) -> Literal:
    """Return a literal that is true exactly when the one comes before the other."""
    day_long = model.problem.days[-1].end + 1

    def turn(id_: str) -> Expr:
        rank = model.total(ranks[i] * literal for i, literal in model.at[id_].items())
        return day_long * rank + model.start(id_)

    before = model.cp.new_bool_var("")
    model.cp.add(turn(one) <= turn(other)).only_enforce_if(before)
    model.cp.add(turn(one) >= turn(other)).only_enforce_if(before.negated())
    return before
