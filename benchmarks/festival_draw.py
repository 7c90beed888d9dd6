"""Festivals drawn at random, the same for a seed: ensembles with a rehearsal, a stage and a clinic.

Halls have a stage and one warm-up room; rehearsal and clinic rooms are venues of their own. Stages
are rearranged in 5 minutes between ensembles of one setup and in 10 or 15 between others; it takes
5 or 10 minutes to walk from one room to another. Some pupils play in two ensembles of their
school, accompanists, conductors, clinicians and panels in several; a panel's ensembles are all in
one hall, and not on the day on which it is away; a third of the schools come on one day, a third on
two. Up to ten minutes of a pause, the longest way, count as no waiting.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations, pairwise

from scheduler.scheduling.engine import (
    STAGE,
    WARM_UP,
    Activity,
    Changeover,
    Lock,
    Part,
    Party,
    Problem,
    Room,
    TimeLimit,
    Travel,
    Venue,
    Weights,
    Window,
    parties_of,
    performance,
)
from scheduler.scheduling.engine.catalogue import InOrder, OneDay

DAY, OPENS = 1440, 9 * 60
SETUPS = ("choir", "strings", "winds")
SAME_SETUP, OTHER_SETUP = 5, (15, 20)
REHEARSAL, CLINIC = "rehearsal", "clinic"
WARM_UP_MINUTES, ROOM_MINUTES = 25, 30
STEP = 5
LONGEST_WAY = 10
PER_SCHOOL = 3
SHARED = 0.15
PER_TEN = 10


@dataclass(frozen=True)
class Size:
    """How large a festival is.

    `use` is the share of the halls' hours that stage times and changeovers need in an order by lot:
    "90 % use" means halls that are open for so long that ensembles one after another, in an order
    by lot with the changeovers this brings, leave a tenth of their hours empty. Rehearsal and
    clinic rooms are open as long as the halls and stand empty for nearly half of that.
    """

    ensembles: int
    pupils: int
    houses: int
    days: int
    stage_minutes: int
    use: float

    @property
    def open_minutes(self) -> int:
        """Return for how long halls are open each day."""
        turns = self.ensembles / (self.houses * self.days)
        other = sum(OTHER_SETUP) / len(OTHER_SETUP)
        changeover = (SAME_SETUP + (len(SETUPS) - 1) * other) / len(SETUPS)
        return STEP * round(turns * (self.stage_minutes + changeover) / self.use / STEP)


SMALL = {0.6: Size(60, 1500, 2, 3, 20, 0.6), 0.9: Size(60, 1500, 2, 3, 35, 0.9)}
LARGE = Size(500, 10_000, 10, 5, 20, 0.6)


def festival(size: Size, seed: int = 1) -> Problem:
    """Return the problem; a house has a hall with a warm-up room, a rehearsal and a clinic room."""
    chance = random.Random(seed)
    ids = [f"E{number:03d}" for number in range(size.ensembles)]
    school = {id_: f"S{index // PER_SCHOOL:03d}" for index, id_ in enumerate(ids)}
    members = _members(chance, size, ids, school)
    venues = _venues(size)
    days = _days(chance, size, school)
    panels = _panels_of(chance, size, ids, {id_: days[school[id_]] for id_ in ids})
    setups = {id_: chance.choice(SETUPS) for id_ in ids}
    return Problem(
        days=tuple(Window(DAY * day, DAY * (day + 1)) for day in range(size.days)),
        venues=venues,
        activities=tuple(part for id_ in ids for part in _three(size, id_, setups[id_])),
        parties=(*_pupils(members), *_panels(chance, size, panels), *_staff(chance, ids, school)),
        time_limits=_attendance(size, school, days),
        travel=_walks(chance, venues),
        changeovers=_changeovers(chance),
        locks=tuple(
            Lock(_names(id_)[1], f"hall {number % size.houses}")
            for number, (_, panel) in enumerate(panels)
            for id_ in panel
        ),
        rules=tuple(rule for id_ in ids for rule in _rules(id_)),
        weights=Weights(waiting=1, school_gap=0, venue_moves=0, extra_days=0, venue_idle=0),
        grid_minutes=STEP,
        comfort_minutes=LONGEST_WAY,
    )


def _names(ensemble: str) -> tuple[str, str, str]:
    return f"{ensemble} rehearsal", f"{ensemble} stage", f"{ensemble} clinic"


def _three(size: Size, ensemble: str, setup: str) -> tuple[Activity, Activity, Activity]:
    rehearsal, stage, clinic = _names(ensemble)
    on_stage = performance(
        stage,
        stage_minutes=size.stage_minutes,
        warm_up_minutes=WARM_UP_MINUTES,
        warm_up_gap_minutes=STEP,
    )
    return (
        Activity(rehearsal, _in_room(REHEARSAL)),
        Activity(stage, on_stage.parts, setup=setup),
        Activity(clinic, _in_room(CLINIC)),
    )


def _in_room(kind: str) -> tuple[Part, Part]:
    """Return a stay in a room of its own kind: the only thing that takes place there."""
    return Part(STAGE, 0, ROOM_MINUTES), Part(kind, 0, ROOM_MINUTES)


def _rules(ensemble: str) -> tuple[InOrder, OneDay]:
    names = _names(ensemble)
    return (
        InOrder(id=f"{ensemble} order", activities=names),
        OneDay(id=f"{ensemble} day", activities=names),
    )


def _venues(size: Size) -> tuple[Venue, ...]:
    """Return the rooms: all are open equally long, for rehearsals earlier and for clinics later."""
    lead, minutes = WARM_UP_MINUTES + STEP, ROOM_MINUTES
    kinds = (
        ("hall", WARM_UP, -lead, 0),
        (REHEARSAL, REHEARSAL, -(lead + LONGEST_WAY + minutes), -(lead + LONGEST_WAY)),
        (CLINIC, CLINIC, size.stage_minutes, minutes + LONGEST_WAY),
    )
    return tuple(
        Venue(f"{kind} {number}", 100, _hours(size, earlier, later), (), (Room(room, 1),))
        for number in range(size.houses)
        for kind, room, earlier, later in kinds
    )


def _hours(size: Size, earlier: int, later: int) -> tuple[Window, ...]:
    begins = [DAY * day + OPENS for day in range(size.days)]
    return tuple(Window(begin + earlier, begin + size.open_minutes + later) for begin in begins)


def _members(
    chance: random.Random, size: Size, ids: list[str], school: dict[str, str]
) -> dict[str, list[str]]:
    """Return each pupil's ensembles: 15 % play in two of their school's."""
    members = {}
    for number in range(size.pupils):
        first = ids[number % len(ids)]
        others = [id_ for id_ in ids if school[id_] == school[first] and id_ != first]
        second = [chance.choice(others)] if others and chance.random() < SHARED else []
        members[f"P{number}"] = [first, *second]
    return members


def _pupils(members: dict[str, list[str]]) -> tuple[Party, ...]:
    parts = {
        pupil: [name for ensemble in ensembles for name in _names(ensemble)]
        for pupil, ensembles in members.items()
    }
    return parties_of(parts, rest_minutes=0)


def _tens(ids: list[str]) -> list[list[str]]:
    return [ids[begin : begin + PER_TEN] for begin in range(0, len(ids), PER_TEN)]


def _panels_of(
    chance: random.Random, size: Size, ids: list[str], days: dict[str, tuple[int, ...]]
) -> list[tuple[int, list[str]]]:
    """Return as many panels as halls have days: a day on which all of one's ensembles can come."""
    panels: list[tuple[int, list[str]]] = [
        (day, []) for day in range(size.days) for _ in range(size.houses)
    ]
    most = -(-len(ids) // len(panels))
    for id_ in sorted(chance.sample(ids, len(ids)), key=lambda one: len(days[one])):
        near = [panel for day, panel in panels if day in days[id_] and len(panel) < most]
        min(near, key=len).append(id_)
    return panels


def _panels(chance: random.Random, size: Size, panels: list[tuple[int, list[str]]]) -> list[Party]:
    """Return three jurors for each panel, who are there on its day and on one more."""
    found = []
    for number, (day, ensembles) in enumerate(panels):
        more = chance.choice([other for other in range(size.days) if other != day])
        away = [other for other in range(size.days) if other not in {day, more}]
        busy = tuple(Window(DAY * other, DAY * (other + 1)) for other in away)
        ids = tuple(_names(id_)[1] for id_ in ensembles)
        found.append(Party(f"panel {number}", ids, 3, 0, attends_warm_up=False, busy=busy))
    return found


def _staff(chance: random.Random, ids: list[str], school: dict[str, str]) -> list[Party]:
    """Return clinicians, accompanists of three ensembles, conductors of two."""
    clinicians = [
        Party(f"clinician {n}", tuple(_names(i)[2] for i in ten), 1, 0)
        for n, ten in enumerate(_tens(chance.sample(ids, len(ids))))
    ]
    played = chance.sample(ids, len(ids) // 2)
    accompanists = [
        Party(f"accompanist {n}", tuple(p for i in three for p in _names(i)[:2]), 1, 0)
        for n, three in enumerate(played[begin : begin + 3] for begin in range(0, len(played), 3))
    ]
    pairs = [pair for pair in pairwise(ids) if school[pair[0]] == school[pair[1]]]
    doubles = [
        Party(f"conductor {n}", tuple(p for i in pair for p in _names(i)), 1, 0)
        for n, pair in enumerate(chance.sample(pairs, len(ids) // 10))
    ]
    return [*clinicians, *accompanists, *doubles]


def _days(chance: random.Random, size: Size, school: dict[str, str]) -> dict[str, tuple[int, ...]]:
    """Return on which days schools can come: a third on one, a third on two, the others on all."""
    found = {}
    for number, name in enumerate(dict.fromkeys(school.values())):
        many, first = number % PER_SCHOOL + 1, number // PER_SCHOOL % size.days
        others = chance.sample([day for day in range(size.days) if day != first], size.days - 1)
        found[name] = (first, *others)[: size.days if many == PER_SCHOOL else many]
    return found


def _attendance(
    size: Size, school: dict[str, str], days: dict[str, tuple[int, ...]]
) -> tuple[TimeLimit, ...]:
    return tuple(
        TimeLimit(
            name,
            "attendance",
            tuple(part for id_, its in school.items() if its == name for part in _names(id_)),
            tuple(Window(DAY * day, DAY * (day + 1)) for day in sorted(come)),
        )
        for name, come in days.items()
        if len(come) < size.days
    )


def _walks(chance: random.Random, venues: tuple[Venue, ...]) -> tuple[Travel, ...]:
    return tuple(
        Travel(one.id, other.id, chance.choice((STEP, LONGEST_WAY)))
        for one, other in combinations(venues, 2)
    )


def _changeovers(chance: random.Random) -> tuple[Changeover, ...]:
    return tuple(
        Changeover(one, other, SAME_SETUP if one == other else chance.choice(OTHER_SETUP))
        for one in SETUPS
        for other in SETUPS
    )
