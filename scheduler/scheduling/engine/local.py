"""Collisions that a few activities show by themselves: small problems, each solved in no time.

What is impossible for some activities is so for all. So one activity after the other is looked at
alone, then those that people, locks or a rule tie together, and the rules that collide there are
found by taking out one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.model import Model
from scheduler.scheduling.engine.moves import part_of
from scheduler.scheduling.engine.relax import only
from scheduler.scheduling.engine.rules import NamedRule, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scheduler.scheduling.engine.problem import Problem

    Decide = Callable[[Problem], bool | None]

MOST_TOGETHER = 6
FEW = 2

# What is given up first when rules are taken out: the ground before what somebody stated.
_FROM_GROUND_UP = (
    Rule.OPENING_HOURS,
    Rule.ROOM_CAPACITY,
    Rule.STAGE_SIZE,
    Rule.CLOSURE,
    Rule.BLOCK,
    Rule.PARTY_REST,
    Rule.PARTY_CLASH,
    Rule.PARTY_BUSY,
    Rule.TIME_LIMIT,
    Rule.STATED,
    Rule.LOCK,
)


def local_collision(
    problem: Problem, named: Callable[[Model], Sequence[NamedRule]], is_possible: Decide
) -> Sequence[NamedRule] | None:
    """Return few rules that collide for some activities alone; None when none were found.

    `named` returns the rules of a relaxable model, `is_possible` decides a problem by solving it.
    """
    single = [{activity.id} for activity in problem.activities]
    parties = [{*party.activities} for party in problem.parties]
    for ids in _by_size([*single, *parties, *_stated(problem)]):
        rules = _collision_of(problem, ids, named, is_possible)
        if rules is None:
            continue
        if len(rules) <= FEW:
            return rules
        # What somebody stated about these may collide by fewer rules than the ground they need.
        wider = [some for some in _by_size(_stated(problem)) if ids < some]
        sets = [_collision_of(problem, some, named, is_possible) for some in wider]
        return min([rules, *(one for one in sets if one is not None)], key=len)
    return None


def _collision_of(
    problem: Problem,
    ids: set[str],
    named: Callable[[Model], Sequence[NamedRule]],
    is_possible: Decide,
) -> Sequence[NamedRule] | None:
    """Return few rules that collide for these activities alone; None when none do."""
    part = _complete_part(problem, ids)
    if is_possible(part) is not False:
        return None
    every = named(Model(part, relaxable=True))
    ordered = sorted(every, key=lambda rule: (_FROM_GROUND_UP.index(rule.code), rule.ids))
    sets = [_needed(part, some, [], is_possible) for some in (ordered, ordered[::-1])]
    return min(sets, key=len)


def _stated(problem: Problem) -> list[set[str]]:
    """Return the activities that a hard rule, or two locks, say something about together."""
    ruled = [{*rule.concerned} for rule in problem.rules if rule.is_hard]
    locked = [{one.activity, other.activity} for one, other in combinations(problem.locks, 2)]
    return [*ruled, *locked]


def _by_size(found: list[set[str]]) -> Iterator[set[str]]:
    """Yield activities worth looking at by themselves, each set once, the fewest first."""
    seen: set[frozenset[str]] = set()
    for ids in sorted(found, key=len):
        if ids and len(ids) <= MOST_TOGETHER and frozenset(ids) not in seen:
            seen.add(frozenset(ids))
            yield ids


def _complete_part(problem: Problem, ids: set[str]) -> Problem:
    """Return the problem of these activities, without rules that more activities could meet."""
    whole = replace(
        problem,
        rules=tuple(rule for rule in problem.rules if rule.is_hard and ids >= {*rule.concerned}),
        blocks=tuple(replace(block, max_idle_minutes=None) for block in problem.blocks),
    )
    return part_of(whole, ids)


def _needed(
    problem: Problem, rules: list[NamedRule], beside: list[NamedRule], is_possible: Decide
) -> list[NamedRule]:
    """Return those of the rules that are needed beside others for a collision, the later the more.

    As if one after the other were taken out; but what is not needed mostly goes in large pieces.
    """
    if is_possible(only(problem, beside)) is False:
        return []
    if len(rules) == 1:
        return rules
    half = len(rules) // 2
    first = _needed(problem, rules[:half], beside + rules[half:], is_possible)
    return first + _needed(problem, rules[half:], beside + first, is_possible)
