"""Whether a problem is a conference, and nothing else is asked for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue import (
    NotBeside,
    Numbered,
    OneVenue,
    OneVenueARound,
    OwnSession,
    RoundsInARow,
    UnwantedSessions,
)
from scheduler.scheduling.engine.elements import STAGE
from scheduler.scheduling.engine.rounds import round_at, rounds_of
from scheduler.scheduling.engine.sessions import sessions_of

if TYPE_CHECKING:
    from scheduler.scheduling.engine.catalogue import ProgrammeRule
    from scheduler.scheduling.engine.elements import Activity
    from scheduler.scheduling.engine.problem import Problem

OF_A_TRACK = OneVenue, OneVenueARound, RoundsInARow, Numbered


def suits(problem: Problem) -> bool:
    """Say whether this formulation holds for the problem, down to the last of its rules."""
    tracks = tracks_of(problem)
    return (
        sum(map(len, tracks)) == len(problem.activities) == len(set().union(*tracks))
        and not (problem.parties or problem.time_limits or problem.locks or problem.changeovers)
        and not any(block.activities for block in problem.blocks)
        and all(_is_plain(problem, activity) for activity in problem.activities)
        and _one_session_a_round(problem)
        and not _costs_arise(problem)
        and all(_is_known(rule, tracks) for rule in problem.rules if rule.weight != 0)
        and _numbers_agree(problem)
    )


def tracks_of(problem: Problem) -> list[frozenset[str]]:
    """Return what has its sessions to itself, each set once."""
    own = (rule for rule in problem.rules if isinstance(rule, OwnSession) and rule.is_hard)
    return list(dict.fromkeys(frozenset(rule.activities) for rule in own))


def _is_plain(problem: Problem, activity: Activity) -> bool:
    """Say whether it takes the stage alone, in whole steps, wherever it is."""
    return (
        all(part.room == STAGE for part in activity.parts)
        and activity.first == 0
        and activity.last % problem.grid_minutes == 0
        and all(activity.size <= venue.stage_size for venue in problem.venues)
    )


def _one_session_a_round(problem: Problem) -> bool:
    rounds, sessions = rounds_of(problem), sessions_of(problem)
    places = {(round_at(rounds, one.window.start), one.venue) for one in sessions}
    return len(places) == len(sessions) and all(
        one.window.start % problem.grid_minutes == 0 for one in sessions
    )


def _costs_arise(problem: Problem) -> bool:
    """Say whether a weighted wish can cost something that is not counted here."""
    schools = Counter(a.school for a in problem.activities if a.school is not None)
    alone = all(count == 1 for count in schools.values())
    return bool(problem.weights.venue_idle or (problem.weights.school_gap and not alone))


def _numbers_agree(problem: Problem) -> bool:
    """Say whether nobody can be asked to have two numbers."""
    numbered = [rule.activities for rule in problem.rules if isinstance(rule, Numbered)]
    return len({frozenset(ids) for ids in numbered}) == len(numbered)


def _is_known(rule: ProgrammeRule, tracks: list[frozenset[str]]) -> bool:
    """Say whether the rule is about tracks, or about an activity alone where that is enough."""
    about = frozenset(rule.activities)
    if isinstance(rule, OwnSession):
        return rule.is_hard
    if isinstance(rule, OF_A_TRACK):
        return about in tracks
    if isinstance(rule, NotBeside):
        others = frozenset(rule.others)
        return all(len(side) == 1 or side in tracks for side in (about, others)) and not (
            about & others
        )
    if isinstance(rule, UnwantedSessions):
        whole = [track for track in tracks if track <= about]
        return len(about) == 1 or len(frozenset().union(*whole)) == len(about)
    return False
