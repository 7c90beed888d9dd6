"""The slow and certain way: tries every place for every activity.

Knows the checker and the score, nothing of the model.
"""

from itertools import combinations

from scheduler.scheduling.engine import Placement, plan_of
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.result import Status
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.engine.score import score


def cheapest(problem):
    """Return the least cost of any valid plan, None when there is none."""
    best = None
    for plan in every_plan(problem):
        value = score(problem, plan).value
        best = value if best is None else min(best, value)
    return best


def every_plan(problem):
    """Yield all valid plans."""
    return _valid_plans(problem, [], [activity.id for activity in problem.activities])


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
        for plan in every_plan(problem)
    )


def fewest_left_out(problem, published):
    """Return how many of those that lose their published place any plan has to do without."""
    alone = {
        place.activity
        for place in published.placements
        for one in violations(problem, published)
        if place.activity in one.ids
    }
    ids = [activity.id for activity in problem.activities]
    for count in range(len(alone) + 1):
        for out in combinations(sorted(alone), count):
            if any(_valid_plans(problem, [], [id_ for id_ in ids if id_ not in out], out)):
                return count
    raise AssertionError("not even all of them left out")


def _valid_plans(problem, placed, missing, out=()):
    if _breaks_for_good(problem, placed):
        return
    if not missing:
        plan = plan_of(placed)
        if all(one.ids[0] in out for one in violations(problem, plan)):
            yield plan
        return
    activity = problem.activity_by_id[missing[0]]
    for venue in problem.venues:
        for window in venue.windows:
            first = window.start - activity.first
            start = -(-first // problem.grid_minutes) * problem.grid_minutes
            while start + activity.last <= window.end:
                place = Placement(activity.id, venue.id, start)
                yield from _valid_plans(problem, [*placed, place], missing[1:], out)
                start += problem.grid_minutes


def _breaks_for_good(problem, placed):
    """Say whether a part of a plan breaks a rule that no further placement can mend."""
    return any(
        one.code is not Rule.UNPLACED
        and one.facts.get("reason") != "idle"
        and one.facts.get("rule") not in {"in_company", "rounds_in_a_row", "numbered"}
        for one in violations(problem, plan_of(placed))
    )
