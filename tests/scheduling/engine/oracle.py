"""The slow and certain way: tries every place for every activity.

Knows the checker and the score, nothing of the model.
"""

from scheduler.scheduling.engine import Placement, plan_of
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.result import Status
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.engine.score import score


def cheapest(problem):
    """Return the least cost of any valid plan, None when there is none."""
    best = None
    for plan in _valid_plans(problem, [], [activity.id for activity in problem.activities]):
        value = score(problem, plan).value
        best = value if best is None else min(best, value)
    return best


def is_the_best_there_is(problem, result):
    """Assert that a search came to what trying everything comes to, plan, cost and proof."""
    least = cheapest(problem)
    if least is None:
        assert (result.status, result.plan) == (Status.IMPOSSIBLE, None)
    else:
        assert (result.status, result.value, result.bound) == (Status.OPTIMAL, least, least)
        assert violations(problem, result.plan) == []
        assert score(problem, result.plan).value == least


def fewest_moves(problem, published):
    """Return how few published placements any valid plan has to give up."""
    return min(
        sum(1 for one in plan.placements if one not in published.placements)
        for plan in _valid_plans(problem, [], [activity.id for activity in problem.activities])
    )


def _valid_plans(problem, placed, missing):
    if _breaks_for_good(problem, placed):
        return
    if not missing:
        plan = plan_of(placed)
        if not violations(problem, plan):
            yield plan
        return
    activity = problem.activity_by_id[missing[0]]
    for venue in problem.venues:
        for window in venue.windows:
            first = window.start - activity.first
            start = -(-first // problem.grid_minutes) * problem.grid_minutes
            while start + activity.last <= window.end:
                place = Placement(activity.id, venue.id, start)
                yield from _valid_plans(problem, [*placed, place], missing[1:])
                start += problem.grid_minutes


def _breaks_for_good(problem, placed):
    """Say whether a part of a plan breaks a rule that no further placement can mend."""
    return any(
        one.code is not Rule.UNPLACED
        and one.facts.get("reason") != "idle"
        and one.facts.get("rule") != "in_company"
        for one in violations(problem, plan_of(placed))
    )
