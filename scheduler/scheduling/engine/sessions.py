"""The stretches of time in which a venue can be used: its opening windows without its closures.

For explanations there are more of them: stretches that exist only while a rule is off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import Window
from scheduler.scheduling.engine.rules import NamedRule, Rule

if TYPE_CHECKING:
    from scheduler.scheduling.engine.elements import Venue
    from scheduler.scheduling.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class Session:
    """One stretch of time at one venue, on one day; `without` are rules that must be off for it."""

    venue: str
    window: Window
    day: int
    without: tuple[NamedRule, ...] = ()


def opening_rule(venue: Venue) -> NamedRule:
    return NamedRule(Rule.OPENING_HOURS, (venue.id,))


def closure_rule(venue: Venue, closed: Window) -> NamedRule:
    facts = {"closed_from": closed.start, "closed_until": closed.end}
    return NamedRule(Rule.CLOSURE, (venue.id, str(closed.start)), facts)


def sessions_of(problem: Problem) -> list[Session]:
    """Return every stretch in which something may take place, by venue and time."""
    return [
        Session(venue.id, stretch, _day(problem, stretch))
        for venue in problem.venues
        for window in sorted(venue.windows)
        for stretch in _open(window, venue.closures)
    ]


def relaxable_sessions_of(problem: Problem) -> list[Session]:
    """Return also the stretches that would exist without a closure, or without opening hours."""
    sessions = sessions_of(problem)
    for venue in problem.venues:
        for closed in venue.closures:
            others = tuple(other for other in venue.closures if other != closed)
            sessions += [
                Session(venue.id, stretch, _day(problem, stretch), (closure_rule(venue, closed),))
                for window in venue.windows
                if window.meets(closed)
                for stretch in _open(window, others)
                if stretch.meets(closed)
            ]
        sessions += [
            Session(venue.id, stretch, _day(problem, stretch), (opening_rule(venue),))
            for day in problem.days
            for stretch in _open(day, venue.closures)
        ]
        always = (opening_rule(venue), *(closure_rule(venue, one) for one in venue.closures))
        sessions += [
            Session(venue.id, day, index, always) for index, day in enumerate(problem.days)
        ]
    return sessions


def _open(window: Window, closures: tuple[Window, ...]) -> list[Window]:
    """Return what is left of a window after the closures."""
    left = [window]
    for closed in closures:
        left = (
            [
                piece
                for old in left
                for piece in (
                    Window(old.start, min(old.end, max(old.start, closed.start))),
                    Window(max(old.start, min(old.end, closed.end)), old.end),
                )
                if piece.end > piece.start
            ]
            if any(old.meets(closed) for old in left)
            else left
        )
    return sorted(set(left))


def _day(problem: Problem, stretch: Window) -> int:
    return next(index for index, day in enumerate(problem.days) if day.holds(stretch))
