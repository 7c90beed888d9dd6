"""A first conference: the tracks one after another, each into the sessions that cost it least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.conference.programme import Side

if TYPE_CHECKING:
    from scheduler.scheduling.engine.conference.programme import Arrangement, Conference, Place

# What is not priced here (other venues, gaps, venues at once) weighs this much of a least cost.
AWAY = 5


def filled(conference: Conference) -> Arrangement | None:
    """Return an arrangement that takes nothing into account but costs; None if that fails."""
    found: dict[int, Place] = {}
    free = set(conference.sessions)
    for track in sorted(range(len(conference.tracks)), key=lambda t: _choice(conference, t)):
        left = sorted(conference.tracks[track], key=lambda one: -conference.minutes[one])
        mine: list[Place] = []
        while left:
            chosen = _cheapest(conference, track, left, free, mine)
            if not chosen:
                return None
            place, activities = chosen
            free.discard(place)
            mine.append(place)
            found |= dict.fromkeys(activities, place)
            left = [one for one in left if one not in activities]
    return found


def _choice(conference: Conference, track: int) -> tuple[int, int, int]:
    """Return how many sessions cost a track least: who has few goes first, then the longest."""
    costs = [conference.cost_at(Side(track), place) for place in conference.sessions]
    return costs.count(min(costs)), -conference.need(track), track


def _cheapest(
    conference: Conference, track: int, left: list[int], free: set[Place], mine: list[Place]
) -> tuple[Place, list[int]] | None:
    """Return the session that costs least for what it takes in, and what that is."""
    options = []
    for place in sorted(free):
        chosen = _chosen(conference, track, left, place)
        if chosen and conference.may_be(Side(track), place):
            options.append((_price(conference, track, place, chosen, mine), place, chosen))
    return min(options)[1:] if options else None


def _chosen(conference: Conference, track: int, left: list[int], place: Place) -> list[int]:
    """Return which of those left go into the session: the cheapest there, then the longest."""
    room = conference.length(place)
    chosen = []

    def cost(one: int) -> tuple[int, int]:
        side = Side(track, one)
        return conference.cost_at(side, place), -conference.minutes[one]

    for one in sorted(left, key=cost):
        if conference.minutes[one] <= room and conference.may_be(Side(track, one), place):
            chosen.append(one)
            room -= conference.minutes[one]
    return chosen


def _price(
    conference: Conference, track: int, place: Place, chosen: list[int], mine: list[Place]
) -> int:
    """Return what a session costs for each minute that it takes up, and for being away."""
    cost = conference.cost_at(Side(track), place)
    cost += sum(conference.cost_at(Side(track, one), place) for one in chosen)
    away = 0
    if mine:
        away += all(place[1] != venue for _, venue in mine)
        away += 2 * any(place[0] == number for number, _ in mine)
        away += 2 * all(abs(place[0] - number) != 1 for number, _ in mine)
    minutes = sum(conference.minutes[one] for one in chosen)
    return (1000 * (cost + AWAY * away)) // minutes
