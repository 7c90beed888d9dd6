"""Course timetables of ITC-2007 and conferences planned in equal periods, on two cores.

The instances are read from a folder (`BENCH_INSTANCES`, default ../shared/instances).
Every plan is checked twice: by the engine, and by the competition's own count in `ctt.py`. The
baseline is plain CP-SAT, the same model with the solver's default settings and as much time;
conferences are compared with conference-scheduler where that is installed.

    .venv/bin/python benchmarks/periods.py [seconds] [instance ...]
"""

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.conference import conference, peer_seconds, processor_time
from benchmarks.ctt import official_cost, problem_of, read
from benchmarks.figures import INSTANCES, Figure, report
from scheduler.scheduling.engine import Problem
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.format import problem_from_json, problem_to_json
from scheduler.scheduling.engine.periods.model import PeriodModel
from scheduler.scheduling.engine.periods.prover import plan_reader
from scheduler.scheduling.engine.periods.timetable import Timetable
from scheduler.scheduling.engine.result import Progress, Result
from scheduler.scheduling.engine.run import Limits, run
from scheduler.scheduling.engine.score import score
from scheduler.scheduling.engine.search import solve
from scheduler.scheduling.engine.watch import Audience, Watch

PLAIN = "CP-SAT, default settings"
PEER = "conference-scheduler 3.0.1"


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    figures = [
        figure
        for path in _instances(sys.argv[2:])
        for figure in _course_timetable(path, seconds, _best_known(path))
    ]
    report([*figures, *_conferences(seconds)])


def _instances(names: list[str]) -> list[Path]:
    folder = INSTANCES / "itc2007_cbctt"
    if not folder.is_dir():
        _say(f"no instances: {folder} is missing; set BENCH_INSTANCES")
    return [path for path in sorted(folder.glob("*.ctt")) if not names or path.stem in names]


def _best_known(path: Path) -> str:
    table = path.parent / "best_known.csv"
    if not table.is_file():
        return ""
    rows = csv.reader(table.read_text(encoding="utf-8").splitlines())
    return next((value for name, value in rows if name == path.stem), "")


def _course_timetable(path: Path, seconds: float, best_known: str) -> list[Figure]:
    timetable = read(path)
    problem = problem_from_json(problem_to_json(problem_of(timetable)))
    began = processor_time()
    result = solve(problem, seconds=seconds)
    _check(problem, result, path.stem)
    if result.plan is not None and official_cost(timetable, result.plan) != (0, result.value):
        sys.exit(f"{path.stem}: the competition counts otherwise")
    _say(
        f"{path.stem}: {result.status}, {result.value} / {result.bound}, {result.seconds:.1f} s, "
        f"{processor_time() - began:.1f} s of processor time"
    )
    plain = _plain(problem, seconds)
    return [
        Figure(f"{path.stem}: cost", _number(result.value), "", PLAIN, plain.value, best_known),
        Figure(f"{path.stem}: proven bound", _number(result.bound), "", PLAIN, plain.bound),
        Figure(f"{path.stem}: ended after", result.seconds, "s", PLAIN, plain.seconds),
    ]


def _plain(problem: Problem, seconds: float) -> Progress:
    """Solve the same model with the solver's defaults; return how far it came."""
    audience = Audience(None, None)
    watch = Watch(audience, lambda plan: score(problem, plan).value)
    model = PeriodModel(Timetable(problem), rooms=True)
    limits = Limits(1, audience.left(seconds), full_workers=())
    watch.close(run(model.cp, limits, plan_reader(model), watch).bound)
    return Progress(audience.seconds, watch.value, watch.bound)


def _conferences(seconds: float) -> list[Figure]:
    figures = []
    for events, slots in ((30, 40), (120, 160)):
        problem = conference(events, slots)
        began = processor_time()
        result = solve(problem, seconds=seconds)
        took = processor_time() - began
        _check(problem, result, f"conference {events}/{slots}")
        peer = peer_seconds(problem)
        if peer is None:
            _say("conference-scheduler is not installed: no comparison")
        name = f"conference, {events} events in {slots} slots: {result.status}, processor time"
        figures.append(Figure(name, took, "s", PEER, peer))
    return figures


def _check(problem: Problem, result: Result, name: str) -> None:
    if result.plan is not None and violations(problem, result.plan):
        sys.exit(f"{name}: the plan breaks a rule")


def _number(value: int | None) -> float:
    return float("nan") if value is None else value


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
