"""Assigns people to places: the best there is, proved, checked again, and told how fair it looks.

Loads NumPy and OR-Tools: import it inside the task that assigns.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from scheduler.scheduling.engine.assigning.check import (
    broken_rules,
    proven_minimum,
    value_of,
)
from scheduler.scheduling.engine.assigning.collision import colliding
from scheduler.scheduling.engine.assigning.fairest import fairest
from scheduler.scheduling.engine.assigning.fairness import envy, rank_counts, unfilled
from scheduler.scheduling.engine.assigning.flow import Optimum, optimum
from scheduler.scheduling.engine.assigning.joint import Joint, joint
from scheduler.scheduling.engine.assigning.network import Network, network_of
from scheduler.scheduling.engine.assigning.result import (
    Aim,
    Assigned,
    AssignmentResult,
    Collision,
    Price,
    Shortage,
)
from scheduler.scheduling.engine.assigning.sets import SharedTable, sets_of
from scheduler.scheduling.engine.assigning.shortage import shortage
from scheduler.scheduling.engine.result import Status

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assigning.problem import AssignmentProblem
    from scheduler.scheduling.engine.assigning.table import Numbers, Table


def assign(
    problem: AssignmentProblem, *, aim: Aim = Aim.CHEAPEST, seconds: float = 60
) -> AssignmentResult:
    """Return the best assignment, checked by `check`, with its proof.

    The cheapest has the least sum of costs. The fairest has as few people as possible without a
    place, then as few as possible at the highest cost, then at the next, and so on
    (`fairest` names the sources). Where the rules are a flow, both are exact whatever
    the time; `seconds` limit the search where people are kept together or apart or quotas cross.
    When nothing is possible, `shortage` counts why; people who stay together can then go only
    where all of them can. If places and quotas are not to blame, `collisions` names the rules.
    """
    started = monotonic()
    network, table = network_of(problem), SharedTable(problem)
    best = optimum(network, table)
    if not best.is_possible:
        short = shortage(problem, network, table, best)
        return _without(Status.IMPOSSIBLE, aim, started, short=short)
    if problem.together or problem.apart or network.beside:
        found = joint(sets_of(problem, network, table, best), table, aim, seconds)
        if found.choice is None:
            is_proved = found.status is Status.IMPOSSIBLE
            named = colliding(problem, started + seconds) if is_proved else ()
            return _without(found.status, aim, started, collisions=named)
        return _told(problem, table, aim, found, (), started)
    choice = best.choice if aim is Aim.CHEAPEST else fairest(problem, network, best)
    prices = _prices(network, best)
    found = Joint(Status.OPTIMAL, choice, proven_minimum(problem, prices))
    if found.bound != best.value:
        raise RuntimeError(f"the prices prove {found.bound}, not {best.value}")
    return _told(problem, table, aim, found, prices, started)


def _prices(network: Network, best: Optimum) -> tuple[Price, ...]:
    charged = best.potential[network.parent] - best.potential[: network.exit]
    return tuple(
        Price(gate.place, gate.quota, int(price))
        for gate, price in zip(network.gates, charged, strict=True)
        if price
    )


def _without(
    status: Status,
    aim: Aim,
    started: float,
    *,
    short: Shortage | None = None,
    collisions: tuple[Collision, ...] = (),
) -> AssignmentResult:
    return AssignmentResult(
        status=status,
        aim=aim,
        assigned=(),
        value=None,
        bound=None,
        prices=(),
        ranks=(),
        envy=None,
        unfilled=(),
        shortage=short,
        collisions=collisions,
        seconds=monotonic() - started,
    )


def _told(
    problem: AssignmentProblem,
    table: Table,
    aim: Aim,
    found: Joint,
    prices: tuple[Price, ...],
    started: float,
) -> AssignmentResult:
    choice = np.full(table.people, -1) if found.choice is None else found.choice
    places = _places(problem, choice)
    wrong = broken_rules(problem, places)
    if wrong:
        raise RuntimeError(f"the assignment breaks {wrong[0]} and {len(wrong) - 1} other rules")
    return AssignmentResult(
        status=found.status,
        aim=aim,
        assigned=tuple(sorted(Assigned(*pair) for pair in places.items())),
        value=value_of(problem, places),
        bound=found.bound,
        prices=prices,
        ranks=rank_counts(problem, places),
        envy=envy(problem, table, choice),
        unfilled=unfilled(problem, places),
        shortage=None,
        collisions=(),
        seconds=monotonic() - started,
    )


def _places(problem: AssignmentProblem, choice: Numbers) -> dict[str, str | None]:
    ids = [*(place.id for place in problem.places), None]  # -1 reads the last one
    return {
        person.id: ids[column]
        for person, column in zip(problem.people, choice.tolist(), strict=True)
    }
