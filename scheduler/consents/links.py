"""Guardians' private addresses: computed from a nonce, shown again to whoever is entitled."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from scheduler.calendars import tokens
from scheduler.calendars.own_calendars import end_calendars
from scheduler.consents.models import GuardianLink
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.languages import LOCALES, spoken
from scheduler.people.family_calendars import guardian_audience
from scheduler.people.models import Guardian

PURPOSE = "guardian"
_BATCH = 500


def link_by_token(token: str) -> GuardianLink:
    """Return the link that a token belongs to, revoked or not; raises `NotFound`."""
    query = select(GuardianLink).where(GuardianLink.token_digest == tokens.digest(token))
    link = db.session.scalar(query)
    if link is None:
        raise NotFound
    return link


def path_of(link: GuardianLink, secret_key: str | bytes) -> str:
    """Return the path of a guardian's page; put the public address before it."""
    return f"/guardian/{tokens.token(secret_key, PURPOSE, link.nonce)}"


def live_links(guardian_ids: Iterable[int]) -> dict[int, GuardianLink]:
    """Return the live links by guardian; nothing is made."""
    ids = list(guardian_ids)
    found: dict[int, GuardianLink] = {}
    for start in range(0, len(ids), _BATCH):
        query = select(GuardianLink).where(
            GuardianLink.guardian_id.in_(ids[start : start + _BATCH]),
            GuardianLink.revoked_at.is_(None),
        )
        found |= {link.guardian_id: link for link in db.session.scalars(query)}
    return found


def make_links(
    guardians: Sequence[Guardian], *, locale: str, secret_key: str | bytes, now: dt.datetime
) -> dict[int, GuardianLink]:
    """Return the live link of each guardian; missing ones are made, in the language given."""
    found = live_links(guardian.id for guardian in guardians)
    made = [
        _new_link(guardian, locale, secret_key, now)
        for guardian in guardians
        if guardian.id not in found
    ]
    db.session.add_all(made)
    db.session.flush()
    return found | {link.guardian_id: link for link in made}


def replace(link: GuardianLink, *, secret_key: str | bytes, now: dt.datetime) -> GuardianLink:
    """End a link for good and make another: the old address answers 410 from now on.

    The guardian's calendars end as well: whoever found the slip could read their addresses.
    """
    link.revoked_at = now
    end_calendars(guardian_audience(link.guardian_id), now=now)
    db.session.flush()
    made = _new_link(link.guardian, link.locale, secret_key, now)
    db.session.add(made)
    db.session.flush()
    return made


def choose_locale(link: GuardianLink, locale: str) -> None:
    """Write the page, and mails to the guardian, in another language from now on."""
    if locale in LOCALES:
        link.locale = locale
        db.session.flush()


def _new_link(
    guardian: Guardian, locale: str, secret_key: str | bytes, now: dt.datetime
) -> GuardianLink:
    nonce = tokens.new_nonce()
    return GuardianLink(
        guardian=guardian,
        nonce=nonce,
        token_digest=tokens.digest(tokens.token(secret_key, PURPOSE, nonce)),
        locale=spoken(locale),
        created_at=now,
    )
