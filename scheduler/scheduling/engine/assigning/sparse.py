"""Solves an assignment in which each person has a few candidate places, with prices that prove it.

Loads OR-Tools: its flow, and for as many people as single places its linear assignment, which is
several times faster. Neither tells prices; they are found afterwards, as shortest ways in what the
solution leaves free.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assigning.network import Network
    from scheduler.scheduling.engine.assigning.table import Numbers


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of person and place with their costs, sorted by person; place -1 is none."""

    people: Numbers
    places: Numbers
    costs: Numbers


@dataclass(frozen=True, slots=True)
class Ways:
    """What may flow between gates and the exit besides people, by tail and head.

    The first are the gates' own ways to their parents (beyond their least), then seats that stay
    empty, then what stands for a broken rule and costs more than everything else together.
    """

    tails: Numbers
    heads: Numbers
    room: Numbers
    costs: Numbers


@dataclass(frozen=True, slots=True)
class Sparse:
    """Each person's choice among the candidates, by position, and what flows on the ways."""

    taken: Numbers
    flows: Numbers


def ways_of(network: Network, fine: int) -> Ways:
    """Return the ways of a network; breaking a least costs `fine` for each person it is short."""
    gates = np.arange(len(network.gates))
    kept = gates[network.kept > 0]
    owed = gates[network.least > 0]
    pressed = np.unique(network.parent[owed])
    pressed = pressed[pressed < network.exit]
    exit_ = network.exit
    much = len(network.kind) + int(network.least.sum())
    return Ways(
        np.concatenate([gates, np.full(len(kept) + len(owed), exit_), pressed]),
        np.concatenate([network.parent, kept, owed, np.full(len(pressed), exit_)]),
        np.concatenate(
            [
                network.most - network.least,
                network.kept[kept],
                network.least[owed],
                np.full(len(pressed), much),
            ]
        ),
        np.concatenate(
            [
                np.zeros(len(gates) + len(kept), np.int64),
                np.full(len(owed) + len(pressed), fine),
            ]
        ),
    )


def flow(network: Network, ways: Ways, candidates: Candidates) -> Sparse:
    """Return the cheapest flow. Everybody needs the place -1 among their candidates."""
    people, gates = len(network.kind), len(network.gates)
    solver = SimpleMinCostFlow()
    heads = network.entries(candidates.people, candidates.places)
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([candidates.people, people + ways.tails]).astype(np.int32),
        np.concatenate([people + heads, people + ways.heads]).astype(np.int32),
        np.concatenate([np.ones(len(heads), np.int64), ways.room]),
        np.concatenate([candidates.costs, ways.costs]),
    )
    supply = np.zeros(people + gates + 1, np.int64)
    supply[:people] = 1
    supply[people : people + gates] -= network.least
    np.add.at(supply, people + network.parent, network.least)
    supply[-1] -= people
    solver.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply)
    status = solver.solve()
    if status != SimpleMinCostFlow.OPTIMAL:
        raise RuntimeError(f"the flow ended as {status}")
    flows = np.asarray(solver.flows(np.arange(solver.num_arcs(), dtype=np.int32)), np.int64)
    return Sparse(np.flatnonzero(flows[: len(heads)]), flows[len(heads) :])


def matching(network: Network, ways: Ways, candidates: Candidates) -> Sparse:
    """Return the cheapest matching of people and as many single places, which has to exist."""
    people = len(network.kind)
    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(
        candidates.people.astype(np.int32), candidates.places.astype(np.int32), candidates.costs
    )
    status = solver.solve()
    if status != SimpleLinearSumAssignment.OPTIMAL:
        raise RuntimeError(f"the matching ended as {status}")
    mate = np.array([solver.right_mate(person) for person in range(people)], np.int64)
    taken = np.flatnonzero(candidates.places == mate[candidates.people])
    return Sparse(taken, np.zeros(len(ways.tails), np.int64))


def prices(
    network: Network, ways: Ways, candidates: Candidates, found: Sparse, start: Numbers
) -> Numbers:
    """Return a potential for each gate and the exit that proves the solution to be the best.

    Along nothing that may still change does the potential rise by more than the change costs: for
    each person, cost less potential is least at the place taken. `start` is a first guess.
    """
    places = network.entries(candidates.people, candidates.places)
    now, own = places[found.taken], candidates.costs[found.taken]
    forth, back = found.flows < ways.room, found.flows > 0
    tails = np.concatenate([now[candidates.people], ways.tails[forth], ways.heads[back]])
    heads = np.concatenate([places, ways.heads[forth], ways.tails[back]])
    rise = np.concatenate(
        [candidates.costs - own[candidates.people], ways.costs[forth], -ways.costs[back]]
    )
    return _settled(tails, heads, rise, start)


def _settled(tails: Numbers, heads: Numbers, rise: Numbers, start: Numbers) -> Numbers:
    """Lower the potentials until none is more than `rise` above the one before it."""
    order = np.argsort(heads, kind="stable")
    tails, heads, rise = tails[order], heads[order], rise[order]
    begins = np.flatnonzero(np.diff(heads, prepend=-1))
    reached = heads[begins]
    potential = start.copy()
    for _ in range(len(start) + 1):
        lowest = np.minimum.reduceat(potential[tails] + rise, begins)
        if not (lowest < potential[reached]).any():
            return potential
        potential[reached] = np.minimum(potential[reached], lowest)
    raise RuntimeError("the solution can still be improved")
