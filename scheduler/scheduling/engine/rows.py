"""What a party attends, as rows of turns: whole blocks turn by turn, everything else by itself.

Whoever attends all of a block need not know which of its items has which turn. That keeps items
alike that nothing else tells apart, and the solver from trying their orders against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.lanes import by_kind
from scheduler.scheduling.engine.terms import total
from scheduler.scheduling.engine.turns import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scheduler.scheduling.engine.lanes import Lane
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.terms import EitherWay, Expr, Literal

    Stay = tuple[Literal, Expr, Expr, int]


@dataclass(frozen=True, eq=False)
class Turn:
    """When people have to be there for one item, and when they are free again."""

    begin: Expr
    end: Expr


@dataclass(frozen=True)
class Row:
    """Turns in order of time, in one session; `sample` is an item that is where they all are.

    `minutes` are attended in all. A row of several turns is a lane; `activity` is None then.
    """

    sample: str
    turns: tuple[Turn, ...]
    minutes: int
    activity: str | None


def rows(model: Model, activities: Iterable[str], *, with_warm_up: bool) -> list[Row]:
    """Return what those who attend these activities attend, each activity in exactly one row."""
    wanted = dict.fromkeys(activities)
    blocks = whole((lane.block for lane in model.lanes.values()), wanted)
    in_lanes = {id_ for block in blocks for id_ in block.activities}
    lanes = [model.lanes[block.id] for block in blocks]
    return [_of_lane(model, lane, with_warm_up=with_warm_up) for lane in lanes] + [
        _alone(model, id_, with_warm_up=with_warm_up) for id_ in wanted if id_ not in in_lanes
    ]


def _of_lane(model: Model, lane: Lane, *, with_warm_up: bool) -> Row:
    sample, grid = lane.kinds[0].any, model.problem.grid_minutes
    offset = sample.begins if with_warm_up else sample.stage_begins
    turns = tuple(
        Turn(grid * turn + offset, grid * turn + by_kind(lane.kinds, row, lambda item: item.ends))
        for turn, row in zip(lane.turns, lane.takes, strict=True)
    )
    minutes = sum(len(kind.members) * (kind.any.ends - offset) for kind in lane.kinds)
    return Row(sample.id, turns, minutes, None)


def _alone(model: Model, id_: str, *, with_warm_up: bool) -> Row:
    activity = model.problem.activity_by_id[id_]
    offset = activity.begins if with_warm_up else activity.stage_begins
    turn = Turn(model.start(id_, offset), model.start(id_, activity.ends))
    return Row(id_, (turn,), activity.ends - offset, id_)


def pairs(model: Model, one: Row, other: Row) -> Iterator[tuple[Turn, Turn, EitherWay, EitherWay]]:
    """Yield each turn of one row with each of the other: the literal "first", and its opposite.

    What precedes a turn precedes all turns after it.
    """
    if one.activity is not None and other.activity is not None:
        yield one.turns[0], other.turns[0], *model.before(one.activity, other.activity)
        return
    first = {
        key: model.cp.new_bool_var("")
        for key in product(range(len(one.turns)), range(len(other.turns)))
    }
    for (mine, theirs), literal in first.items():
        if mine:
            model.cp.add_implication(literal, first[mine - 1, theirs])
        if theirs:
            model.cp.add_implication(first[mine, theirs - 1], literal)
        yield one.turns[mine], other.turns[theirs], literal, literal.negated()


def stays(model: Model, some: Iterable[Row], day: int, comfort: int = 0) -> list[Stay]:
    """Return the stays on one day: whether, from when until when, and the minutes not counted.

    These are the attended ones, and `comfort` minutes for each turn.
    """
    return [
        (
            there,
            row.turns[0].begin,
            row.turns[-1].end,
            row.minutes + comfort * len(row.turns),
        )
        for row in some
        if (there := model.on_day(row.sample, day)) is not None
    ]


def idle(model: Model, some: list[Stay], comfort: int = 0) -> Expr:
    """Return the time between first and last of those stays that take place, minus their own.

    One pause less than there are stays is forgiven, of up to `comfort` minutes.
    """
    horizon = model.problem.days[-1].end
    low, high = model.cp.new_int_var(0, horizon, ""), model.cp.new_int_var(0, horizon, "")
    found = model.cp.new_int_var(0, max(day.minutes for day in model.problem.days), "idle")
    for there, begin, end, _ in some:
        model.cp.add(low <= begin).only_enforce_if(there)
        model.cp.add(high >= end).only_enforce_if(there)
    model.cp.add(high >= low - comfort)  # equal to this when nothing takes place at all
    free = total(minutes * there for there, _, _, minutes in some)
    model.cp.add(found >= high - low - free + comfort)
    return found
