"""Problems that are nothing but an order: the search finds what trying all orders finds."""

import random
from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.scheduling.engine import (
    STAGE,
    WARM_UP,
    Activity,
    Block,
    Lock,
    Part,
    Party,
    Placement,
    Problem,
    TimeLimit,
    Venue,
    Weights,
    Window,
    plan_of,
    search,
)
from scheduler.scheduling.engine.catalogue import InOrder
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.line import search as line
from scheduler.scheduling.engine.result import Status, StoppedBy
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.search import solve
from tests.scheduling.engine.oracle import cheapest

some = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
FREE_GAPS = Weights(venue_idle=0)
NARROW = ((1, 0), (2, 2), (3, 3), (10_000, 4))


def piece(id_, minutes, before=0, after=0):
    """Attended minutes, with changeovers before and after that nobody attends."""
    parts = [Part(STAGE, 0, minutes)]
    if before:
        parts.append(Part(STAGE, -before, before, attended=False))
    if after:
        parts.append(Part(STAGE, minutes, after, attended=False))
    return Activity(id_, tuple(parts))


def player(id_, pieces, pay=1, **facts):
    return Party(id_, tuple(pieces), pay, **{"rest_minutes": 0, **facts})


def rehearsal(pieces, players, *, spare=0, **rest):
    """All pieces on one stage in one stretch of time that is `spare` minutes too long."""
    grid = rest.get("grid_minutes", 1)
    needed = sum(-(-one.stage_minutes // grid) * grid for one in pieces)
    hours = Window(60, 60 + grid + needed + spare)
    return Problem(
        days=(Window(0, 1440),),
        venues=(Venue("stage", 0, (hours,)),),
        activities=tuple(pieces),
        parties=tuple(players),
        **{"comfort_minutes": 0, **rest},
    )


def in_order(problem, order):
    """The plan of these activities one directly after another, as early as the grid allows."""
    places, begin, grid = [], problem.venues[0].windows[0].start, problem.grid_minutes
    for activity in order:
        start = -(-(begin - activity.stage_begins) // grid) * grid
        places.append(Placement(activity.id, "stage", start))
        begin = start + activity.stage_ends
    return plan_of(places)


def least(problem):
    plans = (in_order(problem, order) for order in permutations(problem.activities))
    return min(score(problem, plan).value for plan in plans)


@st.composite
def rehearsals(draw, most=5, *, uneven=True):
    names = "abcdef"[: draw(st.integers(1, most))]
    changeovers = st.sampled_from((0, 0, 5, 10) if uneven else (0,))
    pieces = [
        piece(name, draw(st.sampled_from((5, 10, 15))), after=draw(changeovers)) for name in names
    ]
    groups = st.lists(st.sampled_from(names), min_size=1, unique=True)
    players = [
        player(f"p{number}", draw(groups), draw(st.integers(1, 4)))
        for number in range(draw(st.integers(0, 5)))
    ]
    grid = draw(st.sampled_from((1, 1, 10)))
    weights = Weights(waiting=draw(st.integers(0, 3)), venue_idle=2 if grid == 1 else 0)
    return rehearsal(pieces, players, weights=weights, grid_minutes=grid)


def general(problem, monkeypatch):
    """Solve a problem as if no special formulation existed."""
    with monkeypatch.context() as patch:
        patch.setattr(search, "SPECIAL", ())
        return solve(problem, seconds=None, deterministic_limit=5)


@some
@given(rehearsals())
def test_the_best_order_is_the_best_of_all_orders(problem):
    assert line.suits(problem)
    result, best = solve(problem, seconds=None), least(problem)
    assert (result.status, result.stopped_by) == (Status.OPTIMAL, StoppedBy.PROOF)
    assert (result.value, result.bound) == (best, best)
    assert violations(problem, result.plan) == []
    assert score(problem, result.plan).value == best


@some
@given(rehearsals(6))
def test_a_narrow_search_never_claims_too_much(problem):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line, "STEPS", NARROW)
        result, best = solve(problem, seconds=None), least(problem)
    assert (result.value, result.bound) == (best, best)
    assert all(one.bound <= best <= one.value for one in result.history)


@some
@given(rehearsals(3))
def test_gaps_and_other_places_gain_nothing(problem):
    roomy = replace(problem, venues=(Venue("stage", 0, (Window(60, 150),)),), grid_minutes=10)
    roomy = replace(roomy, weights=replace(roomy.weights, venue_idle=0))
    if line.suits(roomy):
        assert solve(roomy, seconds=None).value == cheapest(roomy)


@settings(some, max_examples=25)
@given(rehearsals(4))
def test_the_general_model_comes_to_the_same(problem):
    with pytest.MonkeyPatch.context() as patch:
        assert general(problem, patch).value == solve(problem, seconds=None).value


@some
@given(rehearsals(), st.randoms(use_true_random=False))
def test_other_names_and_another_sequence_change_nothing(problem, chance):
    def renamed(ids):
        return tuple(f"new {id_}" for id_ in chance.sample(ids, len(ids)))

    def shuffled(things):
        return tuple(chance.sample(things, len(things)))

    other = replace(
        problem,
        activities=shuffled([replace(a, id=f"new {a.id}") for a in problem.activities]),
        parties=shuffled(
            [replace(one, activities=renamed(one.activities)) for one in problem.parties]
        ),
    )
    assert solve(other, seconds=None).value == solve(problem, seconds=None).value


@some
@given(rehearsals(uneven=False))
def test_an_order_costs_the_same_from_behind(problem):
    best = solve(problem, seconds=None)
    order = sorted(problem.activities, key=lambda one: best.plan.by_activity[one.id].start)
    if problem.grid_minutes == 1:
        assert score(problem, in_order(problem, order[::-1])).value == best.value


def test_a_changeover_is_waited_for_but_not_after_the_last_piece():
    """The long changeover lies last for everybody."""
    pieces = [piece("long", 10, after=30), piece("x", 10, after=5), piece("y", 10)]
    result = solve(rehearsal(pieces, [player("p", ("long", "x")), player("q", ("x", "y"))]))
    starts = {place.activity: place.start for place in result.plan.placements}
    assert (starts, result.value) == ({"y": 60, "x": 70, "long": 85}, 5)


def test_a_juror_waits_for_what_is_set_up_before():
    """Who does not come before the stage is there from its begin on, set up or not."""
    pieces = [piece("x", 10, before=20), piece("y", 10)]
    result = solve(rehearsal(pieces, [player("p", ("x", "y"), attends_warm_up=False)]))
    assert (result.value, result.bound) == (0, 0)
    assert solve(rehearsal(pieces, [player("p", ("x", "y"))])).value == 0
    assert line.suits(rehearsal(pieces, [player("p", ("x", "y"))]))


def drawn(pieces, players, seed):
    chance = random.Random(seed)
    names = [f"{number:02}" for number in range(pieces)]
    return rehearsal(
        [piece(name, chance.randint(1, 60)) for name in names],
        [
            player(f"p{n}", chance.sample(names, chance.randint(2, pieces)), chance.randint(1, 20))
            for n in range(players)
        ],
    )


@pytest.mark.parametrize("seed", range(3))
def test_twenty_pieces_of_twelve_players_are_proved(seed):
    problem = drawn(20, 12, seed)
    result = solve(problem, seconds=None, deterministic_limit=5)
    assert (result.status, result.gap) == (Status.OPTIMAL, 0)
    assert violations(problem, result.plan) == []
    again = solve(problem, seed=9, workers=1)
    assert (again.plan, again.value) == (result.plan, result.value)


LARGE = drawn(45, 15, 1)


def test_the_work_limit_ends_a_search_alike_every_time():
    once, again = (solve(LARGE, seconds=None, deterministic_limit=0.05) for _ in range(2))
    assert (once.status, once.stopped_by) == (Status.FEASIBLE, StoppedBy.WORK_LIMIT)
    assert violations(LARGE, once.plan) == []
    assert (once.plan, once.bound) == (again.plan, again.bound)
    assert once.bound < once.value


def test_the_clock_ends_a_search():
    assert solve(LARGE, seconds=0.01).stopped_by is StoppedBy.CLOCK


def test_a_request_ends_a_search_and_the_best_plan_is_kept():
    seen = []
    result = solve(LARGE, on_progress=seen.append, should_stop=lambda: len(seen) > 1)
    assert result.stopped_by is StoppedBy.REQUEST
    assert result.value == min(one.value for one in seen)


def test_a_plan_to_start_from_is_never_made_worse():
    best = solve(drawn(12, 6, 1))
    result = solve(drawn(12, 6, 1), warm_start=best.plan, deterministic_limit=0, seconds=None)
    assert (result.value, result.history[0].value) == (best.value, best.value)


def test_no_piece_of_a_large_order_is_better_off_elsewhere():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line, "STEPS", ((5, 0),))
        result = solve(LARGE, seconds=None)
    order = sorted(LARGE.activities, key=lambda one: result.plan.by_activity[one.id].start)
    assert result.status is Status.FEASIBLE
    for place, moved in enumerate(order):
        rest = order[:place] + order[place + 1 :]
        for at in range(0, len(order), 4):
            plan = in_order(LARGE, [*rest[:at], moved, *rest[at:]])
            assert score(LARGE, plan).value >= result.value


@pytest.mark.parametrize("kept", [0, 1, 7])
def test_a_plan_to_start_from_may_lack_pieces(kept):
    problem = drawn(12, 6, 1)
    part = plan_of(solve(problem).plan.placements[:kept])
    assert solve(problem, warm_start=part).value == solve(problem).value


TINY = rehearsal(
    [piece("a", 10), piece("b", 20), piece("c", 10)],
    [player("p", "ac", 2), player("q", "ab"), player("r", "bc")],
    grid_minutes=10,
    spare=10,
)
LONGER = (Window(0, 70), Window(80, 200))


@pytest.mark.parametrize(
    "facts",
    [
        {"comfort_minutes": 10},
        {"venues": (Venue("stage", 0, (Window(60, 100), Window(110, 150))),)},
        {"venues": (Venue("stage", 0, (Window(60, 120),), (Window(90, 100),)),)},
        {"venues": (Venue("stage", 0, (Window(60, 110),)), Venue("B", 0, (Window(60, 110),)))},
        {"venues": (Venue("stage", 0, (Window(60, 95),)),)},
        {"parties": (player("p", "ab", rest_minutes=10), *TINY.parties[1:])},
        {"parties": (player("p", "ab", busy=(Window(60, 70),)), *TINY.parties[1:])},
        {"locks": (Lock("a", start=70),)},
        {"time_limits": (TimeLimit("t", "arrival", ("a",), LONGER),)},
        {"blocks": (Block("k", ("a", "b")),)},
        {"rules": (InOrder(id="r", activities=("c", "a")),)},
        {"rules": (InOrder(id="r", activities=("c", "a"), weight=3),)},
        {"activities": (replace(TINY.activities[0], size=5), *TINY.activities[1:])},
        {"activities": (piece("a", 15), *TINY.activities[1:])},
        {"activities": (piece("a", 10, before=5, after=5), *TINY.activities[1:])},
    ],
)
def test_what_says_more_goes_the_general_way(facts):
    problem = replace(TINY, **facts)
    assert not line.suits(problem)
    assert solve(problem, seconds=None, deterministic_limit=5).value == cheapest(problem)


def test_a_warm_up_goes_the_general_way():
    warmed = replace(TINY.activities[0], parts=(Part(WARM_UP, -5, 5), Part(STAGE, 0, 10)))
    assert not line.suits(replace(TINY, activities=(warmed, *TINY.activities[1:])))


@pytest.mark.parametrize(
    "facts",
    [
        {"locks": (Lock("a", "stage"),)},
        {"time_limits": (TimeLimit("t", "arrival", ("a",), (Window(0, 300),)),)},
        {"blocks": (Block("k", ("a", "b", "c"), 0),), "weights": Weights(region_runs=0)},
        {"parties": (player("p", "ab", busy=(Window(0, 60),)), *TINY.parties[1:])},
        {"parties": (player("p", "a", rest_minutes=60), *TINY.parties[1:])},
        {"activities": (piece("a", 15), *TINY.activities[1:]), "weights": FREE_GAPS},
        {"venues": (Venue("stage", 0, (Window(60, 110), Window(120, 130)), (Window(115, 130),)),)},
        {"parties": ()},
    ],
)
def test_what_says_no_more_than_an_order_does_not(facts):
    problem = replace(TINY, **facts)
    assert line.suits(problem)
    assert solve(problem, seconds=None).value == cheapest(problem)


def test_more_pieces_than_a_set_has_bits_go_the_general_way():
    names = [f"{number:02}" for number in range(70)]
    chain = [player(f"p{one}", (one, other)) for one, other in pairwise(names)]
    assert not line.suits(rehearsal([piece(name, 5) for name in names], chain))
    assert line.suits(rehearsal([piece(name, 5) for name in names], chain[:60]))
