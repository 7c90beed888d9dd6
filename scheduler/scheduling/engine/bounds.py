"""What follows from the rules and wishes anyway, said in linear lines so that bounds move.

Nothing here changes which plans are valid or what they cost. Left out, the solver only finds it
out after it has fixed nearly everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue import Breaks
from scheduler.scheduling.engine.terms import total
from scheduler.scheduling.engine.turns import shortest_span

if TYPE_CHECKING:
    from scheduler.scheduling.engine.elements import Block
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.terms import Expr, Literal


def fill_sessions(model: Model) -> None:
    """A session holds no more stage minutes than it is long, after its first warm-up."""
    for index, session in enumerate(model.sessions):
        uses = _stage_minutes(model, index)
        if uses:
            longest = session.window.minutes - min(lead for _, _, lead in uses)
            minutes = total(minutes * there for there, minutes, _ in uses)
            model.cp.add(minutes <= longest * session_used(model, index))


def session_used(model: Model, index: int) -> Literal:
    """Return the literal "something takes place in this session"."""
    if index not in model.session_used:
        used = model.session_used[index] = model.cp.new_bool_var(f"session {index} used")
        for there, _, _ in _stage_minutes(model, index):
            model.cp.add_implication(there, used)
    return model.session_used[index]


def least_block_idle(model: Model, block: Block) -> Expr:
    """Return the idle minutes a block cannot avoid where it is, as few rooms hold it up."""
    return total(
        idle * here
        for venue in model.problem.venues
        if (idle := _idle_at(model, block, venue.id))
        and (here := model.in_venue(block.activities[0], venue.id)) is not None
    )


def least_session_idle(model: Model, index: int) -> Expr:
    """Return the minutes without stage use that a session costs when something is in it."""
    uses = _stage_minutes(model, index)
    idle = total([min(lead for _, _, lead in uses) * session_used(model, index)])
    venue = model.sessions[index].venue
    for lane in model.lanes.values():
        here = model.at[lane.block.activities[0]].get(index)
        least = _idle_at(model, lane.block, venue)
        if here is not None and least:
            idle += least * here
    return idle


def _stage_minutes(model: Model, index: int) -> list[tuple[Literal, int, int]]:
    """Return what may be in a session: its literal, stage minutes, and minutes before stage."""
    uses: list[tuple[Literal, int, int]] = []
    in_lanes: set[str] = set()
    for lane in model.lanes.values():
        in_lanes.update(lane.block.activities)
        sample = lane.kinds[0].any
        if index in model.at[sample.id]:
            items = [model.problem.activity_by_id[id_] for id_ in lane.block.activities]
            venue = model.sessions[index].venue
            span = _idle_at(model, lane.block, venue) + sum(item.stage_minutes for item in items)
            uses.append((model.at[sample.id][index], span, sample.stage_begins - sample.first))
    for activity in model.problem.activities:
        if activity.id not in in_lanes and index in model.at[activity.id]:
            lead = activity.stage_begins - activity.first
            uses.append((model.at[activity.id][index], activity.stage_minutes, lead))
    return uses


def _idle_at(model: Model, block: Block, venue: str) -> int:
    if block.id not in model.lanes:
        return 0
    items = [model.problem.activity_by_id[id_] for id_ in block.activities]
    place = model.problem.venue_by_id[venue]
    if any(not place.rooms_of(part.room) for item in items for part in item.parts):
        return 0
    waiting = shortest_span(place, items) - sum(item.stage_minutes for item in items)
    return max(waiting, idle_for_breaks(model.problem, block))


def idle_for_breaks(problem: Problem, block: Block) -> int:
    """Return the idle minutes that a block cannot avoid because of the breaks of who hears it.

    As many items as can follow one another are in a stretch of work, and the shortest changeovers
    are part of the breaks between the stretches.
    """
    items = [problem.activity_by_id[id_] for id_ in block.activities]
    turn = min(item.stage_minutes for item in items)
    attended = min(item.ends - item.stage_begins for item in items)
    changeover = max(item.stage_ends - item.ends for item in items)
    needed = [0]
    for rule in problem.rules:
        if isinstance(rule, Breaks) and rule.is_hard and {*block.activities} <= {*rule.activities}:
            at_once = max(1, (rule.most_minutes - attended) // turn + 1)
            breaks = -(-len(items) // at_once) - 1
            needed.append(breaks * max(0, rule.break_minutes - changeover))
    return max(needed)
