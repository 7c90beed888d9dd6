"""Which tracks to set free and arrange anew, while everything else stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue import Seen

if TYPE_CHECKING:
    from random import Random

    from scheduler.scheduling.engine.conference.programme import Arrangement, Conference

# What is broken is where most can be gained, so it is chosen as often as all others together.
BREACH_SHARE = 0.5


def tracks_to_free(
    conference: Conference, arrangement: Arrangement, most: int, random: Random
) -> set[int]:
    """Return so many tracks, chosen so that something may be gained by them together."""
    chosen = _of_a_breach(conference, arrangement, random)
    if not chosen or random.random() > BREACH_SHARE:
        chosen = {random.randrange(len(conference.tracks))}
    near = _by_nearness(conference, arrangement, chosen, random)
    return {*sorted(chosen)[:most], *near[: max(0, most - len(chosen))]}


def _of_a_breach(conference: Conference, arrangement: Arrangement, random: Random) -> set[int]:
    """Return the tracks of one thing that is not as it was wished."""
    seen = Seen(conference.problem, conference.plan(arrangement))
    weighted = [rule for rule in conference.problem.rules if rule.weight]
    for rule in random.sample(weighted, len(weighted)):
        breaches = [*rule.breaches(seen)]
        if breaches:
            ids = set(random.choice(breaches).ids)
            return {
                conference.track_of[number]
                for number, id_ in enumerate(conference.ids)
                if id_ in ids
            }
    return set()


def _by_nearness(
    conference: Conference, arrangement: Arrangement, chosen: set[int], random: Random
) -> list[int]:
    """Return the other tracks: first those in the same venues, or in the same rounds, or any."""
    axis = random.choice((0, 1, None))
    others = [track for track in range(len(conference.tracks)) if track not in chosen]
    random.shuffle(others)
    if axis is None:
        return others
    mine = {place[axis] for one, place in arrangement.items() if conference.track_of[one] in chosen}
    shared = dict.fromkeys(others, 0)
    for one, place in arrangement.items():
        if place[axis] in mine and conference.track_of[one] in shared:
            shared[conference.track_of[one]] += 1
    return sorted(others, key=lambda track: -shared[track])
