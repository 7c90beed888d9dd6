"""Closing in from both sides: however little work each step gets, the answer stays the same."""

import pytest

from scheduler.scheduling.engine import Block, Party, squeeze
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.result import Status, StoppedBy
from scheduler.scheduling.engine.search import solve
from tests.scheduling.engine.small import item, problem, venue

MIDDLE = problem(
    [item(id_, school="S", region="NM"[number % 2]) for number, id_ in enumerate("abcd")],
    [venue("A", (0, 80), (100, 200)), venue("B", (0, 120))],
    parties=(Party("ac", ("a", "c"), rest_minutes=20), Party("bd", ("b", "d"))),
    blocks=(Block("first", ("a", "b"), may_pause=True),),
)


@pytest.fixture(scope="module")
def least():
    return solve(MIDDLE, seconds=None, deterministic_limit=60).value


@pytest.mark.parametrize("work", [0.01, 5.0])
@pytest.mark.parametrize("close", [0.0, 1.0])
def test_every_path_leads_to_the_same_proof(monkeypatch, least, work, close):
    monkeypatch.setattr(squeeze, "OPENING_WORK", 0.01)
    monkeypatch.setattr(squeeze, "PROBE_WORK", work)
    monkeypatch.setattr(squeeze, "CLOSE", close)
    result = solve(MIDDLE, seconds=None, deterministic_limit=60)
    assert violations(MIDDLE, result.plan) == []
    assert (result.status, result.value, result.stopped_by) == (
        Status.OPTIMAL,
        least,
        StoppedBy.PROOF,
    )


def test_a_limit_between_two_steps_ends_the_search(monkeypatch):
    monkeypatch.setattr(squeeze, "OPENING_WORK", 0.01)
    result = solve(MIDDLE, seconds=None, deterministic_limit=0.011)
    assert result.stopped_by is StoppedBy.WORK_LIMIT
    assert violations(MIDDLE, result.plan) == []


def test_an_opening_too_short_for_a_plan_goes_on_until_there_is_one(monkeypatch, least):
    monkeypatch.setattr(squeeze, "OPENING_WORK", 0.0)
    result = solve(MIDDLE, seconds=None, deterministic_limit=60)
    assert (result.status, result.value) == (Status.OPTIMAL, least)
