"""What a guardian decides and corrects on the private page, and what follows from it at once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.applications.roster_stored import HEALTH_FIELD
from scheduler.consents import effects
from scheduler.consents.family import Question, Task, family_of
from scheduler.consents.refusals import ConsentRefusal
from scheduler.database import db
from scheduler.errors import Conflict, Refused
from scheduler.people.consents import BY_LINK, refused
from scheduler.people.models import Consent, ConsentPurpose, Guardian, Person, Relation
from scheduler.people.phones import parse_email, parse_phone
from scheduler.people.sealing import Sealer


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
    click is one answer. It counts before whatever was recorded from paper earlier, and no paper
    turns its refusal (`papers`). What follows at once stands in `effects`. Raises `Refused` for an
    unsigned or empty answer, `NotFound` for anybody else's child, `Conflict` when a text was
    replaced since it was read.
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
        effects.take_effect(
            task, questions[consent.purpose].word, consent, account_id=None, now=now
        )
    return added


def correct_contact(
    guardian: Guardian, *, phone: str, email: str, country: str, now: dt.datetime
) -> None:
    """Replace what was filled in of a guardian's own phone number and e-mail address.

    Blank leaves what is there. Raises `Refused` for the first that cannot be read; the form has
    told of both.
    """
    changed = []
    if phone:
        guardian.phone = parse_phone(phone, country).number
        changed.append("phone")
    if email:
        guardian.email = parse_email(email)
        changed.append("email")
    if changed:
        db.session.flush()
        effects.note("guardian:contact", "guardian", str(guardian.id), now=now, fields=changed)


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
    effects.note("guardian:health", "person", child.ref, now=now, has_note=bool(note))


def _is_said_already(question: Question, said: Said, signature: Signature) -> bool:
    word = question.word
    return (
        word is not None
        and word.method == BY_LINK
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


def health_refused(child: Person) -> bool:
    """Tell whether keeping health data of the child is refused (newest word of any programme)."""
    query = select(Person.id).where(
        Person.id == child.id, Person.id.in_(refused(ConsentPurpose.HEALTH))
    )
    return db.session.scalar(query) is not None
