"""What happens in equal periods: when that way is taken, and that it comes to the same."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.scheduling.engine import (
    STAGE,
    Activity,
    Block,
    Lock,
    Part,
    Party,
    TimeLimit,
    Travel,
    Weights,
    Window,
    search,
)
from scheduler.scheduling.engine.catalogue import InCompany, OneVenue, Seats, SpreadDays
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.periods import suits
from scheduler.scheduling.engine.periods.amounts import AMOUNTS
from scheduler.scheduling.engine.periods.prover import Prover
from scheduler.scheduling.engine.periods.timetable import Timetable
from scheduler.scheduling.engine.result import Status, StoppedBy
from scheduler.scheduling.engine.run import Limits
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.search import solve
from tests.scheduling.engine.oracle import is_the_best_there_is
from tests.scheduling.engine.small import DAY, IDS, plan, problem, rules, venue
from tests.scheduling.engine.test_solve_properties import relabelled

some = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
FREE = Weights(**dict.fromkeys(Weights.__dataclass_fields__, 0))


def lesson(id_, size=5, changeover=0):
    """A period of 10 minutes, its end for the change of rooms."""
    parts = [Part(STAGE, 0, 10 - changeover)]
    if changeover:
        parts.append(Part(STAGE, 10 - changeover, changeover, attended=False))
    return Activity(id_, tuple(parts), size)


def timetable(lessons, venues=None, **rest):
    return problem(lessons, venues, **{"weights": FREE, **rest})


@st.composite
def timetables(draw):
    """Three or four lessons in up to two rooms and on two days, under any of the rules."""
    ids = IDS[: draw(st.integers(3, 4))]
    changeover = draw(st.sampled_from((0, 2)))
    groups = st.lists(st.sampled_from(ids), min_size=2, max_size=len(ids), unique=True).map(tuple)
    hours = st.sampled_from((((0, 30),), ((0, 20), (DAY, DAY + 10)), ((5, 25), (30, 50))))
    venues = [
        venue(
            id_,
            *draw(hours),
            size=draw(st.sampled_from((10, 50))),
            seats=draw(st.sampled_from((None, 3, 10))),
            closures=draw(st.sampled_from(((), ((12, 20),)))),
        )
        for id_ in ("A", "B")[: draw(st.integers(1, 2))]
    ]
    parties = tuple(
        Party(
            f"party {number}",
            draw(groups),
            rest_minutes=draw(st.sampled_from((0, changeover))),
            busy=draw(st.sampled_from(((), (Window(0, 10),)))),
        )
        for number in range(draw(st.integers(0, 2)))
    )
    stated = [draw(rules(ids, number)) for number in range(draw(st.integers(0, 3)))]
    together = [set(party.activities) for party in parties]
    return timetable(
        [lesson(id_, draw(st.sampled_from((5, 5, 40))), changeover) for id_ in ids],
        venues,
        parties=parties,
        time_limits=draw(
            st.sampled_from(((), (TimeLimit("late", "arrival", ids[:2], (Window(10, 2000),)),)))
        ),
        locks=draw(st.sampled_from(((), (Lock(ids[0], "A"),), (Lock(ids[-1], start=10),)))),
        rules=tuple(
            rule
            for rule in stated
            if type(rule) in AMOUNTS
            and (
                not isinstance(rule, InCompany)
                or any(set(rule.activities) <= people for people in together)
            )
        ),
    )


def solved(problem, **limits):
    return solve(problem, deterministic_limit=3, seconds=None, **limits)


@some
@given(timetables())
def test_the_cost_is_that_of_trying_everything(problem):
    assert suits(problem)
    is_the_best_there_is(problem, solved(problem))


@some
@given(timetables())
def test_the_general_model_comes_to_the_same(problem):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "SPECIAL", ())
        general = solved(problem)
    special = solved(problem)
    assert (special.status, special.value) == (general.status, general.value)


@some
@given(timetables())
def test_other_names_change_nothing(problem):
    assert solved(relabelled(problem)).value == solved(problem).value


def course(id_, lessons, size=5):
    return [lesson(f"{id_}{number}", size) for number in range(lessons)]


def ids(lessons):
    return tuple(one.id for one in lessons)


def school(courses=6, lessons=4, days=3, periods=3, rooms=3):
    """Courses of a few lessons; each class has two of them, each teacher two others."""
    taught = [course(chr(97 + number), lessons, 5 * number) for number in range(courses)]
    week = tuple(Window(DAY * day, DAY * (day + 1)) for day in range(days))
    open_at = [(window.start, window.start + 10 * periods) for window in week]
    pairs = [(0, 1), (2, 3), (4, 5), (1, 2), (3, 4)]
    together = [ids(taught[one]) + ids(taught[other]) for one, other in pairs]
    return timetable(
        [one for lessons in taught for one in lessons],
        [venue(f"R{number}", *open_at, seats=8 * number + 4) for number in range(rooms)],
        days=week,
        parties=tuple(
            Party(f"party {number}", members, rest_minutes=0)
            for number, members in enumerate(together)
        ),
        rules=(
            Seats(id="seats", activities=tuple(i for c in taught for i in ids(c)), weight=1),
            *(
                SpreadDays(id=f"s{n}", activities=ids(c), weight=5, days=3)
                for n, c in enumerate(taught)
            ),
            *(OneVenue(id=f"v{n}", activities=ids(c), weight=1) for n, c in enumerate(taught)),
            *(InCompany(id=f"c{n}", activities=t, weight=2) for n, t in enumerate(together[:3])),
        ),
    )


SCHOOL = school()


def test_work_in_turns_comes_to_the_same_every_time():
    once, again = (solve(SCHOOL, seconds=None, deterministic_limit=1.5) for _ in range(2))
    assert violations(SCHOOL, once.plan) == []
    assert (once.plan, once.bound, once.history[-1].value) == (
        again.plan,
        again.bound,
        again.history[-1].value,
    )


def test_two_workers_side_by_side_find_what_one_finds():
    both, alone = solve(SCHOOL, seconds=60), solve(SCHOOL, seconds=60, workers=1)
    assert (both.status, alone.status) == (Status.OPTIMAL, Status.OPTIMAL)
    assert (both.value, both.stopped_by) == (alone.value, StoppedBy.PROOF)
    assert score(SCHOOL, both.plan).value == both.value


def test_a_failing_listener_ends_both_sides():
    def fail(progress):
        raise RuntimeError("the line is cut")

    with pytest.raises(RuntimeError, match="the line is cut"):
        solve(SCHOOL, seconds=600, on_progress=fail)


TWO = timetable(
    [lesson("x"), lesson("y")],
    [venue("A", (0, 40))],
    parties=(Party("both", ("x", "y"), rest_minutes=0),),
    rules=(InCompany(id="beside", activities=("x", "y"), weight=3),),
)


def test_the_search_begins_from_a_plan_that_is_there():
    apart = plan(x=("A", 0), y=("A", 20))
    assert solved(TWO, warm_start=apart).history[0].value == 6
    assert solved(TWO, warm_start=apart).value == 0


def test_a_request_ends_a_search_and_the_best_plan_is_kept():
    apart = plan(x=("A", 0), y=("A", 20))
    result = solve(TWO, workers=1, warm_start=apart, should_stop=lambda: True)
    assert (result.stopped_by, result.plan, result.value) == (StoppedBy.REQUEST, apart, 6)


@pytest.mark.parametrize(
    "start", [plan(x=("A", 10)), plan(x=("A", 10), y=("A", 15)), plan(z=("Z", 1)), plan()]
)
def test_such_a_plan_may_be_incomplete_or_wrong(start):
    assert solved(TWO, warm_start=start).value == 0


def test_too_few_periods_are_impossible_for_two_workers_as_well():
    result = solve(replace(TWO, venues=(venue("A", (0, 10)),)))
    assert (result.status, result.stopped_by) == (Status.IMPOSSIBLE, StoppedBy.PROOF)


def test_more_lessons_than_places_are_impossible():
    crowded = school(courses=6, lessons=6, days=3, periods=4, rooms=2)
    assert solve(crowded, seconds=60).status is Status.IMPOSSIBLE


def test_what_is_proved_beside_an_interrupted_proof_stays_proved():
    """The opening may see it first, which stops the proof: that then has nothing to say."""
    prover = Prover(Timetable(school(courses=6, lessons=6, days=3, periods=4, rooms=2)))
    prover.impossible = True
    prover.prove(Limits(work=0.0, workers=1, core=True), lambda _: True)
    assert prover.impossible


def test_rooms_that_only_seem_enough_are_impossible():
    """Each period has as many rooms as it needs, but one room would have to change."""
    rule = OneVenue(id="one", activities=("x", "y"))
    closed = [venue("A", (0, 10)), venue("B", (10, 20))]
    assert solved(replace(TWO, rules=(rule,), venues=tuple(closed))).status is Status.IMPOSSIBLE


@pytest.mark.parametrize(
    "change",
    [
        {"activities": (lesson("x"), Activity("y", (Part(STAGE, 0, 20),)))},
        {"activities": (lesson("x"), Activity("y", (Part(STAGE, -10, 10),)))},
        {"activities": tuple(Activity(i, (Part("x", 0, 10), Part(STAGE, 0, 10))) for i in "xy")},
        {"blocks": (Block("block", ("x", "y")),)},
        {"travel": (Travel("A", "A", 5),)},
        {"parties": (Party("both", ("x", "y"), rest_minutes=5),)},
        {"weights": replace(FREE, waiting=1)},
        {"weights": replace(FREE, venue_idle=1)},
        {
            "activities": tuple(replace(lesson(i), school="S") for i in "xy"),
            "weights": replace(FREE, school_gap=1),
        },
        {"parties": ()},
    ],
)
def test_what_is_more_than_periods_goes_the_general_way(change):
    more = replace(TWO, **change)
    assert not suits(more)
    assert solved(more).status is not Status.UNDECIDED


@pytest.mark.parametrize(
    "change",
    [
        {"weights": replace(FREE, region_runs=20, jury_idle=5, school_gap=10)},
        {"parties": (), "rules": (), "weights": Weights(venue_idle=0)},
        {"parties": (), "rules": (InCompany(id="off", activities=("x", "y"), weight=0),)},
        {"travel": (Travel("A", "A", 0),)},
    ],
)
def test_wishes_that_cannot_cost_anything_do_not_matter(change):
    assert suits(replace(TWO, **change))
