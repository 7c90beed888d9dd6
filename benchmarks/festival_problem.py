"""The demo festival as an engine problem: the file's facts plus the hours and ways it leaves open.

The file names no opening hours, travel times or conductors but one. They are assumed here, the
same in every run: Saturday 08:30-12:30, 13:30-18:00 and 18:30-20:30, Sunday 08:30-12:00; 20 to 40
minutes between the venues.
"""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

from scheduler.scheduling.engine import (
    WARM_UP,
    Block,
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

DAY = 24 * 60
SATURDAY, SUNDAY = DAY, 2 * DAY
PRIMARY_LATEST = 18 * 60 + 30
CONDUCTED_BY_ONE = ("G01", "G02")


def clock(day: int, hours: int, minutes: int = 0) -> int:
    return day + 60 * hours + minutes


HOURS = (
    Window(clock(SATURDAY, 8, 30), clock(SATURDAY, 12, 30)),
    Window(clock(SATURDAY, 13, 30), clock(SATURDAY, 18)),
    Window(clock(SATURDAY, 18, 30), clock(SATURDAY, 20, 30)),
    Window(clock(SUNDAY, 8, 30), clock(SUNDAY, 12)),
)


def festival_file() -> Path:
    """Return the demo file: in the package, else in the folder shared beside the checkout."""
    root = Path(__file__).resolve().parents[1]
    inside = root / "scheduler" / "demo" / "festival.json"
    return inside if inside.exists() else root.parent / "shared" / "scenarios" / "festival.json"


def festival_problem(weights: Weights | None = None) -> Problem:
    """Build the problem of the 48 groups; every pupil in two groups is in exactly one party."""
    festival = json.loads(festival_file().read_text(encoding="utf-8"))
    region_by_school = {school["id"]: school["region"] for school in festival["schools"]}
    stages_by_school = {school["id"]: school["stage"] for school in festival["schools"]}
    groups = festival["groups"]
    return Problem(
        days=tuple(Window(day, day + DAY) for day in (0, SATURDAY, SUNDAY)),
        venues=tuple(_venue(venue) for venue in festival["venues"]),
        activities=tuple(
            performance(
                group["id"],
                stage_minutes=group["limit_min"],
                changeover_minutes=group["changeover_min"],
                size=group["size"],
                school=group["school"],
                region=region_by_school[group["school"]],
            )
            for group in groups
        ),
        parties=(*_pupils(groups), Party("林望舒", CONDUCTED_BY_ONE)),
        blocks=_blocks(groups),
        time_limits=_limits(groups, region_by_school, stages_by_school),
        travel=_travel([venue["id"] for venue in festival["venues"]]),
        weights=weights or Weights(),
    )


def _venue(venue: dict[str, Any]) -> Venue:
    closures = tuple(Window(_minute(start), _minute(end)) for start, end in venue["closed"])
    rooms = (Room(WARM_UP, venue["warmups"]),)
    return Venue(venue["id"], venue["stage_max"], HOURS, closures, rooms)


def _minute(local: str) -> int:
    """Return minutes from Friday's midnight for a local time such as 2027-07-17T13:00."""
    day, time = local.split("T")
    hours, minutes = time.split(":")
    return clock((int(day[-2:]) - 16) * DAY, int(hours), int(minutes))


def _pupils(groups: list[dict[str, Any]]) -> tuple[Party, ...]:
    groups_by_pupil: dict[str, list[str]] = {}
    for group in groups:
        for pupil in group["members"]:
            groups_by_pupil.setdefault(pupil, []).append(group["id"])
    return parties_of(groups_by_pupil)


def _blocks(groups: list[dict[str, Any]]) -> tuple[Block, ...]:
    """One block and one jury per category: the file's kinds carry the school stage already."""
    ids_by_kind: dict[str, list[str]] = {}
    for group in groups:
        ids_by_kind.setdefault(group["kind"], []).append(group["id"])
    return tuple(Block(kind, tuple(ids)) for kind, ids in ids_by_kind.items())


def _limits(
    groups: list[dict[str, Any]], regions: dict[str, str], stages: dict[str, list[str]]
) -> tuple[TimeLimit, ...]:
    near = tuple(g["id"] for g in groups if regions[g["school"]] in {"HK", "MO"})
    far = tuple(g["id"] for g in groups if regions[g["school"]] not in {"GZ", "HK", "MO"})
    primary = tuple(
        g["id"]
        for g in groups
        if g["kind"].endswith("_P") or (g["size"] < 16 and "P" in stages[g["school"]])
    )
    until_evening = tuple(Window(day, day + PRIMARY_LATEST) for day in (0, SATURDAY, SUNDAY))
    stay = Window(clock(0, 10, 30), clock(SUNDAY, 17))
    return (
        TimeLimit("hk_macao_stay", "region_stay", near, (stay,)),
        TimeLimit("overseas_arrival", "region_stay", far, (Window(clock(0, 12), 3 * DAY),)),
        TimeLimit("primary_latest_end", "latest_end", primary, until_evening),
    )


def _travel(venues: list[str]) -> tuple[Travel, ...]:
    minutes = (20, 25, 35, 30, 40, 25)
    return tuple(
        Travel(origin, destination, way)
        for (origin, destination), way in zip(combinations(venues, 2), minutes, strict=True)
    )
