"""Problems of many activities: held against trying everything while they are small."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from benchmarks.festival_draw import Size, festival
from scheduler.scheduling.engine import Changeover, Party, Weights, search
from scheduler.scheduling.engine.catalogue import Following, InOrder, OneDay
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.many import search as many
from scheduler.scheduling.engine.many.board import Board
from scheduler.scheduling.engine.many.suits import is_known
from scheduler.scheduling.engine.result import Status, StoppedBy
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.search import solve
from tests.scheduling.engine.oracle import cheapest, is_the_best_there_is
from tests.scheduling.engine.small import item, plan, problem, problems, rules, venue

some = settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TINY = Size(12, 120, 1, 2, 20, 0.6)


@st.composite
def arranged(draw):
    """A small problem without blocks whose stages are rearranged between some activities."""
    drawn = draw(problems())
    setups = draw(st.lists(st.sampled_from((None, "a", "b")), min_size=3, max_size=3))
    activities = tuple(
        replace(one, setup=setup) for one, setup in zip(drawn.activities, setups, strict=False)
    )
    minutes = st.sampled_from((0, 10, 30))
    ids = tuple(one.id for one in activities)
    kept = tuple(
        replace(rule, weight=None)
        for rule in draw(st.lists(rules(ids), max_size=1))
        if isinstance(rule, InOrder | OneDay | Following)
    )
    return replace(
        drawn,
        activities=activities,
        blocks=(),
        rules=kept,
        changeovers=(
            Changeover("a", "a", draw(minutes)),
            Changeover("a", "b", draw(minutes)),
            Changeover("b", "a", draw(minutes)),
        ),
    )


@pytest.fixture(scope="module", autouse=True)
def always():
    """Let the search for many be taken for few as well, and only that one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many, "suits", is_known)
        yield patch


def searched(drawn, *, seed=1, work=0.4, **rest):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "SPECIAL", (many,))
        return solve(drawn, seed=seed, seconds=None, deterministic_limit=work, **rest)


@some
@given(arranged())
def test_no_rule_is_broken_and_the_bound_lies_below_every_plan(drawn):
    result, least = searched(drawn), cheapest(drawn)
    assert (result.bound or 0) <= (least or 0)
    if least is None:
        assert result.plan is None
    if result.plan is not None:
        assert violations(drawn, result.plan) == []
        assert result.value == score(drawn, result.plan).value >= least
    if result.status is Status.OPTIMAL:
        assert result.value == least


@some
@given(arranged())
def test_the_general_search_rearranges_stages_as_trying_everything_does(drawn):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "SPECIAL", ())
        is_the_best_there_is(drawn, solve(drawn, seconds=None, deterministic_limit=2))


@some
@given(arranged(), st.randoms(use_true_random=False))
def test_the_board_counts_what_the_score_counts(drawn, random):
    board = Board(drawn)
    for _ in range(2):
        for activity in drawn.activities:
            possible = board.possible(activity, board.steps.all)
            assume(possible)
            at = random.choice(sorted(possible))
            step = int(random.choice(list(board.steps.numbers(possible[at]))))
            board.place(plan(**{activity.id: (at, step * board.steps.grid)}).placements[0])
        assert board.expense.total == score(drawn, board.plan).value
        assert [v for v in violations(drawn, board.plan) if v.code is not Rule.STATED] == []
        for activity in drawn.activities:
            board.take(activity.id)
        assert board.expense.total == 0


@some
@given(arranged(), st.integers(0, 3))
def test_same_seed_same_plan_and_a_plan_to_start_from_is_never_lost(drawn, seed):
    once = searched(drawn, seed=seed)
    assert searched(drawn, seed=seed).plan == once.plan
    if once.plan is not None:
        assert searched(drawn, seed=seed + 1, work=0.1, warm_start=once.plan).value <= once.value


def test_other_names_change_nothing():
    drawn = festival(TINY)
    renamed = replace(
        drawn, parties=tuple(replace(one, id=f"other {one.id}") for one in drawn.parties)
    )
    once, other = searched(drawn, work=1), searched(renamed, work=1)
    assert (once.plan, once.value, once.bound) == (other.plan, other.value, other.bound)
    assert violations(drawn, once.plan) == []


def test_many_activities_are_found_by_their_number():
    drawn = festival(Size(60, 1500, 2, 3, 20, 0.6))
    result = solve(drawn, seconds=None, deterministic_limit=0.2)
    assert (result.status, result.stopped_by) == (Status.FEASIBLE, StoppedBy.WORK_LIMIT)
    assert violations(drawn, result.plan) == []


def test_what_cannot_be_is_proved_by_a_group_alone():
    both = problem(
        [item("x"), item("y")],
        [venue("A", (0, 60))],
        parties=(Party("both", ("x", "y")),),
    )
    result = searched(both)
    assert (result.status, result.plan) == (Status.IMPOSSIBLE, None)


def test_what_cannot_be_is_proved_by_counting():
    """Nobody is in two of these; there is simply no time for all three on the one stage."""
    crowd = problem([item(id_) for id_ in "xyz"], [venue("A", (0, 60), rooms=3)])
    result = searched(crowd)
    assert (result.status, result.plan, result.stopped_by) == (
        Status.IMPOSSIBLE,
        None,
        StoppedBy.PROOF,
    )


def test_what_is_neither_found_nor_refuted_is_said_to_be_undecided():
    """Three of these fill the hours to the minute, but their starts are on full steps only."""
    crowd = problem(
        [item(id_, stage_minutes=25, warm_up_minutes=0) for id_ in "xyz"],
        [venue("A", (0, 75))],
    )
    result = searched(crowd, work=0.5)
    assert (result.status, result.plan) == (Status.UNDECIDED, None)


def test_what_groups_cost_alone_is_a_bound():
    """Both are in the same house; between the two is an hour of rest where half would do."""
    both = problem(
        [item("x"), item("y")],
        [venue("A")],
        parties=(Party("both", ("x", "y"), persons=3),),
        weights=Weights(venue_idle=0),
    )
    result = searched(both)
    assert (result.status, result.value, result.bound) == (Status.OPTIMAL, 90, 90)


def test_a_changeover_is_kept_on_one_stage_and_only_there():
    two = problem(
        [replace(item("x"), setup="a"), replace(item("y"), setup="b")],
        [venue("A", rooms=2), venue("B")],
        changeovers=(Changeover("a", "b", 30),),
    )
    close = violations(two, plan(x=("A", 10), y=("A", 50)))
    assert [(one.code, one.ids, dict(one.facts)) for one in close] == [
        (Rule.STAGE_OVERLAP, ("x", "y", "A"), {"minutes": 10, "changeover_minutes": 30})
    ]
    assert violations(two, plan(x=("A", 10), y=("A", 60))) == []
    assert violations(two, plan(y=("A", 10), x=("A", 30))) == []
    assert violations(two, plan(x=("A", 10), y=("B", 10))) == []
