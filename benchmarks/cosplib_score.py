"""What a plan costs by CoSPLib's own full count; shares nothing with the engine but the plan."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from benchmarks.cosplib import SLOT, Pairs, Submission, Workbook
from benchmarks.ctt import DAY
from scheduler.scheduling.engine import Plan

# Session, room and first slot of a submission, by number.
Where = tuple[int, int, int]


def official_cost(book: Workbook, plan: Plan) -> tuple[int, int]:
    """Return the broken hard rules and the cost of a plan."""
    where = {
        one.activity: (one.start // DAY, book.rooms.index(one.venue), one.start % DAY // SLOT)
        for one in plan.placements
    }
    counts: defaultdict[str, int] = defaultdict(int)
    tracks = _tracks_by_session(book, where)
    for name, amount in (
        *_of_sessions(book, tracks),
        *_of_tracks(book, tracks),
        *_of_submissions(book, where),
        *_of_orders(book, where),
        *_of_conflicts(book, where),
    ):
        counts[name] += amount
    return _broken(book, where), sum(book.weights[name] * n for name, n in counts.items())


def _tracks_by_session(book: Workbook, where: dict[str, Where]) -> dict[tuple[int, int], str]:
    track_of = {one.id: one.track for one in book.submissions}
    return {(session, room): track_of[id_] for id_, (session, room, _) in where.items()}


def _taken(book: Workbook, where: dict[str, Where]) -> dict[Where, list[Submission]]:
    """Return who is in each slot of each room."""
    found: defaultdict[Where, list[Submission]] = defaultdict(list)
    for one in book.submissions:
        session, room, slot = where[one.id]
        for number in range(slot, slot + one.slots):
            found[session, room, number].append(one)
    return found


def _broken(book: Workbook, where: dict[str, Where]) -> int:
    taken = _taken(book, where)
    broken = sum(len(users) - 1 for users in taken.values())
    broken += sum(slot >= book.slots[session] for session, _, slot in taken)
    mixed: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for (session, room, _), users in taken.items():
        mixed[session, room].update(one.track for one in users)
    return broken + sum(len(tracks) - 1 for tracks in mixed.values())


def _of_sessions(book: Workbook, tracks: dict[tuple[int, int], str]) -> Iterator[tuple[str, int]]:
    for (session, room), track in tracks.items():
        yield "track_sessions", book.track_sessions[track][session]
        yield "track_rooms", book.track_rooms[track][room]
        yield "session_rooms", book.session_rooms[session][room]
    chairs = book.chair_pairs()
    for (one, mine), (other, theirs) in combinations(tracks.items(), 2):
        if one[0] == other[0] and mine != theirs:
            yield "similar_tracks", book.similar[min(mine, theirs), max(mine, theirs)]
            yield "chairs", (mine, theirs) in chairs or (theirs, mine) in chairs


def _of_tracks(book: Workbook, tracks: dict[tuple[int, int], str]) -> Iterator[tuple[str, int]]:
    for track in book.chairs:
        places = [place for place, user in tracks.items() if user == track]
        sessions = {session for session, _ in places}
        yield "rooms", len({room for _, room in places}) - 1
        yield "parallel", len(places) - len(sessions)
        yield "consecutive", max(sessions) - min(sessions) + 1 != len(sessions)


def _of_submissions(book: Workbook, where: dict[str, Where]) -> Iterator[tuple[str, int]]:
    for one in book.submissions:
        session, room, _ = where[one.id]
        yield "time_zones", one.slots * book.zone_penalty(one, session)
        yield "sessions", one.slots * one.sessions[session]
        yield "submission_rooms", one.slots * one.rooms[room]


def _of_orders(book: Workbook, where: dict[str, Where]) -> Iterator[tuple[str, int]]:
    for members in book.members.values():
        ordered = sorted(members, key=lambda one: where[one.id])
        for number, one in enumerate(ordered, 1):
            yield "order", one.order not in {0, number}
        for one, other in _at_once(book, where, members):
            yield "order", bool(one.order and other.order)


def _of_conflicts(book: Workbook, where: dict[str, Where]) -> Iterator[tuple[str, int]]:
    presenters, attendees = book.conflicts()
    for name, pairs in (("presenters", presenters), ("attendees", attendees)):
        for one, other in pairs:
            (session, room, _), (at, venue, _) = where[one], where[other]
            yield name, session == at and room != venue
        for first, second in _at_once(book, where, book.submissions):
            yield f"{name}_by_slot", _is_pair(pairs, first.id, second.id)


def _is_pair(pairs: Pairs, one: str, other: str) -> bool:
    return (one, other) in pairs or (other, one) in pairs


def _at_once(
    book: Workbook, where: dict[str, Where], some: tuple[Submission, ...]
) -> Iterator[tuple[Submission, Submission]]:
    """Yield two of these for each slot in which both are on."""
    by_slot: defaultdict[tuple[int, int], list[Submission]] = defaultdict(list)
    ids = {one.id for one in some}
    for (session, _, slot), users in _taken(book, where).items():
        by_slot[session, slot] += [one for one in users if one.id in ids]
    for users in by_slot.values():
        yield from combinations(users, 2)
