"""Explanations: the rules that collide, all of them and no others, with their facts."""

from dataclasses import replace

import pytest

from scheduler.scheduling.engine import Block, Lock, Party, TimeLimit, Travel, Window
from scheduler.scheduling.engine.explain import Verdict, explain
from scheduler.scheduling.engine.rules import Rule
from tests.scheduling.engine.small import DAYS, item, problem, venue

TWO = [item("x"), item("y")]


def explained(a_problem):
    explanation = explain(a_problem)
    assert explanation.minimal
    return [(rule.code, rule.ids) for rule in explanation.rules]


def test_a_possible_problem_needs_no_explanation():
    explanation = explain(problem(TWO))
    assert (explanation.verdict, explanation.rules) == (Verdict.POSSIBLE, ())


@pytest.mark.parametrize(
    ("facts", "colliding"),
    [
        (
            {"venues": [venue("A", (0, 40))]},
            [(Rule.OPENING_HOURS, ("A",))],
        ),
        (
            {"venues": [venue("A", closures=[(0, 270)])]},
            [(Rule.CLOSURE, ("A", "0")), (Rule.OPENING_HOURS, ("A",))],
        ),
        (
            {"activities": [item("x", size=60)]},
            [(Rule.STAGE_SIZE, ("A",))],
        ),
        (
            {"venues": [venue("A", rooms=0)]},
            [(Rule.ROOM_CAPACITY, ("A", "warm_up"))],
        ),
        (
            {"locks": (Lock("x", start=50), Lock("y", start=60)), "grid_minutes": 10},
            [(Rule.LOCK, ("x",)), (Rule.LOCK, ("y",))],
        ),
        (
            {
                "locks": (Lock("x", start=50),),
                "time_limits": (TimeLimit("stay", "stay", ("x",), (Window(60, 200),)),),
            },
            [(Rule.LOCK, ("x",)), (Rule.TIME_LIMIT, ("stay",))],
        ),
        (
            {
                "locks": (Lock("x", start=50),),
                "parties": (Party("p", ("x",), busy=(Window(40, 45),)),),
            },
            [(Rule.LOCK, ("x",)), (Rule.PARTY_BUSY, ("p",))],
        ),
        (
            {
                "locks": (Lock("x", start=50), Lock("y", start=130)),
                "parties": (Party("p", ("x", "y"), rest_minutes=60),),
            },
            [(Rule.LOCK, ("x",)), (Rule.LOCK, ("y",)), (Rule.PARTY_REST, ("p",))],
        ),
        (
            {
                "activities": [*TWO, item("z")],
                "locks": (Lock("x", start=50), Lock("z", start=70), Lock("y", start=90)),
                "blocks": (Block("b", ("x", "y")),),
            },
            [(Rule.BLOCK, ("b",)), *((Rule.LOCK, (id_,)) for id_ in "xyz")],
        ),
    ],
)
def test_exactly_the_colliding_rules_are_named(facts, colliding):
    activities = facts.pop("activities", TWO)
    assert explained(problem(activities, **facts)) == colliding


def test_a_way_that_is_too_long_is_a_clash():
    apart = problem(
        TWO,
        [venue("A"), venue("B")],
        parties=(Party("p", ("x", "y"), rest_minutes=10),),
        travel=(Travel("A", "B", 50),),
        locks=(Lock("x", "A", 50), Lock("y", "B", 110)),
    )
    assert explained(apart) == [
        (Rule.LOCK, ("x",)),
        (Rule.LOCK, ("y",)),
        (Rule.PARTY_CLASH, ("p",)),
    ]


def test_a_shortage_that_only_counting_shows():
    """Seven times 20 minutes do not fit into two times 70, as each needs its own 20."""
    crowded = problem(
        [item(f"{number}") for number in range(7)], [venue("A", (0, 80)), venue("B", (0, 80))]
    )
    assert explained(crowded) == [(Rule.OPENING_HOURS, ("A",)), (Rule.OPENING_HOURS, ("B",))]


def test_rules_carry_the_numbers_for_a_sentence():
    tall = problem([item("x", size=60)])
    (rule,) = explain(tall).rules
    assert dict(rule.facts) == {"stage_size": 50}


def test_more_than_all_days_can_hold_collides_with_no_rule():
    endless = problem([item(f"{n}", stage_minutes=400) for n in range(6)], [venue("A", *DAY_LONG)])
    explanation = explain(endless)
    assert (explanation.verdict, explanation.rules) == (Verdict.CONFLICT, ())


DAY_LONG = tuple((day.start, day.end) for day in DAYS)


def test_without_time_nothing_is_called_impossible():
    late = replace(problem(TWO), locks=(Lock("x", start=50), Lock("y", start=60)))
    explanation = explain(late, seconds=0)
    assert (explanation.verdict, explanation.rules, explanation.minimal) == (
        Verdict.UNDECIDED,
        (),
        False,
    )


def test_without_time_a_count_still_proves_it():
    explanation = explain(problem([item("x", size=60)]), seconds=0)
    assert explanation.verdict is Verdict.CONFLICT
    assert [one.code for one in explanation.findings] == ["no_stage_fits"]


def test_a_request_ends_an_explanation():
    late = replace(problem(TWO), locks=(Lock("x", start=50), Lock("y", start=60)))
    assert explain(late, should_stop=lambda: True).verdict is Verdict.UNDECIDED
