"""The form that a school prints, signs and seals: its check code, its scan, whether it still holds.

The code is computed from the entry's content. It stands on the printed form and is typed when the
scan is sent up, so a scan belongs to exactly what was printed; once the content changes, it no
longer matches.
"""

import json
from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from scheduler.applications.forms_stored import specs_of
from scheduler.applications.models import Application, Member, MemberRole, Piece
from scheduler.applications.sealed_models import AttachedForm
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.people.identity import Sex
from scheduler.people.models import Person
from scheduler.programmes.form_fields import AskedWhen, Audience, FieldOwner, FieldSpec
from scheduler.programmes.kinds import SealedForm

CODE_LENGTH = 10
OWN_STATES = (State.DRAFT, State.RETURNED)


class SealedRefusal(StrEnum):
    """Why an entry or a scan is refused; sentences in `applications.sealed_views`."""

    NOT_NOW = "sealed_form_not_now"
    OTHER_CODE = "sealed_form_other_code"
    OUTDATED = "sealed_form_outdated"


class Match(StrEnum):
    """How an entry stands with its sealed form."""

    NONE = "form_not_attached"
    CURRENT = "form_matches"
    OUTDATED = "form_outdated"


def attached_form(application: Application) -> AttachedForm | None:
    """Return the entry's scan, if there is one."""
    return db.session.get(AttachedForm, application.id)


def match_of(application: Application) -> Match:
    """Tell whether the scan shows the entry as it is now."""
    attached = attached_form(application)
    if attached is None:
        return Match.NONE
    is_current = attached.digest == content_digest(application)
    return Match.CURRENT if is_current else Match.OUTDATED


def without_form(applications: Iterable[Application]) -> set[int]:
    """Return which of the entries need a sealed form and have none; often without a query."""
    due = {each.id for each in applications if each.category.sealed_form is SealedForm.REQUIRED}
    if not due:
        return due
    query = select(AttachedForm.application_id).where(AttachedForm.application_id.in_(due))
    return due - set(db.session.scalars(query))


def is_outdated(application: Application) -> bool:
    """Tell whether the category needs a sealed form and the scan is of another content.

    It takes some queries: lists of entries do without it.
    """
    is_needed = application.category.sealed_form is SealedForm.REQUIRED
    return is_needed and match_of(application) is Match.OUTDATED


def demand_current(application: Application) -> None:
    """Raise `Refused` if the category needs a sealed form and the scan is of another content."""
    if is_outdated(application):
        raise Refused(SealedRefusal.OUTDATED)


def can_attach(application: Application) -> bool:
    """Tell whether the school may attach a scan now: while the entry is its own to complete."""
    is_asked = application.category.sealed_form is not SealedForm.NONE
    return is_asked and application.state in OWN_STATES


def check_code(digest: str) -> str:
    """Return the code as it is printed, such as `3F9A-01BC-7D`."""
    code = digest[:CODE_LENGTH].upper()
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def is_sealed(spec: FieldSpec) -> bool:
    """Tell whether a coordinators' field stands on the sealed form: asked of the group at entry.

    What staff note, and what is asked after acceptance, is not what the school has sealed.
    """
    is_asked_of_school = spec.audience is not Audience.STAFF
    is_of_entry = spec.asked_when is AskedWhen.ENTRY
    return spec.owner is FieldOwner.GROUP and is_asked_of_school and is_of_entry


def content_digest(application: Application) -> str:
    """Return the fingerprint of what the form stands for: group, people, works and answers.

    Its order is that of names, so that only the content counts.
    """
    content = {
        "entry": [application.ref, application.category.code, application.group_name],
        "texts": [application.voicing, application.equipment, application.introduction],
        "answers": _answers(application),
        "pieces": _pieces(application),
        "people": _people(application),
    }
    return sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


def counts_of(application: Application) -> tuple[int, int, int]:
    """Return how many pupils there are, how many of them girls, how many boys."""
    query = (
        select(Person.sex)
        .join(Member, Member.person_id == Person.id)
        .where(Member.application_id == application.id, Member.role == MemberRole.PUPIL)
    )
    sexes = list(db.session.scalars(query))
    return len(sexes), sexes.count(Sex.FEMALE), sexes.count(Sex.MALE)


def _answers(application: Application) -> list[tuple[str, str]]:
    if not application.answers:
        return []
    sealed = {spec.code for spec in specs_of(application.programme_id) if is_sealed(spec)}
    return sorted(answer for answer in application.answers.items() if answer[0] in sealed)


def _pieces(application: Application) -> list[Any]:
    rows = db.session.execute(
        select(Piece.title, Piece.composer, Piece.duration_seconds)
        .where(Piece.application_id == application.id)
        .order_by(Piece.position)
    )
    return [list(row) for row in rows]


def _people(application: Application) -> list[Any]:
    rows = db.session.execute(
        select(Person.ref, Person.name, Person.birth_on, Member.role, Member.part, Member.grade)
        .join(Person, Member.person_id == Person.id)
        .where(Member.application_id == application.id)
    )
    return sorted([str(cell) for cell in row] for row in rows)
