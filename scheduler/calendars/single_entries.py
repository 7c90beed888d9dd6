"""One entry as a file of its own, for calendars that cannot subscribe: same UID, same octets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Select, select, tuple_

from scheduler.calendars.entries import Audience
from scheduler.calendars.feeds import renderings_for
from scheduler.calendars.ical import END
from scheduler.calendars.itip import render_single
from scheduler.calendars.models import CalendarEntry, EntryAudience
from scheduler.calendars.own_calendars import calendars_of
from scheduler.database import db
from scheduler.errors import NotFound

_BEGIN = b"BEGIN:VEVENT\r\n"


def entries_with(audiences: Iterable[Audience]) -> Select[CalendarEntry]:
    """Return the query for the entries that any of the audiences has."""
    keys = [(audience.kind, audience.key) for audience in audiences]
    own = select(EntryAudience.entry_id).where(
        tuple_(EntryAudience.kind, EntryAudience.key).in_(keys)
    )
    return select(CalendarEntry).where(CalendarEntry.id.in_(own))


def find_entry(audiences: Iterable[Audience], uid: str) -> CalendarEntry:
    """Return an entry that one of the audiences has; raises `NotFound` for anybody else's."""
    found = db.session.scalar(entries_with(audiences).where(CalendarEntry.uid == uid))
    if found is None:
        raise NotFound
    return found


def file_of(owner: Audience, entry: CalendarEntry, locale: str) -> bytes:
    """Return a calendar of the one entry, as the owner's first calendar with it has it.

    An owner without any gets it as everybody has it, in the language given.
    """
    for calendar in calendars_of(owner):
        octets = _within(calendar.body, entry.uid)
        if octets:
            return render_single(octets)
    return render_single(renderings_for([entry.id], locale)[0])


def labels_of(
    entries: Iterable[CalendarEntry], follows: Mapping[Audience, str]
) -> dict[int, list[str]]:
    """Return whose each entry is, of those who are followed under a name. One query."""
    named = {audience: label for audience, label in follows.items() if label}
    found: dict[int, list[str]] = defaultdict(list)
    if not named:
        return found
    query = select(EntryAudience).where(
        EntryAudience.entry_id.in_([entry.id for entry in entries]),
        tuple_(EntryAudience.kind, EntryAudience.key).in_(
            [(audience.kind, audience.key) for audience in named]
        ),
    )
    for row in db.session.scalars(query.order_by(EntryAudience.entry_id, EntryAudience.key)):
        found[row.entry_id].append(named[Audience(row.kind, row.key)])
    return found


def _within(body: bytes, uid: str) -> bytes:
    """Return the octets of one entry of a stored feed; nothing if it does not hold it."""
    at = body.find(f"\r\nUID:{uid}\r\n".encode())
    if at < 0:
        return b""
    start = body.rindex(_BEGIN, 0, at + 2)
    return body[start : body.index(END, at) + len(END)]
