"""What a rule of a programme is: something to hold, or to be paid for, that can be named.

A rule knows two things of itself that share no code: what a finished plan breaks of it
(`breaches`), and how the model counts the same (`amount`). With `weight` None it has to hold, and
the amount is 0 in every valid plan; with a weight each unit of it costs so much, and 0 switches it
off.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.rounds import rounds_of
from scheduler.scheduling.engine.sessions import sessions_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from scheduler.scheduling.engine.elements import Window
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.rules import Facts
    from scheduler.scheduling.engine.sessions import Session
    from scheduler.scheduling.engine.terms import Expr, Literal


@dataclass(frozen=True)
class Breach:
    """One place at which a plan breaks a rule: whom it concerns, by how much, and the numbers."""

    ids: tuple[str, ...]
    amount: int
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class ProgrammeRule(ABC):
    """A rule that a programme states about some of its activities."""

    kind: ClassVar[str]
    looks_at_times: ClassVar[bool] = False
    """Whether it asks for an activity's own start; a rule about days and venues does not."""

    looks_at_turns: ClassVar[bool] = False
    """Whether it sees of a whole block only when its turns are, not who has which."""

    id: str
    activities: tuple[str, ...]
    weight: int | None = None

    @property
    def is_hard(self) -> bool:
        return self.weight is None

    @property
    def concerned(self) -> tuple[str, ...]:
        """All activities that the rule names."""
        return self.activities

    @property
    def venues_named(self) -> tuple[str, ...]:
        """All venues that the rule names."""
        return ()

    def among(self, activities: Collection[str]) -> ProgrammeRule | None:
        """Return what the rule says about these alone; None when nothing is left to judge."""
        part = replace(self, activities=tuple(id_ for id_ in self.activities if id_ in activities))
        return part if part.flaw() is None else None

    @abstractmethod
    def breaches(self, seen: Seen) -> Iterator[Breach]:
        """Yield what the plan breaks, looking at nothing but the plan."""

    @abstractmethod
    def amount(self, model: Model) -> Expr:
        """Add what is needed to the model and return what the breaches would add up to."""

    def flaw(self) -> str | None:
        """Return a word for what makes this rule senseless in itself, None when it is sound."""
        return None if self.activities else "no_activities"


class Seen:
    """A plan as rules look at it: when and where each activity is, on which day."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self._places = {
            one.activity: one
            for one in plan.placements
            if one.activity in problem.activity_by_id and one.venue in problem.venue_by_id
        }

    def placed(self, activities: Iterable[str]) -> list[str]:
        """Return those of the activities that have a place, in the order given."""
        return [id_ for id_ in activities if id_ in self._places]

    def start(self, activity: str) -> int:
        """Return the start on stage."""
        return self._places[activity].start

    def begin(self, activity: str) -> int:
        """Return when the activity's people have to be there."""
        return self._places[activity].start + self.problem.activity_by_id[activity].begins

    def end(self, activity: str) -> int:
        """Return when they are free again."""
        return self._places[activity].start + self.problem.activity_by_id[activity].ends

    def venue(self, activity: str) -> str:
        return self._places[activity].venue

    def day(self, activity: str) -> int:
        """Return the number of the day, -1 outside of all days."""
        begin = self._places[activity].start + self.problem.activity_by_id[activity].first
        return day_at(self.problem.days, begin)

    def session(self, activity: str) -> Session | None:
        """Return the session of its venue in which it starts, None outside of all."""
        start = self.start(activity)
        sessions = self._sessions[self.venue(activity)]
        return next((one for one in sessions if one.window.start <= start < one.window.end), None)

    @cached_property
    def rounds(self) -> tuple[Window, ...]:
        """The rounds of the programme in the order of time (`rounds.py`)."""
        return rounds_of(self.problem)

    @cached_property
    def _sessions(self) -> dict[str, list[Session]]:
        found: defaultdict[str, list[Session]] = defaultdict(list)
        for session in sessions_of(self.problem):
            found[session.venue].append(session)
        return found


def day_at(days: Sequence[Window], minute: int) -> int:
    """Return the number of the day that holds the minute, -1 when none does."""
    holding = (number for number, day in enumerate(days) if day.start <= minute < day.end)
    return next(holding, -1)


def used(model: Model, groups: Iterable[list[Literal]]) -> list[Literal]:
    """Return for each group of literals one that is true exactly when any of them is."""
    found = []
    for literals in groups:
        literal = model.cp.new_bool_var("")
        model.cp.add_max_equality(literal, [*literals, 0])
        found.append(literal)
    return found


def days_used(model: Model, activities: Iterable[str]) -> list[Literal]:
    """Return a literal for each day: something of these takes place on it."""
    ids = tuple(activities)
    return used(
        model,
        (
            [lit for i in ids if (lit := model.on_day(i, day)) is not None]
            for day in range(len(model.problem.days))
        ),
    )


def venues_used(model: Model, activities: Iterable[str]) -> list[Literal]:
    """Return a literal for each venue: something of these takes place in it."""
    ids = tuple(activities)
    return used(
        model,
        (
            [lit for i in ids if (lit := model.in_venue(i, venue.id)) is not None]
            for venue in model.problem.venues
        ),
    )
