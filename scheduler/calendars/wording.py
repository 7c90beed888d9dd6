"""The words around an entry in each language: when it is, and that it is cancelled. Pure.

Feeds are written by jobs, for many languages at once and without a request, so the catalogues are
read here directly instead of through the request's language.
"""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import dates
from babel.support import NullTranslations, Translations

from scheduler import paths
from scheduler.calendars.entries import Times

DAY_PATTERNS = {"zh_Hans": "y年M月d日(EEE)", "zh_Hant_HK": "y年M月d日(EEEE)"}
ENGLISH_DAY = "EEE d MMMM y"


@lru_cache
def catalogue(locale: str) -> NullTranslations:
    """Return the translations of a locale; those of English give the text itself."""
    return Translations.load(paths.PACKAGE / "translations", [locale])


@lru_cache(maxsize=4_096)
def day(date: dt.date, locale: str) -> str:
    """Return a date with its weekday, as the region writes it (domain.md section 10)."""
    return dates.format_date(date, DAY_PATTERNS.get(locale, ENGLISH_DAY), locale=locale)


@lru_cache
def city(zone: str, locale: str) -> str:
    """Return the name of the city that a zone is named after."""
    return dates.get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True)


def offset(instant: dt.datetime, zone: str) -> str:
    """Return how far local time is from UTC at an instant: "+8", "-3:30"."""
    minutes = _minutes_from_utc(instant.astimezone(ZoneInfo(zone)))
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{hours}:{rest:02}" if rest else f"{sign}{hours}"


def _minutes_from_utc(local: dt.datetime) -> int:
    return int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60


def when(
    times: Times, zone: str, locale: str, *, end_zone: str = "", is_all_day: bool = False
) -> str:
    """Return the local time with its zone in words: "Sat 10 April 2027, 09:00–09:25 (…)".

    Days of all-day entries stand alone, because a date has no zone. What ends in another zone has
    each time as the clocks there show it.
    """
    if end_zone not in {"", zone} and not is_all_day:
        places = zip(times, (zone, end_zone), strict=True)
        return " – ".join(_moment(instant, place, locale) for instant, place in places)
    starts, ends = (instant.astimezone(ZoneInfo(zone)) for instant in times)
    if is_all_day:
        last = ends.date() - dt.timedelta(days=1)
        first_day, last_day = day(starts.date(), locale), day(last, locale)
        return first_day if starts.date() == last else f"{first_day} – {last_day}"
    return _in_zone(_span(starts, ends, locale), zone, _offsets(starts, ends, zone), locale)


def _moment(instant: dt.datetime, zone: str, locale: str) -> str:
    wall = instant.astimezone(ZoneInfo(zone))
    return _in_zone(f"{day(wall.date(), locale)} {wall:%H:%M}", zone, offset(wall, zone), locale)


def _in_zone(time: str, zone: str, offset: str, locale: str) -> str:
    facts = {"time": time, "city": city(zone, locale), "offset": offset}
    return catalogue(locale).gettext("%(time)s (%(city)s time, UTC%(offset)s)") % facts


def _span(starts: dt.datetime, ends: dt.datetime, locale: str) -> str:
    first = f"{day(starts.date(), locale)} {starts:%H:%M}"
    if starts.date() == ends.date():
        return f"{first}–{ends:%H:%M}"
    return f"{first} – {day(ends.date(), locale)} {ends:%H:%M}"


def _offsets(starts: dt.datetime, ends: dt.datetime, zone: str) -> str:
    """Return one offset, or both when the clocks change in between."""
    first, last = offset(starts, zone), offset(ends, zone)
    return first if first == last else f"{first}, {last}"


def cancelled(summary: str, locale: str) -> str:
    """Return the heading of an entry that does not take place any more."""
    return catalogue(locale).gettext("Cancelled: %(title)s") % {"title": summary}
