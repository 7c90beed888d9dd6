"""The addresses under which people add a feed to their calendars."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import current_app

from scheduler.calendars import links, tokens
from scheduler.calendars.caldav.collections import ROOT
from scheduler.calendars.door import PREFIX
from scheduler.calendars.door import SUFFIX as FEED_SUFFIX
from scheduler.calendars.entries import Audience
from scheduler.calendars.feed_forms import JCAL, JSCALENDAR
from scheduler.calendars.free_busy_door import SUFFIX, busy_token
from scheduler.calendars.models import Subscription
from scheduler.extensions import secret_key


@dataclass(frozen=True, slots=True)
class CalDavAccess:
    """What a program that speaks CalDAV is told of a feed."""

    server: str
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """One feed, as each kind of calendar program wants to be told of it."""

    name: str
    https: str
    webcal: str
    google: str
    outlook: str
    qr_code: str
    """The address of a picture that a phone's camera reads: the webcal address."""
    caldav: CalDavAccess
    jcal: str
    jscalendar: str
    busy: str
    """Where it is told when something is taken, and nothing else; "" for one person's feed."""
    is_public: bool
    """Whether the address is no secret."""


def public_url() -> str:
    """Return where people reach us, without a slash at the end."""
    return str(current_app.config["PUBLIC_URL"])


def feed_addresses(subscription: Subscription) -> FeedAddresses:
    """Return the addresses of a feed. Show them only to those who may read it."""
    path = links.feed_path(subscription, secret_key())
    https = public_url() + path
    bare = https.removesuffix(FEED_SUFFIX)
    webcal = "webcal://" + https.partition("://")[2]
    added = urlencode({"url": https, "name": subscription.name})
    return FeedAddresses(
        name=subscription.name,
        https=https,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?{added}",
        qr_code=path.removesuffix(FEED_SUFFIX) + "/qr.svg",
        caldav=CalDavAccess(
            server=public_url() + ROOT,
            user=tokens.reference(subscription.token_digest),
            password=links.feed_token(subscription, secret_key()),
        ),
        jcal=bare + JCAL.suffix,
        jscalendar=bare + JSCALENDAR.suffix,
        busy=_busy_address(subscription) if subscription.tells_busy_times else "",
        is_public=subscription.is_public,
    )


def _busy_address(subscription: Subscription) -> str:
    token = busy_token(subscription.token_digest, subscription.nonce, secret_key())
    return f"{public_url()}{PREFIX}{token}{SUFFIX}"


def shared_addresses(audience: Audience, locale: str) -> FeedAddresses | None:
    """Return the addresses of an audience's shared feed in a language; None if it has none."""
    subscription = links.shared_feed(audience, locale)
    return feed_addresses(subscription) if subscription else None
