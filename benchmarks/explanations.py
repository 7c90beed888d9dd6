"""The demo festival made impossible in 20 ways: how soon, and by how few rules, it is explained.

Fifteen ways are local (a few rules collide), five diffuse (only counting over many shows it). Each
set is verified by solving: alone it leaves no plan, and without any one of its rules it does. What
stays open is called undecided, with the tightest counts. Seconds are the processor's.

    .venv/bin/python benchmarks/explanations.py [seconds for each]
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.festival_problem import SATURDAY, SUNDAY, festival_problem
from benchmarks.figures import Figure, report
from scheduler.scheduling.engine import Lock, Party, Problem, Room, TimeLimit, Window
from scheduler.scheduling.engine.catalogue import (
    DaysApart,
    Following,
    InOrder,
    OneDay,
    OneVenue,
    ProgrammeRule,
)
from scheduler.scheduling.engine.explain import Explanation, Verdict, explain
from scheduler.scheduling.engine.relax import only
from scheduler.scheduling.engine.search import solve

Change = Callable[[Problem], Problem]
NOON = SATURDAY + 720


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    problem = festival_problem()
    local = [_explained(name, change(problem), seconds) for name, change in LOCAL.items()]
    diffuse = [_explained(name, change(problem), seconds) for name, change in DIFFUSE.items()]
    report(
        [
            Figure(
                "explanation, the slowest of 15 local collisions", max(local), "s", goal="≤ 1 s"
            ),
            Figure("explanation, slowest of 5 diffuse ones", max(diffuse), "s", goal="≤ 30 s"),
        ]
    )


def _explained(name: str, problem: Problem, seconds: float) -> float:
    begun, started = time.process_time(), time.monotonic()
    found = explain(problem, seconds=seconds, relieved=False)
    spent, wall = time.process_time() - begun, time.monotonic() - started
    if found.verdict is Verdict.POSSIBLE:
        sys.exit(f"{name}: not impossible")
    if not os.environ.get("BENCH_JSON"):
        print(f"{name}: {_told(problem, found)}; {spent:.2f} s of the processor, {wall:.2f} s")
    return spent


def _told(problem: Problem, found: Explanation) -> str:
    counts = ", ".join(f"{one.code} {one.needed}>{one.available}" for one in found.findings[:3])
    if not found.rules:
        return f"{found.verdict} without a set; counts: {counts or 'none'}"
    kinds = ", ".join(f"{rule.code} {'/'.join(rule.ids)[:24]}" for rule in found.rules[:4])
    least = "none needless" if found.minimal else "some perhaps needless"
    return f"{len(found.rules)} rules ({kinds}), {least}, {_verified(problem, found)}"


def _verified(problem: Problem, found: Explanation) -> str:
    """Solve again with the set alone, and with the set but each one of its rules."""
    unweighted = replace(problem, weights=type(problem.weights)(*[0] * 7))
    if _has_plan(only(unweighted, found.rules)) is not False:
        return "NOT VERIFIED: possible"
    left = [rule for rule in found.rules if not _helps(unweighted, found, rule)]
    return "verified" if not left else f"{len(left)} not seen to be needed"


def _helps(problem: Problem, found: Explanation, rule: object) -> bool:
    others = [other for other in found.rules if other != rule]
    return _has_plan(only(problem, others)) is True


def _has_plan(problem: Problem) -> bool | None:
    result = solve(problem, seconds=2, workers=1)
    return True if result.plan else False if result.status == "impossible" else None


def _locked(*locks: Lock) -> Change:
    return lambda problem: replace(problem, locks=locks)


def _ruled(*rules: ProgrammeRule, locks: tuple[Lock, ...] = ()) -> Change:
    return lambda problem: replace(problem, rules=rules, locks=locks)


def _sized(id_: str, size: int) -> Change:
    return lambda problem: replace(
        problem,
        activities=tuple(replace(a, size=size) if a.id == id_ else a for a in problem.activities),
    )


def _limited(*windows: Window, ids: tuple[str, ...]) -> Change:
    limit = TimeLimit("extra", "region_stay", ids, windows)
    return lambda problem: replace(problem, time_limits=(*problem.time_limits, limit))


def _joined(party: Party, *locks: Lock) -> Change:
    return lambda problem: replace(problem, parties=(*problem.parties, party), locks=locks)


def _open(*windows: Window, but: tuple[str, ...] = ()) -> Change:
    return lambda problem: replace(
        problem,
        venues=tuple(
            venue if venue.id in but else replace(venue, windows=windows, closures=())
            for venue in problem.venues
        ),
    )


def _warm_ups(count: int) -> Change:
    return lambda problem: replace(
        problem,
        venues=tuple(replace(v, rooms=(Room("warm_up", count),)) for v in problem.venues),
    )


def _all(*changes: Change) -> Change:
    def change(problem: Problem) -> Problem:
        for one in changes:
            problem = one(problem)
        return problem

    return change


LOCAL: dict[str, Change] = {
    "a stage that is too small": _locked(Lock("G33", "V3")),
    "a group too large for every stage": _sized("G20", 400),
    "two groups at once on one stage": _locked(Lock("G01", "V2", 2400), Lock("G20", "V2", 2400)),
    "one conductor in two venues": _locked(Lock("G01", "V2", 2400), Lock("G02", "V3", 2410)),
    "a stay of half an hour": _limited(Window(NOON, NOON + 30), ids=("G10",)),
    "a stay while everything is closed": _limited(Window(0, SATURDAY + 500), ids=("G12",)),
    "a primary choir locked to the evening": _locked(Lock("G01", "V2", SATURDAY + 1180)),
    "a rest longer than the weekend": _joined(Party("tired", ("G05", "G25"), rest_minutes=3000)),
    "people who are always busy": _joined(Party("busy", ("G07",), busy=(Window(0, 3 * SATURDAY),))),
    "a lock while the venue is closed": _locked(Lock("G15", "V2", SATURDAY + 780)),
    "an order against locks": _ruled(
        InOrder(id="lots", activities=("G41", "G42")),
        locks=(Lock("G41", start=NOON + 120), Lock("G42", start=NOON + 90)),
    ),
    "one day against locks on two": _ruled(
        OneDay(id="day", activities=("G41", "G21")),
        locks=(Lock("G41", start=NOON + 120), Lock("G21", start=SUNDAY + 600)),
    ),
    "three groups on two days": _ruled(DaysApart(id="a", activities=("G01", "G21", "G41"))),
    "one block on different days": _ruled(DaysApart(id="a", activities=("G01", "G02"))),
    "a pause that neither venue nor lock allows": _ruled(
        Following(id="after", activities=("G41", "G21"), least_minutes=10, most_minutes=20),
        OneVenue(id="there", activities=("G41", "G21")),
        locks=(Lock("G41", "V3"), Lock("G21", "V2")),
    ),
}  # fmt: skip

MORNING = Window(SATURDAY + 540, SATURDAY + 780)

DIFFUSE: dict[str, Change] = {
    "one morning for everything": _open(MORNING),
    "two short half days": _open(
        Window(SATURDAY + 540, SATURDAY + 700), Window(SUNDAY + 540, SUNDAY + 700)
    ),
    "one warm-up room everywhere and no evening": _all(
        _warm_ups(1), _open(MORNING, Window(SATURDAY + 840, SATURDAY + 1000))
    ),
    "everybody in by Sunday noon, out by two": _limited(
        Window(SUNDAY + 480, SUNDAY + 840), ids=tuple(f"G{n:02}" for n in range(1, 49))
    ),
    "small stages closed, large ones for an afternoon": _all(
        _open(Window(SATURDAY + 510, SATURDAY + 545), but=("V1", "V2")),
        _open(Window(SATURDAY + 810, SATURDAY + 1080), but=("V3", "V4")),
    ),
}


if __name__ == "__main__":
    main()
