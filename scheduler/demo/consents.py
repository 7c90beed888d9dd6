"""What the festival asks guardians, and what they have answered so far: the same every time."""

import datetime as dt
from typing import Any

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.calendars import tokens
from scheduler.consents import services
from scheduler.consents.links import PURPOSE
from scheduler.consents.models import GuardianAsk, GuardianLink
from scheduler.consents.services import Terms
from scheduler.database import db
from scheduler.demo.accounts import COORDINATOR, OFFICERS_SCHOOL, Staff
from scheduler.demo.festival import Festival, PupilRecord
from scheduler.demo.people import TWINS, WITHOUT_MAIL_AMONG, families
from scheduler.demo.writing import add_all
from scheduler.extensions import secret_key
from scheduler.people.consent_models import ConsentText
from scheduler.people.keys import current_sealer
from scheduler.people.models import (
    Consent,
    ConsentPurpose,
    Guardian,
    Guardianship,
    Person,
    Relation,
)
from scheduler.programmes.models import Programme

REFUSED_IMAGE = "guardian_refused_image_consent"
REFUSED_PARTICIPATION = "guardian_refused_participation_consent"
CONTACT = "何嘉慧, consents@festival.example, +86 1200 009 900"
ASKED = (
    ConsentPurpose.INSURANCE,
    ConsentPurpose.HEALTH,
    ConsentPurpose.IMAGE,
    ConsentPurpose.LIVESTREAM,
    ConsentPurpose.CALENDAR,
)
PURPOSES = (ConsentPurpose.PARTICIPATION, *ASKED)

# Of ten households, six have answered, two were mailed long enough ago to be reminded, one was
# mailed yesterday, and one has not been asked. Every 23rd does not want the broadcast.
ANSWERED = range(6)
DUE = range(6, 8)
RECENT = range(8, 9)
NO_BROADCAST = 23
NOTES = ("花生过敏", "哮喘，随身带喷雾剂", "乳糖不耐受")


def add_questions(programme_id: int, staff: Staff, *, now: dt.datetime) -> None:
    """Set the rules and publish the proposed text of each purpose; taking part is required."""
    festival = db.session.get_one(Programme, programme_id)
    actor = Actor(staff.coordinator_id, COORDINATOR.name)
    services.set_rules(
        festival,
        contact=CONTACT,
        needs_own_consent=False,
        reminder_days=3,
        version=0,
        actor=actor,
        now=now,
    )
    for purpose in ASKED:
        terms = Terms(
            is_asked=True,
            is_required=False,
            until_on=services.default_until(festival, purpose),
            wordings=services.newest_wordings(festival, purpose),
        )
        services.set_purpose(festival, purpose, terms, revision=0, actor=actor, now=now)


def add_declarations(
    festival: Festival,
    person_ids: dict[str, int],
    officer_names: dict[str, str],
    *,
    given_at: dt.datetime,
) -> None:
    """Let every school declare that it holds the consents to entry."""
    rows = [
        {
            "person_id": person_ids[pupil.key],
            "purpose": ConsentPurpose.PARTICIPATION,
            "is_granted": True,
            "method": "school_holds",
            "declared_by": officer_names[pupil.school],
            "given_at": given_at,
        }
        for pupil in festival.pupils.values()
    ]
    add_all(Consent, rows)


def add_answers(
    festival: Festival,
    programme_id: int,
    person_ids: dict[str, int],
    guardian_ids: list[int],
    *,
    now: dt.datetime,
) -> None:
    """Add pages, requests and answers of the households that were asked.

    Two guardians refuse: one pictures, one that the child takes part at all. The twins' guardian
    has answered for one of them.
    """
    texts = _texts(programme_id)
    guardians = {each.id: each for each in db.session.scalars(select(Guardian))}
    links, asks, words = [], [], []
    for number, household in enumerate(families(festival)):
        turn = 0 if _is_special(festival, household) else number % 10
        if turn not in range(RECENT.stop):
            continue
        guardian = guardians[guardian_ids[number]]
        has_mail = number % WITHOUT_MAIL_AMONG != WITHOUT_MAIL_AMONG - 1
        asked_at = now - dt.timedelta(days=1 if turn in RECENT else 6, minutes=number % 60)
        locale = festival.schools[household[0].school].locale
        links.append(_link(guardian.id, locale, asked_at))
        asks.append(_ask(programme_id, guardian.id, asked_at, has_mail=has_mail))
        if turn in ANSWERED:
            answered_at = asked_at + dt.timedelta(hours=3 + number % 40)
            for pupil in _answered_for(festival, household):
                said = _said(festival, pupil, number)
                words += [
                    _word(purpose, is_granted=yes, text=texts[locale, purpose])
                    | {
                        "person_id": person_ids[pupil.key],
                        "programme_id": programme_id,
                        "declared_by": guardian.name,
                        "relation": list(Relation)[number % 2],
                        "guardian_id": guardian.id,
                        "given_at": answered_at,
                    }
                    for purpose, yes in said.items()
                ]
    add_all(GuardianLink, links)
    add_all(GuardianAsk, asks)
    add_all(Consent, words)
    _add_health_notes(festival, person_ids)


def links_of(ref: str) -> list[GuardianLink]:
    """Return the live pages of a pupil's guardians."""
    query = (
        select(GuardianLink)
        .join(Guardianship, Guardianship.guardian_id == GuardianLink.guardian_id)
        .join(Person, Guardianship.person_id == Person.id)
        .where(Person.ref == ref, GuardianLink.revoked_at.is_(None))
    )
    return list(db.session.scalars(query))


def _texts(programme_id: int) -> dict[tuple[str, ConsentPurpose], ConsentText]:
    texts = db.session.scalars(select(ConsentText).where(ConsentText.programme_id == programme_id))
    return {(text.locale, text.purpose): text for text in texts}


def _is_special(festival: Festival, household: list[PupilRecord]) -> bool:
    cases = (TWINS, REFUSED_IMAGE, REFUSED_PARTICIPATION)
    special = {key for case in cases for key in festival.special_cases[case]}
    return any(pupil.key in special for pupil in household)


def _answered_for(festival: Festival, household: list[PupilRecord]) -> list[PupilRecord]:
    twins = festival.special_cases[TWINS]
    return [pupil for pupil in household if pupil.key not in twins[1:]]


def _said(festival: Festival, pupil: PupilRecord, number: int) -> dict[ConsentPurpose, bool]:
    if pupil.key in festival.special_cases[REFUSED_PARTICIPATION]:
        return {ConsentPurpose.PARTICIPATION: False}
    said = dict.fromkeys(PURPOSES, True)
    said[ConsentPurpose.IMAGE] = pupil.key not in festival.special_cases[REFUSED_IMAGE]
    said[ConsentPurpose.LIVESTREAM] = number % NO_BROADCAST != 0
    return said


def _word(purpose: ConsentPurpose, *, is_granted: bool, text: ConsentText) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "is_granted": is_granted,
        "method": "link",
        "text_id": text.id,
        "text_version": text.version,
    }


def _link(guardian_id: int, locale: str, created_at: dt.datetime) -> dict[str, Any]:
    nonce = tokens.new_nonce()
    token = tokens.token(secret_key(), PURPOSE, nonce)
    return {
        "guardian_id": guardian_id,
        "nonce": nonce,
        "token_digest": tokens.digest(token),
        "locale": locale,
        "created_at": created_at,
    }


def _ask(
    programme_id: int, guardian_id: int, asked_at: dt.datetime, *, has_mail: bool
) -> dict[str, Any]:
    return {
        "programme_id": programme_id,
        "guardian_id": guardian_id,
        "asked_at": asked_at,
        "mailed_at": asked_at if has_mail else None,
        "mails": 1 if has_mail else 0,
        "slip_at": None if has_mail else asked_at,
    }


def _add_health_notes(festival: Festival, person_ids: dict[str, int]) -> None:
    sealer = current_sealer()
    own = [pupil.key for pupil in festival.pupils.values() if pupil.school == OFFICERS_SCHOOL]
    for key, note in zip(own, NOTES, strict=False):
        person = db.session.get_one(Person, person_ids[key])
        person.health_sealed = sealer.seal(note, field="person.health")
    db.session.flush()
