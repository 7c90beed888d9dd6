"""Repairs: the fewest moves, the kindest of them, and nothing that has already begun."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from scheduler.scheduling.engine import Block, Lock, Party, Window, plan_of
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.present import leave_near
from scheduler.scheduling.engine.repair import repair, repair_in_part, shift_and_cost
from scheduler.scheduling.engine.result import Measure, Status
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.engine.search import solve
from tests.scheduling.engine.oracle import fewest_left_out, fewest_moves
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
    assert repair(locked, PUBLISHED).plan.by_activity["z"].start == 200
    held = replace(THREE, locks=(Lock("z", start=200),))
    assert repair(held, PUBLISHED, frozen_before=20).plan == PUBLISHED


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


def test_what_has_begun_where_it_cannot_be_moves_all_the_same():
    lost = changed(B={"windows": (Window(0, 15),)})
    result = repair(lost, PUBLISHED, frozen_before=20)
    assert result.moved == ("z",)
    assert result.plan.by_activity["z"].start - 10 >= 20


def test_what_is_near_stays_unless_it_is_hit():
    # x (10) is near and hit by the closure of A up to 20; y (30) is near, and z (10) on B as well.
    shut = changed(A={"closures": (Window(0, 20),)})
    near = leave_near(shut, PUBLISHED, 20)
    assert {lock.activity: lock.start for lock in near.locks} == {"y": 30, "z": 10}
    result = repair(near, PUBLISHED)
    assert (result.moved, violations(near, result.plan)) == (("x",), [])
    assert leave_near(shut, PUBLISHED, 19).locks == near.locks[1:]


def test_nobody_is_called_earlier_than_told_without_notice():
    lost = changed(B={"windows": ()}, A={"windows": (Window(0, 100),)})
    published = plan(x=("A", 30), y=("A", 50), z=("B", 70))
    free = repair(lost, published, frozen_before=0)
    assert (free.moved, free.plan.by_activity["z"].start) == (("z",), 70)
    shut = replace(lost, venues=(replace(lost.venues[0], windows=(Window(0, 70),)), lost.venues[1]))
    early = repair(shut, published, frozen_before=0)
    assert (early.moved, early.plan.by_activity["z"].start) == (("z",), 10)
    with_notice = repair(shut, published, frozen_before=0, notice_minutes=10)
    assert (with_notice.status, with_notice.plan) == (Status.IMPOSSIBLE, None)


def test_a_late_group_is_called_after_its_notice():
    late = replace(THREE, activities=(*THREE.activities, item("late")))
    place = repair(late, PUBLISHED, frozen_before=100, notice_minutes=60).plan.by_activity["late"]
    assert place.start - 10 >= 160


def test_in_part_leaves_out_the_fewest_and_moves_the_fewest_of_the_others():
    short = changed(B={"windows": ()}, A={"windows": (Window(0, 60),)})
    result = repair_in_part(short, plan(x=("A", 10), y=("A", 70), z=("B", 10)))
    assert (len(result.left_out), result.left_out_bound) == (1, 1)
    assert set(result.left_out) < {"y", "z"}
    assert (len(result.moved), result.moves_bound) == (1, 1)
    assert result.plan.by_activity["x"] == PUBLISHED.by_activity["x"]
    assert result.status is Status.OPTIMAL


def test_in_part_gives_up_the_block_of_what_lost_its_place():
    pair = replace(
        changed(A={"windows": (Window(0, 50), Window(100, 150))}, B={"windows": ()}),
        blocks=(Block("b", ("x", "y", "z")),),
    )
    published = plan(x=("A", 10), y=("A", 30), z=("A", 50))
    result = repair_in_part(pair, published)
    assert (result.left_out, result.moved) == ((), ("z",))
    assert [one.code for one in violations(pair, result.plan)] == [Rule.BLOCK]


def test_in_part_locked_where_it_cannot_be_stays_without_a_place():
    lost = replace(changed(B={"windows": ()}), locks=(Lock("z", "B", 10),))
    result = repair_in_part(lost, PUBLISHED)
    assert (result.left_out, result.moved) == (("z",), ())
    assert result.plan == plan(x=("A", 10), y=("A", 30))


def test_in_part_keeps_everything_where_a_whole_repair_does():
    result = repair_in_part(changed(B={"windows": ()}), PUBLISHED)
    assert (result.left_out, result.left_out_bound, result.moved) == ((), 0, ("z",))


@settings(
    max_examples=30,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(problems())
def test_no_plan_leaves_out_fewer(drawn):
    drawn = replace(drawn, locks=(), rules=(), blocks=())
    before = solve(drawn, deterministic_limit=2, seconds=None)
    assume(before.plan is not None)
    venues = tuple(replace(one, closures=(Window(30, 1000),)) for one in drawn.venues)
    after = replace(drawn, venues=venues)
    result = repair_in_part(after, before.plan, deterministic_limit=5, seconds=None)
    assert len(result.left_out) == result.left_out_bound == fewest_left_out(after, before.plan)
    wrong = {one.code for one in violations(after, result.plan)}
    assert wrong <= {Rule.UNPLACED}


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
