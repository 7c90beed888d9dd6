"""Instants, days and names as the reader's language and the place's zone want them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from babel import dates
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _


def local(instant: dt.datetime, zone: str) -> dt.datetime:
    """Return the wall time of an instant in a zone."""
    return instant.astimezone(ZoneInfo(zone))


def minute_of_day(instant: dt.datetime, zone: str) -> int:
    """Return the minutes since midnight that a clock in the zone shows."""
    wall = local(instant, zone)
    return wall.hour * 60 + wall.minute


def zone_text(instant: dt.datetime, zone: str) -> str:
    """Return e.g. `UTC+8`, the offset at that instant, which is what people can compare."""
    offset = local(instant, zone).utcoffset() or dt.timedelta()
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def zone_name(zone: str) -> str:
    """Return the city that a zone is named after, as the reader's language calls it."""
    return str(dates.get_timezone_location(ZoneInfo(zone), locale=get_locale(), return_city=True))


def format_instant(instant: dt.datetime | None, zone: str | None = None) -> str:
    """Return date, time and zone in words of the reader's language."""
    if instant is None:
        return ""
    zone = zone or current_app.config["BABEL_DEFAULT_TIMEZONE"]
    day = format_day(local(instant, zone).date())
    return f"{day} {local(instant, zone):%H:%M}{bracketed(zone_text(instant, zone))}"


def format_day_and_zone(instant: dt.datetime, zone: str) -> str:
    """Return the local day with its zone, for places that name the times below."""
    day = format_day(local(instant, zone).date())
    return f"{day}{bracketed(zone_text(instant, zone))}"


def bracketed(text: str) -> str:
    """Return a remark in the brackets of the reader's language, set off from what is before."""
    return f"（{text}）" if str(get_locale()).startswith("zh") else f" ({text})"


def format_time(instant: dt.datetime | None, zone: str | None = None) -> str:
    """Return the local time alone, for places that name day and zone above."""
    if instant is None:
        return ""
    return f"{local(instant, zone or current_app.config['BABEL_DEFAULT_TIMEZONE']):%H:%M}"


def format_short_day(day: dt.date) -> str:
    """Return a day within a known year, with its weekday."""
    patterns = {"zh_Hans": "M月d日 EEE", "zh_Hant_HK": "M月d日 EEEE"}
    pattern = patterns.get(str(get_locale()), "EEE d MMM")
    return dates.format_date(day, pattern, locale=get_locale())


def weekday_name(weekday: int) -> str:
    """Return what a weekday is called; 0 is Monday."""
    return str(dates.get_day_names("wide", locale=get_locale())[weekday])


def format_day(day: dt.date | None) -> str:
    """Return a date with its weekday, as the reader's region writes it (domain.md section 10)."""
    if day is None:
        return ""
    locale = str(get_locale())
    pattern = {"zh_Hans": "y年M月d日(EEE)", "zh_Hant_HK": "y年M月d日(EEEE)"}.get(
        locale, "EEE d MMMM y"
    )
    return dates.format_date(day, pattern, locale=get_locale())


class HasLatinName(Protocol):
    """What is named in its own script, and perhaps in Latin letters as well."""

    name: Any
    name_latin: Any


def venue_name(venue: HasLatinName | None, locale: str | None = None) -> str:
    """Return what readers of a language (by default the page's) call a venue.

    Names are as they were registered: Chinese readers get the name itself, in whatever script;
    everybody else the one in Latin letters, where there is one.
    """
    if venue is None:
        return "–"
    is_chinese = (locale or str(get_locale())).startswith("zh")
    return str(venue.name if is_chinese else venue.name_latin or venue.name)


def listed(names: Iterable[str]) -> str:
    """Return names in one line, parted as the page's language parts them."""
    return str(_(", ")).join(names)


def named(names: dict[str, str] | None) -> str:
    """Return a thing's name in the reader's language, or what stands in for a missing one.

    Whoever reads one Chinese script reads the other sooner than English.
    """
    return named_in(names, str(get_locale()))


def named_in(names: Mapping[str, str] | None, locale: str) -> str:
    """Return a thing's name in a language, or what stands in for a missing one."""
    if not names:
        return ""
    kin = [other for other in names if locale.startswith("zh") and other.startswith("zh")]
    return next((names[key] for key in (locale, *kin, "en") if names.get(key)), "") or next(
        iter(names.values())
    )
