"""Blocks as lanes: an ordered row of turns, and the question which item takes which turn.

Items of a block that nothing tells apart are counted, not named, so that the search never tries
their orders against each other. A lane is made of every block whose items prepare alike (the same
warm-up) and stay in one session; other blocks are modelled item by item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.terms import total
from scheduler.scheduling.engine.turns import room_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ortools.sat.python import cp_model

    from scheduler.scheduling.engine.elements import Activity, Block, Part
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.terms import Expr


@dataclass(frozen=True)
class Kind:
    """Items of a lane that may swap their turns without any rule or wish noticing."""

    members: tuple[Activity, ...]

    @property
    def any(self) -> Activity:
        return self.members[0]


@dataclass(frozen=True)
class Lane:
    """The turns of one block in time order, and which kind of item takes each of them."""

    block: Block
    kinds: tuple[Kind, ...]
    turns: tuple[cp_model.IntVar, ...]
    takes: tuple[tuple[cp_model.IntVar, ...], ...]  # takes[turn][kind]
    minutes: tuple[Expr | int, ...]
    room_parts: tuple[Part, ...]

    def order(self, value: Callable[[cp_model.IntVar], int]) -> list[str]:
        """Return the block's items in the order of their turns."""
        waiting = [list(kind.members) for kind in self.kinds]
        return [
            waiting[next(k for k, literal in enumerate(takes) if value(literal))].pop(0).id
            for takes in self.takes
        ]


def add_lane(model: Model, block: Block, kinds: tuple[Kind, ...]) -> Lane:
    """Add the turns of a block to the model and tie the items that are told apart to them."""
    count = len(block.activities)
    takes = tuple(
        tuple(model.cp.new_bool_var(f"{block.id} {turn}: {kind.any.id}") for kind in kinds)
        for turn in range(count)
    )
    lane = Lane(
        block,
        kinds,
        _turns(model, block),
        takes,
        tuple(by_kind(kinds, row, lambda item: item.stage_minutes) for row in takes),
        room_parts(kinds[0].any),
    )
    for row in takes:
        model.cp.add_exactly_one(row)
    for index, kind in enumerate(kinds):
        model.cp.add(total(row[index] for row in takes) == len(kind.members))
    _one_after_another(model, lane)
    _wait_for_rooms(model, lane)
    for index, kind in enumerate(kinds):
        _tie(model, lane, index, kind)
    return lane


def by_kind(
    kinds: Sequence[Kind], takes: Iterable[cp_model.IntVar], number: Callable[[Activity], int]
) -> Expr | int:
    """Return a number of whichever kind takes a turn: plain where all kinds have the same."""
    numbers = [number(kind.any) for kind in kinds]
    if len(set(numbers)) == 1:
        return numbers[0]
    return total(one * taken for one, taken in zip(numbers, takes, strict=True))


def _turns(model: Model, block: Block) -> tuple[cp_model.IntVar, ...]:
    """Return the turns' steps, inside whatever session the block takes."""
    grid = model.problem.grid_minutes
    sample = model.problem.activity_by_id[block.activities[0]]
    turns = tuple(
        model.cp.new_int_var(0, model.problem.days[-1].end // grid, f"{block.id} {turn}")
        for turn in range(len(block.activities))
    )
    minutes = sorted(model.problem.activity_by_id[id_].stage_minutes for id_ in block.activities)
    for index, literal in model.at[block.activities[0]].items():
        window = model.sessions[index].window
        for number, turn in enumerate(turns):
            earliest = window.start - sample.first + sum(minutes[:number])
            latest = window.end - sample.stage_begins - sum(minutes[: len(turns) - number])
            model.cp.add(grid * turn >= earliest).only_enforce_if(literal)
            model.cp.add(grid * turn <= latest).only_enforce_if(literal)
    return turns


def _one_after_another(model: Model, lane: Lane) -> None:
    grid = model.problem.grid_minutes
    for number in range(1, len(lane.turns)):
        before = grid * lane.turns[number - 1] + lane.minutes[number - 1]
        model.cp.add(grid * lane.turns[number] >= before)


def _wait_for_rooms(model: Model, lane: Lane) -> None:
    """A warm-up room has to be free again before the next but n can use it."""
    grid = model.problem.grid_minutes
    for venue in model.problem.venues:
        here = model.in_venue(lane.block.activities[0], venue.id)
        if here is None:
            continue
        for part in lane.room_parts:
            rooms = venue.rooms_of(part.room)
            for one, other in zip(lane.turns, lane.turns[rooms:], strict=False):
                model.cp.add(grid * other >= grid * one + part.minutes).only_enforce_if(here)


def _tie(model: Model, lane: Lane, index: int, kind: Kind) -> None:
    """Hold a kind to its own hours; an item that is told apart starts when its turn does."""
    allowed = model.domain_under_rules(kind.any)
    step = model.step.get(kind.any.id)
    for number, turn in enumerate(lane.turns):
        literal = lane.takes[number][index]
        model.cp.add_linear_expression_in_domain(turn, allowed).only_enforce_if(literal)
        if step is not None:
            model.cp.add(step == turn).only_enforce_if(literal)
    if step is not None:
        _keep_distance_from_ends(model, lane, index, step)


def _keep_distance_from_ends(model: Model, lane: Lane, index: int, step: cp_model.IntVar) -> None:
    """Say in one linear line what the turns imply: n turns lie before, the rest after."""
    grid, shortest = model.problem.grid_minutes, min(kind.any.stage_minutes for kind in lane.kinds)
    number = total(turn * row[index] for turn, row in enumerate(lane.takes))
    model.cp.add(grid * step >= grid * lane.turns[0] + shortest * number)
    last = len(lane.turns) - 1
    model.cp.add(grid * step <= grid * lane.turns[-1] - shortest * (last - number))
