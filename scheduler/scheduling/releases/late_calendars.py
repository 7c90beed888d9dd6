"""A release that changes what begins soon: who has a calendar that is late with it is told by mail.

Once per release and address, and only who was not told of it by the release's own mail.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from sqlalchemy import select

from scheduler.calendars import behind as late
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Audience, EntryChange
from scheduler.calendars.owners import Owner, owners_of
from scheduler.database import db, held
from scheduler.notifications import services as notifications
from scheduler.people.family_calendars import guardians_by_child
from scheduler.scheduling.models import Release
from scheduler.scheduling.releases.differences import Change, of_release
from scheduler.scheduling.releases.entries import PERSON, scope_of
from scheduler.scheduling.releases.frozen_queries import near_changes
from scheduler.scheduling.releases.notices import moment_of, once_key_of
from scheduler.scheduling.releases.wording import change_line

BEHIND = "release_behind"
URGENT = dt.timedelta(hours=24)
"""What begins later can wait for the slowest calendars."""
PATIENCE = dt.timedelta(minutes=30)
"""So long after a release calendars have had time to look."""
OVER = dt.timedelta(hours=24)
"""A release that was not looked after for so long, because no worker ran, is left alone."""

Keys = dict[Audience, set[str]]


@dataclass
class _Reader:
    owner: Owner
    keys: set[str] = field(default_factory=set)


def due(*, now: dt.datetime) -> list[int]:
    """Return the ids of the releases that are to be looked after now."""
    query = select(Release.id).where(
        Release.looked_after_at.is_(None),
        Release.published_at <= now - PATIENCE,
        Release.published_at > now - OVER,
    )
    return list(db.session.scalars(query.order_by(Release.id)))


def tell_those_behind(release_id: int, *, now: dt.datetime) -> int:
    """Queue a mail to each address with a late calendar, and return how many; never a second time.

    What it says is what stands now, also when a later release has changed it once more.
    """
    release = held(Release, release_id)
    if release.looked_after_at is not None:
        return 0
    release.looked_after_at = now
    urgent = {
        change.item.key: change
        for change in near_changes(of_release(release), within=URGENT, now=now)
    }
    if not urgent:
        return 0
    scope = scope_of(release.programme)
    readers = _readers(late.behind(scope, urgent, published_at=release.published_at))
    told = notifications.told_by([once_key_of(release, address) for address in readers])
    changes = _changes(release, urgent)
    return sum(
        _tell(release, address, reader, changes, now)
        for address, reader in sorted(readers.items())
        if once_key_of(release, address) not in told
    )


def _changes(release: Release, urgent: Mapping[str, Change]) -> dict[str, EntryChange]:
    """Return what stands of the urgent entries, beside when they were before the release."""
    standing = calendars.entries_by_key(scope_of(release.programme), urgent)
    found = {}
    for key, entry in standing.items():
        line = urgent[key].was
        found[key] = EntryChange(
            key=key,
            uid=entry.uid,
            texts={locale: entry.text_in(locale) for locale in entry.texts},
            audiences=frozenset(),
            was=(line.warmup_starts_at, line.ends_at) if line else None,
            now=None if entry.is_cancelled else entry.times,
        )
    return found


def _tell(
    release: Release,
    address: str,
    reader: _Reader,
    changes: Mapping[str, EntryChange],
    now: dt.datetime,
) -> bool:
    programme = release.programme
    own = sorted(reader.keys & changes.keys(), key=lambda key: moment_of(changes[key]))
    return bool(own) and notifications.queue(
        BEHIND,
        to_address=address,
        to_name=reader.owner.name,
        locale=reader.owner.locale,
        facts={
            "programme": programme.names,
            "number": release.number,
            "changes": [
                change_line(changes[key], reader.owner.locale, programme.timezone) for key in own
            ],
        },
        about=programme.code,
        once_key=f"behind:{programme.code}:{release.number}:{address}",
        account_id=reader.owner.account_id,
        programme_id=programme.id,
        now=now,
    )


def _readers(late: Keys) -> dict[str, _Reader]:
    """Return by address who is to be told of which entries; of a pupil's the guardians are."""
    families = guardians_by_child(each for each in late if each.kind == PERSON)
    told: Keys = defaultdict(set)
    for audience, keys in late.items():
        for owner in (audience, *families.get(audience, ())):
            told[owner] |= keys
    readers: dict[str, _Reader] = {}
    for audience, owner in sorted(owners_of(told).items(), key=itemgetter(0)):
        readers.setdefault(owner.address.lower(), _Reader(owner)).keys.update(told[audience])
    return readers
