"""What a guardian decides and corrects on the private page, and what follows from it at once."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.accounts.notices import mail
from scheduler.applications.member_links import audience_of
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.notices import recipients
from scheduler.applications.roster_stored import HEALTH_FIELD
from scheduler.applications.steps import raise_roster_revision
from scheduler.audit import services as audit
from scheduler.calendars import links as calendar_links
from scheduler.consents.family import OUT, Question, Task, family_of
from scheduler.consents.refusals import ConsentRefusal
from scheduler.database import db
from scheduler.errors import Conflict, Refused
from scheduler.people.consents import BY_LINK, refused
from scheduler.people.models import Consent, ConsentPurpose, Guardian, Person, Relation
from scheduler.people.phones import parse_email, parse_phone
from scheduler.people.sealing import Sealer

REFUSAL_MAIL = "consents.participation_refused"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the guardian of the link, under this name, as the child's mother or so."""

    guardian: Guardian
    name: str
    relation: Relation | None


@dataclass(frozen=True, slots=True)
class About:
    """Which own child in which programme, and the language in which the texts were read."""

    child_ref: str
    programme_code: str
    locale: str


@dataclass(frozen=True, slots=True)
class Said:
    """A yes or no to one purpose, and the version of the text that was read."""

    is_granted: bool
    version: int


def answer(
    about: About,
    said: Mapping[ConsentPurpose, Said],
    signature: Signature,
    *,
    now: dt.datetime,
) -> list[Consent]:
    """Store a guardian's answers for one child in one programme, and let them take effect at once.

    A word that stands already, to the same text by the same guardian, is not repeated: a double
    click is one answer. Refusing or withdrawing participation makes plans stale and tells the
    school's officers and the leader; refusing the calendar ends the child's page and feed;
    refusing health data deletes the note. Raises `Refused` for an unsigned or empty answer,
    `NotFound` for anybody else's child, `Conflict` when a text was replaced since it was read.
    """
    if not said:
        raise Refused(ConsentRefusal.NOTHING_ANSWERED)
    if not signature.name:
        raise Refused(ConsentRefusal.SIGNER_MISSING, field="signer")
    if signature.relation is None:
        raise Refused(ConsentRefusal.RELATION_MISSING, field="relation")
    guardian = signature.guardian
    # One at a time: of two presses of one button, the second must see what the first has added.
    db.session.execute(select(Guardian.id).where(Guardian.id == guardian.id).with_for_update())
    task = family_of(guardian, about.locale).task(about.child_ref, about.programme_code)
    questions = {question.purpose: question for question in task.questions}
    added = []
    for purpose, word in said.items():
        question = questions.get(purpose)
        if question is None or question.text.version != word.version:
            raise Conflict
        if not _is_said_already(question, word, signature):
            added.append(_add(task, question, word, signature, now))
    db.session.flush()
    for consent in added:
        _take_effect(task, questions[consent.purpose], consent, now)
    return added


def correct_contact(
    guardian: Guardian, *, phone: str, email: str, country: str, now: dt.datetime
) -> None:
    """Replace what was filled in of a guardian's own phone number and e-mail address.

    Blank leaves what is there. Raises `Refused` naming the field.
    """
    changed = []
    if phone:
        guardian.phone = _parsed(lambda: parse_phone(phone, country).number, "phone")
        changed.append("phone")
    if email:
        guardian.email = _parsed(lambda: parse_email(email), "email")
        changed.append("email")
    if changed:
        db.session.flush()
        _record("guardian:contact", "guardian", str(guardian.id), now, fields=changed)


def replace_health_note(
    child: Person, note: str, *, sealer: Sealer, is_refused: bool, now: dt.datetime
) -> None:
    """Seal a new health note in place of the old one; blank removes it.

    Raises `Refused` while the guardian refuses that health data are kept.
    """
    if note and is_refused:
        raise Refused(ConsentRefusal.HEALTH_REFUSED, field="note")
    child.health_sealed = sealer.seal(note, field=HEALTH_FIELD) if note else None
    db.session.flush()
    _record("guardian:health", "person", child.ref, now, has_note=bool(note))


def _is_said_already(question: Question, said: Said, signature: Signature) -> bool:
    word = question.word
    return (
        word is not None
        and word.guardian_id == signature.guardian.id
        and word.is_granted is said.is_granted
        and word.text_version == said.version
    )


def _add(
    task: Task, question: Question, said: Said, signature: Signature, now: dt.datetime
) -> Consent:
    consent = Consent(
        person_id=task.child.id,
        programme_id=task.programme.id,
        purpose=question.purpose,
        is_granted=said.is_granted,
        method=BY_LINK,
        declared_by=signature.name,
        relation=signature.relation,
        guardian_id=signature.guardian.id,
        text_id=question.text.id,
        text_version=question.text.version,
        given_at=now,
    )
    db.session.add(consent)
    return consent


def _take_effect(task: Task, question: Question, consent: Consent, now: dt.datetime) -> None:
    """Do what follows from one answer; the audit log tells purposes, never reasons."""
    _record(
        "consent:give" if consent.is_granted else "consent:refuse",
        "person",
        task.child.ref,
        now,
        programme=task.programme.code,
        purpose=consent.purpose,
        version=consent.text_version,
    )
    before = question.word
    was_refused = before is not None and not before.is_granted
    is_turned = was_refused is consent.is_granted
    if consent.purpose is ConsentPurpose.PARTICIPATION and is_turned and task.is_accepted:
        raise_roster_revision(task.programme.id)
    if consent.is_granted:
        return
    if consent.purpose is ConsentPurpose.PARTICIPATION and not was_refused:
        _tell_school(task, now)
    if consent.purpose is ConsentPurpose.CALENDAR:
        calendar_links.revoke_links([audience_of(task.child)], now=now)
    if consent.purpose is ConsentPurpose.HEALTH:
        task.child.health_sealed = None
        db.session.flush()


def _tell_school(task: Task, now: dt.datetime) -> None:
    """Mail the officers and the leaders of the child's groups; the mail names no pupil."""
    applications = db.session.scalars(
        select(Application)
        .join(Member, Member.application_id == Application.id)
        .where(
            Member.person_id == task.child.id,
            Member.role == MemberRole.PUPIL,
            Application.programme_id == task.programme.id,
            Application.state.not_in(OUT),
        )
        .order_by(Application.id)
    )
    for application in applications:
        facts = {
            "group": application.group_name,
            "programme": task.programme.names,
            "link": f"/applications/{application.ref}",
        }
        for account in recipients(application):
            mail(
                account,
                REFUSAL_MAIL,
                facts,
                now=now,
                about=application.ref,
                programme_id=task.programme.id,
            )


def health_refused(child: Person) -> bool:
    """Tell whether keeping health data of the child is refused (newest word of any programme)."""
    query = select(Person.id).where(
        Person.id == child.id, Person.id.in_(refused(ConsentPurpose.HEALTH))
    )
    return db.session.scalar(query) is not None


def _parsed(parse: Callable[[], str], field: str) -> str:
    try:
        return parse()
    except Refused as refusal:
        refusal.field = field
        raise


def _record(
    action: str, subject_type: str, subject_ref: str, now: dt.datetime, **facts: object
) -> None:
    audit.record(
        action,
        account_id=None,
        subject_type=subject_type,
        subject_ref=subject_ref,
        now=now,
        **facts,
    )
