"""From a stored entry to its octets in every language, and the mark by which a change is known."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.calendars import wording
from scheduler.calendars.entries import Audience, EntryKind
from scheduler.calendars.ical import Item, render_item
from scheduler.calendars.models import CalendarEntry
from scheduler.languages import LOCALES

COLORS = {
    EntryKind.PERFORMANCE: "royalblue",
    EntryKind.REHEARSAL: "seagreen",
    EntryKind.AUDITION: "teal",
    EntryKind.COURSE: "mediumpurple",
    EntryKind.MEETING: "darkorange",
    EntryKind.VISIT: "olive",
    EntryKind.TRAVEL: "steelblue",
    EntryKind.TOUR: "darkcyan",
    EntryKind.DEADLINE: "crimson",
}
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def item_of(entry: CalendarEntry, locale: str) -> Item:
    """Return the entry as calendars of one language show it."""
    text = entry.text_in(locale)
    is_cancelled = entry.is_cancelled
    return Item(
        uid=entry.uid,
        sequence=entry.sequence,
        modified_at=entry.modified_at,
        starts=_moment(entry, entry.starts_at),
        ends=_moment(entry, entry.ends_at),
        summary=wording.cancelled(text.summary, locale) if is_cancelled else text.summary,
        location=text.location,
        description="\n".join((when_of(entry, locale), *text.details)),
        status=entry.status,
        is_busy=entry.is_busy and not entry.is_all_day,
        geo=entry.geo,
        url=entry.url,
        categories=(text.category,) if text.category else (),
        color=COLORS[entry.kind],
    )


def when_of(entry: CalendarEntry, locale: str) -> str:
    """Return the entry's local times with their zones in words."""
    return wording.when(
        entry.times, entry.zone, locale, end_zone=entry.end_zone, is_all_day=entry.is_all_day
    )


def renderings_of(entry: CalendarEntry) -> list[dict[str, Any]]:
    """Return the rows of `EntryRendering` for an entry that has its id."""
    return [
        {"entry_id": entry.id, "locale": locale, "body": render_item(item_of(entry, locale))}
        for locale in LOCALES
    ]


def fingerprint(entry: CalendarEntry) -> str:
    """Return a mark of all that is shown of an entry, in all languages and in words.

    It covers what the sources do not say themselves: the offset of the zone, which a law may
    change, and the translations. UID, SEQUENCE and the time of the change are not part of it.
    """
    seal = hashlib.sha256()
    for locale in LOCALES:
        item = replace(item_of(entry, locale), uid="", sequence=0, modified_at=_BEGINNING)
        seal.update(repr(item).encode())
    return seal.hexdigest()


def audience_mark(audiences: Iterable[Audience]) -> str:
    """Return a mark of who has an entry, whatever the order they are named in."""
    seal = hashlib.sha256()
    for kind, key in sorted((audience.kind, audience.key) for audience in audiences):
        seal.update(f"{kind}\0{key}\0".encode())
    return seal.hexdigest()


def _moment(entry: CalendarEntry, instant: dt.datetime) -> dt.datetime | dt.date:
    if not entry.is_all_day:
        return instant
    return instant.astimezone(ZoneInfo(entry.zone)).date()
