"""One's own timetable as a page shows it: entries by day, in local time. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any, Protocol

from scheduler.calendars import wording
from scheduler.calendars.entries import EntryText
from scheduler.formats import local

SHOWN_AFTERWARDS = dt.timedelta(days=2)
"""How long what is over stays on the page."""


class Entry(Protocol):
    """What the page needs of an entry."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    is_all_day: bool
    uid: str

    @property
    def is_cancelled(self) -> bool:
        """A tombstone."""

    def text_in(self, locale: str) -> EntryText:
        """Return the text in the language."""


class News(StrEnum):
    """What the last edition did to an entry."""

    NEW = "new"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a day. `span` is in the place's time; `own_span` in the reader's, if another."""

    uid: str
    starts_at: dt.datetime
    span: str
    zone: str
    own_span: str
    text: EntryText
    is_cancelled: bool
    news: News | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day at the place, with its lines by time."""

    date: dt.date
    lines: tuple[Line, ...]


def news_of(sequence: int, modified_at: dt.datetime, number: int, at: dt.datetime) -> News | None:
    """Return what edition `number`, published at an instant, did to an entry; not the first."""
    if number <= 1 or modified_at < at:
        return None
    return News.CHANGED if sequence else News.NEW


def days(
    entries: Iterable[Entry],
    own_zone: str,
    locale: str,
    news: Callable[[Any], News | None] = lambda _entry: None,
) -> list[Day]:
    """Return the entries by the day on which they begin where they take place.

    `news` says what is to be marked as new or changed.
    """
    by_time = sorted(entries, key=lambda entry: (_day(entry), entry.starts_at))
    return [
        Day(date, tuple(_line(entry, own_zone, locale, news(entry)) for entry in group))
        for date, group in groupby(by_time, _day)
    ]


def _day(entry: Entry) -> dt.date:
    return local(entry.starts_at, entry.zone).date()


def _line(entry: Entry, own_zone: str, locale: str, news: News | None) -> Line:
    city = wording.city(entry.zone, locale)
    offset = wording.offset(entry.starts_at, entry.zone)
    has_own = not entry.is_all_day and offset != wording.offset(entry.starts_at, own_zone)
    return Line(
        uid=entry.uid,
        starts_at=entry.starts_at,
        span="" if entry.is_all_day else _span(entry, entry.zone),
        zone=f"{city}, UTC{offset}",
        own_span=f"{_span(entry, own_zone)} {wording.city(own_zone, locale)}" if has_own else "",
        text=entry.text_in(locale),
        is_cancelled=entry.is_cancelled,
        news=news,
    )


def _span(entry: Entry, zone: str) -> str:
    return f"{local(entry.starts_at, zone):%H:%M}–{local(entry.ends_at, zone):%H:%M}"
