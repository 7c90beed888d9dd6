"""What is stored of a school, in the shape in which rosters are compared with it."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from scheduler.applications.answers_kept import opened_answers
from scheduler.applications.fields import ALL_FIELDS, Field, editable_fields
from scheduler.applications.form_plan import PLAIN, FormPlan, pairs
from scheduler.applications.guests import guest_pupils_by_id, other_pupils
from scheduler.applications.models import Application, Member, MemberRole, Piece
from scheduler.applications.roster_base import StoredGroup, StoredMember, StoredRoster
from scheduler.applications.roster_group_columns import piece_keys
from scheduler.applications.roster_leaders import Led
from scheduler.applications.roster_pupils import StoredPerson
from scheduler.applications.roster_records import KEPT, GroupRow, MemberRow, PieceRow
from scheduler.applications.workflow import Action, State, available
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.models import Consent, ConsentPurpose, Guardian, Guardianship, Person
from scheduler.people.sealing import Sealer
from scheduler.programmes.kinds import MOST_WORKS
from scheduler.programmes.models import Category

HEALTH_FIELD = "person.health"
DOCUMENT_FIELD = "person.document"
SCHOOL_HOLDS = "school_holds"
"""The method of a consent that the school declares to hold (domain.md section 2)."""

_GONE = (State.WITHDRAWN, State.REJECTED)


def lock_pupils(school: School) -> None:
    """Let nobody else add or pair pupils of the school until the transaction ends.

    Two rosters of one school may enter the same pupil into two categories at the same moment.
    Taken before the category's lock.
    """
    db.session.execute(select(School.id).where(School.id == school.id).with_for_update())


def load_roster(
    school: School, category: Category, sealer: Sealer, form: FormPlan = PLAIN
) -> StoredRoster:
    """Return the school's live groups of the category, their pupils, and all its pupils."""
    applications = db.session.scalars(
        select(Application)
        .where(
            Application.school_id == school.id,
            Application.category_id == category.id,
            Application.state.not_in(_GONE),
        )
        .order_by(Application.id)
    ).all()
    return StoredRoster(
        tuple(stored_groups(applications, form)),
        tuple(_members([each.id for each in applications], school, sealer)),
        tuple(_persons(school.id, sealer)),
        leaders_of(school),
    )


def load_part(
    application: Application, school: School, sealer: Sealer, form: FormPlan = PLAIN
) -> StoredRoster:
    """Return another school's entry as a guest school has it: with its own pupils alone.

    Of the group only the name and what may be changed are there; the rest is the lead school's.
    """
    group = next(iter(stored_groups([application], form)))
    name = GroupRow(application.group_name, application.ref, "", "")
    own = replace(group, record=name, guests=other_pupils(application, school))
    return StoredRoster(
        (own,),
        tuple(_members([application.id], school, sealer)),
        tuple(_persons(school.id, sealer)),
    )


def load_stored(
    school: School,
    category: Category,
    sealer: Sealer,
    form: FormPlan = PLAIN,
    entry: Application | None = None,
) -> StoredRoster:
    """Return what a roster is compared with: the school's groups, or its part in one `entry`."""
    if entry is None:
        return load_roster(school, category, sealer, form)
    return load_part(entry, school, sealer, form)


def leaders_of(school: School) -> tuple[Led, ...]:
    """Return who leads the school's groups, of all programmes and whatever their state."""
    rows = db.session.execute(
        select(Application.ref, Application.group_name, Person.name, Person.phone, Person.email)
        .join(Member, Member.application_id == Application.id)
        .join(Person, Person.id == Member.person_id)
        .where(Application.school_id == school.id, Member.role == MemberRole.LEADER)
        .order_by(Application.id)
    )
    return tuple(Led(*row) for row in rows)


def stored_groups(
    applications: Iterable[Application], form: FormPlan = PLAIN
) -> Iterable[StoredGroup]:
    """Return each application as a group row, with what the school may still change of it."""
    applications = list(applications)
    ids = [application.id for application in applications]
    staff = _staff(ids)
    pieces = _pieces(ids)
    guests = guest_pupils_by_id(applications)
    for application in applications:
        state, returned = application.state, application.returned_fields
        keys = editable_keys(editable_fields(state, returned)) | form.editable_marks(
            state, returned
        )
        yield StoredGroup(
            id=application.id,
            reference=application.ref,
            record=_group_row(application, staff[application.id], pieces[application.id]),
            editable_keys=keys,
            is_draft=state is State.DRAFT,
            can_reopen=Action.REOPEN in available(state),
            open_fields=",".join(returned) if keys else "",
            guests=guests.get(application.id, 0),
        )


def editable_keys(fields: Iterable[Field]) -> frozenset[str]:
    """Return the column keys that stand for the fields, `members` for the member sheet's rows."""
    return frozenset(key for field in fields for key in _KEYS_BY_FIELD[field])


def digest(stored: StoredRoster, form: FormPlan = PLAIN) -> str:
    """Return a fingerprint of what is stored: another one means that a preview is stale."""
    content = [
        [(s.code, s.owner, s.kind, s.is_retired) for s in form.fields],
        [(g.id, repr(g.record), sorted(g.editable_keys), g.guests) for g in stored.groups],
        [(m.id, m.group_id, m.person_id, repr(m.values)) for m in stored.members],
        [(p.id, repr(p.values), p.document_index) for p in stored.persons],
    ]
    return sha256(json.dumps(content).encode()).hexdigest()


def member_row(person: StoredPerson, member: StoredMember, group: str) -> MemberRow:
    """Return a stored member as a row; sealed values are said to be there, not shown."""
    values = dict(person.values)
    number = None
    if person.document_index is not None:
        number = f"{KEPT}{person.document_last_four or ''}"
    health = KEPT if values.pop("health_note") is not None else None
    return MemberRow(
        group=group, document_number=number, health_note=health, **values, **member.values
    )


def _group_row(
    application: Application, staff: list[Any], pieces: tuple[PieceRow, ...]
) -> GroupRow:
    by_role: defaultdict[MemberRole, list[Any]] = defaultdict(list)
    for row in staff:
        by_role[row.role].append(row)
    leader = next(iter(by_role[MemberRole.LEADER]), None)
    conductor = next(iter(by_role[MemberRole.CONDUCTOR]), None)
    accompanist = next(iter(by_role[MemberRole.ACCOMPANIST]), None)
    return GroupRow(
        name=application.group_name,
        reference=application.ref,
        leader=leader.name if leader else "",
        leader_phone=(leader.phone if leader else None) or "",
        leader_email=leader.email if leader else None,
        voicing=application.voicing,
        conductor=conductor.name if conductor else None,
        conductor_is_own=conductor.is_own_staff if conductor else None,
        accompanist=accompanist.name if accompanist else None,
        advisers=tuple(row.name for row in by_role[MemberRole.ADVISER]),
        chaperones=tuple(row.name for row in by_role[MemberRole.CHAPERONE]),
        pieces=pieces,
        equipment=application.equipment,
        introduction=application.introduction,
        answers=pairs(application.answers),
    )


def _staff(application_ids: list[int]) -> defaultdict[int, list[Any]]:
    rows = db.session.execute(
        select(
            Member.application_id,
            Member.role,
            Member.is_own_staff,
            Person.name,
            Person.phone,
            Person.email,
        )
        .join(Person, Person.id == Member.person_id)
        .where(Member.application_id.in_(application_ids), Member.role != MemberRole.PUPIL)
        .order_by(Member.position, Member.id)
    )
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.application_id].append(row)
    return found


def _pieces(application_ids: list[int]) -> defaultdict[int, tuple[PieceRow, ...]]:
    rows = db.session.execute(
        select(Piece.application_id, Piece.title, Piece.composer, Piece.duration_seconds)
        .where(Piece.application_id.in_(application_ids))
        .order_by(Piece.application_id, Piece.position)
    )
    found: defaultdict[int, tuple[PieceRow, ...]] = defaultdict(tuple)
    for application_id, title, composer, seconds in rows:
        found[application_id] += (PieceRow(title, composer, seconds),)
    return found


def _members(application_ids: list[int], school: School, sealer: Sealer) -> Iterable[StoredMember]:
    """Yield the school's own pupils in these entries; guests' pupils are others' to keep."""
    rows = db.session.execute(
        select(
            Member.id,
            Member.application_id,
            Member.person_id,
            Member.part,
            Member.grade,
            Member.remark,
            Member.answers,
        )
        .join(Person, Member.person_id == Person.id)
        .where(
            Member.application_id.in_(application_ids),
            Member.role == MemberRole.PUPIL,
            Person.school_id == school.id,
        )
        .order_by(Member.application_id, Member.position, Member.id)
    )
    for member_id, application_id, person_id, part, grade, remark, kept in rows:
        answers = pairs(opened_answers(kept, sealer)) if kept else ()
        values = {"part": part, "grade": grade, "remark": remark, "answers": answers}
        yield StoredMember(member_id, application_id, person_id, values)


def _persons(school_id: int, sealer: Sealer) -> Iterable[StoredPerson]:
    guardians = _guardians(school_id)
    declared = declared_of(school_id)
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.latin_name,
            Person.sex,
            Person.birth_on,
            Person.document_kind,
            Person.roll_number,
            Person.health_sealed,
            Person.document_index,
            Person.document_last_four,
        )
        .where(Person.school_id == school_id, Person.is_adult.is_(False))
        .order_by(Person.id)
    )
    for row in rows:
        sealed = row.health_sealed
        guardian = guardians.get(row.id, (None, None, None))
        values = {
            "name": row.name,
            "latin_name": row.latin_name,
            "sex": row.sex,
            "birth_on": row.birth_on,
            "document_kind": row.document_kind,
            "roll_number": row.roll_number,
            "guardian_name": guardian[0],
            "guardian_phone": guardian[1],
            "guardian_email": guardian[2],
            "consent_held": row.id in declared,
            "health_note": None if sealed is None else sealer.open(sealed, field=HEALTH_FIELD),
        }
        yield StoredPerson(row.id, values, row.document_index, row.document_last_four)


def _guardians(school_id: int) -> dict[int, tuple[str, str | None, str | None]]:
    """Return each pupil's first guardian: the one that the entry form asks for."""
    rows = db.session.execute(
        select(Guardianship.person_id, Guardian.name, Guardian.phone, Guardian.email)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(Guardian.school_id == school_id)
        .order_by(Guardianship.id.desc())
    )
    return {person_id: (name, phone, email) for person_id, name, phone, email in rows}


def declared_of(school_id: int) -> set[int]:
    """Return the pupils for whom the school has declared to hold a consent."""
    rows = db.session.scalars(
        select(Consent.person_id)
        .join(Person, Person.id == Consent.person_id)
        .where(
            Person.school_id == school_id,
            Consent.purpose == ConsentPurpose.PARTICIPATION,
            Consent.method == SCHOOL_HOLDS,
            Consent.is_granted,
        )
    )
    return set(rows)


_KEYS_BY_FIELD: dict[Field, tuple[str, ...]] = {
    Field.NAME: ("name",),
    Field.VOICING: ("voicing",),
    Field.LEADER: ("leader", "leader_phone", "leader_email"),
    Field.CONDUCTOR: ("conductor", "conductor_is_own"),
    Field.ACCOMPANIST: ("accompanist",),
    Field.ADVISERS: ("adviser_1", "adviser_2", "adviser_3"),
    Field.CHAPERONES: ("chaperones",),
    Field.PIECES: tuple(key for number in range(1, MOST_WORKS + 1) for key in piece_keys(number)),
    Field.MEMBERS: ("members",),
    Field.EQUIPMENT: ("equipment",),
    Field.INTRODUCTION: ("introduction",),
}
ALL_KEYS = editable_keys(ALL_FIELDS)
