"""How benchmark figures are told."""

import subprocess
import sys

from benchmarks.figures import Figure, table
from scheduler import paths

FAST = Figure("reading", 1.5, "s", baseline="bare", baseline_value=0.5, goal="≤ 4 ×")
ALONE = Figure("places", 1234.4, "rows")


def test_the_table_has_a_line_per_figure_with_its_ratio():
    assert table([FAST, ALONE]).splitlines() == [
        "figure   value       baseline     ratio  goal",
        "───────  ──────────  ───────────  ─────  ─────",
        "reading  1.5 s       bare: 0.5 s  3.00   ≤ 4 ×",
        "places   1,234 rows",
    ]


def test_a_figure_without_baseline_has_no_ratio():
    assert ALONE.ratio is None


def test_an_unknown_benchmark_is_named():
    program = paths.PACKAGE.parent / "scripts" / "bench.py"
    done = subprocess.run(
        [sys.executable, str(program), "speed"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "There is no such benchmark: speed\n")
