"""Pairs of activities of the same people: whether they lie on two days or in two venues.

Most shared people are in exactly two activities, and for two everything can be said in lines that
hold without rounding; that is what lets the bound see what a split costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.terms import total
from scheduler.scheduling.engine.turns import PAIR

if TYPE_CHECKING:
    from scheduler.scheduling.engine.model import Model
    from scheduler.scheduling.engine.terms import Expr, Literal


@dataclass(frozen=True)
class Parting:
    """Literals of a pair: "on different days", and "on one day but in different venues"."""

    other_day: Literal
    other_venue: Literal


def parting(model: Model, one: str, other: str) -> Parting:
    """Return the literals of this pair, the same for everybody who asks."""
    key = (min(one, other), max(one, other))
    if key not in model.partings:
        model.partings[key] = _parting(model, *key)
    return model.partings[key]


def _parting(model: Model, one: str, other: str) -> Parting:
    days = range(len(model.problem.days))
    pair = Parting(model.cp.new_bool_var(""), model.cp.new_bool_var(""))
    changes = [_only_first(model, one, other, model.sessions_at(day=day)) for day in days]
    model.cp.add(pair.other_day == total(changes))
    for day in days:
        here, there = model.on_day(one, day), model.on_day(other, day)
        if here is not None and there is not None:
            model.cp.add(pair.other_day + here + there <= PAIR)
    moves = [
        _only_first(model, one, other, model.sessions_at(venue=venue.id, day=day))
        for venue in model.problem.venues
        for day in days
    ]
    model.cp.add(pair.other_venue + pair.other_day >= total(moves))
    return pair


def _only_first(model: Model, one: str, other: str, sessions: set[int]) -> Expr | int:
    """Return what is 1 when `one`, but not `other`, is in these sessions."""
    here, there = model.in_session(one, sessions), model.in_session(other, sessions)
    if here is None or there is None:
        return 0 if here is None else here
    if here.index == there.index:
        return 0
    only = model.cp.new_bool_var("")
    model.cp.add(only >= here - there)
    return only
