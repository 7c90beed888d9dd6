"""The cheapest assignment that is a flow, exactly, also where the table of costs is large.

Each person starts with a few candidate places. The solution among these has prices; one pass over
the whole table, block by block, finds the pairs that would be cheaper at these prices. They become
candidates, and so on. When there is none left, the prices prove that no assignment is cheaper.
(Column generation, with the prices of the linear programme's dual.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.assigning.sparse import (
    Candidates,
    Sparse,
    Ways,
    flow,
    matching,
    prices,
    ways_of,
)
from scheduler.scheduling.engine.assigning.table import NEVER

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assigning.network import Network
    from scheduler.scheduling.engine.assigning.table import Numbers, Table

FIRST_CANDIDATES = 24
FURTHER_CANDIDATES = 8
CANDIDATES_OF_A_PLACE = 10
FEW_PLACES = 64  # with so few, all are candidates at once


@dataclass(frozen=True)
class Optimum:
    """A cheapest assignment: each person's place (-1 is none) and its cost, gates and potentials.

    `load` is what passes each gate, empty seats included, `empty` these seats alone. `missing` and
    `excess` say by how much a gate's rules are broken, where nothing else is possible; a person who
    has no place then costs `fine`.
    """

    choice: Numbers
    cost: Numbers
    node: Numbers
    potential: Numbers
    load: Numbers
    empty: Numbers
    missing: Numbers
    excess: Numbers
    fine: int

    @property
    def value(self) -> int:
        return int(self.cost.sum())

    @property
    def is_possible(self) -> bool:
        is_broken = self.missing.any() or self.excess.any() or (self.cost >= self.fine).any()
        return not is_broken

    @property
    def slack(self) -> Numbers:
        """What each person costs beyond the potential reached: the least over all places."""
        return self.cost - self.potential[self.node]


def optimum(network: Network, table: Table) -> Optimum:
    """Return the cheapest assignment, or the one that breaks rules by as few people as possible."""
    best = _search(network, table, one_to_one=network.is_one_to_one)
    if network.is_one_to_one and not best.is_possible:
        best = _search(network, table, one_to_one=False)  # it tells what is short
    return best


def _search(network: Network, table: Table, *, one_to_one: bool) -> Optimum:
    keys, potential, highest = _first_candidates(network, table)
    if one_to_one:
        keys = np.concatenate([keys, np.arange(table.people) * (table.places + 1)])
    fine = (highest + 1) * (table.people + 1)
    ways = ways_of(network, fine)
    keys.sort()
    keys = keys[np.diff(keys, prepend=-1) > 0]
    costs = _costs(table, keys)
    while True:
        candidates = _candidates(table, keys, costs, fine, one_to_one=one_to_one)
        found = (matching if one_to_one else flow)(network, ways, candidates)
        potential = prices(network, ways, candidates, found, potential)
        potential -= potential[-1]
        best = _optimum(network, ways, candidates, found, potential, fine)
        more = _cheaper_pairs(network, table, best)
        if not len(more):
            return best
        more.sort()
        keys, costs = np.append(keys, more), np.append(costs, _costs(table, more))
        order = np.argsort(keys, kind="stable")
        keys, costs = keys[order], costs[order]


def _first_candidates(network: Network, table: Table) -> tuple[Numbers, Numbers, int]:
    """Return the first pairs (person x places + place), a first guess of prices, the highest cost.

    A place that must be filled has to be somebody's candidate: there the guess is how much more
    than their best choice it costs the one who would mind least.
    """
    pairs, nearest, highest = _survey(table)
    potential = np.zeros(len(network.gates) + 1, np.int64)
    must = (network.least[: table.places] > 0) & (nearest < NEVER)
    potential[: table.places][must] = nearest[must]
    count = table.places if table.places <= FEW_PLACES else FIRST_CANDIDATES
    for first, block in table.blocks():
        reduced = np.where(block < NEVER, block - potential[: table.places], NEVER)
        pairs.append(_least(reduced, first, count, NEVER))
    return np.concatenate(pairs), potential, highest


def _survey(table: Table) -> tuple[list[Numbers], Numbers, int]:
    """Return a few pairs of each place, what it costs the nearest person beyond their best choice,
    and the highest cost of all.
    """
    highest = int(table.unplaced[table.unplaced < NEVER].max(initial=0))
    pairs = [np.empty(0, np.int64)]
    columns, nearest = np.arange(table.places), np.full(table.places, NEVER)
    best, who = nearest.copy(), np.zeros(table.places, np.int64)
    stretch = -(-table.people // CANDIDATES_OF_A_PLACE)
    for first, block in table.blocks():
        possible = block < NEVER
        highest = max(highest, int(block[possible].max(initial=0)))
        beyond = block - block.min(axis=1, initial=NEVER, keepdims=True)
        beyond[~possible] = NEVER
        rows = beyond.argmin(axis=0)
        nearer = beyond[rows, columns] < best
        best[nearer] = beyond[rows, columns][nearer]
        who[nearer] = first + rows[nearer]
        last = first + len(block)
        if last == table.people or last // stretch > first // stretch:
            found = best < NEVER
            pairs.append(who[found] * table.places + columns[found])
            np.minimum(nearest, best, out=nearest)
            best.fill(NEVER)
    return pairs, nearest, highest


def _least(block: Numbers, first: int, count: int, below: int) -> Numbers:
    """Return one pair a row of each of `count` ranges of places, the smallest below a limit.

    Not quite the smallest of the row: but found in one fast pass, and what is left out now is found
    in the next one if it matters.
    """
    rows, places = np.arange(len(block)), block.shape[1]
    keys = [np.empty(0, np.int64)]
    edges = np.linspace(0, places, min(count, places) + 1).astype(np.int64)
    for begin, end in pairwise(edges):
        columns = begin + block[:, begin:end].argmin(axis=1)
        small = block[rows, columns] < below
        keys.append((first + rows[small]) * places + columns[small])
    return np.concatenate(keys)


def _costs(table: Table, keys: Numbers) -> Numbers:
    return table.entries(*np.divmod(keys, max(1, table.places)))


def _candidates(
    table: Table, keys: Numbers, costs: Numbers, fine: int, *, one_to_one: bool
) -> Candidates:
    """Return these pairs, and for a flow everybody's way to go without a place."""
    people, places = np.divmod(keys, max(1, table.places))
    if one_to_one:  # whoever has nowhere to go is at the place of their own number, at a fine
        return Candidates(people, places, np.minimum(costs, fine))
    people = np.append(people, np.arange(table.people))
    places = np.append(places, np.full(table.people, -1))
    costs = np.append(costs, table.unplaced)
    order = np.argsort(people, kind="stable")
    return Candidates(people[order], places[order], np.minimum(costs[order], fine))


def _optimum(
    network: Network,
    ways: Ways,
    candidates: Candidates,
    found: Sparse,
    potential: Numbers,
    fine: int,
) -> Optimum:
    choice = candidates.places[found.taken]
    gates = len(network.gates)
    is_fined = ways.costs > 0
    comes, goes = ways.tails == network.exit, ways.heads == network.exit

    def sums(nodes: Numbers, chosen: Numbers) -> Numbers:
        counted = np.bincount(nodes[chosen], found.flows[chosen], gates + 1)
        return counted[:gates].astype(np.int64)

    return Optimum(
        choice,
        candidates.costs[found.taken],
        network.entries(np.arange(len(choice)), choice),
        potential,
        network.least + found.flows[:gates],
        sums(ways.heads, comes & ~is_fined),
        sums(ways.heads, comes & is_fined),
        sums(ways.tails, goes & is_fined),
        fine,
    )


def _cheaper_pairs(network: Network, table: Table, best: Optimum) -> Numbers:
    """Return pairs outside of the solution that are cheaper at its prices, a few of each person."""
    slack = best.slack
    pairs = [np.empty(0, np.int64)]
    for first, block in table.blocks():
        reduced = np.subtract(block, reach(network, best, first, len(block)), out=block)
        reduced -= slack[first : first + len(block), None]
        rows = np.flatnonzero(reduced.min(axis=1, initial=0) < 0)
        if len(rows):
            keys = _least(reduced[rows], 0, FURTHER_CANDIDATES, 0)
            pairs.append((first + rows[keys // table.places]) * table.places + keys % table.places)
    return np.concatenate(pairs)


def reach(network: Network, best: Optimum, first: int, count: int) -> Numbers:
    """Return the potential that each of these people would reach at each place."""
    if len(network.entry) == 1:
        return best.potential[network.entry]
    return best.potential[network.entry[network.kind[first : first + count]]]
