"""A measured figure and how it is told: as a table for people, as JSON lines for `make bench`."""

import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

INSTANCES = Path(
    os.environ.get("BENCH_INSTANCES")
    or Path(__file__).resolve().parents[2] / "shared" / "instances"
)
"""Where public instances lie, which are no part of the project."""


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; where there is a baseline, what it is and its value in the same unit.

    `goal` says in words what the figure should keep, for example "≤ 3 × the baseline".
    """

    name: str
    value: float
    unit: str
    baseline: str = ""
    baseline_value: float | None = None
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        if not self.baseline_value:
            return None
        return self.value / self.baseline_value


def seconds(work: Callable[[], object], *, repeats: int = 5) -> float:
    """The median time of `repeats` runs, after one that is not counted."""
    work()
    return statistics.median(_once(work) for _ in range(repeats))


def processor_seconds(root: int) -> float:
    """Return what the process of that number and its children have spent so far."""
    process = psutil.Process(root)
    return sum(own_seconds(each) for each in (process, *process.children(recursive=True)))


def own_seconds(process: psutil.Process) -> float:
    """Return what one process has spent so far; nothing if it has ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def report(figures: Sequence[Figure]) -> None:
    """Print the figures; as JSON lines when the variable BENCH_JSON is set."""
    if os.environ.get("BENCH_JSON"):
        for figure in figures:
            print(json.dumps(asdict(figure), ensure_ascii=False))
    else:
        print(table(figures))


def table(figures: Sequence[Figure]) -> str:
    """A table with one line per figure."""
    rows = [("figure", "value", "baseline", "ratio", "goal")] + [_row(each) for each in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def _row(figure: Figure) -> tuple[str, str, str, str, str]:
    parts = [figure.baseline] if figure.baseline else []
    if figure.baseline_value is not None:
        parts.append(f"{_number(figure.baseline_value)} {figure.unit}")
    baseline = ": ".join(parts)
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return figure.name, f"{_number(figure.value)} {figure.unit}", baseline, ratio, figure.goal


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
