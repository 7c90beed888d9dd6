"""The weighted wishes as terms of the objective; `score.py` says in words what each one counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from itertools import combinations, pairwise, permutations
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.bounds import least_block_idle, least_session_idle
from scheduler.scheduling.engine.elements import Weights
from scheduler.scheduling.engine.terms import total
from scheduler.scheduling.engine.turns import PAIR
from scheduler.scheduling.engine.ways import parting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ortools.sat.python import cp_model

    from scheduler.scheduling.engine.elements import Activity, Block, Party
    from scheduler.scheduling.engine.lanes import Lane
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.rows import Stay
    from scheduler.scheduling.engine.score import Wish
    from scheduler.scheduling.engine.terms import EitherWay, Expr, Literal


def objective(model: Model) -> Expr:
    """Add what the wishes need to the model and return the cost to be minimised."""
    return cost_of(amounts(model))


def amounts(model: Model) -> dict[Wish, Expr]:
    """Add what the wishes need to the model and return how much there is of each that costs."""
    found = {
        (field.name, weight): total(_TERMS[field.name](model))
        for field in fields(Weights)
        if (weight := getattr(model.problem.weights, field.name))
    }
    stated: defaultdict[Wish, list[Expr]] = defaultdict(list)
    for rule in model.problem.rules:
        if rule.weight:
            stated[rule.kind, rule.weight].append(rule.amount(model))
    return found | {wish: total(parts) for wish, parts in stated.items()}


def cost_of(amounts: Mapping[Wish, Expr]) -> Expr:
    """Return what these amounts cost together."""
    return total(weight * amount for (_code, weight), amount in amounts.items())


def _amount(model: Model, most: int, name: str) -> cp_model.IntVar:
    return model.cp.new_int_var(0, most, name)


def _day_minutes(model: Model) -> int:
    return max(day.minutes for day in model.problem.days)


# ------------------------------------------------------------------ people


def _waiting(model: Model) -> Iterator[Expr]:
    for party in model.problem.parties:
        if len(party.activities) == PAIR:
            yield party.persons * _pause(model, party)
        elif len(party.activities) > PAIR:
            rows = model.rows(party.activities, with_warm_up=party.attends_warm_up)
            comfort = model.problem.comfort_minutes
            for day in range(len(model.problem.days)):
                yield party.persons * model.idle(model.stays(rows, day, comfort), comfort)


def _pause(model: Model, party: Party) -> Expr:
    """Return the minutes between the party's two activities beyond a comfortable pause."""
    one, other = (model.problem.activity_by_id[id_] for id_ in party.activities)
    same_day = parting(model, one.id, other.id).other_day.negated()
    pause = _amount(model, _day_minutes(model), f"{party.id} waits")
    for order, first, then in _both_ways(model, one, other):
        begin, end = model.start(then.id, party.begins(then)), model.start(first.id, first.ends)
        longer = model.cp.add(pause >= begin - end - model.problem.comfort_minutes)
        longer.only_enforce_if(order, same_day)
    return pause


def _both_ways(
    model: Model, one: Activity, other: Activity
) -> Iterator[tuple[EitherWay, Activity, Activity]]:
    first, then = model.before(one.id, other.id)
    yield first, one, other
    yield then, other, one


def _school_gap(model: Model) -> Iterator[Expr]:
    comfort = model.problem.comfort_minutes
    for one, other in combinations(model.problem.activities, 2):
        if one.school is None or one.school != other.school:
            continue
        same_day = parting(model, one.id, other.id).other_day.negated()
        short = _amount(model, 2 * _day_minutes(model), f"{one.id} close to {other.id}")
        for order, first, then in _both_ways(model, one, other):
            between = model.start(then.id, then.begins) - model.start(first.id, first.ends)
            missing = model.cp.add(short >= comfort - between)
            missing.only_enforce_if(order, same_day)
        yield short


def _venue_moves(model: Model) -> Iterator[Expr]:
    for party in model.problem.parties:
        if len(party.activities) == PAIR:
            yield party.persons * parting(model, *party.activities).other_venue
        elif len(party.activities) > PAIR:
            for day in range(len(model.problem.days)):
                seen = [
                    _seen(model, party, model.sessions_at(venue=venue.id, day=day))
                    for venue in model.problem.venues
                ]
                moves = _amount(model, len(seen), f"{party.id} moves")
                model.cp.add(moves >= total(seen) - 1)
                yield party.persons * moves


def _extra_days(model: Model) -> Iterator[Expr]:
    for party in model.problem.parties:
        if len(party.activities) == PAIR:
            yield party.persons * parting(model, *party.activities).other_day
        elif len(party.activities) > PAIR:
            days = [
                _seen(model, party, model.sessions_at(day=day))
                for day in range(len(model.problem.days))
            ]
            model.cp.add_at_least_one(days)
            yield party.persons * (total(days) - 1)


def _seen(model: Model, party: Party, wanted: set[int]) -> Literal:
    """Return a literal that is true when any of the party's activities is in a wanted session."""
    seen = model.cp.new_bool_var("")
    places = {
        there.index: there
        for id_ in party.activities
        if (there := model.in_session(id_, wanted)) is not None
    }
    for there in places.values():  # what is in one block shares its literal
        model.cp.add_implication(there, seen)
    return seen


# ------------------------------------------------------------ stage and jury


def _jury_idle(model: Model) -> Iterator[Expr]:
    for block in model.problem.blocks:
        activities = [model.problem.activity_by_id[id_] for id_ in block.activities]
        if activities and not block.may_pause:
            begin, end = model.block_span[block.id]
            empty = _amount(model, _day_minutes(model), f"{block.id} idle")
            used = sum(activity.stage_minutes for activity in activities)
            model.cp.add(empty >= end - begin - used)
            model.cp.add(empty >= least_block_idle(model, block))
            yield empty
        elif activities:
            for index in range(len(model.sessions)):
                uses = _stage_stays(model, activities, index)
                if len(uses) > 1:
                    yield model.idle(uses)


def _stage_stays(model: Model, activities: list[Activity], index: int) -> list[Stay]:
    return [
        (
            model.at[activity.id][index],
            model.start(activity.id, activity.stage_begins),
            model.start(activity.id, activity.stage_ends),
            activity.stage_minutes,
        )
        for activity in activities
        if index in model.at[activity.id]
    ]


def _venue_idle(model: Model) -> Iterator[Expr]:
    for index in range(len(model.sessions)):
        uses = list(_uses(model, index))
        if not uses:
            continue
        empty = model.idle(uses)
        model.cp.add(empty >= least_session_idle(model, index))
        yield empty


def _uses(model: Model, index: int) -> Iterator[Stay]:
    """Yield what may use a session: whole lanes, and activities outside of lanes."""
    in_lanes: set[str] = set()
    for lane in model.lanes.values():
        in_lanes.update(lane.block.activities)
        sample = lane.kinds[0].any
        if index in model.at[sample.id]:
            begin, end = model.block_span[lane.block.id]
            used = sum(len(kind.members) * kind.any.stage_minutes for kind in lane.kinds)
            lead = sample.stage_begins - sample.first
            yield model.at[sample.id][index], begin - lead, end, used
    for activity in model.problem.activities:
        if index in model.at[activity.id] and activity.id not in in_lanes:
            begin = model.start(activity.id, activity.first)
            end = model.start(activity.id, activity.last)
            yield model.at[activity.id][index], begin, end, activity.stage_minutes


def _region_runs(model: Model) -> Iterator[Expr]:
    for block in model.problem.blocks:
        if block.id in model.lanes:
            yield _runs_in_lane(model, model.lanes[block.id])
        elif len(block.activities) > 1:
            yield _runs_in(model, block)


def _runs_in_lane(model: Model, lane: Lane) -> Expr:
    """Count turns after which the next item comes from the same region."""
    regions = sorted({kind.any.region for kind in lane.kinds if kind.any.region is not None})
    runs: list[Literal] = []
    for region in regions:
        of_region = [index for index, k in enumerate(lane.kinds) if k.any.region == region]
        if sum(len(lane.kinds[index].members) for index in of_region) == 1:
            continue
        taken = [total(row[index] for index in of_region) for row in lane.takes]
        for one, other in pairwise(taken):
            run = model.cp.new_bool_var(f"{lane.block.id}: {region}")
            model.cp.add(run >= one + other - 1)
            runs.append(run)
    members = [member.region for kind in lane.kinds for member in kind.members]
    model.cp.add(total(runs) >= _fewest_runs(members))
    return total(runs)


def _runs_in(model: Model, block: Block) -> Expr:
    """Chain the block's items and count the links between items of one region."""
    activities = [model.problem.activity_by_id[id_] for id_ in block.activities]
    node = {activity.id: index + 1 for index, activity in enumerate(activities)}
    arcs = [(0, index, model.cp.new_bool_var("")) for index in node.values()]
    arcs += [(index, 0, model.cp.new_bool_var("")) for index in node.values()]
    runs: list[Literal] = []
    for one, other in permutations(activities, 2):
        follows = model.cp.new_bool_var(f"{one.id} {other.id}")
        arcs.append((node[one.id], node[other.id], follows))
        end, begin = one.stage_ends, other.stage_begins
        later = model.cp.add(model.start(other.id, begin) >= model.start(one.id, end))
        later.only_enforce_if(follows)
        if one.region is not None and one.region == other.region:
            runs.append(follows)
    model.cp.add_circuit(arcs)
    model.cp.add(total(runs) >= _fewest_runs([activity.region for activity in activities]))
    return total(runs)


def _fewest_runs(regions: list[str | None]) -> int:
    """Return how many neighbours of one region no order can avoid.

    The others can separate a region's n items into at most one group more than there are others.
    """
    known = [region for region in regions if region is not None]
    return sum(max(0, 2 * known.count(region) - len(regions) - 1) for region in sorted(set(known)))


_TERMS: dict[str, Callable[[Model], Iterator[Expr]]] = {
    "waiting": _waiting,
    "school_gap": _school_gap,
    "venue_moves": _venue_moves,
    "extra_days": _extra_days,
    "jury_idle": _jury_idle,
    "venue_idle": _venue_idle,
    "region_runs": _region_runs,
}
