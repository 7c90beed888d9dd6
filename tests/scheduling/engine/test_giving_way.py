"""How few others give way: compared with trying every plan."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.scheduling.engine import Block, Lock, Placement
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.giving_way import Answer, give_way
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.engine.score import score
from tests.scheduling.engine.oracle import cheapest, fewest_moves
from tests.scheduling.engine.small import item, plan, problem, venue
from tests.scheduling.engine.test_elsewhere import places_of, planned, with_place
from tests.scheduling.engine.test_solve_properties import some


@settings(some, max_examples=40)
@given(planned(), st.integers(0, 3), st.integers(0, 10_000))
def test_as_few_as_trying_everything_finds_and_the_plan_is_valid(drawn, number, choice):
    a_problem, before = drawn
    if len(before.placements) < len(a_problem.activities):
        return
    activity = a_problem.activities[number % len(a_problem.activities)]
    places = places_of(a_problem, activity)
    place = places[choice % len(places)]
    held = replace(a_problem, locks=(Lock(place.activity, place.venue, place.start),))
    found = give_way(a_problem, before, place, seconds=10)
    if cheapest(held) is None:
        assert (found.answer, found.change) == (Answer.NEVER, None)
        return
    assert (found.answer, found.is_fewest, found.change.places[0]) == (Answer.FOUND, True, place)
    asked = with_place(before, place)
    assert len(found.change.places) - 1 == fewest_moves(held, asked)
    after = asked
    for one in found.change.places:
        after = with_place(after, one)
    assert violations(held, after) == []
    added = score(a_problem, after).value - score(a_problem, before).value
    assert found.change.cost == added


TWO = problem([item("x"), item("y")], [venue("A", (0, 60))])


def test_another_gives_way():
    found = give_way(TWO, plan(x=("A", 10), y=("A", 40)), Placement("x", "A", 40))
    assert found.answer is Answer.FOUND
    assert found.change.places == (Placement("x", "A", 40), Placement("y", "A", 20))
    assert found.is_fewest


def test_a_locked_group_gives_no_way():
    held = replace(TWO, locks=(Lock("y", "A", 40),))
    found = give_way(held, plan(x=("A", 10), y=("A", 40)), Placement("x", "A", 40))
    assert (found.answer, found.forbids, found.change) == (Answer.NEVER, (), None)


def test_its_own_lock_does_not_keep_it():
    held = replace(TWO, locks=(Lock("x", "A", 10),))
    found = give_way(held, plan(x=("A", 10), y=("A", 40)), Placement("x", "A", 40))
    assert found.answer is Answer.FOUND


def test_what_forbids_the_place_whoever_gives_way_is_named():
    late = give_way(TWO, plan(x=("A", 10), y=("A", 40)), Placement("x", "A", 50))
    assert (late.answer, [one.code for one in late.forbids]) == (Answer.NEVER, [Rule.OPENING_HOURS])


def test_groups_without_a_place_stay_without():
    found = give_way(TWO, plan(x=("A", 10)), Placement("x", "A", 40))
    assert found.change.places == (Placement("x", "A", 40),)
    placed = give_way(TWO, plan(x=("A", 10)), Placement("y", "A", 10))
    assert placed.change.places == (Placement("y", "A", 10), Placement("x", "A", 30))


def test_a_whole_block_gives_way():
    a_problem = problem(
        [item("x"), item("y"), item("z")],
        [venue("A", (0, 90)), venue("B", (0, 90))],
        blocks=(Block("pair", ("x", "y")),),
    )
    found = give_way(
        a_problem, plan(x=("A", 10), y=("A", 30), z=("B", 10)), Placement("x", "B", 10)
    )
    assert [one.activity for one in found.change.places] == ["x", "y", "z"]
    assert [one.venue for one in found.change.places[:2]] == ["B", "B"]
    assert (found.change.broken, found.is_fewest) == ((), True)
