"""What stands in a scope beside what shall stand there, and what the difference means to people."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from scheduler.calendars.entries import (
    Audience,
    Difference,
    EntryChange,
    EntryDraft,
    Scope,
    portions,
)
from scheduler.calendars.ical import Status
from scheduler.calendars.models import CalendarEntry, EntryAudience
from scheduler.calendars.rendering import audience_mark, fingerprint
from scheduler.database import db

Audiences = frozenset[Audience]
NOBODY: Audiences = frozenset()


@dataclass(slots=True)
class Comparison:
    """What stands in a scope beside what shall stand: pairs of (stored, wished) entries."""

    drafts: dict[str, EntryDraft]
    audiences: dict[int, Audiences] = field(default_factory=dict)
    """Who has the entries that are touched; the others are not asked for."""
    new: list[CalendarEntry] = field(default_factory=list)
    differing: list[tuple[CalendarEntry, CalendarEntry]] = field(default_factory=list)
    readdressed: list[CalendarEntry] = field(default_factory=list)
    missing: list[CalendarEntry] = field(default_factory=list)
    unchanged: int = 0

    def held_by(self, entry: CalendarEntry) -> Audiences:
        """Return who has the entry now."""
        return self.audiences.get(entry.id, NOBODY)

    def current(self) -> list[CalendarEntry]:
        """Return the entries whose audiences are told anew."""
        differing = (stored for stored, _ in self.differing)
        return [*self.new, *differing, *self.readdressed]

    def rendered_anew(self) -> list[CalendarEntry]:
        """Return the entries whose octets differ from what is stored."""
        differing = (stored for stored, _ in self.differing)
        return [*self.new, *differing, *self.missing]

    def touched_ids(self) -> list[int]:
        """Return the ids of stored entries whose feeds change."""
        differing = (stored for stored, _ in self.differing)
        return [entry.id for entry in (*differing, *self.readdressed, *self.missing)]


def compare(scope: Scope, drafts: Iterable[EntryDraft]) -> Comparison:
    """Sort the scope's entries into new, differing, going to others, missing, and unchanged.

    Raises ValueError for a set that cannot stand (see `services.publish`).
    """
    draft_by_key = _by_key(drafts)
    standing = list(db.session.scalars(select(CalendarEntry).where(*_within(scope))))
    comparison = Comparison(draft_by_key)
    stored_by_key = {entry.key: entry for entry in standing}
    for key, draft in draft_by_key.items():
        wished = _wished(scope, draft)
        stored = stored_by_key.get(key)
        if stored is None:
            comparison.new.append(wished)
        elif stored.fingerprint != wished.fingerprint:
            comparison.differing.append((stored, wished))
        else:
            comparison.unchanged += 1
            if stored.audience_mark != wished.audience_mark:
                comparison.readdressed.append(stored)
    comparison.missing = [
        entry for entry in standing if entry.key not in draft_by_key and not entry.is_cancelled
    ]
    comparison.audiences = _audiences_of(comparison.touched_ids())
    return comparison


def difference(comparison: Comparison) -> Difference:
    """Return what the comparison means to people. Ask before anything is taken over."""
    returned = [pair for pair in comparison.differing if pair[0].is_cancelled]
    standing = [pair for pair in comparison.differing if not pair[0].is_cancelled]
    moved = [pair for pair in standing if _is_moved(*pair)]
    changed = [pair for pair in standing if not _is_moved(*pair)]
    new = [*((entry, entry) for entry in comparison.new), *returned]
    return Difference(
        new=tuple(_change(comparison, stored, wished, is_new=True) for stored, wished in new),
        moved=tuple(_change(comparison, *pair) for pair in moved),
        changed=tuple(_change(comparison, *pair) for pair in changed),
        cancelled=tuple(_change(comparison, entry, None) for entry in comparison.missing),
        readdressed=tuple(_readdressing(comparison, entry) for entry in comparison.readdressed),
        unchanged=comparison.unchanged,
    )


def _by_key(drafts: Iterable[EntryDraft]) -> dict[str, EntryDraft]:
    by_key: dict[str, EntryDraft] = {}
    for draft in drafts:
        if draft.key in by_key:
            raise ValueError(f"Two entries with the key {draft.key!r}.")
        if "en" not in draft.texts:
            raise ValueError(f"The entry {draft.key!r} has no English text.")
        if draft.starts_at.tzinfo is None or draft.ends_at.tzinfo is None:
            raise ValueError(f"The entry {draft.key!r} has times without a zone.")
        if draft.ends_at.astimezone(dt.UTC) <= draft.starts_at.astimezone(dt.UTC):
            raise ValueError(f"The entry {draft.key!r} does not end after it starts.")
        by_key[draft.key] = draft
    return by_key


def _wished(scope: Scope, draft: EntryDraft) -> CalendarEntry:
    """Return the entry that a draft asks for, not yet in any session."""
    entry = CalendarEntry(
        uid=str(uuid.uuid4()),
        scope_kind=scope.kind,
        scope_key=scope.key,
        key=draft.key,
        sequence=0,
        status=Status.TENTATIVE if draft.is_tentative else Status.CONFIRMED,
        kind=draft.kind,
        starts_at=draft.starts_at.astimezone(dt.UTC).replace(microsecond=0),
        ends_at=draft.ends_at.astimezone(dt.UTC).replace(microsecond=0),
        zone=draft.zone,
        end_zone=draft.end_zone,
        is_all_day=draft.is_all_day,
        is_busy=draft.is_busy,
        texts={locale: text.as_json() for locale, text in draft.texts.items()},
        url=draft.url,
        latitude=draft.geo[0] if draft.geo else None,
        longitude=draft.geo[1] if draft.geo else None,
        cancelled_at=None,
    )
    entry.modified_at = entry.starts_at  # replaced when it is stored
    entry.fingerprint = fingerprint(entry)
    entry.audience_mark = audience_mark(draft.audiences)
    return entry


def _is_moved(stored: CalendarEntry, wished: CalendarEntry) -> bool:
    if stored.times != wished.times:
        return True
    return any(
        stored.text_in(locale).location != wished.text_in(locale).location
        for locale in {*stored.texts, *wished.texts}
    )


def _change(
    comparison: Comparison,
    stored: CalendarEntry,
    wished: CalendarEntry | None,
    *,
    is_new: bool = False,
) -> EntryChange:
    shown = wished or stored
    draft = comparison.drafts.get(stored.key)
    return EntryChange(
        key=stored.key,
        uid=stored.uid,
        texts={locale: shown.text_in(locale) for locale in shown.texts},
        audiences=comparison.held_by(stored) | (draft.audiences if draft else NOBODY),
        was=None if is_new else stored.times,
        now=wished.times if wished else None,
    )


def _readdressing(comparison: Comparison, entry: CalendarEntry) -> EntryChange:
    audiences = comparison.held_by(entry) ^ comparison.drafts[entry.key].audiences
    texts = {locale: entry.text_in(locale) for locale in entry.texts}
    return EntryChange(entry.key, entry.uid, texts, audiences, entry.times, entry.times)


def _within(scope: Scope) -> tuple[Any, ...]:
    return (CalendarEntry.scope_kind == scope.kind, CalendarEntry.scope_key == scope.key)


def _audiences_of(entry_ids: list[int]) -> dict[int, Audiences]:
    found: dict[int, set[Audience]] = defaultdict(set)
    for some in portions(entry_ids):
        query = select(EntryAudience.entry_id, EntryAudience.kind, EntryAudience.key)
        for entry_id, kind, key in db.session.execute(
            query.where(EntryAudience.entry_id.in_(some))
        ):
            found[entry_id].add(Audience(kind, key))
    return {entry_id: frozenset(audiences) for entry_id, audiences in found.items()}
