"""Repairs of the demo festival after 20 random losses: first draft, fewest moves, share moved.

Rooms (one to three at once, for a part of a day or a whole one), people, and schools that come
late. A loss that no plan survives whole is repaired in part. Every plan is judged by the
independent checker; a rule that is broken ends the run. Times are of processor and of the wall.

    .venv/bin/python benchmarks/repairs.py [seconds a loss]
"""

import os
import random
import statistics
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.festival_problem import DAY, SATURDAY, SUNDAY, festival_problem
from benchmarks.figures import Figure, report
from scheduler.scheduling.engine import Plan, Problem, TimeLimit, Window
from scheduler.scheduling.engine.check import violations
from scheduler.scheduling.engine.repair import repair, repair_in_part
from scheduler.scheduling.engine.result import Measure, Result, Status
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.engine.search import solve

KINDS = ("1 room",) * 6 + ("2 rooms",) * 3 + ("3 rooms",) * 3 + ("person",) * 4 + ("school",) * 4
NOON = 13 * 60
# What giving up a block in order to place its groups may break; a draft shows it.
IN_PART = {Rule.UNPLACED, Rule.BLOCK}


@dataclass(frozen=True)
class Repaired:
    """What one loss came to: its times, and how much moved."""

    kind: str
    result: Result
    first: float
    proved: float | None
    processor: float


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    problem = festival_problem()
    published = solve(problem, seed=1, seconds=None, deterministic_limit=3).plan
    if published is None:
        sys.exit("no plan to repair")
    draw = random.Random(2027)
    repaired = []
    for kind in KINDS:
        name, changed = _loss(kind, problem, published, draw)
        repaired.append(_told(name, _repaired(kind, changed, published, seconds)))
    report(_figures(repaired, len(published.placements)))


def _loss(kind: str, problem: Problem, published: Plan, draw: random.Random) -> tuple[str, Problem]:
    if kind.endswith(("room", "rooms")):
        return _lost_rooms(int(kind[0]), problem, published, draw)
    if kind == "person":
        place = draw.choice(published.placements)
        away = (Window(0, place.start - 60), Window(place.start + 120, 3 * DAY))
        return f"a person of {place.activity} away", _limited(problem, (place.activity,), away)
    school = draw.choice(sorted({a.school for a in problem.activities if a.school}))
    groups = tuple(a.id for a in problem.activities if a.school == school)
    first = min(published.by_activity[id_].start for id_ in groups)
    late = first + draw.choice((30, 90, 180))
    return f"{school} late", _limited(problem, groups, (Window(late, 3 * DAY),))


def _lost_rooms(
    count: int, problem: Problem, published: Plan, draw: random.Random
) -> tuple[str, Problem]:
    """Take stages away on a day, of which one at least is used then."""
    used = sorted({(place.venue, place.start // DAY) for place in published.placements})
    venue, day = draw.choice(used)
    others = sorted({v.id for v in problem.venues} - {venue})
    lost = {venue, *draw.sample(others, count - 1)}
    begin = SATURDAY if day * DAY == SATURDAY else SUNDAY
    parts = (Window(begin, begin + NOON), Window(begin + NOON, begin + DAY))
    out = draw.choice((*parts, Window(begin, begin + DAY)))
    venues = tuple(
        replace(v, closures=(*v.closures, out)) if v.id in lost else v for v in problem.venues
    )
    name = f"{'+'.join(sorted(lost))} out {out.start / 60:.0f}-{out.end / 60:.0f} h"
    return name, replace(problem, venues=venues)


def _limited(problem: Problem, groups: tuple[str, ...], windows: tuple[Window, ...]) -> Problem:
    limit = TimeLimit("loss", "loss", groups, windows)
    return replace(problem, time_limits=(*problem.time_limits, limit))


def _repaired(kind: str, problem: Problem, published: Plan, seconds: float) -> Repaired:
    wall, processor = time.monotonic(), time.process_time()
    result = repair(problem, published, seconds=seconds)
    before = 0.0
    if result.status is Status.IMPOSSIBLE:
        before = time.monotonic() - wall
        result = repair_in_part(problem, published, seconds=seconds)
    spent = time.process_time() - processor
    if result.plan is None:
        sys.exit(f"{kind}: no draft")
    broken = {one.code for one in violations(problem, result.plan)}
    if broken - (IN_PART if before else set()):
        sys.exit(f"{kind}: the draft breaks {sorted(broken)}")
    first = next(one.seconds for one in result.history if one.plan is not None)
    moves = (one for one in result.history if one.measure is Measure.MOVES and one.gap == 0)
    proved = next((before + one.seconds for one in moves), None)
    return Repaired(kind, result, before + first, proved, spent)


def _told(name: str, one: Repaired) -> Repaired:
    if not os.environ.get("BENCH_JSON"):
        proved = "not proved" if one.proved is None else f"{one.proved:.2f} s"
        print(
            f"{one.kind:8} {name}: {len(one.result.moved)} moved (at least "
            f"{one.result.moves_bound}), {len(one.result.left_out)} without a place (at least "
            f"{one.result.left_out_bound or 0}); first {one.first:.2f} s, fewest {proved}, "
            f"processor {one.processor:.1f} s"
        )
    return one


def _figures(repaired: list[Repaired], groups: int) -> list[Figure]:
    single = [one for one in repaired if one.kind in {"1 room", "person", "school"}]
    return [
        Figure(
            "repair: first draft, slowest of 20", max(r.first for r in repaired), "s", goal="≤ 3 s"
        ),
        Figure(
            "repair: single losses proved the fewest within 10 s",
            100 * sum(r.proved is not None and r.proved <= 10 for r in single) / len(single),
            "%",
            goal="100 %",
        ),
        Figure(
            "repair: all losses proved the fewest within 10 s",
            100 * sum(r.proved is not None and r.proved <= 10 for r in repaired) / len(repaired),
            "%",
        ),
        Figure(
            "repair: share of groups moved, median",
            100 * statistics.median(len(r.result.moved) for r in repaired) / groups,
            "%",
        ),
        Figure(
            "repair: groups without a place, all 20 losses",
            sum(len(r.result.left_out) for r in repaired),
            "groups",
        ),
        Figure(
            "repair: processor time, median", statistics.median(r.processor for r in repaired), "s"
        ),
    ]


if __name__ == "__main__":
    main()
