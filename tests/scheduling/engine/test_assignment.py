"""Assignments by hand: ranks, envy, kept seats, shortages, sets of people, large tables."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler.scheduling.engine import ProblemError
from scheduler.scheduling.engine.assigning import flow
from scheduler.scheduling.engine.assigning.check import proven_minimum
from scheduler.scheduling.engine.assigning.problem import (
    NOT_POSSIBLE,
    AssignmentProblem,
    Forbidden,
    Person,
    Place,
    Quota,
)
from scheduler.scheduling.engine.assigning.result import (
    Aim,
    Collision,
    Envy,
    Lack,
    Limit,
    RankCount,
    Shortage,
    Unfilled,
)
from scheduler.scheduling.engine.assigning.solve import assign
from scheduler.scheduling.engine.result import Status


def people(*classes, **wishes):
    """people(a="xy"): person a wishes x first, then y."""
    return tuple(Person(id_, tuple(wished), classes) for id_, wished in wishes.items())


def places(**most):
    return tuple(Place(id_, number) for id_, number in most.items())


def where(result):
    return {person: place for person, place in result.place_by_person.items() if place}


# ---------------------------------------------------------------- value, ranks, envy


def test_the_least_cost_and_the_ranks_of_wishes():
    problem = AssignmentProblem(people(a="xy", b="xz", c="xyz"), places(x=1, y=1, z=1))
    result = assign(problem)
    assert (result.status, result.value, result.bound) == (Status.OPTIMAL, 2, 2)
    assert result.ranks == (RankCount(1, 1), RankCount(2, 2), RankCount(3, 0))


def test_places_without_a_wish_and_people_without_a_place_are_counted():
    persons = people(a="x", b="x", c="x")
    problem = AssignmentProblem(persons, places(x=1, y=1), unwished_cost=5, unplaced_cost=9)
    assert assign(problem).ranks == (RankCount(1, 1), RankCount(0, 1), RankCount(None, 1))


def test_the_fairest_spares_the_worst_off():
    """Two at no cost and one at 5 are cheaper than three at 2, and worse for the one."""
    costs = ((0, 2, 9), (9, 0, 2), (2, 9, 5))
    problem = AssignmentProblem(people(a="", b="", c=""), places(x=1, y=1, z=1), costs=costs)
    cheap, fair = assign(problem), assign(problem, aim=Aim.FAIREST)
    assert (cheap.value, where(cheap)) == (5, {"a": "x", "b": "y", "c": "z"})
    assert (fair.value, fair.bound) == (6, 5)
    assert where(fair) == {"a": "y", "b": "z", "c": "x"}


def test_envy_tells_lower_claims_from_equal_ones():
    persons = (
        Person("high", ("x", "y"), claim=2),
        Person("low", ("x",), claim=1),
        Person("even", ("z", "y"), claim=1),
        Person("other", ("z",), claim=1),
        Person("least", ("x", "z", "y"), claim=0),
    )
    problem = AssignmentProblem(persons, places(x=1, y=3, z=1))
    result = assign(problem)
    assert where(result) == {"high": "y", "low": "x", "even": "y", "other": "z", "least": "y"}
    assert result.envy == Envy(lower=("high",), equal=("even",))


def test_nobody_envies_a_place_that_is_forbidden_to_them():
    problem = AssignmentProblem(
        people(a="xy", b="x"), places(x=1, y=1), forbidden=(Forbidden("a", "x"),)
    )
    assert assign(problem).envy == Envy((), ())


# ---------------------------------------------------------------- quotas and kept seats


def test_kept_seats_stay_empty_when_nobody_of_the_class_needs_them():
    persons = people("J", a="xy", b="xy")
    quotas = (Quota("primary", "x", "P", kept=1),)
    result = assign(AssignmentProblem(persons, places(x=2, y=2), quotas))
    assert sorted(where(result).values()) == ["x", "y"]
    assert result.unfilled == (Unfilled("primary", 1, 1),)


def test_kept_seats_do_not_fill_a_place():
    """The least of x counts people, not empty seats: both have to go there."""
    persons = people("J", a="yx", b="yx")
    quotas = (Quota("primary", "x", "P", kept=1),)
    result = assign(AssignmentProblem(persons, (Place("x", 3, 2), Place("y", 2)), quotas))
    assert set(where(result).values()) == {"x"}


def test_quotas_that_cross_are_kept_as_well():
    persons = (
        Person("a", ("x", "y"), ("girl", "P")),
        Person("b", ("x", "y"), ("girl", "J")),
        Person("c", ("x", "y"), ("boy", "P")),
        Person("d", ("x", "y"), ("boy", "J")),
    )
    crossing = (Quota("girls", "x", "girl", most=1), Quota("P", "x", "P", most=1))
    result = assign(AssignmentProblem(persons, places(x=4, y=4), crossing))
    assert (result.value, where(result)) == (1, {"a": "y", "b": "x", "c": "x", "d": "x"})


# ---------------------------------------------------------------- together and apart


def test_sets_stay_together_or_apart():
    problem = AssignmentProblem(
        people(a="xy", b="xy", c="xy", d="yx"),
        places(x=2, y=2),
        together=(("a", "b"),),
        apart=(("c", "a"),),
    )
    result = assign(problem)
    assert (result.value, where(result)) == (1, {"a": "x", "b": "x", "c": "y", "d": "y"})


def test_whoever_must_be_together_and_apart_goes_nowhere():
    problem = AssignmentProblem(
        people(a="xy", b="xy"), places(x=2, y=2), together=(("a", "b"),), apart=(("b", "a"),)
    )
    result = assign(problem)
    assert (result.status, result.shortage) == (Status.IMPOSSIBLE, None)
    assert result.collisions == (Collision("together", ("a", "b")), Collision("apart", ("b", "a")))
    assert where(assign(replace(problem, unplaced_cost=7))) == {}


def test_a_search_without_time_says_that_it_does_not_know():
    problem = AssignmentProblem(people(a="x", b="x"), places(x=2), together=(("a", "b"),))
    result = assign(problem, seconds=-1)
    assert (result.status is Status.UNDECIDED) == (result.assigned == ())


# ---------------------------------------------------------------- what is short


def test_too_little_room_is_counted():
    problem = AssignmentProblem(people(a="x", b="xy", c="y", d="z"), places(x=1, y=1, z=1))
    assert assign(problem).shortage == Shortage(
        Lack.ROOM, 3, 2, ("a", "b", "c"), (Limit("x", None, 1), Limit("y", None, 1)), ()
    )


def test_too_few_people_are_counted():
    problem = AssignmentProblem(people(a="xy", b="y"), (Place("x", 3, 2), Place("y", 2)))
    assert assign(problem).shortage == Shortage(
        Lack.PEOPLE, 2, 1, ("a",), (), (Limit("x", None, 2),)
    )


def test_a_quota_that_is_short_is_named():
    persons = (Person("a", ("x",), ("girl",)), Person("b", ("x",), ("girl",)))
    quotas = (Quota("girls", "x", "girl", most=1),)
    result = assign(AssignmentProblem(persons, places(x=5), quotas))
    assert result.shortage == Shortage(Lack.ROOM, 2, 1, ("a", "b"), (Limit("x", "girls", 1),), ())


def test_a_place_of_its_own_for_everybody_that_does_not_exist():
    problem = AssignmentProblem(
        people(a="x", b="x", c="z"), tuple(Place(id_, 1, 1) for id_ in "xyz")
    )
    short = assign(problem).shortage
    assert (short.lack, short.needed, short.available) == (Lack.ROOM, 2, 1)
    assert short.people == ("a", "b")


def test_nobody_and_nowhere():
    assert assign(AssignmentProblem((), places(x=1))).value == 0
    assert assign(AssignmentProblem(people(a=""), ())).shortage == Shortage(
        Lack.ROOM, 1, 0, ("a",), (), ()
    )
    assert assign(AssignmentProblem(people(a=""), (), unplaced_cost=3)).value == 3


# ---------------------------------------------------------------- large tables


@pytest.fixture
def few_candidates(monkeypatch):
    """So few that several rounds are needed."""
    monkeypatch.setattr(flow, "FEW_PLACES", 0)
    monkeypatch.setattr(flow, "FIRST_CANDIDATES", 1)
    monkeypatch.setattr(flow, "FURTHER_CANDIDATES", 1)


def table_problem(rows, columns, seed=1, **place):
    costs = np.random.default_rng(seed).integers(0, 50, (rows, columns))
    costs[costs > 45] = NOT_POSSIBLE
    return AssignmentProblem(
        tuple(Person(f"p{row}", classes=("odd",) if row % 2 else ()) for row in range(rows)),
        tuple(Place(f"h{column}", **place) for column in range(columns)),
        costs=costs,
    )


@pytest.mark.parametrize("seed", range(3))
def test_prices_found_in_rounds_prove_one_place_each(few_candidates, seed):
    problem = table_problem(80, 80, seed, least=1)
    result = assign(problem)
    assert result.status is Status.OPTIMAL
    assert proven_minimum(problem, result.prices) == result.value == result.bound


@pytest.mark.parametrize("seed", range(3))
def test_prices_found_in_rounds_prove_a_flow(few_candidates, seed):
    problem = table_problem(90, 40, seed, least=1, most=3)
    quotas = tuple(Quota(f"q{n}", f"h{n}", "odd", least=1, most=2) for n in range(0, 40, 3))
    problem = replace(problem, quotas=quotas)
    result = assign(problem)
    assert result.status is Status.OPTIMAL
    assert proven_minimum(problem, result.prices) == result.value == result.bound


def test_rounds_and_all_candidates_at_once_come_to_the_same(few_candidates, monkeypatch):
    problem = table_problem(60, 30, 7, most=2)
    fair = assign(problem, aim=Aim.FAIREST)
    monkeypatch.undo()
    assert assign(problem, aim=Aim.FAIREST).ranks == fair.ranks
    assert assign(problem, aim=Aim.FAIREST).value == fair.value


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"people": people(a="x") * 2}, "doubled_id"),
        ({"people": people(a="xx")}, "doubled_id"),
        ({"people": people(a="q")}, "unknown_id"),
        ({"people": people(a="xy"), "rank_costs": (1,)}, "too_many_wishes"),
        ({"rank_costs": (2, 1)}, "rank_costs_fall"),
        ({"unwished_cost": -1}, "bad_cost"),
        ({"unplaced_cost": 1_000_001}, "bad_cost"),
        ({"places": (Place("x", 1, 2), Place("y"))}, "bad_place"),
        ({"quotas": (Quota("q", "x", "P", kept=2),)}, "bad_quota"),
        ({"quotas": (Quota("q", "z", "P"),)}, "unknown_id"),
        ({"forbidden": (Forbidden("a", "z"),)}, "unknown_id"),
        ({"together": (("a", "z"),)}, "unknown_id"),
        ({"apart": (("a", "a"),)}, "doubled_id"),
        ({"costs": ((1,),)}, "bad_table"),
        ({"costs": ((1, 2), (3, 4))}, "bad_table"),
    ],
)
def test_what_does_not_fit_is_refused(facts, code):
    with pytest.raises(ProblemError) as refused:
        AssignmentProblem(**{"people": people(a="xy"), "places": places(x=1, y=1), **facts})
    assert refused.value.code == code


@pytest.mark.parametrize("second", ["P", "girl"])
def test_seats_that_two_quotas_keep_for_one_person_are_refused(second):
    quotas = (Quota("one", "x", "P", kept=1), Quota("two", "x", second, kept=1))
    with pytest.raises(ProblemError, match="kept_twice"):
        AssignmentProblem(people("P", "girl", a="x"), places(x=2), quotas)


@pytest.mark.parametrize("cost", [-2, 1_000_001, 1.5])
def test_a_table_holds_whole_costs(cost):
    problem = AssignmentProblem(people(a=""), places(x=1), costs=np.array([[cost]]))
    with pytest.raises(ProblemError, match="bad_cost"):
        assign(problem)
