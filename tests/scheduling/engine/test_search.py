"""What a search tells while it runs, how it is stopped, and how its end is named."""

import subprocess
import sys
from dataclasses import replace
from threading import current_thread

import pytest

from scheduler.scheduling.engine import Block, Party, Weights
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.result import Status, StoppedBy, gap_of
from scheduler.scheduling.engine.search import solve
from tests.scheduling.engine.small import item, plan, problem, venue

LONG = problem(
    [item(f"{number:02}", school="S", region="N") for number in range(14)],
    [venue("A", (0, 400)), venue("B", (0, 400))],
    parties=tuple(
        Party(f"party {number}", (f"{number:02}", f"{number + 1:02}")) for number in range(13)
    ),
    grid_minutes=1,
)
TWO = problem([item("x"), item("y")], parties=(Party("both", ("x", "y")),))


def test_an_easy_problem_is_proved():
    result = solve(TWO)
    assert (result.status, result.stopped_by) == (Status.OPTIMAL, StoppedBy.PROOF)
    waiting, idle = 60 - 30, 120 - 40
    assert (result.value, result.bound, result.gap) == (waiting + 2 * idle, 190, 0)
    assert result.value == sum(term.cost for term in result.terms)


def test_an_impossible_problem_is_not_called_undecided():
    result = solve(replace(TWO, venues=(venue("A", (0, 60)),)))
    assert (result.status, result.stopped_by) == (Status.IMPOSSIBLE, StoppedBy.PROOF)
    assert (result.plan, result.value, result.bound, result.gap) == (None, None, None, None)


def test_what_no_time_was_given_to_is_undecided():
    result = solve(LONG, seconds=None, deterministic_limit=0.0)
    assert (result.status, result.stopped_by) == (Status.UNDECIDED, StoppedBy.WORK_LIMIT)


def test_the_work_limit_ends_a_search_alike_every_time():
    once, again = (solve(LONG, seconds=None, deterministic_limit=0.4) for _ in range(2))
    assert once.stopped_by is StoppedBy.WORK_LIMIT
    assert violations(LONG, once.plan) == []
    assert (once.plan, once.bound) == (again.plan, again.bound)


def test_the_clock_ends_a_search():
    result = solve(LONG, seconds=1)
    assert (result.status, result.stopped_by) == (Status.FEASIBLE, StoppedBy.CLOCK)
    assert result.bound < result.value


def test_a_request_ends_a_search_and_the_best_plan_is_kept():
    seen = []
    result = solve(LONG, seconds=600, on_progress=seen.append, should_stop=lambda: has_plan(seen))
    assert result.stopped_by is StoppedBy.REQUEST
    assert violations(LONG, result.plan) == []
    assert result.value <= seen[-2].value


def has_plan(seen):
    return seen[-1].plan is not None


def test_progress_is_told_in_the_calling_thread():
    threads, seen = set(), []

    def hear(progress):
        threads.add(current_thread())
        seen.append(progress)

    result = solve(LONG, seconds=1, on_progress=hear)
    assert threads == {current_thread()}
    assert (seen[-1].value, seen[-1].bound, seen[-1].plan) == (
        result.value,
        result.bound,
        result.plan,
    )


def test_history_only_improves():
    history = solve(LONG, seconds=1).history
    values = [one.value for one in history if one.value is not None]
    bounds = [one.bound for one in history if one.bound is not None]
    assert values == sorted(values, reverse=True)
    assert bounds == sorted(bounds)
    assert [one.seconds for one in history] == sorted(one.seconds for one in history)


def test_a_failing_listener_ends_the_search():
    def fail(progress):
        raise RuntimeError("the line is cut")

    with pytest.raises(RuntimeError, match="the line is cut"):
        solve(LONG, seconds=600, on_progress=fail)


def test_a_warm_start_is_where_the_search_begins():
    best = solve(TWO).plan
    assert solve(TWO, warm_start=best).history[-1].value == solve(TWO).value


@pytest.mark.parametrize(
    "hint", [plan(x=("A", 10)), plan(x=("A", 10), y=("A", 15)), plan(z=("Z", 1)), plan()]
)
def test_a_warm_start_may_be_incomplete_or_wrong(hint):
    blocked = replace(TWO, blocks=(Block("b", ("x", "y")),))
    assert solve(blocked, warm_start=hint).status is Status.OPTIMAL


def test_without_wishes_any_valid_plan_costs_nothing():
    weights = Weights(**dict.fromkeys(Weights.__dataclass_fields__, 0))
    result = solve(replace(TWO, weights=weights))
    assert (result.status, result.value) == (Status.OPTIMAL, 0)


def test_a_problem_without_activities_has_an_empty_plan():
    result = solve(problem([]))
    assert (result.status, result.plan, result.value) == (Status.OPTIMAL, plan(), 0)


@pytest.mark.parametrize(
    ("value", "bound", "gap"), [(None, 3, None), (4, None, None), (4, 3, 0.25), (0, 0, 0)]
)
def test_the_gap_is_the_share_a_better_plan_could_save(value, bound, gap):
    assert gap_of(value, bound) == gap


FOREIGN = {"flask", "sqlalchemy", "werkzeug", "wtforms", "jinja2", "huey"}


def loaded_by(module):
    """The modules that a fresh interpreter holds after importing this one."""
    program = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    return set(done.stdout.decode().split())


def test_the_engine_loads_nothing_of_the_application():
    modules = loaded_by("scheduler.scheduling.engine.repair")
    ours = {name for name in modules if name.split(".")[0] == "scheduler"}
    assert modules & FOREIGN == set()
    assert {name for name in ours if "engine" not in name} == {"scheduler", "scheduler.scheduling"}


@pytest.mark.parametrize("module", ["", ".check", ".score", ".inputs", ".result", ".relax"])
def test_problems_and_plans_do_not_load_the_solver(module):
    assert "ortools" not in loaded_by(f"scheduler.scheduling.engine{module}")
