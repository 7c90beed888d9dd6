"""The demo festival planned on two cores: first plan, cost, proven bound, explanation, repair.

The baseline is plain CP-SAT: the same model with the solver's default settings. Times are medians
of several seeds; what each run came to is printed before the table.

    .venv/bin/python benchmarks/planning.py [seconds] [seeds]
"""

import os
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.festival_problem import SATURDAY, SUNDAY, festival_problem
from benchmarks.figures import Figure, report
from scheduler.scheduling.engine import Lock, Plan, Problem, Window
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.constraints import add_rules
from scheduler.scheduling.engine.explain import explain
from scheduler.scheduling.engine.model import Model
from scheduler.scheduling.engine.repair import repair
from scheduler.scheduling.engine.result import Measure, Progress, Result, StoppedBy
from scheduler.scheduling.engine.run import Limits, run
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.search import solve
from scheduler.scheduling.engine.watch import Audience, Watch
from scheduler.scheduling.engine.wishes import objective

PLAIN = "CP-SAT, default settings"


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    seeds = range(1, 1 + (int(sys.argv[2]) if len(sys.argv) > 2 else 3))
    problem = festival_problem()
    results = [_told(solve(problem, seed=seed, seconds=seconds), seed) for seed in seeds]
    if any(violations(problem, result.plan) for result in results if result.plan):
        sys.exit("a plan breaks a rule")
    plain = [plain_history(problem, seed, seconds) for seed in seeds]
    best = min((result for result in results if result.plan), key=lambda result: result.value or 0)
    figures = [*_planned(results, plain, seconds), _proved(problem, seeds)]
    if best.plan is not None:
        figures += _explained(problem) + _repaired(problem, best.plan)
    report(figures)


def _told(result: Result, seed: int) -> Result:
    if not os.environ.get("BENCH_JSON"):
        share = "" if result.gap is None else f", gap {result.gap:.1%}"
        print(
            f"seed {seed}: {result.status}, {result.value} / {result.bound}{share}, "
            f"{result.seconds:.1f} s"
        )
    return result


def plain_history(problem: Problem, seed: int, seconds: float) -> tuple[Progress, ...]:
    """Solve the same model with the solver's defaults; return how it went."""
    audience = Audience(None, None)
    watch = Watch(audience, lambda plan: score(problem, plan).value)
    model = Model(problem)
    add_rules(model)
    model.cp.minimize(objective(model))
    limits = Limits(seed, audience.left(seconds), full_workers=())
    watch.close(run(model.cp, limits, model.plan, watch).bound)
    return tuple(audience.history)


def _planned(
    results: list[Result], plain: list[tuple[Progress, ...]], seconds: float
) -> list[Figure]:
    ours = [result.history for result in results]
    after = f"after {seconds:.0f} s"
    return [
        Figure("first valid plan", _first(ours), "s", PLAIN, _first(plain), "≤ 2 s"),
        Figure(f"cost {after}", _last(ours, "value"), "points", PLAIN, _last(plain, "value")),
        Figure(
            f"proven bound {after}", _last(ours, "bound"), "points", PLAIN, _last(plain, "bound")
        ),
        Figure(f"gap {after}", _gap(ours), "%", PLAIN, _gap(plain), "≤ 2 %"),
        Figure("search ended after", _end(ours), "s", PLAIN, _end(plain), f"≤ {seconds:.0f} s"),
    ]


def _proved(problem: Problem, seeds: range) -> Figure:
    """Measure the reproducible search, in processor time: it says the same on a busy machine."""
    times = []
    for seed in seeds:
        began = time.process_time()
        result = _told(solve(problem, seed=seed, seconds=None, deterministic_limit=60), seed)
        times.append(time.process_time() - began)
        if result.stopped_by is not StoppedBy.PROOF:
            sys.exit(f"seed {seed}: no proof within the work limit")
    name = "processor time until the optimum is proved, one worker"
    return Figure(name, statistics.median(times), "s", goal="≤ 60 s")


def _first(histories: list[tuple[Progress, ...]]) -> float:
    return statistics.median(
        next((one.seconds for one in history if one.value is not None), history[-1].seconds)
        for history in histories
    )


def _last(histories: list[tuple[Progress, ...]], what: str) -> float:
    return statistics.median(getattr(history[-1], what) or 0 for history in histories)


def _gap(histories: list[tuple[Progress, ...]]) -> float:
    gaps = [history[-1].gap for history in histories]
    return 100 * statistics.median(1.0 if gap is None else gap for gap in gaps)


def _end(histories: list[tuple[Progress, ...]]) -> float:
    return statistics.median(history[-1].seconds for history in histories)


def _without(problem: Problem, venue: str) -> Problem:
    """Return the problem with a venue lost for the whole of Saturday."""
    lost = (Window(SATURDAY, SUNDAY),)
    venues = tuple(replace(v, closures=lost) if v.id == venue else v for v in problem.venues)
    return replace(problem, venues=venues)


def _explained(problem: Problem) -> list[Figure]:
    """Explain a local collision, and one that only counting over all venues shows."""
    local = replace(problem, locks=(Lock("G33", "V3"),))
    morning = (Window(SATURDAY + 540, SATURDAY + 780),)
    crowded = replace(
        problem, venues=tuple(replace(v, windows=morning, closures=()) for v in problem.venues)
    )
    figures = []
    for name, impossible, goal in (
        ("explanation, a local collision", local, "≤ 1 s"),
        ("explanation, too little time in all", crowded, "≤ 30 s"),
    ):
        found = explain(impossible)
        rules = f"{len(found.rules)} rules{', minimal' if found.minimal else ''}"
        figures.append(Figure(f"{name}: {rules}", found.seconds, "s", goal=goal))
    return figures


def _repaired(problem: Problem, plan: Plan) -> list[Figure]:
    figures = []
    for venue in ("V1", "V2", "V3"):
        result = repair(_without(problem, venue), plan, seconds=30)
        first = next((one.seconds for one in result.history if one.plan), result.seconds)
        moved = f"{len(result.moved)} of {len(plan.placements)} moved, bound {result.moves_bound}"
        name = f"repair, {venue} lost on Saturday: {moved}"
        figures.append(Figure(f"{name}; first draft", first, "s", goal="≤ 3 s"))
        proved = next(
            (h.seconds for h in result.history if h.measure is Measure.MOVES and h.gap == 0),
            result.seconds,
        )
        figures.append(Figure(f"{name}; fewest moves proved", proved, "s", goal="≤ 10 s"))
    return figures


if __name__ == "__main__":
    main()
