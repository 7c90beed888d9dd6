"""The calendars that one owner has: each with a name, a choice of what it holds, an address.

"Mum's iPhone" and "Dad's Outlook" are two of them: one can be ended, or hold less, without the
other noticing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import Select, delete, select

from scheduler.calendars import feeds, tokens
from scheduler.calendars.choices import Choice, Reminder
from scheduler.calendars.encodings import COLUMNS
from scheduler.calendars.entries import Audience, Subject, keys_by_kind, portions
from scheduler.calendars.last_served import forget_with_commit
from scheduler.calendars.models import Following, Subscription
from scheduler.database import db
from scheduler.languages import LOCALES

FEED = "feed"
MOST_CALENDARS = 10
"""How many one owner may have; a family with more phones shares one."""


class TooManyError(Exception):
    """The owner has as many calendars as anybody may have."""


def live_feeds(audiences: Iterable[Audience], *, is_shared: bool) -> list[Subscription]:
    """Return the live feeds of audiences, shared ones or their owners' calendars, oldest first."""
    found: list[Subscription] = []
    for kind, keys in keys_by_kind(audiences).items():
        for some in portions(keys):
            query = (
                select(Subscription)
                .where(Subscription.audience_kind == kind, Subscription.audience_key.in_(some))
                .where(Subscription.is_shared.is_(is_shared), Subscription.revoked_at.is_(None))
                .order_by(Subscription.id)
            )
            found.extend(db.session.scalars(query))
    return found


def calendars_of(audience: Audience) -> list[Subscription]:
    """Return an owner's live calendars, the oldest first."""
    return live_feeds([audience], is_shared=False)


def new_subscription(
    subject: Subject,
    locale: str,
    secret_key: str | bytes,
    now: dt.datetime,
    *,
    is_shared: bool = False,
    label: str = "",
) -> Subscription:
    """Return a feed of the subject with an address of its own, empty and not yet stored."""
    made = without_address(subject, locale, now, is_shared=is_shared, label=label)
    made.nonce = tokens.new_nonce()
    made.token_digest = tokens.digest(tokens.token(secret_key, FEED, made.nonce))
    return made


def without_address(
    subject: Subject, locale: str, now: dt.datetime, *, is_shared: bool = False, label: str = ""
) -> Subscription:
    """Return a feed of the subject, empty, to which its maker gives an address."""
    return Subscription(
        audience_kind=subject.audience.kind,
        audience_key=subject.audience.key,
        is_shared=is_shared,
        label=label,
        names=dict(subject.names),
        locale=locale,
        zone=subject.zone,
        created_at=now,
        modified_at=now,
        etag="",
    )


def add_calendar(
    subject: Subject,
    label: str,
    choice: Choice,
    *,
    secret_key: str | bytes,
    now: dt.datetime,
) -> Subscription:
    """Give an owner one more calendar, filled with what is published, in the subject's language.

    Raises `TooManyError` when the owner has ten already.
    """
    if len(calendars_of(subject.audience)) >= MOST_CALENDARS:
        raise TooManyError
    made = new_subscription(subject, subject.locale, secret_key, now, label=label)
    _take_over(made, choice)
    db.session.add(made)
    db.session.flush()
    feeds.rebuild([made.id], now=now)
    return made


def change_calendar(
    subscription: Subscription, label: str, locale: str, choice: Choice, *, now: dt.datetime
) -> None:
    """Give a calendar another name, language or choice from now on. Its address stays.

    What its entries say changes with it, so their SEQUENCE and LAST-MODIFIED rise in this calendar.
    Raises ValueError for a language that we do not speak.
    """
    if locale not in LOCALES:
        raise ValueError(f"No such language: {locale!r}.")
    subscription.label = label
    if (subscription.locale, subscription.choice) == (locale, choice):
        db.session.flush()
        return
    subscription.locale = locale
    _take_over(subscription, choice)
    _count_up(subscription, now)
    db.session.flush()
    feeds.rebuild([subscription.id], now=now)


def remind(subscription: Subscription, reminder: Reminder) -> None:
    """Remind the owner by mail of what this calendar holds, or no longer; its entries stay."""
    subscription.reminder_kind = reminder.kind
    subscription.reminder_minute = reminder.minute
    db.session.flush()


def end_calendar(subscription: Subscription, *, now: dt.datetime) -> None:
    """End a feed: its address answers 410 at once, and its octets are gone, kept ones too."""
    subscription.revoked_at = now
    for column in COLUMNS.values():
        setattr(subscription, column, b"")
    db.session.flush()
    forget_with_commit(subscription.token_digest)


def end_calendars(owner: Audience, *, now: dt.datetime) -> int:
    """End all calendars of an owner, who then follows nobody; return how many."""
    standing = calendars_of(owner)
    for subscription in standing:
        end_calendar(subscription, now=now)
    follow(owner, {}, now=now)
    return len(standing)


def follow(follower: Audience, labels: Mapping[Audience, str], *, now: dt.datetime) -> bool:
    """Make these the full set of whom a follower follows; tell whether that changed anything.

    `labels` say whose an entry is, where several are followed. The follower's calendars lose and
    gain what that means at once.
    """
    standing = {each.followed: each.label for each in db.session.scalars(_following(follower))}
    if standing == dict(labels):
        return False
    db.session.execute(
        delete(Following).where(
            Following.follower_kind == follower.kind, Following.follower_key == follower.key
        )
    )
    db.session.add_all(
        Following(
            follower_kind=follower.kind,
            follower_key=follower.key,
            kind=followed.kind,
            key=followed.key,
            label=label,
        )
        for followed, label in labels.items()
    )
    renamed = any(standing.get(followed, label) != label for followed, label in labels.items())
    _follow_up(follower, now, is_told_apart_anew=renamed or len(standing) != len(labels))
    return True


def followed_by(follower: Audience) -> dict[Audience, str]:
    """Return whom a follower follows, with the labels."""
    return {each.followed: each.label for each in db.session.scalars(_following(follower))}


def stop_following(followed: Iterable[Audience], *, now: dt.datetime) -> int:
    """Take these out of the calendars of all who follow them; return of how many."""
    followers: set[Audience] = set()
    for kind, keys in keys_by_kind(followed).items():
        for some in portions(keys):
            rows = select(Following).where(Following.kind == kind, Following.key.in_(some))
            followers |= {
                Audience(each.follower_kind, each.follower_key) for each in db.session.scalars(rows)
            }
            db.session.execute(
                delete(Following).where(Following.kind == kind, Following.key.in_(some))
            )
    for follower in sorted(followers):
        _follow_up(follower, now, is_told_apart_anew=True)
    return len(followers)


def _following(follower: Audience) -> Select[Following]:
    return select(Following).where(
        Following.follower_kind == follower.kind, Following.follower_key == follower.key
    )


def _follow_up(follower: Audience, now: dt.datetime, *, is_told_apart_anew: bool) -> None:
    db.session.flush()
    own = calendars_of(follower)
    if is_told_apart_anew:
        for subscription in own:
            _count_up(subscription, now)
        db.session.flush()
    feeds.rebuild([subscription.id for subscription in own], now=now)


def _take_over(subscription: Subscription, choice: Choice) -> None:
    kinds = choice.kinds
    subscription.kinds = None if kinds is None else sorted(kinds)
    subscription.alarm_minutes = choice.alarm_minutes
    subscription.has_cancelled = choice.has_cancelled
    subscription.naming = choice.naming


def _count_up(subscription: Subscription, now: dt.datetime) -> None:
    subscription.revision += 1
    subscription.chosen_at = feeds.later(now, subscription.chosen_at)
