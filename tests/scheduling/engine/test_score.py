"""What each wish counts, on plans small enough to count by hand."""

import pytest

from scheduler.scheduling.engine import Block, Party
from scheduler.scheduling.engine.score import score
from tests.scheduling.engine.small import DAY, item, plan, problem, venue

TWO = [item("x"), item("y")]
STAGES = [venue("A", (0, 300), (DAY, DAY + 300)), venue("B")]


def amounts(a_problem, a_plan):
    return {term.code: term.amount for term in score(a_problem, a_plan).terms if term.amount}


def shared(**facts):
    return problem(TWO, STAGES, parties=(Party("both", ("x", "y"), 4),), **facts)


def test_waiting_is_counted_beyond_the_comfortable_pause():
    # x ends at 30, the warm-up of y begins at 80: 50 minutes, 20 of them beyond 30.
    assert amounts(shared(), plan(x=("A", 10), y=("A", 90)))["waiting"] == 4 * 20


def test_nobody_waits_overnight_but_everybody_comes_twice():
    counted = amounts(shared(), plan(x=("A", 10), y=("A", DAY + 10)))
    assert counted == {"extra_days": 4, "venue_idle": 20}


def test_a_change_of_venue():
    assert amounts(shared(), plan(x=("A", 10), y=("B", 70))) == {
        "venue_moves": 4,
        "venue_idle": 20,
    }


@pytest.mark.parametrize(("second", "missing"), [(70, 0), (60, 10), (40, 30)])
def test_a_schools_groups_too_close(second, missing):
    same = [item("x", school="S"), item("y", school="S")]
    counted = amounts(problem(same), plan(x=("A", 10), y=("A", second)))
    assert counted.get("school_gap", 0) == missing


def test_groups_of_a_school_at_the_same_time_miss_more_than_the_pause():
    same = [item("x", school="S"), item("y", school="S")]
    counted = amounts(problem(same, STAGES), plan(x=("A", 10), y=("B", 10)))
    assert counted["school_gap"] == 30 + 30


def test_groups_of_different_schools_may_be_close():
    other = [item("x", school="S"), item("y", school="T"), item("z")]
    counted = amounts(problem(other), plan(x=("A", 10), y=("A", 30), z=("A", 50)))
    assert "school_gap" not in counted


def test_idle_minutes_of_a_jury_and_a_house():
    blocked = problem(TWO, blocks=(Block("b", ("x", "y")),))
    counted = amounts(blocked, plan(x=("A", 10), y=("A", 50)))
    assert counted == {"jury_idle": 20, "venue_idle": 10 + 20}


def test_a_closure_is_not_idle_time():
    closed = problem(
        TWO, [venue("A", closures=[(30, 90)])], blocks=(Block("b", ("x", "y"), may_pause=True),)
    )
    assert amounts(closed, plan(x=("A", 10), y=("A", 100))) == {"venue_idle": 20}


def test_neighbours_of_one_region_in_a_block():
    items = [item(id_, region=region) for id_, region in zip("wxyz", "NNM", strict=False)]
    items.append(item("z", region=None))
    blocked = problem(items, blocks=(Block("b", ("w", "x", "y", "z")),))
    together = plan(w=("A", 10), x=("A", 30), y=("A", 50), z=("A", 70))
    mixed = plan(w=("A", 10), y=("A", 30), x=("A", 50), z=("A", 70))
    assert amounts(blocked, together)["region_runs"] == 1
    assert "region_runs" not in amounts(blocked, mixed)


def test_the_value_is_the_sum_of_the_terms():
    result = score(shared(), plan(x=("A", 10), y=("B", 90)))
    assert result.value == sum(term.weight * term.amount for term in result.terms)
    assert result.value == 4 * 20 * 1 + 4 * 30 + 20 * 2


def test_an_incomplete_plan_has_no_cost():
    with pytest.raises(KeyError):
        score(problem(TWO), plan(x=("A", 10)))
