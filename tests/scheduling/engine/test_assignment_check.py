"""The checker of assignments: each rule found broken, costs and the proof counted on their own."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler.scheduling.engine.assigning.check import (
    Broken,
    broken_rules,
    empty_seats,
    proven_minimum,
    value_of,
)
from scheduler.scheduling.engine.assigning.problem import (
    NOT_POSSIBLE,
    AssignmentProblem,
    Forbidden,
    Person,
    Place,
    Quota,
)
from scheduler.scheduling.engine.assigning.result import Price

PROBLEM = AssignmentProblem(
    people=(
        Person("a", ("x", "y"), ("girl",)),
        Person("b", ("y", "x"), ("girl",)),
        Person("c", ("x",), ("boy",)),
    ),
    places=(Place("x", 2), Place("y", 2, 1), Place("z", 2)),
    quotas=(
        Quota("girls", "y", "girl", least=1, most=1),
        Quota("boys", "x", "boy", kept=1),
    ),
    forbidden=(Forbidden("a", "y"),),
    unwished_cost=7,
)
VALID = {"a": "x", "b": "y", "c": "x"}


def test_a_valid_assignment_and_its_cost():
    assert broken_rules(PROBLEM, VALID) == []
    assert value_of(PROBLEM, VALID) == 0
    assert value_of(PROBLEM, {"a": "x", "b": "y", "c": "z"}) == 7
    assert empty_seats(PROBLEM, VALID) == {"boys": 0}


@pytest.mark.parametrize(
    ("places", "broken"),
    [
        ({"a": "x", "b": "y"}, [Broken("without_place", ("c",))]),
        ({**VALID, "c": None}, [Broken("without_place", ("c",))]),
        ({**VALID, "d": "x"}, [Broken("unknown_person", ("d",)), Broken("place_most", ("x",), 3)]),
        ({**VALID, "c": "q"}, [Broken("unknown_place", ("c", "q"))]),
        (
            {**VALID, "a": "y"},
            [Broken("not_possible", ("a", "y")), Broken("quota_most", ("girls", "y"), 2)],
        ),
        (
            {**VALID, "b": "z"},
            [Broken("place_least", ("y",), 0), Broken("quota_least", ("girls", "y"), 0)],
        ),
        (
            {"a": "x", "b": "x", "c": "y"},
            [Broken("quota_least", ("girls", "y"), 0), Broken("kept_seats", ("x", "boys"), 2)],
        ),
    ],
)
def test_what_is_broken_is_named(places, broken):
    assert broken_rules(PROBLEM, places) == broken


def test_company_is_looked_at():
    problem = replace(PROBLEM, together=(("a", "b"),), apart=(("c", "a"), ("b", "c")))
    assert broken_rules(problem, VALID) == [
        Broken("together", ("a", "b")),
        Broken("apart", ("c", "a")),
    ]


def test_two_without_a_place_are_not_together_in_one():
    problem = replace(PROBLEM, apart=(("a", "c"),), unplaced_cost=3)
    assert broken_rules(problem, {"a": None, "b": "y", "c": None}) == []
    assert value_of(problem, {"a": None, "b": "y", "c": None}) == 6


def test_a_table_of_costs_says_what_is_not_possible():
    problem = AssignmentProblem(
        (Person("a"), Person("b")), (Place("x"), Place("y")), costs=((4, NOT_POSSIBLE), (1, 2))
    )
    assert broken_rules(problem, {"a": "y", "b": "x"}) == [Broken("not_possible", ("a", "y"))]
    assert value_of(problem, {"a": "x", "b": "y"}) == 6


def test_no_prices_prove_more_than_is_true():
    costs = np.random.default_rng(1).integers(0, 9, (6, 3))
    problem = AssignmentProblem(
        tuple(Person(f"p{n}", classes=("odd",) if n % 2 else ()) for n in range(6)),
        (Place("x", 2, 1), Place("y", 2, 1), Place("z", 2)),
        (Quota("q", "x", "odd", least=0, most=1), Quota("k", "y", "odd", kept=1)),
        costs=costs,
    )
    true = min(
        value_of(problem, places) for places in _all(problem) if broken_rules(problem, places) == []
    )
    drawn = np.random.default_rng(2).integers(-6, 7, (200, 5)).tolist()
    names = [("x", None), ("y", None), ("z", None), ("x", "q"), ("y", "k")]
    for prices in drawn:
        pairs = zip(names, prices, strict=True)
        assert proven_minimum(problem, [Price(*name, price) for name, price in pairs]) <= true
    assert proven_minimum(problem, ()) == costs.min(axis=1).sum()


def _all(problem):
    ids = [person.id for person in problem.people]
    for number in range(3 ** len(ids)):
        yield {id_: "xyz"[number // 3**digit % 3] for digit, id_ in enumerate(ids)}
