"""Reminders by mail, for owners whose calendars do not call: one mail for all that is due.

What was reminded of is a row of the same transaction as the mail, so nobody is reminded twice,
whatever is killed in between; and rights are asked at that moment, not when it was chosen.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.calendar_mail.models import SentReminder
from scheduler.calendars import owners
from scheduler.calendars.choices import ReminderKind
from scheduler.calendars.contents import coming
from scheduler.calendars.entries import Audience, portions
from scheduler.calendars.models import CalendarEntry, Subscription
from scheduler.calendars.owners import Owner
from scheduler.calendars.rendering import when_of
from scheduler.database import db
from scheduler.notifications import services as notifications

REMINDED = "calendar_mail.reminded"
LOOKED_AHEAD = dt.timedelta(hours=48)
"""A reminder comes at midnight before a day at the earliest, so at most this long before."""

Digest = dict[int, set[str]]
"""Entries by their id, with the words that say whose each is."""


def due(*, now: dt.datetime) -> dict[Audience, Digest]:
    """Return of which entries each owner is to be reminded now, with whose they are.

    An entry is due from its reminder's time until it starts; what was reminded of is not due.
    """
    wants = Subscription.reminder_kind != ReminderKind.NONE
    by_feed = coming(wants, now=now, until=now + LOOKED_AHEAD)
    starts = _starts({entry_id for found in by_feed.values() for entry_id in found})
    digests: dict[Audience, Digest] = defaultdict(lambda: defaultdict(set))
    for subscription in _subscriptions(by_feed):
        choice = subscription.choice
        for included in by_feed[subscription.id].values():
            at = subscription.reminder.due_at(starts[included.entry_id], subscription.zone)
            if at is None or at > now or not choice.includes(included.kind, is_cancelled=False):
                continue
            word = choice.word_for(included.labels)
            digests[subscription.audience][included.entry_id].add(word)
    reachable = owners.owners_of(digests)
    return _not_reminded({each: digests[each] for each in reachable}, starts)


def remind(owner: Audience, entries: Digest, *, now: dt.datetime) -> bool:
    """Queue one mail about these entries, those that nobody else is reminding of just now.

    Returns False, and keeps nothing, for an owner who cannot be written to any more.
    """
    person = owners.owner_of(owner)
    if person is None:
        return False
    found = _entries(entries)
    kept = _keep(owner, found)
    lines = [_line(entry, entries[entry.id], person) for entry in found if entry.id in kept]
    if not lines:
        return False
    return notifications.queue(
        REMINDED,
        to_address=person.address,
        to_name=person.name,
        locale=person.locale,
        facts={"lines": lines, "count": len(lines)},
        now=now,
    )


def _starts(entry_ids: Collection[int]) -> dict[int, dt.datetime]:
    found: dict[int, dt.datetime] = {}
    for some in portions(entry_ids):
        query = select(CalendarEntry.id, CalendarEntry.starts_at)
        rows = db.session.execute(query.where(CalendarEntry.id.in_(some)))
        found |= {row.id: row.starts_at for row in rows}
    return found


def _subscriptions(ids: Iterable[int]) -> list[Subscription]:
    found: list[Subscription] = []
    for some in portions(sorted(ids)):
        found.extend(db.session.scalars(select(Subscription).where(Subscription.id.in_(some))))
    return found


def _not_reminded(
    digests: dict[Audience, Digest], starts: dict[int, dt.datetime]
) -> dict[Audience, Digest]:
    ids = {entry_id for digest in digests.values() for entry_id in digest}
    known: set[tuple[Audience, int]] = set()
    for some in portions(ids):
        for each in db.session.scalars(select(SentReminder).where(SentReminder.entry_id.in_(some))):
            if each.starts_at == starts[each.entry_id]:
                known.add((Audience(each.owner_kind, each.owner_key), each.entry_id))
    left = {
        owner: {id_: words for id_, words in digest.items() if (owner, id_) not in known}
        for owner, digest in digests.items()
    }
    return {owner: entries for owner, entries in sorted(left.items()) if entries}


def _entries(ids: Iterable[int]) -> list[CalendarEntry]:
    query = select(CalendarEntry).where(CalendarEntry.id.in_(ids))
    return list(db.session.scalars(query.order_by(CalendarEntry.starts_at, CalendarEntry.id)))


def _keep(owner: Audience, entries: list[CalendarEntry]) -> set[int]:
    """Note the reminders; return the entries of those that nobody else has noted meanwhile."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = [
        {
            "owner_kind": owner.kind,
            "owner_key": owner.key,
            "entry_id": entry.id,
            "starts_at": entry.starts_at,
        }
        for entry in entries
    ]
    if not rows:
        return set()
    insert = dialect.insert(SentReminder).values(rows).on_conflict_do_nothing()
    return set(db.session.scalars(insert.returning(SentReminder.entry_id)))


def _line(entry: CalendarEntry, words: set[str], person: Owner) -> str:
    """Return what, when and where in one line; times are those of the place, which it names."""
    text = entry.text_in(person.locale)
    when = when_of(entry, person.locale)
    whose = ", ".join(sorted(word for word in words if word))
    title = f"{whose}: {text.summary}" if whose else text.summary
    return " · ".join(part for part in (when, title, text.location) if part)
