"""Rounds: what the sessions of all venues have in common that lie at the same time.

Such as the morning of a conference day, in which every room has its session. Sessions that overlap
are in one round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import Window
from scheduler.scheduling.engine.sessions import sessions_of

if TYPE_CHECKING:
    from scheduler.scheduling.engine.problem import Problem


def rounds_of(problem: Problem) -> tuple[Window, ...]:
    """Return the rounds of a programme in the order of time, each as the time it takes up."""
    found: list[Window] = []
    for window in sorted(session.window for session in sessions_of(problem)):
        if found and window.start < found[-1].end:
            found[-1] = Window(found[-1].start, max(found[-1].end, window.end))
        else:
            found.append(window)
    return tuple(found)


def round_at(rounds: tuple[Window, ...], minute: int) -> int:
    """Return the number of the round that holds the minute, -1 when none does."""
    holding = (number for number, one in enumerate(rounds) if one.start <= minute < one.end)
    return next(holding, -1)
