"""Delays: what slips and what the gaps swallow; a repair that keeps the stage held meanwhile."""

from scheduler.scheduling.engine import Block, Placement
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.delay import DELAY, first_after, held_up, kept_away, slipped
from scheduler.scheduling.engine.repair import repair
from scheduler.scheduling.engine.rules import Rule
from tests.scheduling.engine.small import item, plan, problem, venue

ROW = problem([item("x"), item("y"), item("z"), item("w")], [venue("A"), venue("B")])
PUBLISHED = plan(x=("A", 10), y=("A", 30), z=("A", 60), w=("B", 20))


def starts(found):
    return {one.activity: one.start for one in found.placements}


def test_everything_slips_until_the_gaps_have_swallowed_it():
    assert starts(slipped(ROW, PUBLISHED, {"x": 15})) == {"x": 25, "y": 45, "z": 65, "w": 20}
    assert starts(slipped(ROW, PUBLISHED, {"x": 10})) == {"x": 20, "y": 40, "z": 60, "w": 20}
    assert slipped(ROW, PUBLISHED, {}) == PUBLISHED


def test_who_is_late_holds_up_those_behind_on_the_same_stage_only():
    assert starts(slipped(ROW, PUBLISHED, {"y": 40})) == {"x": 10, "y": 70, "z": 90, "w": 20}


def test_what_overlaps_already_is_not_pushed_by_a_delay_elsewhere():
    overlapping = plan(x=("A", 10), y=("A", 20), z=("A", 100), w=("B", 20))
    assert starts(slipped(ROW, overlapping, {"z": 5})) == {"x": 10, "y": 20, "z": 105, "w": 20}


def test_the_first_behind_a_minute_is_on_the_same_day_and_stage():
    assert first_after(ROW, PUBLISHED, "A", 11) == Placement("y", "A", 30)
    assert first_after(ROW, PUBLISHED, "A", 61) is None
    tomorrow = plan(x=("A", 1010))
    assert first_after(ROW, tomorrow, "A", 20) is None


def test_a_repair_moves_fewer_than_slip_where_a_place_is_free():
    first = first_after(ROW, PUBLISHED, "A", 10)
    changed, published = held_up(ROW, PUBLISHED, first, 30)
    result = repair(changed, published)
    assert violations(changed, result.plan) == []
    assert result.plan.by_activity[DELAY] == Placement(DELAY, "A", 10)
    slips = slipped(ROW, PUBLISHED, {"x": 30})
    assert len(result.moved) == result.moves_bound == 2
    assert sum(slips.by_activity[i] != PUBLISHED.by_activity[i] for i in "xyz") == 3


def test_a_delay_within_a_block_does_not_interrupt_it():
    block = problem(ROW.activities, ROW.venues, blocks=(Block("b", ("x", "y", "z")),))
    inside = first_after(block, PUBLISHED, "A", 30)
    changed, published = held_up(block, PUBLISHED, inside, 20)
    result = repair(changed, published, frozen_before=20)
    assert violations(changed, result.plan) == []
    assert result.plan.by_activity["x"] == PUBLISHED.by_activity["x"]
    before = held_up(block, PUBLISHED, first_after(block, PUBLISHED, "A", 0), 20)[0]
    assert before.blocks == block.blocks


def test_who_is_kept_away_cannot_be_called_earlier():
    changed = kept_away(ROW, PUBLISHED, {"x": 35})
    assert {one.code for one in violations(changed, PUBLISHED)} == {Rule.TIME_LIMIT}
    result = repair(changed, PUBLISHED)
    assert result.moved == ("x",)
    assert result.plan.by_activity["x"].start - 10 >= 35
    never = kept_away(ROW, PUBLISHED, {"x": 5000})
    assert repair(never, PUBLISHED).plan is None
