"""What a coordinator should look at before deciding: ages, double memberships, missing consents.

Nothing here forbids a decision; a rule that does stands in `completeness` or in the decisions.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased, joinedload, raiseload

from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.consents import lacks_consent
from scheduler.people.models import Person
from scheduler.programmes.ages import (
    AgeFault,
    accepted_birth_dates,
    accepted_grades,
    fault_of,
)
from scheduler.programmes.models import Category

NOT_TAKING_PART = (State.WITHDRAWN, State.REJECTED)


class FindingCode(StrEnum):
    """What deserves a look; sentences in `applications.texts`."""

    TOO_YOUNG = "member_too_young"
    TOO_OLD = "member_too_old"
    GRADE_TOO_LOW = "member_grade_too_low"
    GRADE_TOO_HIGH = "member_grade_too_high"
    GRADE_UNKNOWN = "member_grade_unknown"
    CONSENT_MISSING = "member_without_consent"
    PUPIL_ELSEWHERE = "pupil_in_other_group"
    ADULT_ELSEWHERE = "adult_in_other_group"
    OTHER_SCHOOL = "adult_of_other_school"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one person of a group; `other` is the other group's (reference, name)."""

    code: FindingCode
    person_ref: str
    name: str
    birth_on: dt.date | None = None
    other: tuple[str, str] | None = None


CODE_BY_FAULT = {
    AgeFault.TOO_YOUNG: FindingCode.TOO_YOUNG,
    AgeFault.TOO_OLD: FindingCode.TOO_OLD,
    AgeFault.GRADE_TOO_LOW: FindingCode.GRADE_TOO_LOW,
    AgeFault.GRADE_TOO_HIGH: FindingCode.GRADE_TOO_HIGH,
    AgeFault.GRADE_UNKNOWN: FindingCode.GRADE_UNKNOWN,
}
WARNINGS = frozenset(CODE_BY_FAULT.values()) | {FindingCode.CONSENT_MISSING}
"""What probably has to be put right; the rest is good to know."""

Findings = dict[int, list[Finding]]


@dataclass(frozen=True, slots=True)
class Kind:
    """All findings of one code in a group; `by_other` has the people by the other group."""

    code: FindingCode
    found: list[Finding]

    @property
    def is_warning(self) -> bool:
        """Tell whether somebody should act."""
        return self.code in WARNINGS

    @property
    def people(self) -> int:
        """Return how many people are concerned; one may be in several other groups."""
        return len({finding.person_ref for finding in self.found})

    @property
    def by_other(self) -> dict[tuple[str, str] | None, list[Finding]]:
        """Return the findings by the other group they speak of (None where there is none)."""
        found: dict[tuple[str, str] | None, list[Finding]] = defaultdict(list)
        for finding in self.found:
            found[finding.other].append(finding)
        return found


def kinds_of(findings: Iterable[Finding]) -> list[Kind]:
    """Return the findings by code, warnings first."""
    by_code: dict[FindingCode, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_code[finding.code].append(finding)
    return [Kind(code, by_code[code]) for code in FindingCode if code in by_code]


def age_findings(application_id: int, school_id: int) -> list[Finding]:
    """Return a school's pupils in a group who do not fit the category's age or grade, by name."""
    return [finding for _, finding in _ages([application_id], Person.school_id == school_id)]


def findings_by_id(application_ids: Iterable[int]) -> Findings:
    """Return what deserves a look in each application, in five queries however many they are."""
    ids = list(application_ids)
    # Somebody with two roles is found once: mappings keep the order and drop repetitions.
    found: dict[int, dict[Finding, None]] = defaultdict(dict)
    for look in (_ages, _consents, _elsewhere, _other_schools):
        for application_id, finding in look(ids):
            found[application_id][finding] = None
    return {each: list(found[each]) for each in ids}


def _ages(ids: list[int], *only: ColumnElement[bool]) -> Iterable[tuple[int, Finding]]:
    """Find pupils outside their category's age or grade: birth dates are compared in the database,
    grades are read here.
    """
    categories = _aged_categories(ids)
    outside = [_may_be_outside(category) for category in categories]
    if not outside:
        return
    query = (
        select(Member, Person, Application.category_id, School.country)
        .join(Person, Member.person_id == Person.id)
        .join(Application, Member.application_id == Application.id)
        .join(School, Person.school_id == School.id)
        .where(
            Member.application_id.in_(ids), Member.role == MemberRole.PUPIL, or_(*outside), *only
        )
        .order_by(Member.application_id, Member.position)
        .options(raiseload("*"))
    )
    limits = {category.id: category.age_limits for category in categories}
    for member, person, category_id, country in db.session.execute(query):
        fault = fault_of(
            limits[category_id], born=person.birth_on, grade=member.grade, country=country
        )
        if fault is not None:
            code = CODE_BY_FAULT[fault]
            yield member.application_id, Finding(code, person.ref, person.name, person.birth_on)


def _aged_categories(ids: list[int]) -> Sequence[Category]:
    used = select(Application.category_id).where(Application.id.in_(ids))
    query = select(Category).where(Category.id.in_(used)).options(joinedload(Category.programme))
    return db.session.scalars(query).all()


def _may_be_outside(category: Category) -> ColumnElement[bool]:
    is_here = Application.category_id == category.id
    if accepted_grades(category.age_limits) is not None:
        return is_here
    born_from, born_to = accepted_birth_dates(category.age_limits)
    outside = [Person.birth_on < born_from] if born_from else []
    outside += [Person.birth_on > born_to] if born_to else []
    return and_(is_here, or_(false(), *outside))


def _consents(ids: list[int]) -> Iterable[tuple[int, Finding]]:
    query = (
        select(Member.application_id, Person.ref, Person.name)
        .join(Person, Member.person_id == Person.id)
        .join(Application, Member.application_id == Application.id)
        .where(
            Member.application_id.in_(ids),
            Member.role == MemberRole.PUPIL,
            lacks_consent(Member.person_id, Application.programme_id),
        )
        .order_by(Member.application_id, Member.position)
    )
    for application_id, ref, name in db.session.execute(query):
        yield application_id, Finding(FindingCode.CONSENT_MISSING, ref, name)


def _elsewhere(ids: list[int]) -> Iterable[tuple[int, Finding]]:
    """Find people who are in another live group of the same programme."""
    here, there = aliased(Application), aliased(Application)
    again = aliased(Member)
    query = (
        select(
            Member.application_id,
            Person.ref,
            Person.name,
            Person.is_adult,
            there.ref,
            there.group_name,
        )
        .join(here, Member.application_id == here.id)
        .join(Person, Member.person_id == Person.id)
        .join(again, again.person_id == Member.person_id)
        .join(there, again.application_id == there.id)
        .where(
            Member.application_id.in_(ids),
            there.id != here.id,
            there.programme_id == here.programme_id,
            there.state.not_in(NOT_TAKING_PART),
        )
        .order_by(Member.application_id, Member.position, there.ref)
    )
    for application_id, ref, name, is_adult, other_ref, group_name in db.session.execute(query):
        code = FindingCode.ADULT_ELSEWHERE if is_adult else FindingCode.PUPIL_ELSEWHERE
        yield application_id, Finding(code, ref, name, other=(other_ref, group_name))


def _other_schools(ids: list[int]) -> Iterable[tuple[int, Finding]]:
    query = (
        select(Member.application_id, Person.ref, Person.name)
        .join(Person, Member.person_id == Person.id)
        .join(Application, Member.application_id == Application.id)
        .where(
            Member.application_id.in_(ids),
            Person.is_adult,
            Person.school_id != Application.school_id,
        )
        .order_by(Member.application_id, Member.position)
    )
    for application_id, ref, name in db.session.execute(query):
        yield application_id, Finding(FindingCode.OTHER_SCHOOL, ref, name)
