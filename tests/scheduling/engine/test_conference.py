"""Conferences: compared with trying everything, and what is left to the other searches."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.scheduling.engine import STAGE, Activity, Part, Party, Problem, Weights, Window
from scheduler.scheduling.engine.catalogue import (
    NotBeside,
    Numbered,
    OneVenue,
    OneVenueARound,
    OwnSession,
    RoundsInARow,
    SpreadDays,
    UnwantedSessions,
)
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.conference import suits
from scheduler.scheduling.engine.conference.filling import filled
from scheduler.scheduling.engine.conference.model import TrackModel
from scheduler.scheduling.engine.conference.programme import Conference
from scheduler.scheduling.engine.result import Status
from scheduler.scheduling.engine.search import solve
from tests.scheduling.engine.oracle import is_the_best_there_is
from tests.scheduling.engine.small import venue

SLOT = 10
NUMBERED = 7  # the last of the kinds that are drawn
NO_WISHES = Weights(**dict.fromkeys(Weights.__dataclass_fields__, 0))
ROUNDS = ((0, 20), (100, 120), (200, 220))
some = settings(
    max_examples=50,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def talk(id_, slots=1):
    return Activity(id_, (Part(STAGE, 0, SLOT * slots),))


def conference(tracks, rules=(), *, rooms="AB", rounds=ROUNDS, slots=None):
    """conference({"t": "ab"}): a track of two talks in rooms of two slots, three times a day."""
    lengths = slots or {}
    return Problem(
        days=(Window(0, 1000),),
        venues=tuple(venue(room, *rounds) for room in rooms),
        activities=tuple(talk(id_, lengths.get(id_, 1)) for ids in tracks.values() for id_ in ids),
        rules=(
            *(OwnSession(id=f"own {name}", activities=tuple(ids)) for name, ids in tracks.items()),
            *rules,
        ),
        weights=NO_WISHES,
        grid_minutes=SLOT,
    )


def solved(problem, **limits):
    assert suits(problem)
    return solve(problem, deterministic_limit=4, seconds=None, **limits)


@st.composite
def conferences(draw):
    few = ({"t": "ab", "u": "c"}, {"t": "abc"})
    tracks = draw(st.sampled_from((*few, {"t": "ab", "u": "cd"})))
    short = (ROUNDS[:2], ((0, 20), (100, 110)))
    rounds = draw(st.sampled_from((*short, ROUNDS) if tracks in few else short))
    lengths = {"a": draw(st.sampled_from((1, 2)))}
    kinds = draw(st.lists(st.integers(0, 7), max_size=4))
    once = [kind for n, kind in enumerate(kinds) if kind != NUMBERED or kind not in kinds[:n]]
    rules = [draw(_rule(tracks, n, kind)) for n, kind in enumerate(once)]
    return conference(tracks, rules, rounds=rounds, slots=lengths)


def _rule(tracks, number, kind):
    ids = [id_ for members in tracks.values() for id_ in members]
    track = st.sampled_from(list(tracks.values())).map(tuple)
    one = st.sampled_from(ids).map(lambda id_: (id_,))
    common = {"id": st.just(f"rule {number}"), "weight": st.sampled_from((None, 1, 3))}
    first, last = tuple(tracks["t"]), (ids[-1],)
    other = {"others": st.just(last), "activities": st.sampled_from((first[:1], first[1:2]))}
    where = {
        "windows": st.sampled_from(((), (Window(0, 50),), (Window(100, 300),))),
        "venues": st.sampled_from(((), ("A",), ("B",))),
    }
    return (
        st.builds(OneVenue, activities=track, **common),
        st.builds(OneVenueARound, activities=track, **common),
        st.builds(RoundsInARow, activities=track, **common),
        st.builds(UnwantedSessions, activities=track, **common, **where),
        st.builds(UnwantedSessions, activities=one, **common, **where),
        st.builds(UnwantedSessions, activities=st.just(tuple(ids)), **common, **where),
        st.builds(NotBeside, **common, **other),
        st.builds(
            Numbered,
            activities=st.just(first),
            numbers=st.permutations(range(len(first))).map(tuple),
            **common,
        ),
    )[kind]


@some
@given(conferences())
def test_the_cost_is_the_one_that_trying_everything_comes_to(problem):
    is_the_best_there_is(problem, solved(problem))


@some
@given(conferences(), st.integers(0, 3))
def test_same_seed_same_plan(problem, seed):
    assert solved(problem, seed=seed).plan == solved(problem, seed=seed).plan


def test_a_track_that_needs_two_rooms_at_once_gets_them():
    result = solved(conference({"t": "abcde"}, rounds=ROUNDS[:2]))
    assert (result.status, len({place.venue for place in result.plan.placements})) == (
        Status.OPTIMAL,
        2,
    )


def test_too_many_talks_are_impossible():
    assert solved(conference({"t": "abc", "u": "de"}, rounds=ROUNDS[:1])).status is (
        Status.IMPOSSIBLE
    )


def test_what_is_counted_and_does_not_fit_is_no_plan():
    """Three talks of two slots fill six slots of two rooms with three slots each only on paper."""
    crowd = conference({"t": "abc"}, rounds=((0, 30),), slots={"a": 2, "b": 2, "c": 2})
    model = TrackModel(Conference(crowd), {0}, {}, counting=True)
    everything = lambda _: 1  # noqa: E731 - all literals true: both rooms, all talks
    assert model.arrangement(everything) is None


def test_filling_up_gives_a_valid_plan_that_the_search_improves():
    apart = NotBeside(id="fans", activities=("a",), others=("c",), weight=5)
    problem = conference({"t": "ab", "u": "cd"}, (apart,))
    programme = Conference(problem)
    plan = programme.plan(filled(programme))
    assert violations(problem, plan) == []
    assert solved(problem).value == 0


def test_a_plan_is_taken_up_where_it_stands():
    problem = conference({"t": "ab", "u": "cd"})
    first = solved(problem)
    again = solved(problem, warm_start=first.plan)
    assert again.plan == first.plan


OWN = conference({"t": "ab", "u": "cd"}).rules
NUMBERS = Numbered(id="numbers", activities=("a", "b"), numbers=(1, 2))


@pytest.mark.parametrize(
    "changed",
    [
        {"rules": (*OWN, NUMBERS, replace(NUMBERS, id="lots"))},
        {"parties": (Party("both", ("a", "c")),)},
        {"rules": (OwnSession(id="own", activities=("a", "b")),)},
        {"weights": replace(NO_WISHES, venue_idle=1)},
        {"venues": (venue("A", (5, 25)),)},
    ],
)
def test_anything_else_is_left_to_the_other_searches(changed):
    problem = conference({"t": "ab", "u": "cd"})
    assert suits(problem)
    assert not suits(replace(problem, **changed))


def test_rules_that_are_not_of_conferences_are_left_to_the_other_searches():
    assert not suits(
        conference({"t": "ab"}, (SpreadDays(id="days", activities=("a", "b"), days=1),))
    )
