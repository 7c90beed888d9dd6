"""The table of trade-offs against the slow way: what nothing dominates, and nothing else."""

import pytest
from hypothesis import given, settings

from scheduler.scheduling.engine import Lock, Party, Travel, Weights
from scheduler.scheduling.engine.catalogue import DaysApart, OneDay
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.result import Status
from scheduler.scheduling.engine.score import Term, score
from scheduler.scheduling.engine.search import special_for
from scheduler.scheduling.engine.tradeoffs import Floor, changed_terms, tradeoffs
from tests.scheduling.engine.oracle import every_plan
from tests.scheduling.engine.small import item, plan, problem, problems, venue

WORK = 200


def amounts(asked, found):
    return tuple(term.amount for term in score(asked, found).terms if term.weight)


def undominated(asked):
    """Return the amounts of every plan that no plan dominates, by trying all."""
    seen = {amounts(asked, one) for one in every_plan(asked)}
    return {
        one
        for one in seen
        if not any(
            other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in seen
        )
    }


@settings(max_examples=40, derandomize=True)
@given(problems())
def test_every_row_is_attainable_and_none_is_dominated(drawn):
    table = tradeoffs(drawn, deterministic_limit=WORK, seconds=None)
    best = undominated(drawn)
    if not best:
        assert (table.status, table.choices) == (Status.IMPOSSIBLE, ())
        return
    assert table.status is Status.OPTIMAL
    assert {choice.amounts for choice in table.choices} <= best
    assert len({choice.amounts for choice in table.choices}) == len(table.choices)
    for choice in table.choices:
        assert violations(drawn, choice.plan) == []
        assert choice.score == score(drawn, choice.plan)
        assert choice.is_proved
    cheapest = min(score(drawn, one).value for one in every_plan(drawn))
    assert table.choices[0].score.value == cheapest


@settings(max_examples=40, derandomize=True)
@given(problems())
def test_the_floor_of_a_wish_is_the_least_there_is(drawn):
    found = tradeoffs(drawn, deterministic_limit=WORK, seconds=None)
    for floor in found.floors:
        least = min(
            term.amount
            for one in every_plan(drawn)
            for term in score(drawn, one).terms
            if term.wish == floor.wish
        )
        assert floor == Floor(floor.wish, least, least)
        assert any(
            term.amount == least
            for choice in found.choices
            for term in choice.score.terms
            if term.wish == floor.wish
        )


@pytest.fixture
def two_houses():
    """One person in two groups: the hall opens again late, the room is ten minutes away."""
    return problem(
        [item("x", size=40), item("y")],
        [venue("A", (0, 30), (150, 180)), venue("B", (30, 120), size=10)],
        travel=(Travel("A", "B", 10),),
        parties=(Party("both", ("x", "y"), rest_minutes=0),),
        locks=(Lock("x", start=10),),
        weights=Weights(1, 0, 30, 0, 0, 0, 0),
        comfort_minutes=0,
    )


LATE = plan(x=("A", 10), y=("A", 160))
SOON = plan(x=("A", 10), y=("B", 50))


def test_less_waiting_costs_a_venue_move(two_houses):
    table = tradeoffs(two_houses, LATE, deterministic_limit=WORK, seconds=None)
    assert table.status is Status.OPTIMAL
    assert [(one.plan, one.amounts) for one in table.choices] == [(SOON, (10, 1)), (LATE, (120, 0))]
    assert table.floors == (Floor(("venue_moves", 30), 0, 0), Floor(("waiting", 1), 10, 10))
    assert table.start.plan == LATE
    assert changed_terms(table.start.score, table.choices[0].score) == (
        Term("waiting", 1, -110),
        Term("venue_moves", 30, 1),
    )


def test_a_start_that_breaks_rules_is_only_a_hint(two_houses):
    bad = plan(x=("A", 10), y=("A", 20))
    table = tradeoffs(two_houses, bad, deterministic_limit=WORK, seconds=None)
    assert table.start is None
    assert [one.amounts for one in table.choices] == [(10, 1), (120, 0)]


def test_a_start_that_something_dominates_is_no_row(two_houses):
    later = plan(x=("A", 10), y=("B", 90))
    table = tradeoffs(two_houses, later, deterministic_limit=WORK, seconds=None)
    assert table.start.amounts == (50, 1)
    assert [one.amounts for one in table.choices] == [(10, 1), (120, 0)]


def test_one_seed_gives_one_table_and_tells_how_far_it_is(two_houses):
    steps = []
    tables = [
        tradeoffs(two_houses, seed=7, deterministic_limit=WORK, seconds=None, on_progress=told)
        for told in (steps.append, None)
    ]
    assert tables[0].choices == tables[1].choices
    assert tables[0].deterministic_seconds == tables[1].deterministic_seconds
    assert [one.search for one in steps] == sorted(one.search for one in steps)
    assert (steps[-1].searches, steps[-1].choices) == (9, 2)


def test_whoever_stops_it_keeps_what_was_found(two_houses):
    table = tradeoffs(two_houses, LATE, should_stop=lambda: True)
    assert LATE in [one.plan for one in table.choices]


def test_no_plan_gives_no_table():
    tall = problem([item("x", size=60)])
    assert tradeoffs(tall, seconds=None).status is Status.IMPOSSIBLE


def test_lessons_in_equal_periods_have_a_search_that_knows_no_limits():
    """Two lessons of one class: on one day both, or apart; each wish at its price."""
    periods = problem(
        [item(id_, stage_minutes=10, warm_up_minutes=0) for id_ in ("x", "y")],
        [venue("A", (0, 10), (10, 20), (1000, 1010))],
        rules=(
            DaysApart(id="apart", activities=("x", "y"), weight=3),
            OneDay(id="same", activities=("x", "y"), weight=2),
        ),
        weights=Weights(0, 0, 0, 0, 0, 0, 0),
    )
    assert special_for(periods) is not None
    table = tradeoffs(periods, deterministic_limit=WORK, seconds=None)
    assert [one.amounts for one in table.choices] == [(0, 1), (1, 0)]
    assert all(one.is_proved for one in table.choices)
