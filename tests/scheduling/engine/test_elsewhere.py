"""Where else an activity could stand: compared with judging the whole plan at every place."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scheduler.scheduling.engine import Block, Lock, Party, Placement, plan_of
from scheduler.scheduling.engine.catalogue.base import day_at
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.elsewhere import survey
from scheduler.scheduling.engine.moves import change_to
from scheduler.scheduling.engine.rules import NamedRule, Rule
from scheduler.scheduling.engine.score import score, waiting_by_party
from tests.scheduling.engine.small import DAY, item, plan, problem, problems, venue
from tests.scheduling.engine.test_solve_properties import some


def places_of(a_problem, activity):
    """Every place within opening hours, as trying them all finds them."""
    return [
        Placement(activity.id, one.id, start)
        for one in a_problem.venues
        for window in one.windows
        for start in range(0, 2 * DAY, a_problem.grid_minutes)
        if window.start <= start + activity.first and start + activity.last <= window.end
    ]


@st.composite
def planned(draw):
    """A problem with any plan of it, valid or not."""
    a_problem = draw(problems(most=4))
    choices = [places_of(a_problem, activity) for activity in a_problem.activities]
    placed = plan_of(draw(st.sampled_from(some)) for some in choices if some)
    return replace(a_problem, locks=()), placed


def with_place(a_plan, place):
    return plan_of((a_plan.by_activity | {place.activity: place}).values())


def names(found):
    return sorted((one.code, one.ids) for one in found)


@some
@given(planned(), st.integers(0, 3), st.integers(0, 10_000))
def test_a_change_is_the_difference_of_the_whole_plans(drawn, number, choice):
    a_problem, before = drawn
    if len(before.placements) < len(a_problem.activities):
        return
    activity = a_problem.activities[number % len(a_problem.activities)]
    places = places_of(a_problem, activity)
    place = places[choice % len(places)]
    after = with_place(before, place)
    change = change_to(a_problem, before, [place])
    was, now = violations(a_problem, before), violations(a_problem, after)
    assert list(change.broken) == [one for one in now if one not in was]
    assert set(names(change.mended)) == set(names(was)) - set(names(now))
    amounts = {(t.code, t.weight): t.amount for t in score(a_problem, after).terms}
    for term in score(a_problem, before).terms:
        amounts[term.code, term.weight] -= term.amount
    assert {(t.code, t.weight): t.amount for t in change.terms} == {
        key: amount for key, amount in amounts.items() if amount
    }
    longer = sum(waiting_by_party(a_problem, after).values())
    longer -= sum(waiting_by_party(a_problem, before).values())
    assert sum(persons * minutes for persons, minutes in change.waits) == longer


@some
@given(planned(), st.integers(0, 3))
def test_the_best_places_are_those_that_trying_everything_finds(drawn, number):
    a_problem, before = drawn
    activity = a_problem.activities[number % len(a_problem.activities)]
    if activity.id not in before.by_activity:
        return
    ranks = {}
    free = tried = 0
    for place in places_of(a_problem, activity):
        if place == before.by_activity[activity.id]:
            continue
        one = change_to(a_problem, before, [place])
        tried, free = tried + 1, free + (not one.broken)
        key = place.venue, day_at(a_problem.days, place.start + activity.first)
        ranks.setdefault(key, []).append((len(one.broken), one.cost))
    found = survey(a_problem, before, activity.id)
    assert (found.tried, found.free) == (tried, free)
    assert sorted((len(one.broken), one.cost) for one in found.best) == sorted(
        map(min, ranks.values())
    )


def test_a_group_that_has_no_place_yet():
    """y may begin to warm up when x is through; it costs its own waiting only."""
    a_problem = problem([item("x"), item("y")], [venue("A", (0, 60))])
    found = survey(a_problem, plan(x=("A", 10)), "y")
    (best,) = found.best
    assert (best.places, best.broken) == ((Placement("y", "A", 30),), ())
    assert [one.code for one in best.mended] == [Rule.UNPLACED]
    assert found.swaps == ()


def test_a_rule_that_keeps_a_cheaper_place_away_is_named_with_it():
    """The people of x have to go to B after it; its block alone holds it in A."""
    a_problem = problem(
        [item("x"), item("b"), item("y")],
        [venue("A"), venue("B")],
        blocks=(Block("choirs", ("x", "b")),),
        parties=(Party("both", ("x", "y"), persons=3, rest_minutes=0),),
    )
    now = plan(x=("A", 10), b=("A", 30), y=("B", 100))
    found = survey(a_problem, now, "x")
    hold = next(one for one in found.holds if one.rule.code is Rule.BLOCK)
    assert (hold.rule, hold.cheaper.places) == (
        NamedRule(Rule.BLOCK, ("choirs",)),
        (Placement("x", "B", 30),),
    )
    assert [(t.code, t.amount) for t in hold.cheaper.terms] == [
        ("jury_idle", -20),
        ("venue_idle", 50),
        ("venue_moves", -3),
        ("waiting", -60),
    ]
    assert (hold.cheaper.cost, hold.cheaper.waits) == (-150, ((3, -20),))
    (swap,) = found.swaps
    assert swap.places == (Placement("x", "A", 30), Placement("b", "A", 10))
    assert (swap.cost, swap.waits) == (-60, ((3, -20),))


def test_the_lock_of_what_moves_is_taken_as_opened():
    a_problem = problem([item("x")], locks=(Lock("x", "A", 10),))
    (best,) = survey(a_problem, plan(x=("A", 10)), "x").best
    assert (best.places, best.broken) == ((Placement("x", "A", 20),), ())
