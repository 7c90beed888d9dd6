"""The one door to everybody's calendar: rooms publish what takes place, feeds follow.

Sources hand over their full set of entries. What is equal to what stands is left alone to the last
octet; what differs is counted up; what is missing is cancelled and kept for a while.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Select, delete, insert, select, tuple_

from scheduler.calendars import contents, feeds
from scheduler.calendars.comparison import Comparison, compare, difference
from scheduler.calendars.entries import Audience, Difference, EntryDraft, Scope, portions
from scheduler.calendars.ical import Status
from scheduler.calendars.models import (
    CalendarBulletin,
    CalendarEntry,
    EntryAudience,
    EntryRendering,
)
from scheduler.calendars.rendering import audience_mark, fingerprint, renderings_of
from scheduler.database import db

TOMBSTONE_DAYS = 30
"""How long after its time a cancelled entry stays in feeds."""

TAKEN_OVER = (
    "status",
    "kind",
    "starts_at",
    "ends_at",
    "zone",
    "end_zone",
    "is_all_day",
    "is_busy",
    "texts",
    "url",
    "latitude",
    "longitude",
    "fingerprint",
    "audience_mark",
    "cancelled_at",
)
"""What a stored entry takes over from the wished one; UID and counters are its own."""


def preview(scope: Scope, drafts: Iterable[EntryDraft]) -> Difference:
    """Return what `publish` would change. Writes nothing."""
    return difference(compare(scope, drafts))


def publish(scope: Scope, drafts: Iterable[EntryDraft], *, now: dt.datetime) -> Difference:
    """Make the drafts the full set of what stands in the scope, and return what that changed.

    Changed entries keep their UID and get a higher SEQUENCE and a later LAST-MODIFIED; missing
    ones stay as cancelled until 30 days after their time; the rest is not touched at all. Feeds
    that contain a change are rebuilt before this returns. Raises ValueError for two drafts of one
    key, for an end that is not after its start, and for a missing English text.
    """
    comparison = compare(scope, drafts)
    told = difference(comparison)
    touched = comparison.touched_ids()
    affected = contents.feeds_with(touched)
    _apply(comparison, now)
    _store_audiences(comparison)
    _store_renderings(comparison)
    affected |= contents.feeds_with([*touched, *(entry.id for entry in comparison.new)])
    feeds.rebuild(affected, now=now)
    return told


def has_past_tombstones(*, now: dt.datetime) -> bool:
    """Tell whether there is anything to drop, without the write lock."""
    return db.session.scalar(_past_tombstones(now).limit(1)) is not None


def drop_past_tombstones(*, now: dt.datetime) -> int:
    """Forget cancelled entries 30 days after their time; return how many. Feeds lose them."""
    past: list[int] = list(db.session.scalars(_past_tombstones(now)))
    affected = contents.feeds_with(past)
    for some in portions(past):
        db.session.execute(delete(CalendarEntry).where(CalendarEntry.id.in_(some)))
    feeds.rebuild(affected, now=now)
    return len(past)


def entries_of(audiences: Iterable[Audience], *, since: dt.datetime) -> list[CalendarEntry]:
    """Return what the audiences have in their calendars, by time; what ended before is left out."""
    keys_by_kind: dict[str, set[str]] = defaultdict(set)
    for audience in audiences:
        keys_by_kind[audience.kind].add(audience.key)
    found: dict[int, CalendarEntry] = {}
    for kind, keys in keys_by_kind.items():
        query = (
            select(CalendarEntry)
            .join(EntryAudience, EntryAudience.entry_id == CalendarEntry.id)
            .where(EntryAudience.kind == kind, EntryAudience.key.in_(keys))
            .where(CalendarEntry.ends_at > since)
        )
        found.update({entry.id: entry for entry in db.session.scalars(query)})
    return sorted(found.values(), key=lambda entry: (entry.starts_at, entry.ends_at, entry.id))


def announce(scope: Scope, *, number: int, notes: str, now: dt.datetime) -> None:
    """Keep what a source says about what it has just published: the edition's number and notes."""
    bulletin = db.session.scalar(
        select(CalendarBulletin).where(
            CalendarBulletin.scope_kind == scope.kind, CalendarBulletin.scope_key == scope.key
        )
    )
    if bulletin is None:
        bulletin = CalendarBulletin(scope_kind=scope.kind, scope_key=scope.key)
        db.session.add(bulletin)
    bulletin.number, bulletin.notes, bulletin.published_at = number, notes, now
    db.session.flush()


def bulletins_of(entries: Iterable[CalendarEntry]) -> dict[Scope, CalendarBulletin]:
    """Return what the sources of these entries said last, by source. One query."""
    scopes = {Scope(entry.scope_kind, entry.scope_key) for entry in entries}
    found = db.session.scalars(
        select(CalendarBulletin)
        .where(CalendarBulletin.scope_key.in_({scope.key for scope in scopes}))
        .order_by(CalendarBulletin.published_at, CalendarBulletin.id)
    )
    by_scope = {Scope(each.scope_kind, each.scope_key): each for each in found}
    return {scope: each for scope, each in by_scope.items() if scope in scopes}


def standing_entry(scope: Scope, key: str) -> CalendarEntry | None:
    """Return one entry of a source as it stands in calendars; None if it does not."""
    return db.session.scalar(
        select(CalendarEntry).where(
            CalendarEntry.scope_kind == scope.kind,
            CalendarEntry.scope_key == scope.key,
            CalendarEntry.key == key,
            CalendarEntry.status != Status.CANCELLED,
        )
    )


def entries_by_key(scope: Scope, keys: Collection[str]) -> dict[str, CalendarEntry]:
    """Return those of a source's entries, cancelled ones too, by key."""
    query = select(CalendarEntry).where(
        CalendarEntry.scope_kind == scope.kind,
        CalendarEntry.scope_key == scope.key,
        CalendarEntry.key.in_(keys),
    )
    return {entry.key: entry for entry in db.session.scalars(query)}


def readdress(
    scope: Scope,
    key: str,
    *,
    leaves: Iterable[Audience],
    joins: Audience | None = None,
    now: dt.datetime,
) -> bool:
    """Take a standing entry out of calendars, and put it into another; tell whether it stands.

    Nothing of the entry changes, so nobody else downloads anything anew.
    """
    entry = standing_entry(scope, key)
    if entry is None:
        return False
    affected = contents.feeds_with([entry.id])
    db.session.execute(
        delete(EntryAudience).where(
            EntryAudience.entry_id == entry.id,
            tuple_(EntryAudience.kind, EntryAudience.key).in_(_rows(leaves)),
        )
    )
    if joins is not None:
        db.session.merge(EntryAudience(entry_id=entry.id, kind=joins.kind, key=joins.key))
        db.session.flush()
    held = select(EntryAudience.kind, EntryAudience.key).where(EntryAudience.entry_id == entry.id)
    entry.audience_mark = audience_mark(Audience(*row) for row in db.session.execute(held))
    db.session.flush()
    feeds.rebuild(affected | contents.feeds_with([entry.id]), now=now)
    return True


def standing_keys(
    scope: Scope, prefix: str, audiences: Iterable[Audience]
) -> dict[str, list[Audience]]:
    """Return the scope's entries that begin so and stand in a calendar of these, with theirs."""
    found: dict[str, list[Audience]] = {}
    rows = db.session.execute(
        select(CalendarEntry.key, EntryAudience.kind, EntryAudience.key)
        .join(EntryAudience, EntryAudience.entry_id == CalendarEntry.id)
        .where(
            CalendarEntry.scope_kind == scope.kind,
            CalendarEntry.scope_key == scope.key,
            CalendarEntry.key.startswith(prefix, autoescape=True),
            CalendarEntry.status != Status.CANCELLED,
            tuple_(EntryAudience.kind, EntryAudience.key).in_(_rows(audiences)),
        )
        .order_by(CalendarEntry.key)
    )
    for key, *whose in rows:
        found.setdefault(key, []).append(Audience(*whose))
    return found


def without_entries(audiences: Iterable[Audience]) -> list[Audience]:
    """Return those in whose calendar nothing stands, past or to come."""
    asked = list(audiences)
    query = (
        select(EntryAudience.kind, EntryAudience.key)
        .join(CalendarEntry, CalendarEntry.id == EntryAudience.entry_id)
        .where(
            tuple_(EntryAudience.kind, EntryAudience.key).in_(_rows(asked)),
            CalendarEntry.status != Status.CANCELLED,
        )
    )
    found = {Audience(*row) for row in db.session.execute(query)}
    return [audience for audience in asked if audience not in found]


def _rows(audiences: Iterable[Audience]) -> list[tuple[str, str]]:
    return [(audience.kind, audience.key) for audience in audiences]


def _past_tombstones(now: dt.datetime) -> Select[int]:
    return select(CalendarEntry.id).where(
        CalendarEntry.status == Status.CANCELLED,
        CalendarEntry.ends_at < now - dt.timedelta(days=TOMBSTONE_DAYS),
    )


def _apply(comparison: Comparison, now: dt.datetime) -> None:
    for entry in comparison.new:
        entry.modified_at = now
    db.session.add_all(comparison.new)
    for stored, wished in comparison.differing:
        _take_over(stored, wished, now)
    for entry in comparison.readdressed:
        entry.audience_mark = audience_mark(comparison.drafts[entry.key].audiences)
    for entry in comparison.missing:
        _cancel(entry, now)
    db.session.flush()


def _take_over(stored: CalendarEntry, wished: CalendarEntry, now: dt.datetime) -> None:
    for name in TAKEN_OVER:
        setattr(stored, name, getattr(wished, name))
    _count_up(stored, now)


def _cancel(entry: CalendarEntry, now: dt.datetime) -> None:
    entry.status = Status.CANCELLED
    entry.cancelled_at = now
    entry.fingerprint = fingerprint(entry)
    _count_up(entry, now)


def _count_up(entry: CalendarEntry, now: dt.datetime) -> None:
    entry.sequence += 1
    entry.modified_at = feeds.later(now, entry.modified_at)


def _store_audiences(comparison: Comparison) -> None:
    """Write who has the entries that are new, differ or go to others; tombstones keep theirs."""
    rows = [
        {"entry_id": entry.id, "kind": audience.kind, "key": audience.key}
        for entry in comparison.current()
        for audience in sorted(comparison.drafts[entry.key].audiences)
    ]
    for some in portions(entry.id for entry in comparison.current()):
        db.session.execute(delete(EntryAudience).where(EntryAudience.entry_id.in_(some)))
    if rows:
        db.session.execute(insert(EntryAudience), rows)


def _store_renderings(comparison: Comparison) -> None:
    entries = comparison.rendered_anew()
    for some in portions(entry.id for entry in entries):
        db.session.execute(delete(EntryRendering).where(EntryRendering.entry_id.in_(some)))
    if entries:
        rows = [row for entry in entries for row in renderings_of(entry)]
        db.session.execute(insert(EntryRendering), rows)
