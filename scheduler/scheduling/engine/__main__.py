"""The engine from a command line: solve, check or explain a problem in a JSON file, assign people.

    python -m scheduler.scheduling.engine solve problem.json --seconds 60 > plan.json
    python -m scheduler.scheduling.engine check problem.json plan.json
    python -m scheduler.scheduling.engine explain problem.json
    python -m scheduler.scheduling.engine assign people.json --aim fairest

Exit status: 0 a valid plan or assignment, 1 none (or a broken rule), 2 a file that cannot be used.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.scheduling.engine.assigning.result import Aim
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.format import (
    assignment_from_json,
    assignment_to_json,
    plan_from_json,
    plan_to_json,
    problem_from_json,
)
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.shape import ProblemError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.scheduling.engine.result import Progress


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    arguments = _parser().parse_args(words)
    try:
        return int(arguments.command(arguments))
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
    except ProblemError as error:
        sys.stderr.write(f"{error}\n")
    return 2


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m scheduler.scheduling.engine")
    commands = parser.add_subparsers(required=True)
    solve = commands.add_parser("solve", help="write the best plan found as JSON")
    solve.set_defaults(command=_solve)
    solve.add_argument("problem", type=Path)
    solve.add_argument("--seconds", type=float, default=60)
    solve.add_argument("--work", type=float, help="deterministic limit: the same plan every time")
    solve.add_argument("--seed", type=int, default=1)
    solve.add_argument("--start", type=Path, help="a plan to start from")
    check = commands.add_parser("check", help="list the rules that a plan breaks, and its cost")
    check.set_defaults(command=_check)
    check.add_argument("problem", type=Path)
    check.add_argument("plan", type=Path)
    explain = commands.add_parser("explain", help="name the rules that leave no plan")
    explain.set_defaults(command=_explain)
    explain.add_argument("problem", type=Path)
    explain.add_argument("--seconds", type=float, default=30)
    assign = commands.add_parser("assign", help="write who goes where as JSON, or what is short")
    assign.set_defaults(command=_assign)
    assign.add_argument("problem", type=Path)
    assign.add_argument("--aim", type=Aim, choices=list(Aim), default=Aim.CHEAPEST)
    assign.add_argument("--seconds", type=float, default=60)
    return parser


def _solve(arguments: Namespace) -> int:
    from scheduler.scheduling.engine.search import solve  # noqa: PLC0415 - loads OR-Tools

    start = arguments.start and plan_from_json(arguments.start.read_text(encoding="utf-8"))
    result = solve(
        problem_from_json(arguments.problem.read_text(encoding="utf-8")),
        seed=arguments.seed,
        seconds=arguments.seconds,
        deterministic_limit=arguments.work,
        warm_start=start,
        on_progress=_tell,
    )
    if result.plan is None:
        sys.stderr.write(f"{result.status}\n")
        return 1
    facts = {"status": result.status, "value": result.value, "bound": result.bound}
    sys.stdout.write(plan_to_json(result.plan, **facts) + "\n")
    return 0


def _tell(progress: Progress) -> None:
    sys.stderr.write(f"{progress.seconds:7.1f} s  {progress.value} / {progress.bound}\n")


def _check(arguments: Namespace) -> int:
    problem = problem_from_json(arguments.problem.read_text(encoding="utf-8"))
    plan = plan_from_json(arguments.plan.read_text(encoding="utf-8"))
    broken = violations(problem, plan)
    complete = {place.activity for place in plan.placements} >= set(problem.activity_by_id)
    cost = asdict(score(problem, plan)) if complete else None
    _write({"violations": [asdict(one) for one in broken], "score": cost})
    return 1 if broken else 0


def _explain(arguments: Namespace) -> int:
    from scheduler.scheduling.engine.explain import explain  # noqa: PLC0415 - loads OR-Tools

    problem = problem_from_json(arguments.problem.read_text(encoding="utf-8"))
    explanation = explain(problem, seconds=arguments.seconds)
    _write(asdict(explanation))
    return 0 if explanation.verdict == "possible" else 1


def _assign(arguments: Namespace) -> int:
    from scheduler.scheduling.engine.assigning.solve import assign  # noqa: PLC0415 - OR-Tools

    problem = assignment_from_json(arguments.problem.read_text(encoding="utf-8"))
    result = assign(problem, aim=arguments.aim, seconds=arguments.seconds)
    sys.stdout.write(assignment_to_json(result) + "\n")
    return 0 if result.assigned or not problem.people else 1


def _write(content: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
