"""Conferences of CoSPLib (one workbook each): what a file says, and the engine's problem of it.

A submission is an activity, a room a venue, a session a round; a track has its sessions to itself.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from itertools import combinations
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from benchmarks.ctt import DAY, NO_WISHES
from scheduler.scheduling.engine import STAGE, Activity, Part, Problem, Venue, Window
from scheduler.scheduling.engine.catalogue import (
    NotBeside,
    Numbered,
    OneVenue,
    OneVenueARound,
    OwnSession,
    ProgrammeRule,
    RoundsInARow,
    UnwantedSessions,
)
from scheduler.scheduling.engine.format import HIGHEST_NUMBER

SLOT = 20
# The weights of a workbook, from top to bottom.
WEIGHTS = (
    "track_sessions", "track_rooms", "session_rooms", "similar_tracks", "rooms", "parallel",
    "consecutive", "time_zones", "order", "sessions", "submission_rooms", "presenters",
    "attendees", "chairs", "presenters_by_slot", "attendees_by_slot",
)  # fmt: skip
Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Submission:
    id: str
    track: str
    slots: int
    order: int
    zone: str
    presenters: frozenset[str]
    attendees: frozenset[str]
    sessions: tuple[int, ...]
    rooms: tuple[int, ...]


@dataclass(frozen=True)
class Workbook:
    """What a file says; penalties by track, session and room in the order of the file."""

    weights: dict[str, int]
    hours: dict[str, Any]
    submissions: tuple[Submission, ...]
    chairs: dict[str, frozenset[str]]
    slots: tuple[int, ...]
    times: tuple[tuple[time, time], ...]
    rooms: tuple[str, ...]
    track_sessions: dict[str, tuple[int, ...]]
    track_rooms: dict[str, tuple[int, ...]]
    session_rooms: tuple[tuple[int, ...], ...]
    similar: dict[tuple[str, str], int]

    @property
    def members(self) -> dict[str, tuple[Submission, ...]]:
        return {
            track: tuple(one for one in self.submissions if one.track == track)
            for track in self.chairs
        }

    def zone_penalty(self, submission: Submission, session: int) -> int:
        """Return the penalty of a session's time where the presenters are."""
        begin, end = (_minutes(one, self._shift(submission)) for one in self.times[session])
        early, late = _minutes(self.hours["less_from"]), _minutes(self.hours["less_to"])
        if begin < early or end > late or end < early:
            return int(self.hours["unsuitable"])
        good = _minutes(self.hours["from"]), _minutes(self.hours["to"])
        return int(self.hours["less"]) if begin < good[0] or end > good[1] else 0

    def _shift(self, submission: Submission) -> int:
        return _zone(submission.zone) - _zone(self.hours["local"])

    def conflicts(self) -> tuple[Pairs, Pairs]:
        """Return the pairs of submissions with presenters, and with attendees, in common.

        Who chairs the track of the other counts as well.
        """
        by_presenters, by_attendees = set(), set()
        for one, other in combinations(self.submissions, 2):
            pair = (one.id, other.id)
            if one.presenters & other.presenters or self._chairs(one, other, "presenters"):
                by_presenters.add(pair)
            shared = one.attendees & (other.attendees | other.presenters)
            if shared or other.attendees & one.presenters or self._chairs(one, other, "attendees"):
                by_attendees.add(pair)
        return frozenset(by_presenters), frozenset(by_attendees)

    def _chairs(self, one: Submission, other: Submission, people: str) -> bool:
        return one.track != other.track and bool(
            getattr(one, people) & self.chairs[other.track]
            or getattr(other, people) & self.chairs[one.track]
        )

    def chair_pairs(self) -> Pairs:
        """Return the pairs of tracks with a chair in common."""
        pairs = combinations(self.chairs, 2)
        return frozenset(pair for pair in pairs if self.chairs[pair[0]] & self.chairs[pair[1]])


def _minutes(moment: time, shift: int = 0) -> int:
    return (60 * moment.hour + moment.minute + shift) % DAY


def _zone(text: str) -> int:
    return 60 * int(text.removeprefix("GMT"))


# ------------------------------------------------------------------- reading


def read(path: Path) -> Workbook:
    """Return what a workbook says."""
    book = load_workbook(path, data_only=True)
    sheets: dict[str, list[list[Any]]] = {
        sheet.title: [[*row] for row in sheet.iter_rows(values_only=True)] for sheet in book
    }
    parameters = sheets["parameters"]
    sessions = _rows(sheets["sessions"])
    rooms = tuple(str(row[0]) for row in _rows(sheets["rooms"]))
    tracks = {
        str(row[0]): _people(row[1] if len(row) > 1 else "") for row in _rows(sheets["tracks"])
    }
    names = tuple(str(row[0]) for row in sessions)
    by_session = _table(sheets["sessions_rooms|penalty"], rooms)
    return Workbook(
        {name: int(parameters[row][4] or 0) for row, name in enumerate(WEIGHTS, 1)},
        _hours(parameters),
        tuple(_submissions(sheets["submissions"], names, rooms)),
        tracks,
        tuple(int(row[1]) for row in sessions),
        tuple((row[3], row[4]) for row in sessions),
        rooms,
        _table(sheets["tracks_sessions|penalty"], names),
        _table(sheets["tracks_rooms|penalty"], rooms),
        tuple(by_session[name] for name in names),
        _similar(sheets["similar tracks"]),
    )


def _rows(sheet: list[list[Any]]) -> list[list[Any]]:
    return [row for row in sheet[1:] if row[0] is not None]


def _people(text: object) -> frozenset[str]:
    return frozenset(name for name in str(text or "").split(", ") if name)


def _hours(rows: list[list[Any]]) -> dict[str, Any]:
    named = {"local": 1, "from": 3, "to": 4, "less_from": 6, "less_to": 7, "less": 8}
    return {name: rows[row][1] for name, row in {**named, "unsuitable": 10}.items()}


def _submissions(
    sheet: list[list[Any]], sessions: tuple[str, ...], rooms: tuple[str, ...]
) -> Iterator[Submission]:
    for row in _rows(sheet):
        named = dict(zip(map(str, sheet[0]), row, strict=True))
        yield Submission(
            str(row[0]),
            str(row[1]),
            int(row[2]),
            int(row[3] or 0),
            row[4],
            _people(row[5]),
            _people(row[6]),
            tuple(int(named[name] or 0) for name in sessions),
            tuple(int(named[name] or 0) for name in rooms),
        )


def _table(sheet: list[list[Any]], columns: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    head = {str(name): place for place, name in enumerate(sheet[0]) if name is not None}
    return {
        str(row[0]): tuple(int(row[head[column]] or 0) for column in columns)
        for row in _rows(sheet)
    }


def _similar(sheet: list[list[Any]]) -> dict[tuple[str, str], int]:
    """Return the penalties of pairs of tracks; of two cells for one pair the last one holds.

    Columns are taken in the order of the rows, as the library does.
    """
    rows = _rows(sheet)
    found: dict[tuple[str, str], int] = {}
    for column, one in enumerate(rows):
        for row in rows:
            if row is not one:
                pair = (str(min(one[0], row[0])), str(max(one[0], row[0])))
                found[pair] = int(row[column + 1] or 0)
    return found


# --------------------------------------------------------------- the problem


def problem_of(book: Workbook) -> Problem:
    """Return the engine's problem; conflicts slot by slot are not in it (`uncovered`)."""
    rounds = [Window(DAY * n, DAY * n + SLOT * slots) for n, slots in enumerate(book.slots)]
    return Problem(
        days=tuple(Window(DAY * n, DAY * (n + 1)) for n in range(len(rounds))),
        venues=tuple(Venue(room, 1, tuple(rounds)) for room in book.rooms),
        activities=tuple(
            Activity(one.id, (Part(STAGE, 0, SLOT * one.slots),)) for one in book.submissions
        ),
        rules=tuple(part for rule in _rules(book, rounds) for part in _in_parts(rule)),
        weights=NO_WISHES,
        grid_minutes=SLOT,
    )


def uncovered(book: Workbook) -> list[str]:
    """Return what a workbook prices, but the problem does not know."""
    return [name for name in ("presenters_by_slot", "attendees_by_slot") if book.weights[name]]


def _rules(book: Workbook, rounds: list[Window]) -> Iterator[ProgrammeRule]:
    for track, members in book.members.items():
        yield from _of_track(book, track, members)
    yield from _unwanted_by_tracks(book, rounds)
    for one in book.submissions:
        yield from _unwanted_by(book, one, rounds)
    yield from _apart(book)


def _in_parts(rule: ProgrammeRule) -> Iterator[ProgrammeRule]:
    """Yield a rule as often as it takes for no weight to be higher than a file may have it."""
    left = rule.weight or 0
    if left <= HIGHEST_NUMBER:
        yield rule
        return
    for number, paid in enumerate(range(0, left, HIGHEST_NUMBER)):
        weight = min(HIGHEST_NUMBER, left - paid)
        yield replace(rule, id=f"{rule.id}, part {number}", weight=weight)


def _of_track(
    book: Workbook, track: str, members: tuple[Submission, ...]
) -> Iterator[ProgrammeRule]:
    ids, weights = tuple(one.id for one in members), book.weights
    yield OwnSession(id=f"own {track}", activities=ids)
    yield OneVenue(id=f"rooms {track}", activities=ids, weight=weights["rooms"])
    yield OneVenueARound(id=f"parallel {track}", activities=ids, weight=weights["parallel"])
    yield RoundsInARow(id=f"row {track}", activities=ids, weight=weights["consecutive"])
    numbers = tuple(one.order for one in members)
    if any(numbers):
        weight = weights["order"]
        yield Numbered(id=f"order {track}", activities=ids, weight=weight, numbers=numbers)


def _unwanted_by_tracks(book: Workbook, rounds: list[Window]) -> Iterator[ProgrammeRule]:
    weights = book.weights
    for track, members in book.members.items():
        ids = tuple(one.id for one in members)
        by_session = [weights["track_sessions"] * one for one in book.track_sessions[track]]
        by_room = [weights["track_rooms"] * one for one in book.track_rooms[track]]
        yield from _unwanted(f"session {track}", ids, by_session, windows=rounds)
        yield from _unwanted(f"room {track}", ids, by_room, venues=book.rooms)
    everybody = tuple(one.id for one in book.submissions)
    for number, window in enumerate(rounds):
        costs = [weights["session_rooms"] * one for one in book.session_rooms[number]]
        for rule in _unwanted(f"shut {number}", everybody, costs, venues=book.rooms):
            yield UnwantedSessions(**{**vars(rule), "windows": (window,)})


def _unwanted_by(book: Workbook, one: Submission, rounds: list[Window]) -> Iterator[ProgrammeRule]:
    """Yield what a submission would rather not have; every slot that it takes counts."""
    weights = book.weights
    by_session = [
        one.slots * (weights["sessions"] * cost + weights["time_zones"] * book.zone_penalty(one, n))
        for n, cost in enumerate(one.sessions)
    ]
    by_room = [one.slots * weights["submission_rooms"] * cost for cost in one.rooms]
    yield from _unwanted(f"session {one.id}", (one.id,), by_session, windows=rounds)
    yield from _unwanted(f"room {one.id}", (one.id,), by_room, venues=book.rooms)


def _unwanted(
    name: str, ids: tuple[str, ...], costs: list[int], **axis: Any
) -> Iterator[UnwantedSessions]:
    """Yield a rule for each cost, about the windows or the venues that have it."""
    ((field, places),) = axis.items()
    for cost in sorted({cost for cost in costs if cost}):
        some = tuple(place for place, one in zip(places, costs, strict=True) if one == cost)
        yield UnwantedSessions(id=f"{name}: {cost}", activities=ids, weight=cost, **{field: some})


def _apart(book: Workbook) -> Iterator[ProgrammeRule]:
    ids = {track: tuple(one.id for one in some) for track, some in book.members.items()}
    prices: defaultdict[tuple[tuple[str, ...], tuple[str, ...]], int] = defaultdict(int)
    for (one, other), penalty in book.similar.items():
        prices[ids[one], ids[other]] += book.weights["similar_tracks"] * penalty
    for one, other in book.chair_pairs():
        pair = (min(one, other), max(one, other))
        prices[ids[pair[0]], ids[pair[1]]] += book.weights["chairs"]
    presenters, attendees = book.conflicts()
    for name, pairs in (("presenters", presenters), ("attendees", attendees)):
        for first, second in pairs:
            prices[(first,), (second,)] += book.weights[name]
    for number, ((mine, others), price) in enumerate(sorted(prices.items())):
        if price:
            yield NotBeside(id=f"apart {number}", activities=mine, others=others, weight=price)
