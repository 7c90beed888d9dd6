"""Large festivals of our own generator: first valid plan, waiting, what is proved, peak memory.

Each runs in a process of its own, so that its memory is its own. The waiting is counted in
quarter-hours of people, beyond ten minutes for each pause; presence is that and the time in which
people are busy. What each run came to is printed before the table.

    .venv/bin/python benchmarks/festivals.py [seconds] [seeds] [0.6|0.9|500]
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.festival_draw import LARGE, SMALL, festival
from benchmarks.figures import Figure, report
from scheduler.scheduling.engine import Problem
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.search import solve

SIZES = {"0.6": SMALL[0.6], "0.9": SMALL[0.9], "500": LARGE}
QUARTER = 15
LARGE_SHARE = 5  # the large festival gets so many times the seconds
ONE_RUN = 4


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    names = [sys.argv[3]] if len(sys.argv) > 3 else list(SIZES)
    if len(sys.argv) > ONE_RUN:
        print(json.dumps(_one(names[0], seconds, seeds)))
        return
    report([figure for name in names for figure in _figures(name, seconds, seeds)])


def _one(name: str, seconds: float, seed: int) -> dict[str, float]:
    """Solve one festival with one seed and return what came of it."""
    problem = festival(SIZES[name])
    began = time.process_time()
    result = solve(problem, seed=seed, seconds=seconds)
    spent = time.process_time() - began
    if result.plan is None or violations(problem, result.plan):
        sys.exit(f"{name}, seed {seed}: no valid plan")
    busy, value, bound = _busy(problem), result.value or 0, result.bound or 0
    return {
        "first": next(one.seconds for one in result.history if one.value is not None),
        "waiting": value / QUARTER,
        "bound": bound / QUARTER,
        "of presence": 100 * value / (busy + value),
        "certified": 100 * ((busy + value) / (busy + bound) - 1),
        "processor": spent,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _busy(problem: Problem) -> int:
    return sum(
        party.persons * (activity.ends - party.begins(activity))
        for party in problem.parties
        for activity in map(problem.activity_by_id.__getitem__, party.activities)
    )


def _figures(name: str, seconds: float, seeds: int) -> list[Figure]:
    time_ = seconds * LARGE_SHARE if name == "500" else seconds
    runs = [_beside(name, time_, seed) for seed in range(1, seeds + 1)]
    median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    large = name == "500"
    who = "500 ensembles" if large else f"60 ensembles, {float(name):.0%} use"
    after = f"after {time_:.0f} s"
    return [
        Figure(
            f"{who}: first valid plan", median["first"], "s", goal="≤ 15 s" if large else "≤ 0.5 s"
        ),
        Figure(
            f"{who}: waiting {after}", median["waiting"], "quarters", goal="" if large else "≤ 500"
        ),
        Figure(f"{who}: bound of it", median["bound"], "quarters"),
        Figure(
            f"{who}: share of presence", median["of presence"], "%", goal="≤ 5 %" if large else ""
        ),
        Figure(
            f"{who}: above the bound, of presence",
            median["certified"],
            "%",
            goal="" if large else "≤ 2 %",
        ),
        Figure(f"{who}: processor time", median["processor"], "s"),
        Figure(f"{who}: peak memory", median["memory"], "MB"),
    ]


def _beside(name: str, seconds: float, seed: int) -> dict[str, float]:
    words = [sys.executable, __file__, str(seconds), str(seed), name, "one"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    run: dict[str, float] = json.loads(done.stdout)
    if not os.environ.get("BENCH_JSON"):
        print(name, seed, {key: round(value, 2) for key, value in run.items()})
    return run


if __name__ == "__main__":
    main()
