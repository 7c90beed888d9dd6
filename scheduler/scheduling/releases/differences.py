"""What one timetable does to the groups of another: new, moved, cancelled, with both places."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy import select

from scheduler.database import db
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.items import Item
from scheduler.scheduling.models import Release
from scheduler.scheduling.timetable import latest_release, performances_of


class Kind(StrEnum):
    """What happens to a group."""

    NEW = "new"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Line(Protocol):
    """A group in its place with all its times: a draft's slot, or a line of a release."""

    @property
    def item(self) -> Item:
        """What is placed."""

    @property
    def venue(self) -> Venue | None:
        """Where it performs; None if the venue is gone."""

    @property
    def warmup_room(self) -> int:
        """The number of its warm-up room."""

    @property
    def warmup_starts_at(self) -> dt.datetime:
        """When it must be there."""

    @property
    def warmup_ends_at(self) -> dt.datetime:
        """When it leaves its warm-up room."""

    @property
    def starts_at(self) -> dt.datetime:
        """When it is on stage."""

    @property
    def ends_at(self) -> dt.datetime:
        """When it leaves the stage."""

    @property
    def allotted_minutes(self) -> int | None:
        """How long it is on stage, where that is not what its category says."""


@dataclass(frozen=True)
class Change:
    """One group: where it stood, and where it stands; None where it has no place."""

    item: Item
    was: Line | None
    now: Line | None

    @property
    def kind(self) -> Kind:
        """What that is called."""
        if self.was is None:
            return Kind.NEW
        return Kind.CANCELLED if self.now is None else Kind.MOVED

    @property
    def lines(self) -> list[Line]:
        """The places, the former first."""
        return [line for line in (self.was, self.now) if line is not None]


def between(was: Iterable[Line], now: Iterable[Line]) -> list[Change]:
    """Return the groups whose place, room or times differ, in order of their time."""
    before = {line.item.ref: line for line in was}
    after = {line.item.ref: line for line in now}
    changes = [
        Change((after.get(ref) or before[ref]).item, before.get(ref), after.get(ref))
        for ref in before.keys() | after.keys()
        if _place(before.get(ref)) != _place(after.get(ref))
    ]
    return sorted(changes, key=_moment)


def of_release(release: Release) -> list[Change]:
    """Return what a release changed against the one before it."""
    before = db.session.scalars(
        select(Release).where(
            Release.programme_id == release.programme_id, Release.number == release.number - 1
        )
    ).one_or_none()
    return between(performances_of(before) if before else [], performances_of(release))


def against_release(programme: Programme, now: Iterable[Line]) -> list[Change]:
    """Return what a draft's slots would change of the release that stands."""
    standing = latest_release(programme)
    return between(performances_of(standing) if standing else [], now)


def _place(line: Line | None) -> tuple[object, ...] | None:
    if line is None:
        return None
    code = line.venue.code if line.venue else ""
    return (code, line.warmup_room, line.warmup_starts_at, line.starts_at, line.ends_at)


def _moment(change: Change) -> tuple[dt.datetime, str]:
    return change.lines[-1].starts_at, change.item.ref
