"""What each command of the engine does: reads its files, works, writes JSON, returns the status."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import IntEnum
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.elsewhere import survey
from scheduler.scheduling.engine.format import (
    assignment_from_json,
    assignment_to_json,
    plan_from_json,
    plan_to_json,
    problem_from_json,
)
from scheduler.scheduling.engine.schema import schema_of
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.shape import ProblemError

if TYPE_CHECKING:
    from argparse import Namespace

    from scheduler.scheduling.engine.plan import Plan
    from scheduler.scheduling.engine.problem import Problem
    from scheduler.scheduling.engine.result import Progress, Result
    from scheduler.scheduling.engine.tradeoffs import Choice, Step

STDIN = "-"

stop = Event()
"""Set by whoever wants a search to end and keep what it has."""


class Exit(IntEnum):
    """What the status of a command says."""

    FOUND = 0
    NONE = 1
    UNUSABLE = 2


def solve(arguments: Namespace) -> Exit:
    """Write the best plan found."""
    from scheduler.scheduling.engine.search import solve as search  # noqa: PLC0415 - OR-Tools

    start = arguments.start and _plan(arguments.start)
    return _write_result(
        search(_problem(arguments.problem), warm_start=start, **_limits(arguments, _tell))
    )


def repair(arguments: Namespace) -> Exit:
    """Write the plan that moves the fewest activities of another plan."""
    from scheduler.scheduling.engine.repair import repair as mend  # noqa: PLC0415 - OR-Tools

    problem, published = _problem(arguments.problem), _plan(arguments.plan)
    limits = _limits(arguments, _tell)
    return _write_result(mend(problem, published, frozen_before=arguments.now, **limits))


def tradeoffs(arguments: Namespace) -> Exit:
    """Write a few plans of which none is better in one wish and as good in the others."""
    from scheduler.scheduling.engine import tradeoffs as engine  # noqa: PLC0415 - OR-Tools

    start = arguments.start and _plan(arguments.start)
    limits = _limits(arguments, _tell_step)
    found = engine.tradeoffs(_problem(arguments.problem), start, **limits)
    _write(
        {
            "status": found.status,
            "start": found.start and _figures(found.start),
            "choices": [
                {**_figures(one), "plan": [asdict(place) for place in one.plan.placements]}
                for one in found.choices
            ],
            "floors": [
                {"wish": one.wish[0], "weight": one.wish[1], "found": one.found, "bound": one.bound}
                for one in found.floors
            ],
        }
    )
    return Exit.FOUND if found.choices else Exit.NONE


def check(arguments: Namespace) -> Exit:
    """List the rules that a plan breaks, and what it costs."""
    problem, plan = _problem(arguments.problem), _plan(arguments.plan)
    broken = violations(problem, plan)
    complete = {place.activity for place in plan.placements} >= set(problem.activity_by_id)
    cost = asdict(score(problem, plan)) if complete else None
    _write({"violations": [asdict(one) for one in broken], "score": cost})
    return Exit.NONE if broken else Exit.FOUND


def explain(arguments: Namespace) -> Exit:
    """Name the rules that leave no plan, and what would help."""
    from scheduler.scheduling.engine.explain import explain as reasons  # noqa: PLC0415 - OR-Tools

    explanation = reasons(_problem(arguments.problem), seconds=arguments.seconds)
    _write(asdict(explanation))
    return Exit.FOUND if explanation.verdict == "possible" else Exit.NONE


def elsewhere(arguments: Namespace) -> Exit:
    """Say where else an activity could stand while all others stay, and what holds it back."""
    problem, plan = _problem(arguments.problem), _plan(arguments.plan)
    if arguments.activity not in problem.activity_by_id:
        raise ProblemError("activity_unknown", id=arguments.activity)
    found = survey(problem, plan, arguments.activity)
    _write(asdict(found))
    return Exit.FOUND if found.free or found.swaps else Exit.NONE


def assign(arguments: Namespace) -> Exit:
    """Write who goes where, or what is short."""
    from scheduler.scheduling.engine.assigning.solve import assign as place  # noqa: PLC0415

    problem = assignment_from_json(_text(arguments.problem))
    result = place(problem, aim=arguments.aim, seconds=arguments.seconds)
    sys.stdout.write(assignment_to_json(result) + "\n")
    return Exit.FOUND if result.assigned or not problem.people else Exit.NONE


def schema(arguments: Namespace) -> Exit:
    """Write the JSON Schema of a kind of file."""
    _write(schema_of(arguments.of))
    return Exit.FOUND


def _problem(path: str) -> Problem:
    return problem_from_json(_text(path))


def _plan(path: str) -> Plan:
    return plan_from_json(_text(path))


def _text(path: str) -> str:
    content = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError("not_text") from error


def _limits(arguments: Namespace, tell: Any) -> dict[str, Any]:
    return {
        "seed": arguments.seed,
        "seconds": arguments.seconds,
        "deterministic_limit": arguments.work,
        "on_progress": tell,
        "should_stop": stop.is_set,
    }


def _write_result(result: Result) -> Exit:
    """Write a plan with what is known about it; without one, say so on the error output."""
    if result.plan is None:
        sys.stderr.write(f"{result.status}\n")
        return Exit.NONE
    facts: dict[str, object] = {
        "status": result.status,
        "value": result.value,
        "bound": result.bound,
    }
    if result.moves_bound is not None:
        facts |= {"moved": result.moved, "moves_bound": result.moves_bound}
    sys.stdout.write(plan_to_json(result.plan, **facts) + "\n")
    return Exit.FOUND


def _figures(choice: Choice) -> dict[str, object]:
    terms = [asdict(term) for term in choice.score.terms if term.weight]
    return {"value": choice.score.value, "terms": terms, "is_proved": choice.is_proved}


def _tell(progress: Progress) -> None:
    sys.stderr.write(f"{progress.seconds:7.1f} s  {progress.value} / {progress.bound}\n")


def _tell_step(step: Step) -> None:
    sys.stderr.write(f"{step.seconds:7.1f} s  {step.search} of {step.searches}: {step.choices}\n")


def _write(content: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
