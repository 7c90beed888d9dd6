"""Rehearsals and shooting days: the best order of pieces, so that players wait as little as can be.

Public instances of the rehearsal problem and of talent scheduling, read from a folder that is not
part of the project (`BENCH_INSTANCES`), and generated ones. Each goes through the engine's own
file format. Times are processor time until the optimum is proved; a value that is not proved, or
not the one that the folder lists, is an error.

    .venv/bin/python benchmarks/rehearsals.py
"""

import csv
import random
import re
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import INSTANCES, Figure, report
from scheduler.scheduling.engine import (
    STAGE,
    Activity,
    Part,
    Party,
    Problem,
    Venue,
    Window,
)
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.format import problem_from_json, problem_to_json
from scheduler.scheduling.engine.result import Result, Status
from scheduler.scheduling.engine.search import solve

GENERATED = {(20, 12): 20, (30, 10): 5}
GOAL = "≤ 5 s"
MOST_WORK = 60.0


@dataclass(frozen=True)
class Instance:
    """Pieces with their minutes, players with their pieces and pay, and the least known waiting."""

    name: str
    minutes: list[int]
    players: list[list[int]]
    pay: list[int]
    least: int | None = None

    def problem(self) -> Problem:
        """Return it as a file of the engine would hold it, read back from its text."""
        whole = Window(0, sum(self.minutes))
        pieces = range(len(self.minutes))
        problem = Problem(
            days=(whole,),
            venues=(Venue("stage", 0, (whole,)),),
            activities=tuple(
                Activity(str(piece), (Part(STAGE, 0, self.minutes[piece]),)) for piece in pieces
            ),
            parties=tuple(
                Party(f"player {number}", tuple(map(str, playing)), pay, rest_minutes=0)
                for number, (playing, pay) in enumerate(zip(self.players, self.pay, strict=True))
            ),
            comfort_minutes=0,
        )
        return problem_from_json(problem_to_json(problem))


def main() -> None:
    figures = [_public_figure(instance) for instance in _public()]
    for (pieces, players), count in GENERATED.items():
        times = [_proved(each)[1] for each in _generated(pieces, players, count)]
        name = f"{count} generated of {pieces} × {players}, all proved"
        figures.append(Figure(f"{name}: median", statistics.median(times), "s"))
        figures.append(Figure(f"{name}: longest", max(times), "s", goal=GOAL))
    report(figures)


def _public_figure(instance: Instance) -> Figure:
    result, spent = _proved(instance)
    size = f"{len(instance.minutes)} × {len(instance.players)}"
    found = f"waiting {result.value}, bound {result.bound}, least known {instance.least}"
    return Figure(f"{instance.name}, {size}: {found}", spent, "s", goal=GOAL)


def _proved(instance: Instance) -> tuple[Result, float]:
    """Solve an instance; return what was found and the processor time until it was proved."""
    problem = instance.problem()
    began = time.process_time()
    result = solve(problem, seconds=None, deterministic_limit=MOST_WORK)
    spent = time.process_time() - began
    if result.plan is None or violations(problem, result.plan):
        sys.exit(f"{instance.name}: no plan that keeps the rules")
    if result.status is not Status.OPTIMAL:
        sys.exit(f"{instance.name}: {result.value} is not proved, bound {result.bound}")
    if instance.least not in {None, result.value}:
        sys.exit(f"{instance.name}: {result.value} instead of {instance.least}")
    return result, spent


def _public() -> Iterator[Instance]:
    folder = INSTANCES / "rehearsal_talent"
    if not folder.is_dir():
        print(f"no public instances: {folder} is missing", file=sys.stderr)
        return
    with (folder / "best_known.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            file = folder / row["instance"]
            if file.is_file():  # some are only tables in a specification
                read = _read_dzn if file.suffix == ".dzn" else _read_ddo
                yield read(file, int(row["optimal_wait"]))


def _read_dzn(file: Path, least: int) -> Instance:
    """Read MiniZinc data: durations, and a row of flags for each player; all are paid alike."""
    text = re.sub(r"%.*", "", file.read_text(encoding="utf-8"))
    pieces = _numbers(_after(text, "num_pieces"))[0]
    flags = _numbers(_after(text, "rehearsal").partition("[")[2])
    players = [_flagged(flags[at : at + pieces]) for at in range(0, len(flags), pieces)]
    minutes = _numbers(_after(text, "duration"))
    return Instance(file.stem, minutes, players, [1] * len(players), least)


def _after(text: str, name: str) -> str:
    """Return what the data give this name as its value."""
    return re.split(rf"\b{name}\s*=", text)[1].partition(";")[0]


def _read_ddo(file: Path, least: int) -> Instance:
    """Read a name, numbers of scenes and actors, a row of flags and pay each, and durations."""
    scenes, actors, *rest = _numbers(file.read_text(encoding="utf-8").partition("\n")[2])
    rows = [rest[at : at + scenes + 1] for at in range(0, actors * (scenes + 1), scenes + 1)]
    minutes = rest[actors * (scenes + 1) :]
    return Instance(
        file.name, minutes, [_flagged(row[:-1]) for row in rows], [row[-1] for row in rows], least
    )


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def _flagged(flags: list[int]) -> list[int]:
    return [place for place, flag in enumerate(flags) if flag]


def _generated(pieces: int, players: int, count: int) -> Iterator[Instance]:
    """Draw instances in which a player is in two pieces up to all, as the literature does."""
    for seed in range(count):
        draw = random.Random(f"{pieces} {players} {seed}")
        yield Instance(
            f"generated {pieces} × {players}, {seed}",
            minutes=[draw.randint(1, 100) for _ in range(pieces)],
            players=[
                sorted(draw.sample(range(pieces), draw.randint(2, pieces))) for _ in range(players)
            ],
            pay=[draw.randint(1, 100) for _ in range(players)],
        )


if __name__ == "__main__":
    main()
