"""Conferences of CoSPLib under its full count, as problems of the engine's own file format.

.venv/bin/python benchmarks/conferences.py [seconds] [instance ...]
"""

import csv
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import cosplib
from benchmarks.conference import processor_time
from benchmarks.cosplib_score import official_cost
from benchmarks.figures import INSTANCES, Figure, report
from scheduler.scheduling.engine.format import problem_from_json, problem_to_json
from scheduler.scheduling.engine.search import solve

FOLDER = INSTANCES / "cosplib"
PUBLISHED = "published_exact_full_score", "published_extended_full_score"


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    if not FOLDER.is_dir():
        _say(f"no instances: {FOLDER} is missing; set BENCH_INSTANCES")
    paths = sorted((FOLDER / "Dataset").glob("*.xlsx"))
    names = sys.argv[2:] or [path.stem for path in paths]
    report([one for path in paths if path.stem in names for one in _figures(path, seconds)])


def _figures(path: Path, seconds: float) -> list[Figure]:
    book = cosplib.read(path)
    problem = problem_from_json(problem_to_json(cosplib.problem_of(book)))
    if cosplib.uncovered(book):
        _say(f"{path.stem}: {', '.join(cosplib.uncovered(book))} is counted, but not planned for")
    began = processor_time()
    result = solve(problem, seconds=seconds)
    spent = processor_time() - began
    if result.plan is None:
        sys.exit(f"{path.stem}: {result.status}")
    broken, cost = official_cost(book, result.plan)
    if broken:
        sys.exit(f"{path.stem}: the plan breaks a rule")
    if cost != result.value:
        _say(f"{path.stem}: the engine counts {result.value}, the library {cost}")
    goal, known = _best_known(path.stem)
    return [
        Figure(f"{path.stem}: full count", cost, "", "least listed", known, goal),
        Figure(f"{path.stem}: proven bound", result.bound or 0, ""),
        Figure(f"{path.stem}: {result.status} after", result.seconds, "s", goal="≤ 60 s"),
        Figure(f"{path.stem}: processor time", spent, "s"),
    ]


def _best_known(name: str) -> tuple[str, float | None]:
    """Return the goal in words and the least value listed, none where nothing is."""
    table = FOLDER / "best_known.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines()) if table.is_file() else ()
    known = [
        int(value)
        for row in rows
        if row["instance"] == name
        for value in (*_published(row), *re.findall(r"full score (\d+)", row["other_runs"] or ""))
    ]
    return (f"≤ {min(known):,}", min(known)) if known else ("", None)


def _published(row: dict[str, str]) -> list[str]:
    return [row[column] for column in PUBLISHED if row[column]]


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
