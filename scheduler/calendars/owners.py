"""Who the owner of a calendar is by mail. Rooms that know people by such a name register here."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from scheduler.calendars.entries import Audience, keys_by_kind


@dataclass(frozen=True, slots=True)
class Owner:
    """Where and in which language the owner of a calendar is written to, and by which account."""

    address: str
    name: str
    locale: str
    account_id: int | None = None


Find = Callable[[Collection[str]], dict[str, Owner]]

_find_by_kind: dict[str, Find] = {}


def add(kind: str, find: Find) -> None:
    """Let a room say who stands behind audiences of a kind; who has no address is left out."""
    _find_by_kind[kind] = find


def owners_of(audiences: Iterable[Audience]) -> dict[Audience, Owner]:
    """Return the owners who can be written to now, by audience."""
    found: dict[Audience, Owner] = {}
    for kind, keys in keys_by_kind(audiences).items():
        find = _find_by_kind.get(kind)
        if find is not None:
            found |= {Audience(kind, key): owner for key, owner in find(keys).items()}
    return found


def owner_of(audience: Audience) -> Owner | None:
    """Return the owner, if they can be written to now."""
    return owners_of([audience]).get(audience)
