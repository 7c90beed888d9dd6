"""What would help when rules collide: the smallest change of each rule, proved by solving."""

import pytest
from hypothesis import given

from scheduler.scheduling.engine import Lock, Party, TimeLimit, Window
from scheduler.scheduling.engine.catalogue import OneDay
from scheduler.scheduling.engine.explain import Verdict, explain
from scheduler.scheduling.engine.relief import Relief, Way
from scheduler.scheduling.engine.rules import Rule
from tests.scheduling.engine.oracle import cheapest
from tests.scheduling.engine.small import DAY, item, problem, problems, venue
from tests.scheduling.engine.test_solve_properties import some

TWO = [item("x"), item("y")]
BOTH = (Party("both", ("x", "y"), rest_minutes=60),)


def reliefs_of(a_problem):
    found = explain(a_problem)
    assert found.verdict is Verdict.CONFLICT
    return {rule.code: relief for rule, relief in zip(found.rules, found.reliefs, strict=True)}


@pytest.mark.parametrize(
    ("facts", "reliefs"),
    [
        # x warms up 0-10 and plays 10-30, y plays 30-50.
        ({"venues": [venue("A", (0, 40))]}, {Rule.OPENING_HOURS: Relief(Way.LATER, 10)}),
        # From the first midnight on nothing can begin earlier, from 100 on it can.
        ({"venues": [venue("A", (100, 140))]}, {Rule.OPENING_HOURS: Relief(Way.LATER, 10)}),
        ({"venues": [venue("A", (960, DAY))]}, {Rule.OPENING_HOURS: Relief(Way.EARLIER, 10)}),
        ({"activities": [item("x", size=60)]}, {Rule.STAGE_SIZE: Relief(Way.LARGER, 10)}),
        ({"venues": [venue("A", rooms=0)]}, {Rule.ROOM_CAPACITY: Relief(Way.MORE_ROOMS, 1)}),
        (
            {"venues": [venue("A", closures=[(0, 270)])]},
            {Rule.CLOSURE: Relief(Way.DROP), Rule.OPENING_HOURS: Relief(Way.LATER, 20)},
        ),
        # The second begins to warm up at 30 + rest and is through 30 minutes later.
        (
            {"venues": [venue("A", (0, 80))], "parties": BOTH},
            {Rule.OPENING_HOURS: Relief(Way.LATER, 45), Rule.PARTY_REST: Relief(Way.LESS_REST, 45)},
        ),
        (
            {
                "locks": (Lock("x", start=50),),
                "time_limits": (TimeLimit("stay", "stay", ("x",), (Window(60, 200),)),),
            },
            {Rule.LOCK: Relief(Way.DROP), Rule.TIME_LIMIT: Relief(Way.EARLIER, 20)},
        ),
        (
            {
                "venues": [venue("A", (0, 300), (DAY, DAY + 300))],
                "locks": (Lock("x", start=50), Lock("y", start=DAY + 50)),
                "rules": (OneDay(id="school", activities=("x", "y")),),
            },
            {Rule.STATED: Relief(Way.DROP), Rule.LOCK: Relief(Way.DROP)},
        ),
    ],
)
def test_the_smallest_change_that_helps(facts, reliefs):
    assert reliefs_of(problem(**{"activities": TWO, **facts})) == reliefs


def test_a_rule_that_is_not_the_only_obstacle_does_not_help_alone():
    two_obstacles = problem(
        [item("x", size=60), item("y")],
        locks=(Lock("y", start=50),),
        time_limits=(TimeLimit("stay", "stay", ("y",), (Window(60, 200),)),),
    )
    assert set(reliefs_of(two_obstacles).values()) == {Relief(Way.ALONE)}


def test_what_was_not_decided_in_time_is_not_told(monkeypatch):
    monkeypatch.setattr("scheduler.scheduling.engine.explain.RELIEF_SECONDS", 0.0)
    assert reliefs_of(problem(TWO, [venue("A", (0, 40))])) == {Rule.OPENING_HOURS: None}


@some
@given(problems())
def test_a_relief_is_told_of_every_rule_of_a_collision_and_of_nothing_else(drawn):
    found = explain(drawn)
    if cheapest(drawn) is not None:
        assert (found.verdict, found.reliefs) == (Verdict.POSSIBLE, ())
    else:
        assert len(found.reliefs) == len(found.rules)
        assert None not in found.reliefs
