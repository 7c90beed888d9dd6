"""The rules that a programme states: what each finds in a plan, and what is refused in a file."""

import json
from itertools import pairwise

import pytest

from scheduler.scheduling.engine import Block, Party, ProblemError, Travel, Window
from scheduler.scheduling.engine.bounds import idle_for_breaks
from scheduler.scheduling.engine.catalogue import (
    RULE_BY_KIND,
    Breaks,
    CompactDays,
    DaysApart,
    FewEarly,
    Following,
    InCompany,
    InOrder,
    NotBeside,
    Numbered,
    OneDay,
    OneVenue,
    OneVenueARound,
    OwnSession,
    RoundsInARow,
    Seats,
    Seen,
    SpreadDays,
    UnwantedSessions,
)
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.format import problem_from_json, problem_to_json
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.search import solve
from scheduler.scheduling.engine.turns import told_apart
from tests.scheduling.engine.oracle import is_the_best_there_is
from tests.scheduling.engine.small import DAY, item, plan, problem, venue

XYZ = ("x", "y", "z")
# x and y on the first day, z on the second and in the other house; each 20 minutes, warm-up 10.
PLACES = plan(x=("A", 10), y=("A", 60), z=("B", DAY + 10))

FOUND = [
    (OneDay(id="r", activities=XYZ), [(XYZ, 1, {"days": 2})]),
    (OneDay(id="r", activities=("x", "y")), []),
    (SpreadDays(id="r", activities=XYZ, days=4), [(XYZ, 2, {"days": 2, "needed_days": 4})]),
    (SpreadDays(id="r", activities=XYZ, days=2), []),
    (DaysApart(id="r", activities=XYZ), [(("x", "y"), 1, {})]),
    (InOrder(id="r", activities=("z", "y", "x")), [(("z", "y"), 1, {}), (("y", "x"), 1, {})]),
    (InOrder(id="r", activities=XYZ), []),
    (Following(id="r", activities=XYZ[:2], least_minutes=30), [(("x", "y"), 10, {"minutes": 20})]),
    (Following(id="r", activities=("x", "y"), most_minutes=15), [(("x", "y"), 5, {"minutes": 20})]),
    (Following(id="r", activities=("y", "x")), [(("y", "x"), 80, {"minutes": -80})]),
    (Following(id="r", activities=("x", "y"), least_minutes=20, most_minutes=20), []),
    (OneVenue(id="r", activities=XYZ), [(XYZ, 1, {"venues": ("A", "B")})]),
    (Seats(id="r", activities=XYZ), [(("x", "A"), 15, {"size": 40, "seats": 25})]),
    (
        Breaks(id="r", activities=XYZ, most_minutes=60, break_minutes=40),
        [(("x", "y"), 1, {"most_minutes": 60, "break_minutes": 40, "start": 10, "minutes": 70})],
    ),
    (Breaks(id="r", activities=XYZ, most_minutes=70, break_minutes=20, with_warm_up=True), []),
    (
        Breaks(id="r", activities=XYZ, most_minutes=70, break_minutes=21, with_warm_up=True),
        [(("x", "y"), 1, {"most_minutes": 70, "break_minutes": 21, "start": 0, "minutes": 80})],
    ),
    (Breaks(id="r", activities=XYZ, most_minutes=70, break_minutes=40), []),
    (
        Breaks(id="r", activities=XYZ, most_minutes=10, break_minutes=30),
        [
            (("x",), 1, {"most_minutes": 10, "break_minutes": 30, "start": 10, "minutes": 20}),
            (("y",), 1, {"most_minutes": 10, "break_minutes": 30, "start": 60, "minutes": 20}),
            (("z",), 1, {"most_minutes": 10, "break_minutes": 30, "start": 1010, "minutes": 20}),
        ],
    ),
    (
        CompactDays(id="r", activities=XYZ),
        [(("x", "y"), 30, {"minutes": 30, "pause_minutes": 0, "start": 10})],
    ),
    (
        CompactDays(id="r", activities=XYZ, pause_minutes=25),
        [(("x", "y"), 5, {"minutes": 30, "pause_minutes": 25, "start": 10})],
    ),
    (
        CompactDays(id="r", activities=XYZ, with_warm_up=True),
        [(("x", "y"), 20, {"minutes": 20, "pause_minutes": 0, "start": 0})],
    ),
    (CompactDays(id="r", activities=XYZ, pause_minutes=30), []),
    (
        FewEarly(id="r", activities=XYZ, early_minutes=60),
        [(("x", "z"), 2, {"count": 2, "most": 0, "early_minutes": 60})],
    ),
    (
        FewEarly(id="r", activities=XYZ, early_minutes=61, most=1),
        [(("x", "y", "z"), 2, {"count": 3, "most": 1, "early_minutes": 61})],
    ),
    (FewEarly(id="r", activities=("x", "y"), early_minutes=60, most=1), []),
    (InCompany(id="r", activities=XYZ), [(("x",), 1, {}), (("y",), 1, {}), (("z",), 1, {})]),
    (InCompany(id="r", activities=XYZ, pause_minutes=20), [(("z",), 1, {})]),
    (OwnSession(id="r", activities=("x",)), [(("x", "y"), 1, {})]),
    (OwnSession(id="r", activities=("x", "y")), []),
    (OwnSession(id="r", activities=("z",)), []),
    (UnwantedSessions(id="r", activities=XYZ, venues=("A",)), [(("x", "y", "A"), 1, {})]),
    (UnwantedSessions(id="r", activities=XYZ), [(("x", "y", "A"), 1, {}), (("z", "B"), 1, {})]),
    (
        UnwantedSessions(id="r", activities=XYZ, windows=(Window(DAY, 2 * DAY),)),
        [(("z", "B"), 1, {})],
    ),
    (UnwantedSessions(id="r", activities=XYZ, windows=(Window(DAY, 2 * DAY),), venues=("A",)), []),
    (OneVenueARound(id="r", activities=XYZ), []),
    (RoundsInARow(id="r", activities=XYZ), []),
    (NotBeside(id="r", activities=("x",), others=("y", "z")), []),
    (
        Numbered(id="r", activities=XYZ, numbers=(2, 0, 3)),
        [(("x",), 1, {"number": 1, "needed_number": 2})],
    ),
    (Numbered(id="r", activities=XYZ, numbers=(1, 0, 3)), []),
]

# The same on one day: x and y side by side, a session without any, and z at the third time.
ROUNDS = ((0, 50), (100, 150), (200, 250))
SIDE_BY_SIDE = plan(x=("A", 10), y=("B", 20), z=("A", 210))
FOUND_IN_ROUNDS = [
    (OneVenueARound(id="r", activities=XYZ), [(("x", "y"), 1, {"venues": ("A", "B")})]),
    (OneVenueARound(id="r", activities=("x", "z")), []),
    (RoundsInARow(id="r", activities=XYZ), [(XYZ, 1, {})]),
    (RoundsInARow(id="r", activities=("x", "y")), []),
    (NotBeside(id="r", activities=("x",), others=("y", "z")), [(("x", "y"), 1, {})]),
    (NotBeside(id="r", activities=("x",), others=("z",)), []),
    (NotBeside(id="r", activities=("x", "y"), others=("y", "x")), [(("x", "y", "y", "x"), 2, {})]),
    (OwnSession(id="r", activities=("x",)), []),
    # In a round, all at one venue come before those at the next.
    (Numbered(id="r", activities=("y", "z", "x"), numbers=(2, 3, 1)), []),
]  # fmt: skip


def stage(*rules):
    return problem(
        [item("x", size=40), item("y"), item("z")],
        [venue("A", (0, 300), (DAY, DAY + 300), seats=25), venue("B", (0, 300), (DAY, DAY + 300))],
        rules=rules,
    )


@pytest.mark.parametrize(("rule", "found"), FOUND)
def test_a_rule_finds_exactly_what_a_plan_breaks(rule, found):
    breaches = rule.breaches(Seen(stage(), PLACES))
    assert [(one.ids, one.amount, one.facts) for one in breaches] == found


@pytest.mark.parametrize(("rule", "found"), FOUND_IN_ROUNDS)
def test_a_rule_about_rounds_finds_exactly_what_a_plan_breaks(rule, found):
    rounds = problem(map(item, XYZ), [venue("A", *ROUNDS), venue("B", *ROUNDS)], rules=(rule,))
    breaches = rule.breaches(Seen(rounds, SIDE_BY_SIDE))
    assert [(one.ids, one.amount, one.facts) for one in breaches] == found


def test_every_rule_has_a_case_in_which_it_is_broken():
    cases = (*FOUND, *FOUND_IN_ROUNDS)
    assert {rule.kind for rule, found in cases if found} == set(RULE_BY_KIND)


def test_a_hard_rule_is_a_violation_and_a_weighted_one_a_term():
    hard = stage(OneDay(id="school", activities=XYZ))
    (broken,) = violations(hard, PLACES)
    assert (broken.code, broken.ids) == (Rule.STATED, ("school", *XYZ))
    assert broken.facts == {"days": 2, "rule": "one_day", "amount": 1}
    wished = stage(
        OneDay(id="school", activities=XYZ, weight=5), InOrder(id="lots", activities=XYZ, weight=3)
    )
    assert violations(wished, PLACES) == []
    terms = {term.code: (term.weight, term.amount) for term in score(wished, PLACES).terms}
    assert (terms["one_day"], terms["in_order"]) == ((5, 1), (3, 0))


def test_a_jury_gets_its_break_in_the_middle_of_its_block():
    hearing = problem(
        [item(id_) for id_ in "abcd"],
        blocks=(Block("choirs", tuple("abcd")),),
        rules=(Breaks(id="jury", activities=tuple("abcd"), most_minutes=50, break_minutes=30),),
    )
    starts = sorted(
        one.start for one in solve(hearing, deterministic_limit=2, seconds=None).plan.placements
    )
    gaps = [after - before - 20 for before, after in pairwise(starts)]
    assert gaps == [0, 30, 0]
    assert idle_for_breaks(hearing, hearing.blocks[0]) == 30


@pytest.mark.parametrize("with_warm_up", [False, True])
def test_a_jury_of_two_blocks_waits_as_little_as_it_can(with_warm_up):
    """It sees each block turn by turn, whoever has the turn; the cost is that of the plan."""
    ids = ("a", "b", "c", "d", "e", "f")
    heard = problem(
        [item(id_) for id_ in ids],
        blocks=(Block("one", ids[:3]), Block("two", ids[3:])),
        parties=(Party("jury", ids, 2, rest_minutes=0, attends_warm_up=with_warm_up),),
        rules=(
            Breaks(id="rest", activities=ids, most_minutes=80, break_minutes=20,
                   with_warm_up=with_warm_up),
            CompactDays(id="jury", activities=ids, weight=3, pause_minutes=10,
                        with_warm_up=with_warm_up),
        ),
    )  # fmt: skip
    assert told_apart(heard) == set()
    found = solve(heard, deterministic_limit=20, seconds=None)
    assert violations(heard, found.plan) == []
    assert (found.value, found.bound) == (score(heard, found.plan).value,) * 2
    assert {term.code: term.amount for term in found.terms}["compact_days"] == (
        30 if with_warm_up else 10
    )


def test_a_jury_may_go_to_and_fro_between_two_stages_as_trying_everything_shows():
    ids = ("a", "b", "c", "d")
    heard = problem(
        [item("a", size=40), item("b", size=40), item("c"), item("d", changeover_minutes=10)],
        [venue("A", (0, 100)), venue("B", (0, 100), size=20)],
        blocks=(Block("one", ids[:2]), Block("two", ids[2:])),
        parties=(Party("jury", ids, 2, rest_minutes=0, attends_warm_up=False),),
        travel=(Travel("A", "B", 10),),
        rules=(CompactDays(id="jury", activities=ids, weight=3),),
    )
    is_the_best_there_is(heard, solve(heard, deterministic_limit=20, seconds=None))


def test_whoever_is_busy_tells_no_groups_of_a_block_apart():
    heard = problem(
        [item(id_) for id_ in "abc"],
        blocks=(Block("one", tuple("abc")),),
        parties=tuple(
            Party(f"busy {id_}", (id_,), busy=(Window(0, 40),), attends_warm_up=False)
            for id_ in "abc"
        ),
    )
    assert told_apart(heard) == set()
    found = solve(heard, deterministic_limit=2, seconds=None)
    assert sorted(one.start for one in found.plan.placements) == [40, 60, 80]


def test_no_group_that_was_early_before_is_early_again():
    again = stage(FewEarly(id="before", activities=("x", "y"), early_minutes=100))
    places = solve(again, deterministic_limit=2, seconds=None).plan.by_activity
    assert min(places["x"].start % DAY, places["y"].start % DAY) >= 100


def test_a_rule_at_price_nothing_is_off():
    free = stage(OneDay(id="school", activities=XYZ, weight=0))
    assert violations(free, PLACES) == []
    assert score(free, PLACES).value == score(stage(), PLACES).value


def test_lots_that_were_drawn_are_kept():
    drawn = stage(InOrder(id="lots", activities=("z", "x", "y")))
    places = solve(drawn, deterministic_limit=2, seconds=None).plan.by_activity
    assert places["z"].start <= places["x"].start <= places["y"].start


@pytest.mark.parametrize("rule", [rule for rule, found in (*FOUND, *FOUND_IN_ROUNDS) if found])
def test_a_rule_survives_the_file(rule):
    assert problem_from_json(problem_to_json(stage(rule))) == stage(rule)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"kind": "one_dya", "id": "r", "activities": ["x"]}, "unknown_rule"),
        ({"id": "r", "activities": ["x"]}, "unknown_rule"),
        ({"kind": "one_day", "id": "r"}, "missing_field"),
        ({"kind": "one_day", "id": "r", "activities": ["x"], "dayz": 2}, "unknown_field"),
        ({"kind": "one_day", "id": "r", "activities": []}, "no_activities"),
        ({"kind": "one_day", "id": "r", "activities": ["x", "x"]}, "doubled_id"),
        ({"kind": "one_day", "id": "r", "activities": ["nobody"]}, "unknown_activity"),
        ({"kind": "one_day", "id": "r", "activities": ["x"], "weight": -1}, "bad_weight"),
        ({"kind": "spread_days", "id": "r", "activities": ["x"], "days": 0}, "bad_days"),
        (
            {"kind": "breaks", "id": "r", "activities": ["x"], "most_minutes": 60,
             "break_minutes": 0},
            "bad_breaks",
        ),
        (
            {"kind": "compact_days", "id": "r", "activities": ["x"], "pause_minutes": -1},
            "bad_pause",
        ),
        ({"kind": "few_early", "id": "r", "activities": ["x"], "early_minutes": 0}, "bad_early"),
        ({"kind": "following", "id": "r", "activities": ["x"]}, "not_two_activities"),
        ({"kind": "not_beside", "id": "r", "activities": ["x"], "others": []}, "no_activities"),
        ({"kind": "not_beside", "id": "r", "activities": ["x"], "others": ["q"]},
         "unknown_activity"),
        ({"kind": "unwanted_sessions", "id": "r", "activities": ["x"], "venues": ["Q"]},
         "unknown_venue"),
        ({"kind": "numbered", "id": "r", "activities": ["x"], "numbers": [1, 2]}, "bad_numbers"),
        (
            {"kind": "following", "id": "r", "activities": ["x", "y"], "least_minutes": 9,
             "most_minutes": 8},
            "bad_minutes",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(rule, code):
    content = json.loads(problem_to_json(stage())) | {"rules": [rule]}
    with pytest.raises(ProblemError) as error:
        problem_from_json(json.dumps(content))
    assert error.value.code == code
