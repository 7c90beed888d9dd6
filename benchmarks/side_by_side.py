"""The festival of 60 ensembles: ours, plain CP-SAT and Timefold, one after another, equal time.

Each plan is judged by the independent checker and the score. Timefold runs where BENCH_TIMEFOLD
names the Python of an environment that has it; else the run says that it was left out.

    BENCH_TIMEFOLD=…/bin/python .venv/bin/python benchmarks/side_by_side.py [seconds] [0.6|0.9]
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.conference import processor_time
from benchmarks.festival_draw import SMALL, festival
from benchmarks.figures import Figure, report
from benchmarks.planning import PLAIN, plain_history
from scheduler.scheduling.engine import Plan, Problem
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.format import plan_from_json, problem_to_json
from scheduler.scheduling.engine.many.board import Board
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.search import solve

TIMEFOLD = os.environ.get("BENCH_TIMEFOLD", "")
QUARTER = 15


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    use = float(sys.argv[2]) if len(sys.argv) > 2 else 0.6
    problem = festival(SMALL[use])
    name = f"60 ensembles, {use:.0%} use, waiting after {seconds:.0f} s"
    ours = _judged("ours", problem, lambda: solve(problem, seconds=seconds).plan)
    plain = _judged(PLAIN, problem, lambda: plain_history(problem, 1, seconds)[-1].plan)
    figures = [Figure(name, ours, "quarters", PLAIN, plain)]
    if TIMEFOLD:
        peer = _judged("Timefold", problem, lambda: _timefold(problem, seconds))
        figures.append(Figure(name, ours, "quarters", "Timefold 1.24.0b0", peer))
    else:
        print("BENCH_TIMEFOLD is not set: Timefold was left out", file=sys.stderr)
    report(figures)


def _judged(who: str, problem: Problem, plan_of: Callable[[], Plan | None]) -> float:
    """Return the waiting of the plan that comes, not a number without a valid one; tell it."""
    began, spent = time.monotonic(), processor_time()
    plan = plan_of()
    took, spent = time.monotonic() - began, processor_time() - spent
    broken = None if plan is None else len(violations(problem, plan))
    waiting = None if plan is None or broken else score(problem, plan).value / QUARTER
    print(
        f"{who}: waiting {waiting}, broken rules {broken}, {took:.0f} s by the clock, "
        f"{spent:.0f} s of processor time",
        file=sys.stderr,
    )
    return float("nan") if waiting is None else waiting


def _timefold(problem: Problem, seconds: float) -> Plan:
    """Return what the peer comes to; its start and the reading of its model are not counted."""
    peer = str(Path(__file__).with_name("timefold_peer.py"))
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("problem.json", "places.json", "plan.json")]
        files[0].write_text(problem_to_json(problem), encoding="utf-8")
        files[1].write_text(json.dumps(_places(problem)), encoding="utf-8")
        subprocess.run(
            [TIMEFOLD, peer, *map(str, files), str(round(seconds))], check=True, cwd=folder
        )
        return plan_from_json(files[2].read_text(encoding="utf-8"))


def _places(problem: Problem) -> dict[str, list[tuple[int, int]]]:
    """Return for each activity the venues, by number, and the starts that it could have alone."""
    board = Board(problem)
    number = {venue.id: index for index, venue in enumerate(problem.venues)}
    return {
        id_: [
            (number[venue], int(step) * problem.grid_minutes)
            for venue, mask in venues.items()
            for step in board.steps.numbers(mask)
        ]
        for id_, venues in board.open.items()
    }


if __name__ == "__main__":
    main()
