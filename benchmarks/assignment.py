"""People assigned to places: large tables exactly, workshops with quotas, a lottery drawn again.

The baseline of the tables is one NumPy pass over the same table in the same process (the least of
each row and of each column). Every result is checked again, and its bound proved from its prices,
inside the measured time. What each run came to is printed before the table.

    .venv/bin/python benchmarks/assignment.py [people]
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, report
from scheduler.lotteries.draw import Entry
from scheduler.lotteries.lists import HEADS, FrozenList, list_text, result_of
from scheduler.scheduling.engine.assigning.problem import AssignmentProblem, Person, Place, Quota
from scheduler.scheduling.engine.assigning.result import Aim, AssignmentResult
from scheduler.scheduling.engine.assigning.solve import assign
from scheduler.scheduling.engine.result import Status

Made = TypeVar("Made")
Costs = NDArray[np.int32]

PEOPLE = 10_000
PUPILS, WORKSHOPS = 2_000, 40
REGIONS = ("GZ", "HK", "MO", "OVERSEAS")
PASS = "one NumPy pass over the table"


@dataclass(frozen=True)
class Took:
    """Wall and processor seconds."""

    wall: float
    cpu: float


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    assign(_problem(_host_families(100)))  # loads what has to be loaded
    figures = []
    for name, made in (("host families", _host_families), ("random", _random_table)):
        figures += _table(f"{people:,} x {people:,}, {name}", made(people))
    figures += _workshops()
    figures += _lottery(PEOPLE)
    report(figures)


# ------------------------------------------------------------------- tables


def _host_families(people: int) -> Costs:
    """Return what each pupil costs in each family: the way, age apart, pets, gender."""
    drawn = np.random.default_rng(1)
    homes, schools = (drawn.integers(0, 100, (people, 2), dtype=np.int32) for _ in range(2))
    ages, own_ages = (drawn.integers(10, 16, people, dtype=np.int32) for _ in range(2))
    asked, gender = (drawn.integers(0, 2, people, dtype=np.int32) for _ in range(2))
    allergic, pets = (drawn.random(people) < share for share in (0.1, 0.4))
    costs = np.empty((people, people), np.int32)
    for row in range(people):
        line = np.abs(homes - schools[row]).sum(axis=1) + 15 * np.abs(ages - own_ages[row])
        line += 40 * (asked != gender[row])
        line[np.abs(ages - own_ages[row]) > 3] = -1
        if allergic[row]:
            line[pets] = -1
        costs[row] = line
    return costs


def _random_table(people: int) -> Costs:
    return np.random.default_rng(2).integers(0, 1_000_001, (people, people), dtype=np.int32)


def _problem(costs: Costs) -> AssignmentProblem:
    rows, columns = costs.shape
    return AssignmentProblem(
        tuple(Person(f"p{row}") for row in range(rows)),
        tuple(Place(f"h{column}", 1, 1) for column in range(columns)),
        costs=costs,  # type: ignore[arg-type]  # rows of whole numbers, as a table has them
    )


def _table(name: str, costs: Costs) -> list[Figure]:
    least, passed = _timed(lambda: int(costs.min(axis=1).sum()) + int(costs.min(axis=0).sum()))
    problem = _problem(costs)
    result, took = _timed(lambda: assign(problem))
    _tell(name, result, took)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if result.value is None or 2 * result.value < least:
        sys.exit(f"{name}: cheaper than everybody's least")
    return [
        Figure(f"{name}: optimum proved", took.wall, "s", PASS, passed.wall, "≤ 30 s"),
        Figure(f"{name}: processor time", took.cpu, "s", PASS, passed.cpu),
        Figure(f"{name}: peak memory with the table", peak, "MB", goal="≤ 2,000 MB"),
    ]


# ---------------------------------------------------------------- workshops


def _workshop_problem() -> AssignmentProblem:
    """Return 2,000 pupils with five wishes each, some workshops far more wished than others."""
    drawn = np.random.default_rng(3)
    liked = 1 / np.arange(3, WORKSHOPS + 3)
    names = np.array([f"W{number:02}" for number in range(1, WORKSHOPS + 1)])
    persons = tuple(
        Person(
            f"p{number}",
            tuple(drawn.choice(names, 5, replace=False, p=liked / liked.sum()).tolist()),
            (
                str(drawn.choice(REGIONS, p=(0.6, 0.2, 0.1, 0.1))),
                str(drawn.choice(("P", "J", "H"))),
            ),
            claim=int(drawn.integers(0, 3)),
        )
        for number in range(PUPILS)
    )
    quotas = []
    for number, name in enumerate(names.tolist()):
        quotas.append(Quota(f"{name} local", name, "GZ", most=40))
        if number % 2:
            quotas.append(Quota(f"{name} HK", name, "HK", least=3))
        if number % 3 == 0:
            quotas.append(Quota(f"{name} abroad", name, "OVERSEAS", least=2, most=12))
    return AssignmentProblem(
        persons,
        tuple(Place(name, 55, 25) for name in names.tolist()),
        tuple(quotas),
        rank_costs=(0, 1, 3, 6, 10),
        unwished_cost=30,
    )


def _workshops() -> list[Figure]:
    flow = _workshop_problem()
    ids = [person.id for person in flow.people]
    friends = tuple((ids[n], ids[n + 1]) for n in range(0, 200, 2))
    rivals = tuple((ids[n], ids[n + 1], ids[n + 2]) for n in range(300, 390, 3))
    stages = tuple(Quota(f"{place.id} P", place.id, "P", most=18) for place in flow.places)
    joint = replace(flow, together=friends, apart=rivals, quotas=(*flow.quotas, *stages))
    name = f"{PUPILS:,} pupils, {WORKSHOPS} workshops, quotas"
    figures = []
    for what, problem, aim in (
        (f"{name}: cheapest", flow, Aim.CHEAPEST),
        (f"{name}: fairest", flow, Aim.FAIREST),
        (f"{name} that cross, 100 pairs, 30 sets apart", joint, Aim.CHEAPEST),
    ):
        result, took = _timed(lambda problem=problem, aim=aim: assign(problem, aim=aim))  # type: ignore[misc]
        _tell(what, result, took)
        figures += [Figure(what, took.wall, "s"), Figure(f"{what}: processor time", took.cpu, "s")]
    return figures


# ------------------------------------------------------------------ lottery


def _lottery(entrants: int) -> list[Figure]:
    """Draw a list of so many receipts again, from its text, as anybody does who checks it."""
    drawn = np.random.default_rng(4)
    receipts = [f"R-{number:010}" for number in range(entrants)]
    units = [
        receipts[number - number % 3 if number % 5 == 0 else number] for number in range(entrants)
    ]
    categories = [f"C{number:02}" for number in drawn.integers(0, 20, entrants)]
    strata = drawn.choice(REGIONS, entrants).tolist()
    places = {(f"C{number:02}", stratum): 40 for number in range(20) for stratum in (*REGIONS, "*")}
    entries = tuple(map(Entry, receipts, units, categories, strata))
    text = list_text(FrozenList(dict.fromkeys(HEADS, "benchmark"), places, entries))
    result, took = _timed(lambda: result_of(text, "03 08 11 17 25 31 + 09"))
    if len(result.splitlines()) != entrants + 4:
        sys.exit("the lottery lost somebody")
    name = f"lottery of {entrants:,} drawn again from its list"
    return [
        Figure(name, took.wall, "s", goal="≤ 1 s"),
        Figure(f"{name}: processor time", took.cpu, "s"),
    ]


# ------------------------------------------------------------------ telling


def _timed(work: Callable[[], Made]) -> tuple[Made, Took]:
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, Took(time.perf_counter() - wall, time.process_time() - cpu)


def _tell(name: str, result: AssignmentResult, took: Took) -> None:
    if result.status is not Status.OPTIMAL:
        sys.exit(f"{name}: {result.status}")
    if not os.environ.get("BENCH_JSON"):
        ranks = ", ".join(f"{count.rank}: {count.people}" for count in result.ranks)
        envy = result.envy and (len(result.envy.lower), len(result.envy.equal))
        print(f"{name}: {result.value} / {result.bound}, {took.wall:.1f} s; {ranks}; envy {envy}")


if __name__ == "__main__":
    main()
