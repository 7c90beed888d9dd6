"""Last year's people once more: members of a school's earlier entry, copied into a draft.

What is copied is who belongs to the group, not what was said for another programme: consents,
answers, remarks and files stay behind. The persons are the school's own, so nobody is there twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, raiseload

from scheduler.applications import services
from scheduler.applications.bulk import insert_rows
from scheduler.applications.fields import Field
from scheduler.applications.guests import own_people
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.roster_records import RosterCode
from scheduler.applications.roster_stored import SCHOOL_HOLDS, lock_pupils
from scheduler.applications.roster_writing import Writing
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import School
from scheduler.people.models import Consent, ConsentPurpose, Person
from scheduler.programmes.ages import AgeFault, fault_of
from scheduler.programmes.grades import HIGHEST, grade_of, moved_grade, school_year
from scheduler.programmes.models import Category, Programme

ONLY_ONE = (MemberRole.LEADER, MemberRole.CONDUCTOR, MemberRole.ACCOMPANIST)
"""Roles that a group has once: whoever is there already stays."""

FIELD_BY_ROLE = {
    MemberRole.PUPIL: Field.MEMBERS,
    MemberRole.LEADER: Field.LEADER,
    MemberRole.CONDUCTOR: Field.CONDUCTOR,
    MemberRole.ACCOMPANIST: Field.ACCOMPANIST,
    MemberRole.ADVISER: Field.ADVISERS,
    MemberRole.CHAPERONE: Field.CHAPERONES,
}


class CopyRefusal(StrEnum):
    """Why nobody is copied."""

    NOBODY_CHOSEN = "copy_nobody_chosen"
    NOT_DECLARED = "copy_not_declared"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the earlier entry, with the grade as it is now and why a tick may be wrong."""

    member: Member
    grade: str | None = None
    fault: AgeFault | None = None
    has_left_school: bool = False

    @property
    def fits(self) -> bool:
        """Tell whether nothing speaks against the person."""
        return self.fault is None and not self.has_left_school


def earlier_entries(school: School, category: Category) -> Select[Any]:
    """Return the query for a school's entries in earlier programmes, with its own pupils counted.

    The same category of the same series stands first, then the same category, then the newest.
    """
    programme = category.programme
    is_same = Category.code == category.code
    in_series = and_(Programme.series_id.is_not(None), Programme.series_id == programme.series_id)
    pupils = (
        select(func.count(Member.id))
        .join(Person, Member.person_id == Person.id)
        .where(
            Member.application_id == Application.id,
            Member.role == MemberRole.PUPIL,
            Person.school_id == Application.school_id,
        )
        .correlate(Application)
        .scalar_subquery()
    )
    likeness = case((and_(is_same, in_series), 0), (is_same, 1), (in_series, 2), else_=3)
    return (
        select(Application, pupils)
        .join(Application.category)
        .join(Application.programme)
        .where(
            Application.school_id == school.id,
            Application.programme_id != programme.id,
            Programme.starts_on < programme.starts_on,
        )
        .order_by(likeness, Programme.starts_on.desc(), Application.group_name, Application.id)
        .options(
            contains_eager(Application.category),
            contains_eager(Application.programme),
            raiseload("*"),
        )
    )


def find_earlier(ref: str, school: School, category: Category) -> Application:
    """Return one of these entries; raises `NotFound` for any other, above all another school's."""
    found: Application | None = db.session.scalars(
        earlier_entries(school, category).where(Application.ref == ref)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def candidates(source: Application, school: School, category: Category) -> list[Candidate]:
    """Return everybody of an earlier entry but guests' pupils, pupils first, in one query."""
    members = db.session.scalars(
        select(Member)
        .join(Person, Member.person_id == Person.id)
        .where(Member.application_id == source.id, own_people(source))
        .order_by(Member.role != MemberRole.PUPIL, Member.position, Member.id)
        .options(joinedload(Member.person), raiseload("*"))
    )
    years = school_year(category.programme.starts_on, school.country) - school_year(
        source.programme.starts_on, school.country
    )
    return [_candidate(member, category, school.country, years) for member in members]


def _candidate(member: Member, category: Category, country: str, years: int) -> Candidate:
    if member.role is not MemberRole.PUPIL:
        return Candidate(member)
    before, grade = (
        grade_of(member.grade, country),
        moved_grade(member.grade, country, years),
    )
    fault = fault_of(category.age_limits, born=member.person.birth_on, grade=grade, country=country)
    has_left = before is not None and before + years > HIGHEST
    return Candidate(member, grade, fault, has_left)


def drafts_of(school: School, category: Category) -> list[Application]:
    """Return the school's drafts of the category, into which people can be copied."""
    query = select(Application).where(
        Application.school_id == school.id,
        Application.category_id == category.id,
        Application.state == State.DRAFT,
    )
    return list(db.session.scalars(query.order_by(Application.group_name, Application.id)))


def copy_people(
    found: Sequence[Candidate],
    chosen: Collection[int],
    writing: Writing,
    *,
    target: Application | None,
    group_name: str,
    is_declared: bool,
) -> Application:
    """Put the chosen people (ids of `Member`) into a draft, or begin one of that name with them.

    The school declares anew that it holds the guardians' consents; what it declared before does
    not count. Whoever is in the draft already stays as entered. Raises `Refused` outside the entry
    window, without the declaration, and for more pupils than the category takes.
    """
    wanted = [each for each in found if each.member.id in chosen]
    if not wanted:
        raise Refused(CopyRefusal.NOBODY_CHOSEN)
    if not is_declared:
        raise Refused(CopyRefusal.NOT_DECLARED, field="is_declared")
    lock_pupils(writing.school)
    application = _draft(writing, target, group_name)
    there = _there(application)
    new = [each for each in wanted if _is_new(each.member, there)]
    before = sum(role is MemberRole.PUPIL for _, role in there)
    pupils = [each for each in new if each.member.role is MemberRole.PUPIL]
    _demand_room(application, before + len(pupils))
    _write(application, new, last=len(there))
    _declare([each.member.person for each in pupils], writing)
    changes: dict[str, Any] = {str(FIELD_BY_ROLE[each.member.role]): [None, None] for each in new}
    if pupils:
        changes[str(Field.MEMBERS)] = [before, before + len(pupils)]
    if new:
        services.note_edit(application, actor=writing.actor, now=writing.now, changes=changes)
    return application


def _draft(writing: Writing, target: Application | None, group_name: str) -> Application:
    if target is None:
        return services.create(
            writing.actor,
            school=writing.school,
            category=writing.category,
            group_name=group_name,
            now=writing.now,
        )
    application = services.lock(target)
    services.demand_editable(application, now=writing.now, fields=set(FIELD_BY_ROLE.values()))
    return application


def _there(application: Application) -> set[tuple[int, MemberRole]]:
    query = select(Member.person_id, Member.role).where(Member.application_id == application.id)
    return {(person_id, role) for person_id, role in db.session.execute(query)}


def _is_new(member: Member, there: set[tuple[int, MemberRole]]) -> bool:
    if member.role in ONLY_ONE and any(role is member.role for _, role in there):
        return False
    return (member.person_id, member.role) not in there


def _demand_room(application: Application, size: int) -> None:
    most = application.category.max_members
    if size > most:
        group = application.group_name
        raise Refused(RosterCode.GROUP_TOO_LARGE, group=group, size=size, most=most)


def _write(application: Application, new: Sequence[Candidate], *, last: int) -> None:
    insert_rows(
        Member,
        [
            {
                "application_id": application.id,
                "person_id": each.member.person_id,
                "role": each.member.role,
                "position": last + place,
                "part": each.member.part,
                "grade": each.grade,
                "is_own_staff": each.member.is_own_staff,
                "answers": {},
            }
            for place, each in enumerate(new)
        ],
    )
    db.session.expire(application, ["members"])


def _declare(people: Sequence[Person], writing: Writing) -> None:
    row = {
        "purpose": ConsentPurpose.PARTICIPATION,
        "is_granted": True,
        "method": SCHOOL_HOLDS,
        "declared_by": writing.actor.name,
        "given_at": writing.now,
    }
    insert_rows(Consent, [{"person_id": person.id, **row} for person in people])
