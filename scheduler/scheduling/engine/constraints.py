"""The hard rules between activities: shared rooms, people, blocks."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.bounds import fill_sessions
from scheduler.scheduling.engine.elements import STAGE
from scheduler.scheduling.engine.rules import NamedRule, Rule, stated_rule
from scheduler.scheduling.engine.turns import PAIR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ortools.sat.python import cp_model

    from scheduler.scheduling.engine.catalogue import ProgrammeRule
    from scheduler.scheduling.engine.elements import Activity, Block, Part, Party, Venue
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.rows import Row, Turn
    from scheduler.scheduling.engine.terms import EitherWay, Expr, Literal

    Way = tuple[int, Literal, Literal]


def add_rules(model: Model) -> None:
    """Add every rule between activities to the model."""
    for block in model.problem.blocks:
        if block.activities:
            _hold_together(model, block)
    kinds = sorted({part.room for a in model.problem.activities for part in a.parts} - {STAGE})
    for venue in model.problem.venues:
        _one_at_a_time_on_stage(model, venue)
        _rearrange_stage(model, venue)
        for kind in kinds:
            _share_rooms(model, venue, kind)
    if not model.relaxable:
        fill_sessions(model)
    for party in model.problem.parties:
        _one_place_at_a_time(model, party)
    for rule in model.problem.rules:
        _keep(model, rule)


def _keep(model: Model, rule: ProgrammeRule) -> None:
    """Let nothing of a hard rule be broken; `wishes.py` lets the others cost."""
    if rule.is_hard:
        kept = model.cp.add(rule.amount(model) == 0)
        kept.only_enforce_if(model.on(stated_rule(rule)))


# ------------------------------------------------------------------- rooms


def _share_rooms(model: Model, venue: Venue, kind: str) -> None:
    uses = [
        model.cp.new_optional_fixed_size_interval_var(begin, part.minutes, here, "")
        for start, parts, here in _starts_at(model, venue)
        for part in parts
        if part.room == kind
        for begin in (start + part.begin,)
    ]
    rooms = venue.rooms_of(kind)
    if uses and rooms:
        rule = NamedRule(Rule.ROOM_CAPACITY, (venue.id, kind), {"count": rooms})
        enough = model.cp.add_cumulative(uses, [1] * len(uses), rooms)
        enough.only_enforce_if(model.on(rule))


def _starts_at(model: Model, venue: Venue) -> Iterator[tuple[Expr, tuple[Part, ...], Literal]]:
    """Yield what may start at the venue: the turns of lanes, and activities outside of lanes."""
    in_lanes: set[str] = set()
    for lane in model.lanes.values():
        in_lanes.update(lane.block.activities)
        here = model.in_venue(lane.block.activities[0], venue.id)
        if here is not None:
            for turn in lane.turns:
                yield model.problem.grid_minutes * turn, lane.room_parts, here
    for activity in model.problem.activities:
        here = model.in_venue(activity.id, venue.id)
        if here is not None and activity.id not in in_lanes:
            yield model.start(activity.id), activity.parts, here


def _one_at_a_time_on_stage(model: Model, venue: Venue) -> None:
    """Let whole blocks, and what belongs to none, follow one another on the stage."""
    blocked = (
        set()
        if model.relaxable
        else {id_ for block in model.problem.blocks for id_ in block.activities}
    )
    turns = [
        model.cp.new_optional_fixed_size_interval_var(
            model.start(activity.id, activity.stage_begins), activity.stage_minutes, here, ""
        )
        for activity in model.problem.activities
        if activity.id not in blocked
        and (here := model.in_venue(activity.id, venue.id)) is not None
    ]
    for block in () if model.relaxable else model.problem.blocks:
        if block.activities and (here := model.in_venue(block.activities[0], venue.id)) is not None:
            begin, end = model.block_span[block.id]
            minutes = model.cp.new_int_var(0, model.problem.days[-1].end, "")
            turns.append(model.cp.new_optional_interval_var(begin, minutes, end, here, block.id))
    model.cp.add_no_overlap(turns)


def _rearrange_stage(model: Model, venue: Venue) -> None:
    """Leave the time that two activities' setups ask for between them."""
    problem = model.problem
    here = {
        activity.id: literal
        for activity in (problem.activities if problem.changeovers else ())
        if activity.setup is not None
        and (literal := model.in_venue(activity.id, venue.id)) is not None
    }
    for one, other in combinations(here, 2):
        orders = tuple(zip((one, other), (other, one), model.before(one, other), strict=True))
        pauses = [
            problem.changeover_minutes(problem.activity_by_id[i], problem.activity_by_id[j])
            for i, j, _ in orders
        ]
        if not any(pauses):
            continue
        for (earlier, later, first), pause in zip(orders, pauses, strict=True):
            end = model.start(earlier, problem.activity_by_id[earlier].stage_ends)
            begin = model.start(later, problem.activity_by_id[later].stage_begins)
            kept = model.cp.add(begin >= end + pause)
            kept.only_enforce_if(first, here[one], here[other])


# ------------------------------------------------------------------ people


def _one_place_at_a_time(model: Model, party: Party) -> None:
    if len(party.activities) < PAIR:
        return
    rows = model.rows(party.activities, with_warm_up=party.attends_warm_up)
    for row in rows:
        if party.attends_warm_up or party.rest_minutes:  # else the stage keeps the turns apart
            for earlier, later in pairwise(row.turns):
                model.cp.add(later.begin >= earlier.end + party.rest_minutes)
    for one, other in combinations(rows, 2):
        if not _kept_apart_by_stage(model, party, one, other):
            ways = (_way(model, party, one, other), _way(model, party, other, one))
            for mine, theirs, first, then in model.pairs(one, other):
                _in_turn(model, party, (mine, theirs), ways[0], first)
                _in_turn(model, party, (theirs, mine), ways[1], then)


def _kept_apart_by_stage(model: Model, party: Party, one: Row, other: Row) -> bool:
    """Say whether the block's own order keeps them apart: jurors who sit through it."""
    if model.relaxable or party.attends_warm_up or party.rest_minutes:
        return False
    return any(
        {one.sample, other.sample} <= set(block.activities) for block in model.problem.blocks
    )


def _in_turn(
    model: Model, party: Party, turns: tuple[Turn, Turn], ways: list[Way], first: EitherWay
) -> None:
    """When the first of these comes first, leave time for rest and for the way to the other."""
    earlier, later = turns
    rest = NamedRule(Rule.PARTY_REST, (party.id,), {"needed_minutes": party.rest_minutes})
    clash = NamedRule(Rule.PARTY_CLASH, (party.id,))
    rested = model.cp.add(later.begin >= earlier.end + party.rest_minutes)
    rested.only_enforce_if(first, *model.on(rest))
    if model.relaxable:
        model.cp.add(later.begin >= earlier.end).only_enforce_if(first, *model.on(clash))
    for minutes, left, reached in ways:
        walk = model.cp.add(later.begin >= earlier.end + minutes)
        walk.only_enforce_if(first, left, reached, *model.on(clash))


def _way(model: Model, party: Party, one: Row, other: Row) -> list[Way]:
    """Return the ways that rests do not cover: minutes, and from where to where."""
    found: list[Way] = []
    for origin in model.problem.venues:
        for goal in model.problem.venues:
            way = model.problem.travel_minutes(origin.id, goal.id) if party.travels else 0
            left = model.in_venue(one.sample, origin.id)
            reached = model.in_venue(other.sample, goal.id)
            needed = way and (model.relaxable or way > party.rest_minutes)
            if needed and left is not None and reached is not None:
                found.append((way, left, reached))
    return found


# ------------------------------------------------------------------ blocks


def _hold_together(model: Model, block: Block) -> None:
    activities = [model.problem.activity_by_id[id_] for id_ in block.activities]
    on = model.on(NamedRule(Rule.BLOCK, (block.id,)))
    _same_place(model, block, on)
    begin, end = _span(model, block, activities, on)
    if block.max_idle_minutes is not None:
        most = sum(activity.stage_minutes for activity in activities) + block.max_idle_minutes
        model.cp.add(end - begin <= most).only_enforce_if(on)
    if model.relaxable:  # otherwise whole spans take turns on the stage
        for other in model.problem.activities:
            if other.id not in block.activities:
                _not_inside(model, block, other, begin, end, on)


def _same_place(model: Model, block: Block, on: list[Literal]) -> None:
    """Put all items into one venue and, unless the block may pause, into one session."""
    if not model.relaxable and not block.may_pause:
        return  # they share their literals already
    first, *rest = block.activities
    for other in rest:
        places = [
            (model.in_venue(first, venue.id), model.in_venue(other, venue.id))
            for venue in model.problem.venues
        ]
        if not block.may_pause:
            indexes = range(len(model.sessions))
            places = [(model.at[first].get(i), model.at[other].get(i)) for i in indexes]
        for mine, theirs in places:
            if mine is not None:
                same = model.cp.add(mine == (0 if theirs is None else theirs))
                same.only_enforce_if(on)
            elif theirs is not None:
                model.cp.add(theirs == 0).only_enforce_if(on)


def _span(
    model: Model, block: Block, activities: list[Activity], on: list[Literal]
) -> tuple[Expr, Expr]:
    """Return the block's first and last minute on stage, with its items in turn between them."""
    if block.id in model.lanes:
        lane, grid = model.lanes[block.id], model.problem.grid_minutes
        begin = grid * lane.turns[0] + activities[0].stage_begins
        end = model.cp.new_int_var(0, model.problem.days[-1].end, f"{block.id} ends")
        model.cp.add(end == grid * lane.turns[-1] + activities[0].stage_begins + lane.minutes[-1])
    else:
        begin, end = _loose_span(model, block, activities, on)
    used = sum(activity.stage_minutes for activity in activities)
    model.cp.add(end - begin >= used).only_enforce_if(on)
    model.block_span[block.id] = (begin, end)
    return begin, end


def _loose_span(
    model: Model, block: Block, activities: list[Activity], on: list[Literal]
) -> tuple[cp_model.IntVar, cp_model.IntVar]:
    horizon = model.problem.days[-1].end
    begin = model.cp.new_int_var(0, horizon, f"{block.id} begins")
    end = model.cp.new_int_var(0, horizon, f"{block.id} ends")
    for activity in activities:
        stage_begin = model.start(activity.id, activity.stage_begins)
        stage_end = model.start(activity.id, activity.stage_ends)
        model.cp.add(begin <= stage_begin).only_enforce_if(on)
        model.cp.add(end >= stage_end).only_enforce_if(on)
    if not model.relaxable:
        model.cp.add_no_overlap(
            model.cp.new_fixed_size_interval_var(
                model.start(activity.id, activity.stage_begins), activity.stage_minutes, ""
            )
            for activity in activities
        )
    return begin, end


def _not_inside(
    model: Model,
    block: Block,
    other: Activity,
    begin: Expr,
    end: Expr,
    on: list[Literal],
) -> None:
    """Keep another activity off the block's stage between the block's begin and end."""
    earlier = model.cp.new_bool_var(f"{other.id} before {block.id}")
    for venue in model.problem.venues:
        here = model.in_venue(block.activities[0], venue.id)
        there = model.in_venue(other.id, venue.id)
        if here is None or there is None:
            continue
        both = [here, there, *on]
        stage_end = model.start(other.id, other.stage_ends)
        stage_begin = model.start(other.id, other.stage_begins)
        model.cp.add(stage_end <= begin).only_enforce_if(earlier, *both)
        model.cp.add(stage_begin >= end).only_enforce_if(earlier.negated(), *both)
