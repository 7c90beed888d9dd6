"""What other rooms say to this one, and what it answers: plain records without a database."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

Times = tuple[dt.datetime, dt.datetime]
"""From and until, as instants."""


class EntryKind(StrEnum):
    """What sort of thing takes place: subscribers choose by it, calendars colour by it."""

    PERFORMANCE = "performance"
    REHEARSAL = "rehearsal"
    AUDITION = "audition"
    COURSE = "course"
    MEETING = "meeting"
    VISIT = "visit"
    TRAVEL = "travel"
    TOUR = "tour"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True, order=True)
class Audience:
    """Whose calendar an entry is in: a kind ("person", "school", "venue") and a public key."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Scope:
    """One source of entries, e.g. the plan of one programme. It is always published as a whole."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class EntryText:
    """What an entry says in one language; `details` are lines beneath the time.

    Public: no pupil's name, no telephone number, no private address (domain rule R7).
    """

    summary: str
    location: str = ""
    details: tuple[str, ...] = ()
    category: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the form that the database keeps."""
        return {
            "summary": self.summary,
            "location": self.location,
            "details": list(self.details),
            "category": self.category,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the text that `as_json` stored."""
        return cls(
            stored["summary"], stored["location"], tuple(stored["details"]), stored["category"]
        )


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One thing that takes place, as its source knows it.

    `key` names the thing within its scope for as long as it lives: a group's performance, never a
    slot or a time, because the UID in everybody's calendar hangs on it. `texts` are by locale and
    need "en". All-day entries begin and end at midnights of `zone`, the last one exclusive.
    `end_zone` is that of the place where a journey ends, "" where that is the same.
    """

    key: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    texts: Mapping[str, EntryText]
    audiences: frozenset[Audience]
    url: str = ""
    geo: tuple[float, float] | None = None
    is_all_day: bool = False
    is_busy: bool = True
    is_tentative: bool = False
    kind: EntryKind = EntryKind.PERFORMANCE
    end_zone: str = ""

    @property
    def times(self) -> Times:
        """From and until."""
        return self.starts_at, self.ends_at


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What happened to one entry, for those who tell people about it."""

    key: str
    uid: str
    texts: Mapping[str, EntryText]
    audiences: frozenset[Audience]
    was: Times | None
    now: Times | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How a published set differs from what stood before.

    `moved` is a change of time or place, `changed` any other visible change, `readdressed` an
    unchanged entry that came to some audiences or left them (only those are named).
    """

    new: tuple[EntryChange, ...] = ()
    moved: tuple[EntryChange, ...] = ()
    changed: tuple[EntryChange, ...] = ()
    cancelled: tuple[EntryChange, ...] = ()
    readdressed: tuple[EntryChange, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing changes for anybody."""
        return not (self.new or self.moved or self.changed or self.cancelled or self.readdressed)

    @property
    def audiences(self) -> frozenset[Audience]:
        """Everybody for whom something changes."""
        groups = (self.new, self.moved, self.changed, self.cancelled, self.readdressed)
        return frozenset().union(*(change.audiences for group in groups for change in group))


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or something with a feed: its audience, its names by locale, language and zone."""

    audience: Audience
    names: Mapping[str, str]
    zone: str
    locale: str = "en"


def keys_by_kind(audiences: Iterable[Audience]) -> dict[str, list[str]]:
    """Return the keys of audiences by their kind, in the order given."""
    keys: dict[str, list[str]] = defaultdict(list)
    for audience in audiences:
        keys[audience.kind].append(audience.key)
    return keys


def portions(things: Iterable[Any], size: int = 5_000) -> Iterable[list[Any]]:
    """Cut the things into lists that fit the parameters of one statement."""
    rest = list(things)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]
