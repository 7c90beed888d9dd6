"""What an entry holds, field by field, in a shape that can be kept sealed and compared later.

Of pupils it holds what reviewers judge: who it is, age, part and grade; of a document only a
fingerprint, and neither health notes nor guardians.
"""

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import select

from scheduler.applications.answers_kept import opened_answers
from scheduler.applications.fields import Field
from scheduler.applications.models import Application, Member, MemberRole, Piece
from scheduler.database import db
from scheduler.people.models import Person
from scheduler.people.sealing import Sealer
from scheduler.programmes.form_fields import Audience, FieldOwner
from scheduler.programmes.form_models import FormField
from scheduler.spreadsheets.durations import duration_text

Content = dict[str, Any]

PERSONAL_KEYS = ("birth_on", "sex", "latin_name", "roll_number", "part", "grade", "remark")
"""What is said of a pupil besides the name, in the order of the list of members."""

DOCUMENT = "document"
_SEALED_FOR = "application.last_decided_on"
_ROLES: dict[Field, MemberRole] = {
    Field.LEADER: MemberRole.LEADER,
    Field.CONDUCTOR: MemberRole.CONDUCTOR,
    Field.ACCOMPANIST: MemberRole.ACCOMPANIST,
    Field.ADVISERS: MemberRole.ADVISER,
    Field.CHAPERONES: MemberRole.CHAPERONE,
}
ADULTS = frozenset(_ROLES)


def content_of(application: Application, sealer: Sealer) -> Content:
    """Return what the entry holds now, in three queries."""
    by_role: defaultdict[MemberRole, list[Any]] = defaultdict(list)
    for row in _people(application):
        by_role[row.role].append(row)
    pupils = by_role[MemberRole.PUPIL]
    found: Content = {
        Field.NAME: application.group_name,
        Field.VOICING: application.voicing,
        Field.EQUIPMENT: application.equipment,
        Field.INTRODUCTION: application.introduction,
        Field.PIECES: _works(application),
        Field.MEMBERS: {row.ref: _pupil(row) for row in pupils},
        **{field: [_adult(row) for row in by_role[role]] for field, role in _ROLES.items()},
    }
    member_codes = {}
    for code, owner in _school_fields(application):
        if owner is FieldOwner.GROUP:
            found[f"form:{code}"] = application.answers.get(code)
        else:
            member_codes[code] = found.setdefault(f"form:{code}", {})
    for row in pupils if member_codes else ():
        for code, answer in opened_answers(row.answers, sealer).items():
            if code in member_codes:
                member_codes[code][row.ref] = answer
    return {str(mark): value for mark, value in found.items()}


def sealed(content: Content, sealer: Sealer) -> bytes:
    """Return the content as it is kept."""
    return sealer.seal(json.dumps(content, ensure_ascii=False), field=_SEALED_FOR)


def opened(kept: bytes, sealer: Sealer) -> Content:
    """Return what `sealed` was given."""
    found: Content = json.loads(sealer.open(kept, field=_SEALED_FOR))
    return found


def changed_marks(before: Content, after: Content) -> list[str]:
    """Return the fields that differ, in the order of the form; coordinators' fields come last.

    A field that was added to the form since is changed if it was answered.
    """
    order = {str(field): place for place, field in enumerate(Field)}
    marks = sorted(before.keys() | after.keys(), key=lambda mark: (order.get(mark, 99), mark))
    return [mark for mark in marks if (before.get(mark) or None) != (after.get(mark) or None)]


def with_old(current: Content, old: Content) -> Content:
    """Return the content with what is known from before put in: of pupils' answers some only."""
    return current | {
        mark: {**(current.get(mark) or {}), **value} if isinstance(value, dict) else value
        for mark, value in old.items()
    }


def _people(application: Application) -> list[Any]:
    columns = (Person.ref, Person.name, Person.phone, Person.email, Person.document_index)
    said = (Person.birth_on, Person.sex, Person.latin_name, Person.roll_number)
    own = (Member.role, Member.part, Member.grade, Member.remark, Member.answers)
    query = (
        select(*columns, *said, *own, Member.is_own_staff)
        .join(Member, Member.person_id == Person.id)
        .where(Member.application_id == application.id)
        .order_by(Member.position, Member.id)
    )
    return list(db.session.execute(query))


def _pupil(row: Any) -> dict[str, Any]:
    said = {key: getattr(row, key) for key in PERSONAL_KEYS}
    shown = {key: str(value) for key, value in said.items() if value is not None}
    if row.document_index is not None:
        shown[DOCUMENT] = row.document_index
    return {"name": row.name, **shown}


def _adult(row: Any) -> dict[str, Any]:
    more = [row.phone, row.email, row.is_own_staff]
    return {"name": row.name, "more": [None if each is None else str(each) for each in more]}


def _works(application: Application) -> list[str]:
    rows = db.session.execute(
        select(Piece.title, Piece.composer, Piece.duration_seconds)
        .where(Piece.application_id == application.id)
        .order_by(Piece.position)
    )
    return [
        " – ".join(part for part in (row.title, row.composer) if part)
        + f" ({duration_text(row.duration_seconds)})"
        for row in rows
    ]


def _school_fields(application: Application) -> list[tuple[str, FieldOwner]]:
    """Return code and owner of the fields that the school answers, retired ones included."""
    rows = db.session.execute(
        select(FormField.code, FormField.owner).where(
            FormField.programme_id == application.programme_id,
            FormField.audience != Audience.STAFF,
        )
    )
    return [(row.code, row.owner) for row in rows]
