"""One's own timetable as a page shows it: entries by day, in local time. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any, Protocol

from scheduler.calendars import wording
from scheduler.calendars.entries import EntryText, Times
from scheduler.formats import local

SHOWN_AFTERWARDS = dt.timedelta(days=2)
"""How long what is over stays on the page."""


class Entry(Protocol):
    """What the page needs of an entry."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    end_zone: str
    is_all_day: bool
    uid: str

    @property
    def times(self) -> Times:
        """From and until."""

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
    offset = wording.offset(entry.starts_at, entry.zone)
    has_own = not entry.is_all_day and offset != wording.offset(entry.starts_at, own_zone)
    return Line(
        uid=entry.uid,
        starts_at=entry.starts_at,
        span="" if entry.is_all_day else span(entry.times, entry.zone, entry.end_zone),
        zone=zones_in_words(entry.times, entry.zone, entry.end_zone, locale),
        own_span=f"{span(entry.times, own_zone)} {wording.city(own_zone, locale)}"
        if has_own
        else "",
        text=entry.text_in(locale),
        is_cancelled=entry.is_cancelled,
        news=news,
    )


def span(times: Times, zone: str, end_zone: str = "") -> str:
    """Return both local times, the end by clocks where it ends, with the days in between: (+1)."""
    starts, ends = local(times[0], zone), local(times[1], end_zone or zone)
    days_later = (ends.date() - starts.date()).days
    later = f" ({days_later:+})" if days_later else ""
    return f"{starts:%H:%M}–{ends:%H:%M}{later}"


def zones_in_words(times: Times, zone: str, end_zone: str, locale: str) -> str:
    """Return whose clocks show a span: "Shanghai, UTC+8", and where it ends if that is another."""
    places = [(times[0], zone)]
    if end_zone not in {"", zone}:
        places.append((times[1], end_zone))
    return " – ".join(
        f"{wording.city(place, locale)}, UTC{wording.offset(instant, place)}"
        for instant, place in places
    )
