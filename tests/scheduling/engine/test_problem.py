"""Problems: what they derive, and which of them are refused."""

import pytest

from scheduler.scheduling.engine import (
    Activity,
    Block,
    Lock,
    Part,
    Party,
    ProblemError,
    TimeLimit,
    Travel,
    Weights,
    Window,
    moved_between,
    parties_of,
    performance,
)
from tests.scheduling.engine.small import item, plan, problem, venue

X = item("x")


def test_a_performance_has_its_warm_up_before_and_its_changeover_after():
    choir = performance("choir", stage_minutes=8, changeover_minutes=4)
    assert (choir.first, choir.begins, choir.ends, choir.last) == (-35, -35, 8, 12)
    assert (choir.stage_begins, choir.stage_ends, choir.stage_minutes) == (0, 12, 12)


def test_a_performance_may_do_without_warm_up_and_changeover():
    assert performance("x", stage_minutes=8, warm_up_minutes=0).parts == (Part("stage", 0, 8),)


def test_persons_in_the_same_activities_are_one_party():
    memberships = {"a": ["y", "x"], "b": ["x", "y"], "c": ["x"], "d": [], "e": ["z", "y", "z"]}
    assert parties_of(memberships, rest_minutes=45) == (
        Party("x+y", ("x", "y"), 2, 45),
        Party("y+z", ("y", "z"), 1, 45),
    )


def test_persons_in_one_activity_can_be_asked_for():
    assert parties_of({"a": ["x"], "b": ["x"], "c": []}, only_shared=False) == (
        Party("x", ("x",), 2),
    )


def test_who_is_busy_makes_a_party_with_whoever_is_busy_at_the_same_times():
    noon, dusk = Window(720, 780), Window(1080, 1140)
    memberships = {"a": ["x"], "b": ["x"], "c": ["x"], "d": ["x", "y"], "e": ["x", "y"], "f": []}
    busy = {"a": [dusk, noon], "b": [noon, dusk, noon], "e": [noon], "f": [noon]}
    assert parties_of(memberships, busy=busy) == (
        Party("x+@720-780+@1080-1140", ("x",), 2, busy=(noon, dusk)),
        Party("x+y", ("x", "y"), 1),
        Party("x+y+@720-780", ("x", "y"), 1, busy=(noon,)),
    )


def test_the_way_back_is_as_long_unless_it_is_given():
    ways = (Travel("A", "B", 20), Travel("B", "C", 30), Travel("C", "B", 35))
    known = problem([X], [venue("A"), venue("B"), venue("C")], travel=ways)
    pairs = [("A", "B"), ("B", "A"), ("B", "C"), ("C", "B"), ("A", "C"), ("A", "A")]
    assert [known.travel_minutes(*pair) for pair in pairs] == [20, 20, 30, 35, 0, 0]


def test_what_moved_is_what_has_another_place_in_both_plans():
    before = plan(x=("A", 10), y=("A", 30), z=("A", 50), gone=("A", 70))
    after = plan(x=("A", 10), y=("B", 30), z=("A", 60), new=("A", 80))
    assert moved_between(before, after) == ("y", "z")


TOO_EARLY = Activity("x", (Part("stage", 0, 5), Part("stage", 10, 5)))
BAD = [
    ("grid_below_one", {"grid_minutes": 0}),
    ("no_days", {"days": ()}),
    ("bad_window", {"days": (Window(5, 5),)}),
    ("windows_overlap", {"days": (Window(0, 500), Window(400, 900))}),
    ("bad_window", {"venues": [venue("A", (50, 40))]}),
    ("bad_window", {"venues": [venue("A", closures=[(-5, 40)])]}),
    ("windows_overlap", {"venues": [venue("A", (0, 50), (40, 60))]}),
    ("window_outside_days", {"venues": [venue("A", (900, 1100))]}),
    ("bad_window", {"time_limits": (TimeLimit("t", "t", ("x",), (Window(9, 3),)),)}),
    ("doubled_id", {"venues": [venue("A"), venue("A")]}),
    ("doubled_id", {"activities": [X, X]}),
    ("doubled_id", {"parties": (Party("p", ("x",)), Party("p", ("x",)))}),
    ("doubled_id", {"parties": (Party("p", ("x", "x")),)}),
    ("doubled_id", {"blocks": (Block("b", ("x",)), Block("c", ("x",)))}),
    ("doubled_id", {"locks": (Lock("x", "A"), Lock("x", start=10))}),
    ("unknown_activity", {"parties": (Party("p", ("z",)),)}),
    ("unknown_activity", {"blocks": (Block("b", ("z",)),)}),
    ("unknown_activity", {"time_limits": (TimeLimit("t", "t", ("z",), (Window(0, 9),)),)}),
    ("unknown_activity", {"locks": (Lock("z"),)}),
    ("unknown_venue", {"locks": (Lock("x", "Z"),)}),
    ("unknown_venue", {"travel": (Travel("A", "Z", 10),)}),
    ("bad_party", {"parties": (Party("p", ("x",), persons=0),)}),
    ("bad_party", {"parties": (Party("p", ("x",), rest_minutes=-1),)}),
    ("bad_weight", {"weights": Weights(venue_idle=-1)}),
    ("empty_part", {"activities": [item("x", stage_minutes=0)]}),
    ("no_stage_part", {"activities": [Activity("x", (Part("warm_up", 0, 5),))]}),
    ("stage_parts_apart", {"activities": [TOO_EARLY]}),
]


@pytest.mark.parametrize(("code", "facts"), BAD)
def test_what_does_not_fit_together_is_refused(code, facts):
    activities = facts.get("activities", [X])
    rest = {key: value for key, value in facts.items() if key != "activities"}
    with pytest.raises(ProblemError) as refused:
        problem(activities, **rest)
    assert refused.value.code == code
