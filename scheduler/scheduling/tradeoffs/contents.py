"""A table of trade-offs as it is stored, and as its page reads it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from scheduler.scheduling.engine.score import Term
from scheduler.scheduling.placing import stored_places
from scheduler.scheduling.tradeoffs.models import TradeoffTable

if TYPE_CHECKING:
    from scheduler.scheduling.engine.tradeoffs import Choice, Tradeoffs
    from scheduler.scheduling.situation import Situation

START = "start"
CHOICE = "choice"
BEATEN = "beaten"
"""What a line is: the draft itself, another timetable, or the draft where another beats it."""


@dataclass(frozen=True)
class Line:
    """One timetable of the table. `number` is its place in the stored list.

    `is_proved`: no timetable has less of one thing and no more of the others.
    """

    number: int
    kind: str
    value: int
    terms: tuple[Term, ...]
    is_proved: bool

    def amount(self, code: str, weight: int) -> int:
        """Return how much it has of one wish."""
        return next(t.amount for t in self.terms if (t.code, t.weight) == (code, weight))

    @property
    def is_start(self) -> bool:
        """Whether this is the draft from which the table was made."""
        return self.kind != CHOICE


@dataclass(frozen=True)
class Least:
    """How little of one wish any timetable can have, as far as that is proved."""

    code: str
    weight: int
    bound: int


@dataclass(frozen=True)
class Contents:
    """The lines, the cheapest first, and the wishes in which they differ."""

    lines: tuple[Line, ...]
    least: tuple[Least, ...]

    @classmethod
    def of(cls, table: TradeoffTable) -> Self:
        """Read what is stored."""
        lines = tuple(_line(number, kept) for number, kept in enumerate(table.choices))
        return cls(lines, tuple(Least(*kept) for kept in table.floors))

    @property
    def reference(self) -> Line | None:
        """With what the lines are compared: the draft; the cheapest where it breaks rules."""
        starts = (line for line in self.lines if line.is_start)
        return next(starts, self.lines[0] if self.lines else None)

    @property
    def wishes(self) -> list[tuple[str, int]]:
        """Return code and weight of what not all lines have equally much of."""
        columns = zip(*(line.terms for line in self.lines), strict=True)
        return [
            (column[0].code, column[0].weight)
            for column in columns
            if len({term.amount for term in column}) > 1
        ]

    def bound(self, code: str, weight: int) -> int | None:
        """Return the proved least amount of a wish, None where nothing is proved."""
        found = (one.bound for one in self.least if (one.code, one.weight) == (code, weight))
        return next(found, None)


def stored(found: "Tradeoffs", situation: "Situation") -> tuple[list[Any], list[Any]]:
    """Return a table's choices and floors as they are stored."""
    choices = [_stored(one, CHOICE, situation) for one in found.choices]
    start = found.start
    if start is not None:
        same = [n for n, one in enumerate(found.choices) if one.plan == start.plan]
        for number in same:
            choices[number]["kind"] = START
        if not same:
            choices.append(_stored(start, BEATEN, situation))
    return choices, [[*floor.wish, floor.bound] for floor in found.floors]


def _stored(choice: "Choice", kind: str, situation: "Situation") -> dict[str, Any]:
    return {
        "kind": kind,
        "value": choice.score.value,
        "is_proved": choice.is_proved,
        "terms": [[t.code, t.weight, t.amount] for t in choice.score.terms if t.weight],
        "places": stored_places(choice.plan, situation.timescale),
    }


def _line(number: int, kept: dict[str, Any]) -> Line:
    terms = tuple(Term(*one) for one in kept["terms"])
    return Line(number, kept["kind"], kept["value"], terms, kept["is_proved"])
