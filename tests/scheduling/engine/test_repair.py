"""Repairs: the fewest moves, the kindest of them, and nothing that has already begun."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from scheduler.scheduling.engine import Lock, Party, Window, plan_of
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.repair import repair, shift_and_cost
from scheduler.scheduling.engine.result import Measure, Status
from scheduler.scheduling.engine.search import solve
from tests.scheduling.engine.oracle import fewest_moves
from tests.scheduling.engine.small import item, plan, problem, problems, venue

THREE = problem([item("x"), item("y"), item("z")], [venue("A"), venue("B")])
PUBLISHED = plan(x=("A", 10), y=("A", 30), z=("B", 10))


def changed(**venues):
    """THREE with other facts about a venue: changed(B={"windows": ()})."""
    return replace(
        THREE, venues=tuple(replace(one, **venues.get(one.id, {})) for one in THREE.venues)
    )


def test_nothing_moves_when_nothing_has_changed():
    result = repair(THREE, PUBLISHED)
    assert (result.plan, result.moved, result.moves_bound) == (PUBLISHED, (), 0)


def test_a_lost_venue_moves_only_what_was_there():
    lost = changed(B={"windows": ()})
    result = repair(lost, PUBLISHED)
    assert (result.status, result.moved, result.moves_bound) == (Status.OPTIMAL, ("z",), 1)
    assert violations(lost, result.plan) == []


def test_a_closure_shifts_as_little_as_it_can():
    closed = changed(A={"closures": (Window(25, 35),)}, B={"windows": (Window(0, 30),)})
    result = repair(closed, PUBLISHED)
    assert result.moved == ("x", "y")
    assert {(one.venue, one.start) for one in result.plan.placements} == {
        ("A", 50),
        ("A", 70),
        ("B", 10),
    }
    assert result.value == sum(term.cost for term in result.terms)


def test_a_late_group_is_placed_without_moving_the_others():
    late = replace(THREE, activities=(*THREE.activities, item("late")))
    result = repair(late, PUBLISHED)
    assert (result.moved, result.moves_bound) == ((), 0)
    assert set(result.plan.by_activity) == {"x", "y", "z", "late"}


def test_a_withdrawn_group_leaves_the_others_where_they_are():
    fewer = replace(THREE, activities=THREE.activities[:2])
    result = repair(fewer, PUBLISHED)
    assert result.plan == plan(x=("A", 10), y=("A", 30))


def test_what_has_begun_stays_even_when_moving_it_were_cheaper():
    clash = replace(THREE, parties=(Party("p", ("x", "z"), rest_minutes=0),))
    free, frozen = repair(clash, PUBLISHED), repair(clash, PUBLISHED, frozen_before=20)
    assert len(free.moved) == 1
    assert (frozen.status, frozen.plan, frozen.moved) == (Status.IMPOSSIBLE, None, ())


def test_locks_of_the_coordinator_hold_as_well():
    locked = replace(changed(B={"windows": ()}), locks=(Lock("z", start=200), Lock("x", "A")))
    result = repair(locked, PUBLISHED, frozen_before=20)
    assert result.status is Status.IMPOSSIBLE
    assert repair(locked, PUBLISHED).plan.by_activity["z"].start == 200


def test_an_impossible_repair_says_so():
    assert repair(changed(A={"windows": ()}, B={"windows": ()}), PUBLISHED).moves_bound is None


def test_progress_counts_moves_and_then_minutes():
    seen = []
    result = repair(changed(B={"windows": ()}), PUBLISHED, on_progress=seen.append)
    assert {one.measure for one in seen} == {Measure.MOVES, Measure.SHIFT}
    last = seen[-1]
    assert last.value == shift_and_cost(THREE, PUBLISHED, result.plan)


def test_a_request_keeps_the_repair_found_so_far():
    seen = []
    result = repair(
        changed(B={"windows": ()}),
        PUBLISHED,
        on_progress=seen.append,
        should_stop=lambda: seen[-1].plan is not None,
    )
    assert violations(changed(B={"windows": ()}), result.plan) == []


@settings(
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(problems())
def test_the_moves_are_the_fewest_any_plan_needs(drawn):
    before = solve(drawn, deterministic_limit=2, seconds=None)
    assume(before.plan is not None)
    venues = tuple(replace(one, closures=(Window(10, 40),)) for one in drawn.venues)
    after = replace(drawn, venues=venues)
    result = repair(after, before.plan, deterministic_limit=5, seconds=None)
    if result.plan is not None:
        assert violations(after, result.plan) == []
        assert len(result.moved) == result.moves_bound == fewest_moves(after, before.plan)


@pytest.mark.parametrize("published", [plan_of([]), plan(x=("Z", 10), q=("A", 10))])
def test_a_published_plan_may_know_other_venues_and_groups(published):
    result = repair(THREE, published, frozen_before=20)
    assert violations(THREE, result.plan) == []
