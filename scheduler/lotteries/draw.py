"""The draw itself: pure, whole numbers and SHA-256 only, so that anyone can repeat it.

docs/lottery.md says the same in words. Whatever changes here changes what was promised to people
whose list is frozen already: a new rule is a new format number in `lists`, beside the old one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

Key = TypeVar("Key")

ANY_OTHER = "*"
"""Stands for the places of a category that are not kept for a stratum."""

Place = tuple[str, str]
"""A category's code and the stratum its places are kept for, or `ANY_OTHER`."""


class Outcome(StrEnum):
    """What the draw says of an entry; the words stand in the published result."""

    PLACE = "place"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the frozen list; entries of one `unit` get places, or wait, together."""

    receipt: str
    unit: str
    category: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry with its rank (1 is the first), its outcome, and whose place it was given."""

    rank: int
    entry: Entry
    outcome: Outcome
    place_of: str | None


def order_key(seed: str, digest: str, unit: str) -> str:
    """Return what a unit is sorted by: SHA-256 of seed, list's SHA-256 and unit, a line each."""
    return sha256(f"{seed}\n{digest}\n{unit}".encode()).hexdigest()


def draw(
    entries: Iterable[Entry], places: Mapping[Place, int], *, seed: str, digest: str
) -> list[Drawn]:
    """Return all entries by rank, each with its outcome; the order they come in does not matter.

    Units are taken in drawn order twice. First, a unit gets places kept for its entries' strata if
    there is one for each of them. Then what is left of each category, kept for a stratum or not,
    is open to all: a unit gets places if there is one for each of its entries. A unit that does not
    fit as a whole is skipped; a smaller one behind it may still fit.
    """
    members: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.receipt):
        members.setdefault(entry.unit, []).append(entry)
    order = sorted(members, key=lambda unit: (order_key(seed, digest, unit), unit))
    given = _give(order, members, places)
    drawn: list[Drawn] = []
    for unit in order:
        for entry in members[unit]:
            place_of = _place_of(entry, given.get(unit))
            outcome = Outcome.WAITING if place_of is None else Outcome.PLACE
            drawn.append(Drawn(len(drawn) + 1, entry, outcome, place_of))
    return drawn


def waiting_numbers(drawn: Iterable[Drawn]) -> dict[str, int]:
    """Return each waiting entry's number in its category's line (1 is next), by receipt."""
    counts: Counter[str] = Counter()
    numbers = {}
    for each in drawn:
        if each.outcome is Outcome.WAITING:
            counts[each.entry.category] += 1
            numbers[each.entry.receipt] = counts[each.entry.category]
    return numbers


def _give(
    order: list[str], members: Mapping[str, list[Entry]], places: Mapping[Place, int]
) -> dict[str, bool]:
    """Return the units that got places, and whether these were kept for their strata."""
    given: dict[str, bool] = {}
    kept = Counter(places)
    for unit in order:
        wanted = Counter((entry.category, entry.stratum) for entry in members[unit])
        if _fits(wanted, kept):
            kept -= wanted
            given[unit] = True
    open_to_all: Counter[str] = Counter()
    for (category, _stratum), count in kept.items():
        open_to_all[category] += count
    for unit in order:
        needed = Counter(entry.category for entry in members[unit])
        if unit not in given and _fits(needed, open_to_all):
            open_to_all -= needed
            given[unit] = False
    return given


def _fits(wanted: Counter[Key], free: Counter[Key]) -> bool:
    return all(free[key] >= count for key, count in wanted.items())


def _place_of(entry: Entry, is_kept: bool | None) -> str | None:  # noqa: FBT001 - one of three
    if is_kept is None:
        return None
    return entry.stratum if is_kept else ANY_OTHER
