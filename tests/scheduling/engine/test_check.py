"""Every kind of violation, made by hand: the checker finds exactly it."""

import pytest

from scheduler.scheduling.engine import Block, Lock, Party, TimeLimit, Travel, Window
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.rules import Rule
from tests.scheduling.engine.small import item, plan, problem, venue

TWO = [item("x"), item("y")]
BOTH = (Party("both", ("x", "y"), rest_minutes=0),)
STAGES = [venue("A"), venue("B")]


def found(a_problem, a_plan):
    return [(one.code, one.ids, dict(one.facts)) for one in violations(a_problem, a_plan)]


def test_a_valid_plan_breaks_nothing():
    assert violations(problem(TWO), plan(x=("A", 10), y=("A", 30))) == []


def test_what_has_no_place_is_unplaced():
    assert found(problem(TWO), plan(x=("A", 10))) == [(Rule.UNPLACED, ("y",), {})]


def test_what_the_problem_does_not_know_is_named():
    assert found(problem([item("x")]), plan(x=("A", 10), z=("A", 50))) == [
        (Rule.UNPLACED, ("z",), {"unknown": "z"})
    ]


def test_a_place_at_an_unknown_venue_is_no_place():
    assert found(problem([item("x")]), plan(x=("Z", 10))) == [(Rule.UNPLACED, ("x",), {})]


def test_a_stage_too_small():
    large = problem([item("x", size=60)], [venue("A", size=50)])
    assert found(large, plan(x=("A", 10))) == [
        (Rule.STAGE_SIZE, ("x", "A"), {"size": 60, "stage_size": 50})
    ]


@pytest.mark.parametrize(("start", "hours"), [(0, (-10, 20)), (290, (280, 310))])
def test_warm_up_and_changeover_lie_inside_the_hours(start, hours):
    assert found(problem([item("x")]), plan(x=("A", start))) == [
        (Rule.OPENING_HOURS, ("x", "A"), {"start": hours[0], "end": hours[1]})
    ]


def test_a_pause_between_two_windows_is_closed():
    split = problem([item("x")], [venue("A", (0, 50), (60, 300))])
    assert [code for code, _, _ in found(split, plan(x=("A", 40)))] == [Rule.OPENING_HOURS]


def test_a_closure_is_named_with_its_times():
    closed = problem([item("x")], [venue("A", closures=[(100, 200)])])
    assert found(closed, plan(x=("A", 90))) == [
        (
            Rule.CLOSURE,
            ("x", "A"),
            {"start": 80, "end": 110, "closed_from": 100, "closed_until": 200},
        )
    ]


def test_off_the_grid():
    assert found(problem([item("x")]), plan(x=("A", 15))) == [
        (Rule.GRID, ("x", "A"), {"start": 15, "grid": 10})
    ]


def test_two_on_one_stage_count_the_changeover():
    busy = [item("x", changeover_minutes=10), item("y", warm_up_minutes=0)]
    assert found(problem(busy), plan(x=("A", 10), y=("A", 30))) == [
        (Rule.STAGE_OVERLAP, ("x", "y", "A"), {"minutes": 10})
    ]


def test_one_warm_up_room_for_two():
    long = [item("x", warm_up_minutes=30), item("y", warm_up_minutes=30)]
    assert found(problem(long), plan(x=("A", 30), y=("A", 50))) == [
        (
            Rule.ROOM_CAPACITY,
            ("A", "x", "y"),
            {"room": "warm_up", "count": 1, "needed": 2, "start": 20},
        )
    ]


def test_two_warm_up_rooms_for_two():
    long = [item("x", warm_up_minutes=30), item("y", warm_up_minutes=30)]
    roomy = problem(long, [venue("A", rooms=2)])
    assert found(roomy, plan(x=("A", 30), y=("A", 50))) == []


@pytest.mark.parametrize(("start", "broken"), [(10, True), (20, False), (80, False), (90, True)])
def test_presence_from_warm_up_to_the_end_on_stage_obeys_a_limit(start, broken):
    limit = TimeLimit("stay", "region_stay", ("x",), (Window(10, 100),))
    limited = problem([item("x")], time_limits=(limit,))
    facts = {"rule": "region_stay", "start": start - 10, "end": start + 20}
    expected = [(Rule.TIME_LIMIT, ("stay", "x"), facts)] if broken else []
    assert found(limited, plan(x=("A", start))) == expected


def test_one_person_in_two_places():
    shared = problem(TWO, STAGES, parties=BOTH)
    facts = {"minutes": -20, "persons": 1, "travel_minutes": 0}
    assert found(shared, plan(x=("A", 10), y=("B", 20))) == [
        (Rule.PARTY_CLASH, ("both", "x", "y"), facts)
    ]


@pytest.mark.parametrize(("way", "broken"), [(20, False), (30, True)])
def test_the_way_between_two_venues_takes_its_time(way, broken):
    far = problem(TWO, STAGES, parties=BOTH, travel=(Travel("B", "A", way),))
    facts = {"minutes": 20, "persons": 1, "travel_minutes": way}
    expected = [(Rule.PARTY_CLASH, ("both", "x", "y"), facts)] if broken else []
    assert found(far, plan(x=("A", 10), y=("B", 60))) == expected


def test_rest_counts_until_the_next_warm_up():
    tired = problem(TWO, parties=(Party("both", ("x", "y"), 3, rest_minutes=60),))
    facts = {"minutes": 50, "persons": 3, "needed_minutes": 60}
    assert found(tired, plan(x=("A", 10), y=("A", 90))) == [
        (Rule.PARTY_REST, ("both", "x", "y"), facts)
    ]
    assert found(tired, plan(x=("A", 10), y=("A", 100))) == []


def test_a_juror_does_not_warm_up():
    juror = Party("juror", ("x", "y"), rest_minutes=0, attends_warm_up=False)
    assert found(problem(TWO, parties=(juror,)), plan(x=("A", 10), y=("A", 30))) == []


def test_a_busy_person():
    busy = problem(
        TWO,
        parties=(
            Party(
                "p",
                ("x",),
                busy=(Window(0, 5), Window(25, 40)),
            ),
        ),
    )
    assert found(busy, plan(x=("A", 20), y=("A", 100))) == [
        (Rule.PARTY_BUSY, ("p", "x"), {"busy_from": 25, "busy_until": 40})
    ]


THREE = [item("x"), item("y"), item("z")]


def block(**facts):
    return (Block("category", ("x", "y"), **facts),)


@pytest.mark.parametrize(
    ("places", "ids", "facts"),
    [
        (
            {"x": ("A", 10), "y": ("B", 10), "z": ("A", 100)},
            ("category",),
            {"reason": "venues", "venues": ("A", "B")},
        ),
        (
            {"x": ("A", 10), "z": ("A", 30), "y": ("A", 50)},
            ("category", "z"),
            {"reason": "interrupted"},
        ),
        (
            {"x": ("A", 10), "y": ("A", 320), "z": ("B", 30)},
            ("category",),
            {"reason": "sessions"},
        ),
        (
            {"x": ("A", 10), "y": ("A", 230), "z": ("B", 30)},
            ("category",),
            {"reason": "sessions"},
        ),
    ],
)
def test_a_block_torn_apart(places, ids, facts):
    stages = [venue("A", (0, 300), (310, 400), closures=[(150, 200)]), venue("B")]
    torn = problem(THREE, stages, blocks=block())
    assert found(torn, plan(**places)) == [(Rule.BLOCK, ids, facts)]


def test_a_block_that_may_pause_goes_on_after_the_closure():
    stages = [venue("A", closures=[(150, 200)]), venue("B")]
    pausing = problem(THREE, stages, blocks=block(may_pause=True))
    assert found(pausing, plan(x=("A", 10), y=("A", 230), z=("B", 30))) == []


def test_a_block_with_too_much_idle_time():
    strict = problem(TWO, blocks=block(max_idle_minutes=10))
    facts = {"reason": "idle", "minutes": 20, "allowed_minutes": 10}
    assert found(strict, plan(x=("A", 10), y=("A", 50))) == [(Rule.BLOCK, ("category",), facts)]


def test_a_block_without_any_placed_item_is_only_unplaced():
    assert {code for code, _, _ in found(problem(TWO, blocks=block()), plan())} == {Rule.UNPLACED}


@pytest.mark.parametrize(
    ("lock", "facts"),
    [(Lock("x", "B"), {"venue": "B"}), (Lock("x", start=50), {"start": 50})],
)
def test_a_lock_holds(lock, facts):
    locked = problem([item("x")], STAGES, locks=(lock,))
    assert found(locked, plan(x=("A", 10))) == [(Rule.LOCK, ("x",), facts)]


def test_a_lock_of_something_unplaced_is_only_unplaced():
    locked = problem([item("x")], locks=(Lock("x", "A"),))
    assert found(locked, plan()) == [(Rule.UNPLACED, ("x",), {})]
