"""An itinerary as pages show it: by day, with its doubts, in local and in home time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import get_locale

from scheduler.applications.models import Application
from scheduler.calendars.timetable import span, zones_in_words
from scheduler.formats import format_day, local, zone_name
from scheduler.itineraries.entries import name_in, place_of, to_place_of
from scheduler.itineraries.findings import Finding
from scheduler.itineraries.models import ItineraryItem
from scheduler.itineraries.texts import finding_text


@dataclass(frozen=True, slots=True)
class Told:
    """A doubt in words; a hint is nothing wrong."""

    text: str
    is_hint: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One item as it is read: local time, home time where that differs, from where to where."""

    item: ItineraryItem
    name: str
    span: str
    zone: str
    home: str
    start: str
    end: str
    length: str
    doubts: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day by the clocks at its places."""

    date: dt.date
    lines: tuple[Line, ...]


def days(items: Iterable[ItineraryItem], doubts: Iterable[Finding], home_zone: str) -> list[Day]:
    """Return the itinerary by the days on which its items begin where they begin."""
    items, locale = list(items), str(get_locale())
    names = {item.ref: name_in(item, locale) for item in items}
    told: defaultdict[str, list[Told]] = defaultdict(list)
    for each in doubts:
        told[each.ref].append(Told(finding_text(each, names), each.is_hint))
    by_day = sorted(items, key=lambda item: (item.starts_wall.date(), *item.times, item.ref))
    return [
        Day(date, tuple(_line(item, names[item.ref], told[item.ref], home_zone) for item in some))
        for date, some in groupby(by_day, lambda item: item.starts_wall.date())
    ]


def _line(item: ItineraryItem, name: str, told: Sequence[Told], home_zone: str) -> Line:
    locale = str(get_locale())
    hours, minutes = divmod(item.minutes, 60)
    return Line(
        item=item,
        name=name,
        span=span(item.times, item.starts_zone, item.ends_zone),
        zone=zones_in_words(item.times, item.starts_zone, item.ends_zone, locale),
        home=_at_home(item, home_zone),
        start=place_of(item),
        end=to_place_of(item),
        length=f"{hours}:{minutes:02}",
        doubts=tuple(told),
    )


def _at_home(item: ItineraryItem, zone: str) -> str:
    """Return the times at home, with the day where that is another; blank for what is there."""
    if {item.starts_zone, item.ends_zone} == {zone}:
        return ""
    day = local(item.starts_at, zone).date()
    shown = "" if day == item.starts_wall.date() else f"{format_day(day)} "
    return f"{shown}{span(item.times, zone)} {zone_name(zone)}"


def side_by_side(
    all_days: Iterable[Day], groups: Sequence[Application]
) -> list[tuple[dt.date, list[list[Line]]]]:
    """Return for each day a column of each group, with what is for it."""
    return [
        (
            day.date,
            [[each for each in day.lines if _is_for(each.item, group)] for group in groups],
        )
        for day in all_days
    ]


def of_group(items: Iterable[ItineraryItem], group: Application) -> list[ItineraryItem]:
    """Return what is for one group."""
    return [item for item in items if _is_for(item, group)]


def _is_for(item: ItineraryItem, group: Application) -> bool:
    return not item.groups or group.id in item.group_ids
