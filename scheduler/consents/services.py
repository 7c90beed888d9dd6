"""What a coordinator sets up: which consents are asked, on what terms, in which words."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.consents.refusals import ConsentRefusal
from scheduler.consents.wording import (
    LONGEST,
    TextFacts,
    body_of,
    default_wordings,
    digest_of,
)
from scheduler.database import db
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.languages import LOCALES
from scheduler.people.consent_models import AskedPurpose, ConsentRules, ConsentText
from scheduler.people.models import ConsentPurpose
from scheduler.programmes.models import Programme
from scheduler.programmes.writing import hold, record

REQUIRABLE = frozenset(
    {
        ConsentPurpose.PARTICIPATION,
        ConsentPurpose.INSURANCE,
        ConsentPurpose.HEALTH,
        ConsentPurpose.TRANSFER,
        ConsentPurpose.HOMESTAY,
    }
)
"""Pictures, broadcasts and calendars are never a condition of taking part (PIPL art. 16)."""

KEPT_AFTERWARDS = dt.timedelta(days=30)
PICTURES_KEPT = dt.timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a coordinator decides about one purpose; `wordings` is by locale."""

    is_asked: bool
    is_required: bool
    until_on: dt.date
    wordings: dict[str, str]
    recipient: str = ""
    country: str = ""
    asks_again: bool = False


def rules_of(programme: Programme) -> ConsentRules:
    """Return the programme's rules; the defaults, not stored, where nobody has set any."""
    stored = db.session.get(ConsentRules, programme.id)
    return stored or ConsentRules(
        programme_id=programme.id, needs_own_consent=False, reminder_days=3, contact="", version=0
    )


def asked_in(programme_id: int) -> dict[ConsentPurpose, AskedPurpose]:
    """Return what was ever set for each purpose, in the order of the guardian's page."""
    found = {
        asked.purpose: asked
        for asked in db.session.scalars(
            select(AskedPurpose).where(AskedPurpose.programme_id == programme_id)
        )
    }
    return {purpose: found[purpose] for purpose in ConsentPurpose if purpose in found}


def asked_purposes(programme_id: int) -> list[AskedPurpose]:
    """Return the purposes that are asked now."""
    return [asked for asked in asked_in(programme_id).values() if asked.is_asked]


def newest_wordings(programme: Programme, purpose: ConsentPurpose) -> dict[str, str]:
    """Return the published wordings by locale, or the proposed ones before the first publishing."""
    rows = db.session.execute(
        select(ConsentText.locale, ConsentText.wording)
        .where(ConsentText.programme_id == programme.id, ConsentText.purpose == purpose)
        .order_by(ConsentText.version)
    )
    return default_wordings(purpose) | dict(rows.all())


def default_until(programme: Programme, purpose: ConsentPurpose) -> dt.date:
    """Return the proposed end: 30 days after the last day, three years for pictures."""
    is_picture = purpose in {ConsentPurpose.IMAGE, ConsentPurpose.LIVESTREAM}
    return programme.ends_on + (PICTURES_KEPT if is_picture else KEPT_AFTERWARDS)


def set_rules(
    programme: Programme,
    *,
    contact: str,
    needs_own_consent: bool,
    reminder_days: int,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> ConsentRules:
    """Set what holds for all purposes; participation is asked from the first time on.

    A changed contact is part of every text, so all of them get a new version; consents given to
    the earlier ones keep counting. Raises `Conflict` if somebody changed the rules meanwhile.
    """
    if not contact:
        raise Refused(ConsentRefusal.CONTACT_MISSING, field="contact")
    hold(programme)
    rules = rules_of(programme)
    if rules.version != version:
        raise Conflict
    rules.contact = contact
    rules.needs_own_consent = needs_own_consent
    rules.reminder_days = reminder_days
    if version == 0:
        rules.version = 1
        db.session.add(rules)
    db.session.flush()
    record("consents:rules", programme, actor, now, needs_own_consent=needs_own_consent)
    asked = asked_in(programme.id)
    for purpose in asked or (ConsentPurpose.PARTICIPATION,):
        known = asked.get(purpose)
        terms = _terms_of(programme, purpose, known)
        revision = known.revision if known else 0
        set_purpose(programme, purpose, terms, revision=revision, actor=actor, now=now)
    return rules


def set_purpose(
    programme: Programme,
    purpose: ConsentPurpose,
    terms: Terms,
    *,
    revision: int,
    actor: Actor,
    now: dt.datetime,
) -> AskedPurpose:
    """Decide about one purpose; texts that read differently now are published as a new version.

    Published versions stay as they are. Consents to earlier wordings keep counting, unless the
    terms ask again or the recipient of a transfer is another one; refusals always keep counting.
    `revision` is what was seen, 0 for nothing yet; raises `Conflict` if it is no longer true.
    """
    hold(programme)
    _check(programme, purpose, terms)
    bodies = _bodies(programme, terms)
    stored = asked_in(programme.id).get(purpose)
    asked = stored or AskedPurpose(
        programme_id=programme.id, purpose=purpose, version=0, counts_from_version=0
    )
    if (stored.revision if stored else 0) != revision:
        raise Conflict
    other_recipient = (asked.recipient, asked.country) != (terms.recipient, terms.country)
    if _bodies_published(asked) != {locale: body for locale, (_, body) in bodies.items()}:
        asked.version += 1
        _publish(asked, bodies, actor, now)
    if stored is None or terms.asks_again or other_recipient:
        asked.counts_from_version = asked.version
    asked.is_asked = terms.is_asked
    asked.is_required = terms.is_asked and terms.is_required
    asked.recipient, asked.country = terms.recipient, terms.country
    asked.until_on = terms.until_on
    db.session.add(asked)
    db.session.flush()
    facts = {"version": asked.version, "asked": asked.is_asked, "required": asked.is_required}
    record(f"consents:{purpose}", programme, actor, now, **facts)
    return asked


def versions_of(programme: Programme, purpose: ConsentPurpose) -> list[ConsentText]:
    """Return every published text of a purpose, the newest version first."""
    query = (
        select(ConsentText)
        .where(ConsentText.programme_id == programme.id, ConsentText.purpose == purpose)
        .order_by(ConsentText.version.desc(), ConsentText.locale)
    )
    return list(db.session.scalars(query))


def find_purpose(word: str) -> ConsentPurpose:
    """Return the purpose of an address; raises `NotFound`."""
    if word not in set(ConsentPurpose):
        raise NotFound
    return ConsentPurpose(word)


def _terms_of(programme: Programme, purpose: ConsentPurpose, asked: AskedPurpose | None) -> Terms:
    wordings = newest_wordings(programme, purpose)
    if asked is None:
        until_on = default_until(programme, purpose)
        return Terms(is_asked=True, is_required=True, until_on=until_on, wordings=wordings)
    return Terms(
        is_asked=asked.is_asked,
        is_required=asked.is_required,
        until_on=asked.until_on,
        wordings=wordings,
        recipient=asked.recipient,
        country=asked.country,
    )


def _check(programme: Programme, purpose: ConsentPurpose, terms: Terms) -> None:
    if purpose is ConsentPurpose.PARTICIPATION and not (terms.is_asked and terms.is_required):
        raise Refused(ConsentRefusal.ALWAYS_ASKED, field="is_asked")
    if terms.is_required and purpose not in REQUIRABLE:
        raise Refused(ConsentRefusal.NEVER_REQUIRED, field="is_required")
    if terms.until_on < programme.ends_on:
        raise Refused(ConsentRefusal.UNTIL_TOO_EARLY, field="until_on")
    if purpose is ConsentPurpose.TRANSFER and not (terms.recipient and terms.country):
        field = "country" if terms.recipient else "recipient"
        raise Refused(ConsentRefusal.RECIPIENT_MISSING, field=field)


def _bodies(programme: Programme, terms: Terms) -> dict[str, tuple[str, str]]:
    """Return wording and body by locale; raises `Refused` for what cannot be published."""
    contact = rules_of(programme).contact
    if not contact:
        raise Refused(ConsentRefusal.CONTACT_MISSING)
    facts = TextFacts(programme.names, terms.until_on, terms.recipient, terms.country, contact)
    found = {}
    for locale in LOCALES:
        field = f"wording_{locale.lower()}"
        wording = terms.wordings.get(locale, "").replace("\r\n", "\n").strip()
        if not wording:
            raise Refused(ConsentRefusal.WORDING_MISSING, field=field)
        if len(wording) > LONGEST:
            raise Refused(ConsentRefusal.WORDING_TOO_LONG, field=field, most=LONGEST)
        found[locale] = (wording, body_of(wording, facts.written(locale), field=field))
    return found


def _bodies_published(asked: AskedPurpose) -> dict[str, str]:
    rows = db.session.execute(
        select(ConsentText.locale, ConsentText.body).where(
            ConsentText.programme_id == asked.programme_id,
            ConsentText.purpose == asked.purpose,
            ConsentText.version == asked.version,
        )
    )
    return dict(rows.all())


def _publish(
    asked: AskedPurpose, bodies: dict[str, tuple[str, str]], actor: Actor, now: dt.datetime
) -> None:
    db.session.add_all(
        ConsentText(
            programme_id=asked.programme_id,
            purpose=asked.purpose,
            version=asked.version,
            locale=locale,
            wording=wording,
            body=body,
            digest=digest_of(body),
            published_at=now,
            published_by=actor.account_id,
        )
        for locale, (wording, body) in bodies.items()
    )
