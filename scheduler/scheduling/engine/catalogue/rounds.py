"""Rules about sessions of a venue, and about the rounds in which they lie.

A session is a stretch in which a venue is open without a break; `rounds.py` says what a round is.
The tracks of a conference are such rules.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, ClassVar

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule, used
from scheduler.scheduling.engine.rounds import round_at, rounds_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from scheduler.scheduling.engine.catalogue.base import Seen
    from scheduler.scheduling.engine.elements import Window
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.sessions import Session
    from scheduler.scheduling.engine.terms import Expr, Literal


@dataclass(frozen=True, kw_only=True)
class OwnSession(ProgrammeRule):
    """Nothing else is in a session with any of these, such as a track of a conference.

    Each session of a venue that they share with others counts 1.
    """

    kind: ClassVar[str] = "own_session"

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        others = set(seen.problem.activity_by_id) - set(self.activities)
        theirs = _by_session(seen, sorted(others))
        for session, ids in _by_session(seen, self.activities).items():
            if session in theirs:
                yield Breach((*ids, *theirs[session]), 1, {})

    def amount(self, model: Model) -> Expr:
        mine = set(self.activities)
        others = [one.id for one in model.problem.activities if one.id not in mine]
        theirs = _sessions_used(model, others)
        return model.total(
            _both(model, literal, theirs[index])
            for index, literal in _sessions_used(model, self.activities).items()
            if index in theirs
        )


@dataclass(frozen=True, kw_only=True)
class UnwantedSessions(ProgrammeRule):
    """None of these in a session that begins in one of `windows`, at one of `venues`.

    Each session with any of them counts 1. No windows: any time; no venues: any venue.
    """

    kind: ClassVar[str] = "unwanted_sessions"

    windows: tuple[Window, ...] = ()
    venues: tuple[str, ...] = ()

    @property
    def venues_named(self) -> tuple[str, ...]:
        return self.venues

    def unwanted(self, session: Session) -> bool:
        """Say whether this is one of the sessions."""
        return (not self.venues or session.venue in self.venues) and (
            not self.windows
            or any(one.start <= session.window.start < one.end for one in self.windows)
        )

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        for session, ids in _by_session(seen, self.activities).items():
            if self.unwanted(session):
                yield Breach((*ids, session.venue), 1, {})

    def amount(self, model: Model) -> Expr:
        return model.total(
            literal
            for index, literal in _sessions_used(model, self.activities).items()
            if self.unwanted(model.sessions[index])
        )


@dataclass(frozen=True, kw_only=True)
class OneVenueARound(ProgrammeRule):
    """Those of these that lie in one round are in one venue; every further venue counts 1."""

    kind: ClassVar[str] = "one_venue_a_round"

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        for ids in _by_round(seen, self.activities).values():
            venues = sorted({seen.venue(id_) for id_ in ids})
            if len(venues) > 1:
                yield Breach(tuple(ids), len(venues) - 1, {"venues": tuple(venues)})

    def amount(self, model: Model) -> Expr:
        further = []
        for literals in _venues_by_round(model, self.activities).values():
            if len(literals) > 1:
                more = model.cp.new_int_var(0, len(literals) - 1, self.id)
                model.cp.add(more >= model.total(literals.values()) - 1)
                further.append(more)
        return model.total(further)


@dataclass(frozen=True, kw_only=True)
class RoundsInARow(ProgrammeRule):
    """The rounds in which these lie follow each other; a gap, or several, counts 1."""

    kind: ClassVar[str] = "rounds_in_a_row"

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        used_rounds = _by_round(seen, self.activities)
        if used_rounds and max(used_rounds) - min(used_rounds) >= len(used_rounds):
            yield Breach(tuple(seen.placed(self.activities)), 1, {})

    def amount(self, model: Model) -> Expr:
        venues = _venues_by_round(model, self.activities)
        rounds = range(len(rounds_of(model.problem)))
        here = used(model, [list(venues.get(number, {}).values()) for number in rounds])
        begins = []
        for before, now in zip([None, *here], here, strict=False):
            begin = model.cp.new_bool_var("")
            model.cp.add(begin >= (now if before is None else now - before))
            begins.append(begin)
        gap = model.cp.new_bool_var(self.id)
        model.cp.add(model.total(begins) <= 1 + len(rounds) * gap)
        return gap


@dataclass(frozen=True, kw_only=True)
class NotBeside(ProgrammeRule):
    """None of these in the same round as one of `others`, unless in the same venue.

    Such as what the same people would like to hear. In each round every pair of venues counts 1,
    one with some of these and another with some of the others.
    """

    kind: ClassVar[str] = "not_beside"

    others: tuple[str, ...]

    @property
    def concerned(self) -> tuple[str, ...]:
        return (*self.activities, *self.others)

    def among(self, activities: Collection[str]) -> ProgrammeRule | None:
        mine, theirs = (
            tuple(id_ for id_ in ids if id_ in activities) for ids in (self.activities, self.others)
        )
        return replace(self, activities=mine, others=theirs) if mine and theirs else None

    def breaches(self, seen: Seen) -> Iterator[Breach]:
        theirs = _by_round(seen, self.others)
        for number, ids in _by_round(seen, self.activities).items():
            here = {seen.venue(id_) for id_ in ids}
            there = {seen.venue(id_) for id_ in theirs.get(number, ())}
            pairs = sum(1 for one, other in product(here, there) if one != other)
            if pairs:
                yield Breach((*ids, *theirs[number]), pairs, {})

    def amount(self, model: Model) -> Expr:
        theirs = _venues_by_round(model, self.others)
        return model.total(
            _both(model, literal, other)
            for number, mine in _venues_by_round(model, self.activities).items()
            for venue, literal in mine.items()
            for elsewhere, other in theirs.get(number, {}).items()
            if elsewhere != venue
        )

    def flaw(self) -> str | None:
        return super().flaw() or (None if self.others else "no_activities")


def _by_session(seen: Seen, activities: Iterable[str]) -> dict[Session, list[str]]:
    """Return the sessions of these, and who is in them; what is outside of any is left out."""
    found: defaultdict[Session, list[str]] = defaultdict(list)
    for id_ in seen.placed(activities):
        session = seen.session(id_)
        if session is not None:
            found[session].append(id_)
    return found


def _by_round(seen: Seen, activities: Iterable[str]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for session, ids in _by_session(seen, activities).items():
        found[round_at(seen.rounds, session.window.start)] += ids
    return found


def _sessions_used(model: Model, activities: Iterable[str]) -> dict[int, Literal]:
    """Return for each session that can hold some of these a literal that says whether it does."""
    by_session: defaultdict[int, list[Literal]] = defaultdict(list)
    for id_ in activities:
        for index, literal in model.at[id_].items():
            by_session[index].append(literal)
    return dict(zip(by_session, used(model, by_session.values()), strict=True))


def _venues_by_round(model: Model, activities: Iterable[str]) -> dict[int, dict[str, Literal]]:
    """Return for each round, and each venue in it, a literal that says whether one is there."""
    rounds: tuple[Window, ...] = rounds_of(model.problem)
    found: defaultdict[int, defaultdict[str, list[Literal]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for index, literal in _sessions_used(model, activities).items():
        session = model.sessions[index]
        number = round_at(rounds, session.window.start)
        if number >= 0:
            found[number][session.venue].append(literal)
    return {
        number: dict(zip(venues, used(model, venues.values()), strict=True))
        for number, venues in found.items()
    }


def _both(model: Model, one: Literal, other: Literal) -> Literal:
    """Return a literal that is true at least when both are."""
    both = model.cp.new_bool_var("")
    model.cp.add_bool_or(one.negated(), other.negated(), both)
    return both
