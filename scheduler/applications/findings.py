"""What a coordinator should look at before deciding: ages, double memberships, missing consents.

Nothing here forbids a decision; a rule that does stands in `completeness` or in the decisions.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.people.consents import lacks_consent
from scheduler.people.models import Person
from scheduler.programmes.models import Category

NOT_TAKING_PART = (State.WITHDRAWN, State.REJECTED)


class FindingCode(StrEnum):
    """What deserves a look; sentences in `applications.texts`."""

    TOO_YOUNG = "member_too_young"
    TOO_OLD = "member_too_old"
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


WARNINGS = frozenset({FindingCode.TOO_YOUNG, FindingCode.TOO_OLD, FindingCode.CONSENT_MISSING})
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


def findings_by_id(application_ids: Iterable[int]) -> Findings:
    """Return what deserves a look in each application, in four queries however many they are."""
    ids = list(application_ids)
    # Somebody with two roles is found once: mappings keep the order and drop repetitions.
    found: dict[int, dict[Finding, None]] = defaultdict(dict)
    for look in (_ages, _consents, _elsewhere, _other_schools):
        for application_id, finding in look(ids):
            found[application_id][finding] = None
    return {each: list(found[each]) for each in ids}


def _ages(ids: list[int]) -> Iterable[tuple[int, Finding]]:
    query = (
        select(Member.application_id, Person.ref, Person.name, Person.birth_on, Category.born_to)
        .join(Person, Member.person_id == Person.id)
        .join(Application, Member.application_id == Application.id)
        .join(Category, Application.category_id == Category.id)
        .where(
            Member.application_id.in_(ids),
            Member.role == MemberRole.PUPIL,
            or_(Person.birth_on < Category.born_from, Person.birth_on > Category.born_to),
        )
        .order_by(Member.application_id, Member.position)
    )
    for application_id, ref, name, birth_on, born_to in db.session.execute(query):
        is_young = born_to is not None and (birth_on or born_to) > born_to
        code = FindingCode.TOO_YOUNG if is_young else FindingCode.TOO_OLD
        yield application_id, Finding(code, ref, name, birth_on)


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
