"""Problems that are nothing but an order: one stage, one stretch of time, people who wait.

Rehearsals and shooting days: everybody is there from their first piece to their last and waits
through what lies between. Without gaps an order says everything about a plan, so that an exact
search over orders takes the place of the general model, which proves nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.elements import STAGE
from scheduler.scheduling.engine.line.cores import Core, Player, cores_of
from scheduler.scheduling.engine.plan import Placement, plan_of
from scheduler.scheduling.engine.sessions import sessions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.scheduling.engine.elements import Activity, Block, Party, Window
    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem

MOST_PIECES = 62  # a set of pieces is one whole number


def suits(problem: Problem) -> bool:
    """Say whether the order alone decides what a plan costs, and any order has room."""
    sessions = sessions_of(problem)
    if len(problem.venues) != 1 or len(sessions) != 1 or not problem.activities:
        return False
    stage_size, hours = problem.venues[0].stage_size, sessions[0].window
    return (
        problem.comfort_minutes == 0
        and not problem.rules
        and not problem.changeovers
        and all(_only_on_stage(activity, stage_size) for activity in problem.activities)
        and all(_only_waits(party, hours) for party in problem.parties)
        and all(lock.start is None for lock in problem.locks)
        and all(any(w.holds(hours) for w in limit.windows) for limit in problem.time_limits)
        and all(_holds_all(problem, block) for block in problem.blocks)
        and _has_room(problem, hours)
        and all(len(core.minutes) <= MOST_PIECES for core in cores_of(whole_of(problem)))
    )


def _only_on_stage(activity: Activity, stage_size: int) -> bool:
    return activity.size <= stage_size and all(part.room == STAGE for part in activity.parts)


def _only_waits(party: Party, hours: Window) -> bool:
    rested = party.rest_minutes == 0 or len(party.activities) == 1
    return rested and not any(busy.meets(hours) for busy in party.busy)


def _holds_all(problem: Problem, block: Block) -> bool:
    """Say whether the block asks for no more than a plan without gaps keeps anyway."""
    whole = len(block.activities) in {0, len(problem.activities)}
    return whole and problem.weights.region_runs == 0 and (block.max_idle_minutes or 0) >= 0


def _has_room(problem: Problem, hours: Window) -> bool:
    """Say whether the pieces fit one after another, each at a start on the grid, without gaps.

    Where the grid is coarser than the pieces there are gaps; then these must cost nothing.
    """
    grid = problem.grid_minutes
    if len({activity.stage_begins % grid for activity in problem.activities}) != 1:
        return False
    lengths = [_length(problem, activity) for activity in problem.activities]
    tight = sum(lengths) == sum(activity.stage_minutes for activity in problem.activities)
    loose = problem.weights.venue_idle == 0 and not problem.blocks
    return (tight or loose) and _opening(problem, hours) + sum(lengths) <= hours.end


def _length(problem: Problem, activity: Activity) -> int:
    """Return the minutes from this activity's begin on stage to the next one's."""
    return -(-activity.stage_minutes // problem.grid_minutes) * problem.grid_minutes


def _opening(problem: Problem, hours: Window) -> int:
    """Return the first minute at which a piece can begin."""
    return hours.start + (problem.activities[0].stage_begins - hours.start) % problem.grid_minutes


# ------------------------------------------------------------------- pieces


def whole_of(problem: Problem) -> Core:
    """Return the problem as pieces, by their place in `activities`, and players."""
    return Core(
        minutes=tuple(_length(problem, activity) for activity in problem.activities),
        members=tuple((index,) for index in range(len(problem.activities))),
        players=tuple(_player(problem, party) for party in problem.parties if party.activities),
    )


def _player(problem: Problem, party: Party) -> Player:
    """Return a party as a player, with what is lost when a piece is its first or its last.

    Before and after the attended minutes of a piece (changeovers) players wait as well, but not
    before their first and not after their last. That is least where most of it can be left out.
    """
    index_by_id = {activity.id: index for index, activity in enumerate(problem.activities)}
    before, after = {}, {}
    for id_ in party.activities:
        activity, index = problem.activity_by_id[id_], index_by_id[id_]
        before[index] = party.begins(activity) - activity.stage_begins
        after[index] = activity.stage_begins + _length(problem, activity) - activity.ends
    pay = party.persons * problem.weights.waiting
    most_before, most_after = max(before.values()), max(after.values())
    return Player(
        pieces=frozenset(before),
        pay=pay,
        as_first={i: pay * (most_before - m) for i, m in before.items() if m < most_before},
        as_last={i: pay * (most_after - m) for i, m in after.items() if m < most_after},
    )


def plan_in(problem: Problem, order: Sequence[int]) -> Plan:
    """Return the plan in which the pieces follow one another in this order."""
    begin = _opening(problem, sessions_of(problem)[0].window)
    placements = []
    for index in order:
        activity = problem.activities[index]
        start = begin - activity.stage_begins
        placements.append(Placement(activity.id, problem.venues[0].id, start))
        begin += _length(problem, activity)
    return plan_of(placements)
