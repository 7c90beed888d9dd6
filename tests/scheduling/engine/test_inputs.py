"""Counting before solving: each shortage with the numbers that prove it."""

import pytest

from scheduler.scheduling.engine import Block, Party, TimeLimit, Window
from scheduler.scheduling.engine.inputs import TIGHT, findings
from tests.scheduling.engine.small import DAY, item, problem, venue


def found(a_problem, share=1.0):
    return [(one.code, one.ids, dict(one.facts)) for one in findings(a_problem, share)]


def test_a_problem_with_room_enough():
    assert found(problem([item("x"), item("y")])) == []


def test_no_stage_is_large_enough():
    tall = problem([item("x", size=90), item("y")], [venue("A", size=80), venue("B", size=70)])
    assert found(tall) == [("no_stage_fits", ("x",), {"size": 90, "stage_size": 80})]


def test_there_is_no_venue_at_all():
    nowhere = problem([item("x")], [venue("A", rooms=0)])
    assert found(nowhere) == [("no_stage_fits", ("x",), {"size": 0, "stage_size": 50})]


def test_no_hours_are_long_enough_for_one_activity():
    limit = TimeLimit("late", "arrival", ("x",), (Window(280, DAY),))
    assert found(problem([item("x")], time_limits=(limit,))) == [
        (
            "no_time_fits",
            ("x",),
            {
                "needed_minutes": 30,
                "available_minutes": 20,
                "venues": ("A",),
                "limits": ("late",),
            },
        )
    ]


def test_large_groups_need_more_than_the_large_stages_leave():
    """Three symphony groups of 22 minutes on a stage for 63; two stages leave 54."""
    groups = [
        item(f"s{number}", size=size, stage_minutes=9, changeover_minutes=13)
        for number, size in enumerate((63, 64, 65))
    ]
    stages = [venue("V1", (0, 37), size=80), venue("V2", (0, 37), size=70), venue("V3", size=45)]
    block = Block("symphony", ("s0", "s1", "s2"), may_pause=True)
    assert found(problem([*groups, item("x")], stages, blocks=(block,))) == [
        (
            "stage_minutes_short",
            ("s0", "s1", "s2"),
            {
                "needed_minutes": 66,
                "available_minutes": 54,
                "size": 63,
                "largest": 65,
                "count": 3,
                "blocks": ("symphony",),
                "venues": ("V1", "V2"),
                "limit": "",
            },
        )
    ]


def test_a_time_limit_leaves_too_little_stage_time():
    limit = TimeLimit("early", "latest_end", ("x", "y"), (Window(0, 40),))
    hours = found(problem([item("x"), item("y"), item("z")], time_limits=(limit,)))
    assert [(code, ids, facts["limit"]) for code, ids, facts in hours] == []
    tight = TimeLimit("early", "latest_end", ("x", "y"), (Window(0, 39),))
    ((code, ids, facts),) = found(problem([item("x"), item("y")], time_limits=(tight,)))
    assert (code, ids, facts["limit"]) == ("stage_minutes_short", ("x", "y"), "early")
    assert (facts["needed_minutes"], facts["available_minutes"]) == (40, 39)


@pytest.mark.parametrize(("end", "short"), [(89, True), (90, False)])
def test_a_block_waits_for_its_only_warm_up_room(end, short):
    """Three warm-ups of 20 minutes in one room, then 10 on stage, with 20 before the first."""
    long = [item(id_, warm_up_minutes=20, stage_minutes=10) for id_ in "xyz"]
    hours = found(problem(long, [venue("A", (20, end))], blocks=(Block("b", ("x", "y", "z")),)))
    facts = {
        "needed_minutes": 70,
        "available_minutes": 69,
        "venues": ("A",),
        "size": 0,
        "count": 3,
    }
    assert hours == ([("block_too_long", ("b",), facts)] if short else [])


def test_warm_up_rooms_are_needed_longer_than_they_are_open():
    long = [item(id_, warm_up_minutes=50, stage_minutes=10) for id_ in "xyz"]
    ((code, ids, facts),) = found(problem(long, [venue("A", (0, 120))]))
    assert (code, ids, facts["room"]) == ("room_minutes_short", ("x", "y", "z"), "warm_up")
    assert (facts["needed_minutes"], facts["available_minutes"]) == (150, 120)


def test_what_is_merely_tight_is_told_only_when_asked_for():
    """Two stages of 20 minutes in 44 after the first warm-up: 91 of 100 are taken."""
    close = problem([item("x"), item("y")], [venue("A", (0, 54), rooms=2)])
    assert found(close) == []
    (tight,) = findings(close, TIGHT)
    assert (tight.code, tight.ids, tight.is_short) == ("stage_minutes_short", ("x", "y"), False)
    assert (tight.needed, tight.available) == (40, 44)
    assert findings(problem([item("x"), item("y")], [venue("A", (0, 55), rooms=2)]), TIGHT) == []


def test_what_fits_nowhere_is_short_whatever_its_numbers():
    (one,) = findings(problem([item("x")], [venue("A", rooms=0)]), TIGHT)
    assert (one.is_short, one.needed, one.available) == (True, None, None)


@pytest.mark.parametrize(("end", "short"), [(119, True), (120, False)])
def test_one_conductor_of_many_groups(end, short):
    """Two stays of 30 minutes each with 60 between them, in two venues."""
    groups = [item("x"), item("y")]
    party = Party("conductor", ("x", "y"), persons=1, rest_minutes=60)
    venues = [venue("A", (0, end)), venue("B", (0, end))]
    facts = {
        "needed_minutes": 180,
        "available_minutes": 179,
        "persons": 1,
        "count": 2,
        "rest_minutes": 60,
    }
    expected = [("party_minutes_short", ("conductor", "x", "y"), facts)] if short else []
    assert found(problem(groups, venues, parties=(party,))) == expected


def test_a_rest_over_a_closure_is_no_shortage():
    party = Party("conductor", ("x", "y"), rest_minutes=60)
    apart = [venue("A", (0, 30), (90, 120))]
    assert found(problem([item("x"), item("y")], apart, parties=(party,))) == []


@pytest.mark.parametrize(("minutes", "short"), [(40, True), (30, False)])
def test_blocks_that_each_fill_more_than_half_a_session(minutes, short):
    """Three blocks for two sessions of 90 minutes, of which the first warm-up takes 10."""
    groups = [
        item(id_, stage_minutes=minutes if id_ != "small" else 10, changeover_minutes=1)
        for id_ in ("x", "y", "z", "small")
    ]
    venues = [venue("A", (0, 90), rooms=4), venue("B", (0, 90), rooms=4)]
    blocks = (*(Block(f"of {id_}", (id_,)) for id_ in "xyz"), Block("s", ("small",)))
    facts = {"needed_minutes": 3, "available_minutes": 2, "venues": ("A", "B")}
    expected = [("blocks_per_session", ("of x", "of y", "of z"), facts)] if short else []
    assert found(problem(groups, venues, blocks=blocks)) == expected
