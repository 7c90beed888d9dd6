"""Which problems are planned by taking plans apart and putting them together again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue.days import OneDay
from scheduler.scheduling.engine.catalogue.order import Following, InOrder

if TYPE_CHECKING:
    from scheduler.scheduling.engine.problem import Problem

# Below this the general model proves the best plan in a minute (docs/benchmarks.md, Planning).
MANY = 100


def suits(problem: Problem) -> bool:
    """Say whether the problem is large, and has nothing but what `many` knows."""
    return len(problem.activities) >= MANY and is_known(problem)


def is_known(problem: Problem) -> bool:
    """Say whether every rule and wish of the problem is known here, whatever its size."""
    return not any(block.activities for block in problem.blocks) and all(
        rule.is_hard and isinstance(rule, OneDay | InOrder | Following) for rule in problem.rules
    )
