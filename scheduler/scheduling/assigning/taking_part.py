"""Who takes part in an assignment as things are now, each with what is kept of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select

from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.organisations.models import School
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose, Person
from scheduler.programmes.models import Category
from scheduler.scheduling.assigning.models import (
    AssignmentParticipant,
    Takers,
    WishAssignment,
)
from scheduler.scheduling.parties.staff_models import StaffMember

KEY_COLUMNS = {
    Takers.PUPILS: "person_id",
    Takers.GROUPS: "application_id",
    Takers.STAFF: "staff_id",
}
"""Which column of a participant says whose row it is."""


@dataclass(frozen=True)
class Candidate:
    """A pupil, group or member of staff who takes part; `participant` is None until it is kept."""

    key: int
    ref: str
    name: str
    school: str
    school_code: str
    participant: AssignmentParticipant | None

    @property
    def wishes(self) -> list[int]:
        """Return the keys of the options that were wished, the dearest first."""
        return self.participant.wishes if self.participant else []

    @property
    def barred(self) -> list[int]:
        """Return the keys of the options that must not be given."""
        return self.participant.barred if self.participant else []


def candidates(assignment: WishAssignment) -> Select[*tuple[Any, ...]]:
    """Return the query for all who take part; `candidates_from` reads its rows.

    Pupils whose guardians refuse that they take part are left out.
    """
    owner = _OWNERS[assignment.takers]
    kept = getattr(AssignmentParticipant, KEY_COLUMNS[assignment.takers])
    query = owner(assignment)
    key = query.selected_columns["key"]
    is_theirs = and_(kept == key, AssignmentParticipant.assignment_id == assignment.id)
    return query.add_columns(AssignmentParticipant).outerjoin(AssignmentParticipant, is_theirs)


def candidates_from(rows: Any) -> Iterator[Candidate]:
    """Yield what rows of the query say."""
    for key, ref, name, _sort, school, school_code, participant in rows:
        yield Candidate(key, ref, name, school, school_code, participant)


def all_candidates(assignment: WishAssignment) -> list[Candidate]:
    """Return all who take part, in the order of their references."""
    query = candidates(assignment)
    rows = db.session.execute(query.order_by(query.selected_columns["ref"]))
    return list(candidates_from(rows))


def find_candidate(assignment: WishAssignment, ref: str) -> Candidate:
    """Return one who takes part; raises `NotFound`."""
    query = candidates(assignment)
    row = db.session.execute(query.where(query.selected_columns["ref"] == ref)).one_or_none()
    if row is None:
        raise NotFound
    return next(candidates_from([row]))


def count_candidates(assignment: WishAssignment) -> int:
    """Return how many take part."""
    rows = candidates(assignment).subquery()
    return db.session.scalar(select(func.count()).select_from(rows)) or 0


def found_by(assignment: WishAssignment, text: str) -> ColumnElement[bool]:
    """Return the condition that a name, reference or school contains a text."""
    columns = candidates(assignment).selected_columns
    fields = [columns[name] for name in ("name", "ref", "school")]
    return or_(*(field.icontains(text, autoescape=True) for field in fields))


def _accepted(assignment: WishAssignment) -> list[ColumnElement[bool]]:
    conditions = [
        Application.programme_id == assignment.programme_id,
        Application.state == State.ACCEPTED,
    ]
    if assignment.category_id is not None:
        conditions.append(Application.category_id == assignment.category_id)
    return conditions


def _pupils(assignment: WishAssignment) -> Select[*tuple[Any, ...]]:
    members = (
        select(Member.person_id)
        .join(Application, Application.id == Member.application_id)
        .where(Member.role == MemberRole.PUPIL, *_accepted(assignment))
    )
    return (
        select(
            Person.id.label("key"),
            Person.ref.label("ref"),
            Person.name.label("name"),
            Person.sort_key.label("sort"),
            School.name.label("school"),
            School.code.label("school_code"),
        )
        .join(School, School.id == Person.school_id)
        .where(
            Person.id.in_(members),
            Person.id.not_in(refused(ConsentPurpose.PARTICIPATION, assignment.programme_id)),
        )
    )


def _groups(assignment: WishAssignment) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Application.id.label("key"),
            Application.ref.label("ref"),
            Application.group_name.label("name"),
            Application.group_name.label("sort"),
            School.name.label("school"),
            School.code.label("school_code"),
        )
        .join(School, School.id == Application.school_id)
        .where(*_accepted(assignment))
    )


def _staff(assignment: WishAssignment) -> Select[*tuple[Any, ...]]:
    query = select(
        StaffMember.id.label("key"),
        StaffMember.ref.label("ref"),
        StaffMember.name.label("name"),
        StaffMember.name.label("sort"),
        literal("").label("school"),
        literal("").label("school_code"),
    ).where(StaffMember.programme_id == assignment.programme_id)
    if assignment.category_id is not None:
        query = query.where(StaffMember.categories.any(Category.id == assignment.category_id))
    return query


_OWNERS = {Takers.PUPILS: _pupils, Takers.GROUPS: _groups, Takers.STAFF: _staff}
