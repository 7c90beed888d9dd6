"""Secret addresses: everybody's own page and feed, and the shared feeds of schools and venues.

Tables keep a nonce and a digest; addresses are computed from the nonce with the secret key, so
they can be shown again to whoever is entitled and to nobody who reads the database.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from scheduler.calendars import feeds, tokens
from scheduler.calendars.entries import Audience, Subject, keys_by_kind, portions
from scheduler.calendars.models import CalendarEntry, EntryAudience, PersonalLink, Subscription
from scheduler.calendars.own_calendars import (
    FEED,
    end_calendar,
    live_feeds,
    new_subscription,
)
from scheduler.database import db
from scheduler.languages import LOCALES

KEPT_DAYS = 30
"""How long after the last entry somebody's page and feed live on."""

PAGE = "page"


def personal_links(
    subjects: Iterable[Subject], *, secret_key: str | bytes, now: dt.datetime
) -> dict[Audience, PersonalLink]:
    """Return the live personal link of each subject, by audience; missing ones are made.

    A new link comes with its feed, built from what is published. A standing one keeps address,
    language and zone; a changed name is taken over.
    """
    wanted = {subject.audience: subject for subject in subjects}
    found = {link.audience: link for link in _live_links(wanted)}
    standing = live_feeds(found, is_shared=False)
    renamed = [feed.id for feed in standing if _is_renamed(feed, wanted[feed.audience].names)]
    missing = [subject for audience, subject in wanted.items() if audience not in found]
    made = _make_links(missing, secret_key, now)
    feeds.rebuild([*renamed, *(link.subscription_id for link in made)], now=now)
    return found | {link.audience: link for link in made}


def shared_feeds(
    subjects: Iterable[Subject], *, secret_key: str | bytes, now: dt.datetime
) -> list[Subscription]:
    """Return the live shared feeds of the subjects, one per language; missing ones are made.

    They come in the order of the subjects and, of each, of the languages.
    """
    wanted = {subject.audience: subject for subject in subjects}
    found = live_feeds(wanted, is_shared=True)
    renamed = [feed.id for feed in found if _is_renamed(feed, wanted[feed.audience].names)]
    known = {(feed.audience, feed.locale) for feed in found}
    made = [
        new_subscription(subject, locale, secret_key, now, is_shared=True)
        for audience, subject in wanted.items()
        for locale in LOCALES
        if (audience, locale) not in known
    ]
    db.session.add_all(made)
    db.session.flush()
    feeds.rebuild([*renamed, *(feed.id for feed in made)], now=now)
    feed_by_key = {(feed.audience, feed.locale): feed for feed in (*found, *made)}
    return [feed_by_key[audience, locale] for audience in wanted for locale in LOCALES]


def shared_feed(audience: Audience, locale: str) -> Subscription | None:
    """Return the shared feed of an audience in a language, if there is one."""
    standing = live_feeds([audience], is_shared=True)
    return next((feed for feed in standing if feed.locale == locale), None)


def personal_link(audience: Audience) -> PersonalLink | None:
    """Return the live personal link of an audience, if there is one."""
    return next(iter(_live_links([audience])), None)


def link_by_token(token: str) -> PersonalLink | None:
    """Return the live personal link that a token opens. One indexed look-up."""
    query = (
        select(PersonalLink)
        .where(PersonalLink.token_digest == tokens.digest(token))
        .where(PersonalLink.revoked_at.is_(None))
    )
    return db.session.scalars(query).one_or_none()


def revoke_links(audiences: Iterable[Audience], *, now: dt.datetime) -> int:
    """End the personal pages of the audiences and their feeds; return how many.

    A later `personal_links` makes new addresses.
    """
    return _end(_live_links(audiences), now)


def replace_shared(
    audiences: Iterable[Audience], *, secret_key: str | bytes, now: dt.datetime
) -> int:
    """End the shared feeds of the audiences and make the same under new addresses; how many."""
    ended = live_feeds(audiences, is_shared=True)
    subjects = {
        feed.audience: Subject(feed.audience, feed.names, zone=feed.zone, locale=feed.locale)
        for feed in ended
    }
    for feed in ended:
        end_calendar(feed, now=now)
    shared_feeds(subjects.values(), secret_key=secret_key, now=now)
    return len(ended)


def past_links(*, now: dt.datetime) -> list[PersonalLink]:
    """Return the live links of those whose last entry ended more than 30 days ago (rule R7)."""
    last_end = (
        select(func.max(CalendarEntry.ends_at))
        .join(EntryAudience, EntryAudience.entry_id == CalendarEntry.id)
        .where(
            EntryAudience.kind == PersonalLink.audience_kind,
            EntryAudience.key == PersonalLink.audience_key,
        )
        .scalar_subquery()
    )
    query = select(PersonalLink).where(
        PersonalLink.revoked_at.is_(None), last_end < now - dt.timedelta(days=KEPT_DAYS)
    )
    return list(db.session.scalars(query))


def end_past_links(*, now: dt.datetime) -> int:
    """End the pages and feeds of those who have nothing to come any more; return how many.

    Whoever has not had any entry yet is still waiting for one and keeps the link.
    """
    return _end(past_links(now=now), now)


def personal_path(link: PersonalLink, secret_key: str | bytes) -> str:
    """Return the path of somebody's own page; put the public address before it."""
    return f"/my/{tokens.token(secret_key, PAGE, link.nonce)}"


def feed_path(subscription: Subscription, secret_key: str | bytes) -> str:
    """Return the path of a feed; put the public address before it."""
    return f"/calendars/{feed_token(subscription, secret_key)}.ics"


def feed_token(subscription: Subscription, secret_key: str | bytes) -> str:
    """Return what opens a feed, in its address or as the password of CalDAV."""
    if subscription.is_public:
        return str(subscription.public_address)
    return tokens.token(secret_key, FEED, subscription.nonce)


def _end(links: list[PersonalLink], now: dt.datetime) -> int:
    for link in links:
        link.revoked_at = now
    db.session.flush()
    for feed in live_feeds((link.audience for link in links), is_shared=False):
        end_calendar(feed, now=now)
    return len(links)


def _is_renamed(subscription: Subscription, names: Mapping[str, str]) -> bool:
    if subscription.names == dict(names):
        return False
    subscription.names = dict(names)
    db.session.flush()
    return True


def _make_links(
    subjects: list[Subject], secret_key: str | bytes, now: dt.datetime
) -> list[PersonalLink]:
    links = []
    for subject in subjects:
        nonce = tokens.new_nonce()
        links.append(
            PersonalLink(
                token_digest=tokens.digest(tokens.token(secret_key, PAGE, nonce)),
                nonce=nonce,
                audience_kind=subject.audience.kind,
                audience_key=subject.audience.key,
                subscription=new_subscription(subject, subject.locale, secret_key, now),
                created_at=now,
            )
        )
    db.session.add_all(links)
    db.session.flush()
    return links


def _live_links(audiences: Iterable[Audience]) -> list[PersonalLink]:
    found: list[PersonalLink] = []
    for kind, keys in keys_by_kind(audiences).items():
        for some in portions(keys):
            query = (
                select(PersonalLink)
                .where(PersonalLink.audience_kind == kind, PersonalLink.audience_key.in_(some))
                .where(PersonalLink.revoked_at.is_(None))
            )
            found.extend(db.session.scalars(query))
    return found
