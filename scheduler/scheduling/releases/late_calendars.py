"""A release that changes what begins soon: who has a calendar that is late with it is told by mail.

Once per release and address, and only who was not told of it by the release's own mail.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from scheduler.accounts.duty_calendars import KIND as ACCOUNT
from scheduler.accounts.models import Account
from scheduler.calendars import behind as late
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Audience, EntryChange
from scheduler.database import db, held
from scheduler.languages import LOCALES
from scheduler.notifications import services as notifications
from scheduler.organisations.models import School
from scheduler.people.family_calendars import KIND as GUARDIAN
from scheduler.people.models import Guardian, Guardianship, Person
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
    name: str
    locale: str
    account_id: int | None = None
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
    owners = late.behind(scope, urgent, published_at=release.published_at)
    readers = _readers(owners)
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
        to_name=reader.name,
        locale=reader.locale,
        facts={
            "programme": programme.names,
            "number": release.number,
            "changes": [
                change_line(changes[key], reader.locale, programme.timezone) for key in own
            ],
        },
        about=programme.code,
        once_key=f"behind:{programme.code}:{release.number}:{address}",
        account_id=reader.account_id,
        programme_id=programme.id,
        now=now,
    )


def _readers(owners: Keys) -> dict[str, _Reader]:
    """Return by address who is to be told of which entries; of a pupil the guardians are."""
    keys: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)
    for owner, own in owners.items():
        keys[owner.kind][owner.key] = own
    readers: dict[str, _Reader] = {}
    _add_accounts(readers, keys[ACCOUNT])
    _add_guardians(readers, keys[GUARDIAN], keys[PERSON])
    return readers


def _add_accounts(readers: dict[str, _Reader], by_ref: Mapping[str, set[str]]) -> None:
    query = select(Account).where(Account.ref.in_(by_ref), Account.deactivated_at.is_(None))
    for account in db.session.scalars(query):
        reader = _Reader(account.name, account.locale, account.id)
        readers.setdefault(account.email, reader).keys.update(by_ref[account.ref])


def _add_guardians(
    readers: dict[str, _Reader],
    by_guardian: Mapping[str, set[str]],
    by_person: Mapping[str, set[str]],
) -> None:
    for guardian, locale, keys in _guardians(by_guardian, by_person):
        if guardian.email is not None:
            spoken = locale if locale in LOCALES else "en"
            reader = _Reader(guardian.name, spoken)
            readers.setdefault(guardian.email.lower(), reader).keys.update(keys)


def _guardians(
    by_guardian: Mapping[str, Collection[str]], by_person: Mapping[str, Collection[str]]
) -> list[tuple[Guardian, str, Collection[str]]]:
    known = select(Guardian, School.locale).join(School, Guardian.school_id == School.id)
    ids = [int(key) for key in by_guardian]
    own = db.session.execute(known.where(Guardian.id.in_(ids)).order_by(Guardian.id))
    of_pupils = db.session.execute(
        select(Guardian, School.locale, Person.ref)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Person, Guardianship.person_id == Person.id)
        .join(School, Person.school_id == School.id)
        .where(Person.ref.in_(by_person))
        .order_by(Guardian.id, Person.ref)
    )
    return [
        *((guardian, locale, by_guardian[str(guardian.id)]) for guardian, locale in own),
        *((guardian, locale, by_person[ref]) for guardian, locale, ref in of_pupils),
    ]
