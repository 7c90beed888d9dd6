"""Runs the programs in benchmarks/ one after another and prints all their figures in one table.

`python scripts/bench.py` runs all, `python scripts/bench.py feeds planning` the named ones. Each
runs in a process of its own, so that no figure depends on what was measured before it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.figures import Figure, table  # noqa: E402 - needs the path above

NOT_PROGRAMS = {
    "conference", "cosplib", "cosplib_score", "ctt", "festival_draw", "festival_problem",
    "figures", "polling", "rush_entries", "rush_officers", "timefold_peer", "__init__",
}  # fmt: skip


def main(names: list[str]) -> int:
    """Return 1 if a benchmark failed; the figures of the others are shown all the same."""
    programs = sorted((ROOT / "benchmarks").glob("*.py"))
    chosen = [
        program
        for program in programs
        if program.stem not in NOT_PROGRAMS and (not names or program.stem in names)
    ]
    unknown = set(names) - {program.stem for program in chosen}
    if unknown:
        print(f"There is no such benchmark: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    failed = []
    for program in chosen:
        print(f"{program.stem} …", file=sys.stderr, flush=True)
        measured = _run(program)
        figures += measured or []
        failed += [] if measured else [program.stem]
    print(table(figures))
    if failed:
        print(f"Gave no figures: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _run(program: Path) -> list[Figure] | None:
    done = subprocess.run(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "BENCH_JSON": "1", "PYTHONPATH": str(ROOT)},
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return [Figure(**json.loads(line)) for line in lines] if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
