"""Plans a drawn festival with Timefold, in an environment of its own that has it.

Reads a problem of the engine's file format and what each activity could take up alone, and writes a
plan. Run by `side_by_side.py`; needs `timefold` 1.24.0b0 and a Java 17, and nothing of the project.

    python timefold_peer.py problem.json places.json plan.json seconds
"""

# Its streams call every function with all that was joined, and translate lambdas only.
# ruff: noqa: ARG005, PLW0108
# mypy: disable-error-code="union-attr,untyped-decorator"

import json
import sys
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    TerminationConfig,
)
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)


@dataclass
class Place:
    """A start in a venue, with the minutes to walk from there to each venue."""

    venue: int
    start: int
    day: int
    ways: list[int]


@dataclass
class Party:
    id: int
    persons: int


@dataclass
class Member:
    party: Party
    activity: str
    begin: int
    end: int


@dataclass
class Share:
    """Two activities that somebody is in, with the stays of those people."""

    one: str
    other: str
    one_begin: int
    one_end: int
    other_begin: int
    other_end: int


@dataclass
class Order:
    one: str
    other: str


@planning_entity
@dataclass
class Visit:
    id: Annotated[str, PlanningId]
    stage_begin: int
    stage_end: int
    room_begin: int
    room_end: int
    setup: int
    pauses: list[int]
    places: Annotated[list[Place], ValueRangeProvider]
    place: Annotated[Place | None, PlanningVariable] = field(default=None)


@planning_solution
@dataclass
class Festival:
    parties: Annotated[list[Party], ProblemFactCollectionProperty]
    members: Annotated[list[Member], ProblemFactCollectionProperty]
    shares: Annotated[list[Share], ProblemFactCollectionProperty]
    orders: Annotated[list[Order], ProblemFactCollectionProperty]
    visits: Annotated[list[Visit], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


COMFORT = 10


def stage_overlap(one: Visit, other: Visit) -> int:
    """Return the minutes that two on one stage are too close, changeovers included."""
    after_one = one.place.start + one.stage_end + one.pauses[other.setup]
    after_other = other.place.start + other.stage_end + other.pauses[one.setup]
    missing_one = after_one - (other.place.start + other.stage_begin)
    missing_other = after_other - (one.place.start + one.stage_begin)
    return min(missing_one, missing_other)


def room_overlap(one: Visit, other: Visit) -> int:
    ends = min(one.place.start + one.room_end, other.place.start + other.room_end)
    return ends - max(one.place.start + one.room_begin, other.place.start + other.room_begin)


def too_close(share: Share, one: Visit, other: Visit) -> int:
    """Return the minutes that people lack between two, the way included."""
    way = one.place.ways[other.place.venue]
    first = one.place.start + share.one_end - (other.place.start + share.other_begin)
    second = other.place.start + share.other_end - (one.place.start + share.one_begin)
    return way + min(first, second)


@constraint_provider
def rules(factory: ConstraintFactory) -> list[Constraint]:
    return [
        factory.for_each_unique_pair(Visit, Joiners.equal(lambda visit: visit.place.venue))
        .filter(lambda one, other: stage_overlap(one, other) > 0)
        .penalize(HardSoftScore.ONE_HARD, lambda one, other: stage_overlap(one, other))
        .as_constraint("stage"),
        factory.for_each_unique_pair(Visit, Joiners.equal(lambda visit: visit.place.venue))
        .filter(lambda one, other: room_overlap(one, other) > 0)
        .penalize(HardSoftScore.ONE_HARD, lambda one, other: room_overlap(one, other))
        .as_constraint("warm-up room"),
        factory.for_each(Share)
        .join(Visit, Joiners.equal(lambda share: share.one, lambda visit: visit.id))
        .join(Visit, Joiners.equal(lambda share, one: share.other, lambda visit: visit.id))
        .filter(lambda share, one, other: too_close(share, one, other) > 0)
        .penalize(HardSoftScore.ONE_HARD, lambda share, one, other: too_close(share, one, other))
        .as_constraint("people"),
        factory.for_each(Order)
        .join(Visit, Joiners.equal(lambda order: order.one, lambda visit: visit.id))
        .join(Visit, Joiners.equal(lambda order, one: order.other, lambda visit: visit.id))
        .filter(
            lambda order, one, other: (
                one.place.start > other.place.start or one.place.day != other.place.day
            )
        )
        .penalize(HardSoftScore.ONE_HARD, lambda order, one, other: 30)
        .as_constraint("order on one day"),
        factory.for_each(Member)
        .join(Visit, Joiners.equal(lambda member: member.activity, lambda visit: visit.id))
        .group_by(
            lambda member, visit: member.party,
            lambda member, visit: visit.place.day,
            ConstraintCollectors.compose(
                ConstraintCollectors.min(lambda member, visit: visit.place.start + member.begin),
                ConstraintCollectors.max(lambda member, visit: visit.place.start + member.end),
                ConstraintCollectors.sum(lambda member, visit: member.end - member.begin + COMFORT),
                lambda first, last, busy: last - first - busy + COMFORT,
            ),
        )
        .filter(lambda party, day, idle: idle > 0)
        .penalize(HardSoftScore.ONE_SOFT, lambda party, day, idle: party.persons * idle)
        .as_constraint("waiting"),
    ]


def main() -> None:
    problem, places = (json.loads(Path(name).read_text()) for name in sys.argv[1:3])
    config = SolverConfig(
        solution_class=Festival,
        entity_class_list=[Visit],
        score_director_factory_config=ScoreDirectorFactoryConfig(
            constraint_provider_function=rules
        ),
        termination_config=TerminationConfig(spent_limit=Duration(seconds=int(sys.argv[4]))),
        random_seed=1,
    )
    found = SolverFactory.create(config).build_solver().solve(_festival(problem, places))
    venues = [one["id"] for one in problem["venues"]]
    placements = [
        {"activity": one.id, "venue": venues[one.place.venue], "start": one.place.start}
        for one in found.visits
        if one.place is not None
    ]
    Path(sys.argv[3]).write_text(json.dumps({"score": str(found.score), "placements": placements}))


def _festival(problem: dict[str, Any], places: dict[str, list[list[int]]]) -> Festival:
    parties = [
        Party(number, one.get("persons", 1)) for number, one in enumerate(problem["parties"])
    ]
    stays = [_stays(problem, one) for one in problem["parties"]]
    members = [
        Member(party, id_, *stay)
        for party, mine in zip(parties, stays, strict=True)
        for id_, stay in mine.items()
        if len(mine) > 1
    ]
    shares = {
        (one, other, *mine[one], *mine[other])
        for mine in stays
        for one, other in combinations(sorted(mine), 2)
    }
    orders = [
        Order(one, other)
        for rule in problem["rules"]
        if rule["kind"] == "in_order"
        for one, other in combinations(rule["activities"], 2)
    ]
    return Festival(
        parties,
        members,
        [Share(*one) for one in sorted(shares)],
        orders,
        _visits(problem, places),
    )


def _stays(problem: dict[str, Any], party: dict[str, Any]) -> dict[str, tuple[int, int]]:
    by_id = {one["id"]: one for one in problem["activities"]}
    found = {}
    for id_ in party["activities"]:
        parts = [one for one in by_id[id_]["parts"] if one.get("attended", True)]
        mine = [p for p in parts if party.get("attends_warm_up", True) or p["room"] == "stage"]
        found[id_] = (
            min(one["begin"] for one in mine),
            max(one["begin"] + one["minutes"] for one in parts),
        )
    return found


def _visits(problem: dict[str, Any], places: dict[str, list[list[int]]]) -> list[Visit]:
    setups = sorted({one["before"] for one in problem["changeovers"]})
    pauses = {(one["before"], one["after"]): one["minutes"] for one in problem["changeovers"]}
    ways = _ways(problem)
    known: dict[tuple[int, int], Place] = {}
    visits = []
    for one in problem["activities"]:
        stage, room = (
            [p for p in one["parts"] if (p["room"] == "stage") == on_stage]
            for on_stage in (True, False)
        )
        setup = one.get("setup")
        allowed = [
            known.setdefault((venue, start), Place(venue, start, start // 1440, ways[venue]))
            for venue, start in places[one["id"]]
        ]
        visits.append(
            Visit(
                one["id"],
                *_stretch(stage),
                *_stretch(room),
                setups.index(setup) if setup else len(setups),
                [pauses.get((setup, other), 0) for other in (*setups, None)],
                allowed,
            )
        )
    return visits


def _stretch(parts: list[dict[str, Any]]) -> tuple[int, int]:
    return (
        min(one["begin"] for one in parts),
        max(one["begin"] + one["minutes"] for one in parts),
    )


def _ways(problem: dict[str, Any]) -> list[list[int]]:
    ids = [one["id"] for one in problem["venues"]]
    minutes = {}
    for way in problem["travel"]:
        minutes[way["origin"], way["destination"]] = way["minutes"]
        minutes[way["destination"], way["origin"]] = way["minutes"]
    return [[minutes.get((one, other), 0) for other in ids] for one in ids]


if __name__ == "__main__":
    main()
