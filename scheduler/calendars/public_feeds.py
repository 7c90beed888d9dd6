"""Public feeds: no secret in their address, which stays the same whenever they are opened.

Their audience's key is their address: "festival", "festival/venues/HALL". What stands for a token
is that address too. It has slashes, which no token has, so neither can be taken for the other.
"""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import or_, select

from scheduler.calendars import feeds, tokens
from scheduler.calendars.entries import Audience, Subject, portions
from scheduler.calendars.models import PUBLIC, Subscription
from scheduler.calendars.own_calendars import end_calendar, without_address
from scheduler.database import db
from scheduler.languages import LOCALES


def public_audience(*parts: str) -> Audience:
    """Return the audience of everybody: the parts are those of the feed's address."""
    return Audience(PUBLIC, "/".join(parts))


def open_feeds(subjects: Iterable[Subject], *, now: dt.datetime) -> list[Subscription]:
    """Let everybody read these feeds, one per language, and return them; only public audiences.

    One that was closed is opened again under its address. A changed name is taken over.
    """
    wanted = [_of_everybody(subject, locale, now) for subject in subjects for locale in LOCALES]
    found = _by_digest(feed.token_digest for feed in wanted)
    opened = [_opened(feed, found.get(feed.token_digest)) for feed in wanted]
    db.session.add_all(opened)
    changed = [feed for feed in opened if feed in db.session.new or db.session.is_modified(feed)]
    db.session.flush()
    feeds.rebuild([feed.id for feed in changed], now=now)
    return opened


def close_feeds(address: str, *, now: dt.datetime) -> int:
    """End the public feed of an address, and those below it: 410 at once; return how many."""
    below = Subscription.audience_key.startswith(f"{address}/", autoescape=True)
    standing = db.session.scalars(
        select(Subscription).where(
            Subscription.audience_kind == PUBLIC,
            or_(Subscription.audience_key == address, below),
            Subscription.revoked_at.is_(None),
        )
    ).all()
    for feed in standing:
        end_calendar(feed, now=now)
    return len(standing)


def _of_everybody(subject: Subject, locale: str, now: dt.datetime) -> Subscription:
    made = without_address(subject, locale, now, is_shared=True)
    made.nonce = ""
    made.token_digest = tokens.digest(made.public_address)
    return made


def _opened(wanted: Subscription, found: Subscription | None) -> Subscription:
    if found is None:
        return wanted
    if found.revoked_at is not None:
        found.revoked_at, found.etag = None, ""  # its octets are gone: they are stored anew
    found.names, found.zone = wanted.names, wanted.zone
    return found


def _by_digest(digests: Iterable[str]) -> dict[str, Subscription]:
    found: dict[str, Subscription] = {}
    for some in portions(digests):
        query = select(Subscription).where(Subscription.token_digest.in_(some))
        found |= {feed.token_digest: feed for feed in db.session.scalars(query)}
    return found
