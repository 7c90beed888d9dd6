"""Who was asked and what was answered, by purpose and pupil: counted and searched in the database.

A *part* is a school's share of a programme: its pupils in live entries, own and others'.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, func, literal, or_, select

from scheduler.access.permissions import Subject
from scheduler.applications.guests import is_entry_of
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.consents.family import OUT
from scheduler.consents.models import GuardianAsk
from scheduler.consents.services import rules_of
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.organisations.models import School
from scheduler.people.consent_models import AskedPurpose
from scheduler.people.consents import ON_PAPER, SCHOOL_HOLDS, newest_word
from scheduler.people.models import Consent, ConsentPurpose, Guardianship, Person
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme

LONGEST_SEARCH = 80


class Stand(StrEnum):
    """Where a purpose stands for a pupil, as lists count it."""

    GIVEN = "given"
    REFUSED = "refused"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class SchoolPart:
    """A school's share of a programme: reached by its officers and the coordinators."""

    programme: Programme
    school: School

    @property
    def subject(self) -> Subject:
        """Return the two scopes that reach it."""
        return Subject(programme_id=self.programme.id, school_id=self.school.id)


def find_part(code: str, school: str) -> SchoolPart:
    """Return a school's part of a programme; raises `NotFound` where it has no live entry."""
    programme = find_programme(code)
    found = db.session.scalar(select(School).where(School.code == school))
    if found is None or find_entry(programme, found) is None:
        raise NotFound
    return SchoolPart(programme, found)


def find_entry(programme: Programme, school: School) -> int | None:
    """Return the id of one of the school's live entries in the programme, if there is any."""
    query = select(Application.id).where(
        Application.programme_id == programme.id,
        is_entry_of(school.id),
        Application.state.not_in(OUT),
    )
    return db.session.scalar(query.limit(1))


def pupils_of(programme_id: int, school_id: int | None = None, group: str = "") -> Select[int]:
    """Return the query for the pupils of live entries: of all schools, one school, or one group.

    Each school answers for its own pupils, in others' entries too.
    """
    query = (
        select(Member.person_id)
        .join(Application, Member.application_id == Application.id)
        .where(
            Application.programme_id == programme_id,
            Application.state.not_in(OUT),
            Member.role == MemberRole.PUPIL,
        )
    )
    if school_id is not None:
        own = select(Person.id).where(Person.school_id == school_id)
        query = query.where(Member.person_id.in_(own))
    return query.where(Application.ref == group) if group else query


def stands(programme: Programme, pupils: Select[int]) -> Subquery:
    """Return pupil by pupil and purpose by purpose where it stands, as a subquery.

    Columns: person_id, purpose, is_required, state (`Stand`), method of the word that counts. The
    school's declaration counts as given, unless the programme needs the guardian's own consent.
    """
    needs_own = rules_of(programme).needs_own_consent
    state = case(
        (Consent.id.is_(None), Stand.MISSING.value),
        (Consent.is_granted.is_(False), Stand.REFUSED.value),
        (and_(Consent.method == SCHOOL_HOLDS, literal(needs_own)), Stand.MISSING.value),
        (Consent.text_version < AskedPurpose.counts_from_version, Stand.MISSING.value),
        else_=Stand.GIVEN.value,
    )
    # The word that counts is looked up by its index for each pair: a join with a ranked list of all
    # words makes SQLite read the whole list for each pupil.
    newest = newest_word(Person.id, AskedPurpose.purpose, programme.id)
    return (
        select(
            Person.id.label("person_id"),
            Person.school_id,
            AskedPurpose.purpose,
            AskedPurpose.is_required,
            state.label("state"),
            Consent.method,
        )
        .select_from(Person)
        .join(
            AskedPurpose,
            and_(AskedPurpose.programme_id == programme.id, AskedPurpose.is_asked),
        )
        .outerjoin(Consent, Consent.id == newest)
        .where(Person.id.in_(pupils))
        .subquery()
    )


@dataclass(frozen=True, slots=True)
class PurposeCount:
    """How often one purpose was given and refused, and how often nothing was said.

    `on_paper` counts those of the answers that the school recorded from paper.
    """

    purpose: ConsentPurpose
    is_required: bool
    given: int
    refused: int
    missing: int
    on_paper: int


def counts_by_purpose(programme: Programme, pupils: Select[int]) -> list[PurposeCount]:
    """Return the counts of each purpose that is asked, in one query."""
    standing = stands(programme, pupils)
    is_answer = standing.c.state != Stand.MISSING
    rows: Any = db.session.execute(
        select(
            standing.c.purpose,
            standing.c.is_required,
            *(func.sum(case((standing.c.state == each, 1), else_=0)) for each in Stand),
            func.sum(case((is_answer & (standing.c.method == ON_PAPER), 1), else_=0)),
        ).group_by(standing.c.purpose, standing.c.is_required)
    )
    found = {row[0]: PurposeCount(*row) for row in rows}
    return [found[purpose] for purpose in ConsentPurpose if purpose in found]


def asked_count(part: SchoolPart, group: str) -> tuple[int, int]:
    """Return how many guardians of the pupils were asked, and how many guardians there are."""
    row = db.session.execute(
        select(
            func.count(GuardianAsk.id.distinct()), func.count(Guardianship.guardian_id.distinct())
        )
        .select_from(Guardianship)
        .outerjoin(
            GuardianAsk,
            and_(
                GuardianAsk.guardian_id == Guardianship.guardian_id,
                GuardianAsk.programme_id == part.programme.id,
            ),
        )
        .where(
            Guardianship.person_id.in_(pupils_of(part.programme.id, part.school.id, group)),
        )
    ).one()
    return row[0], row[1]


def schools_shown(programme: Programme, search: str) -> Select[Any]:
    """Return school, pupils, and pupils for whom a required consent does not stand, by school."""
    pupils = pupils_of(programme.id)
    standing = stands(programme, pupils)
    lacking = case(
        (and_(standing.c.is_required, standing.c.state != Stand.GIVEN), standing.c.person_id)
    )
    refusing = case((standing.c.state == Stand.REFUSED, standing.c.person_id))
    query: Any = (
        select(
            School.code,
            School.name,
            func.count(standing.c.person_id.distinct()).label("pupils"),
            func.count(lacking.distinct()).label("lacking"),
            func.count(refusing.distinct()).label("refusing"),
        )
        .join(standing, standing.c.school_id == School.id)
        .group_by(School.id, School.code, School.name)
    )
    if search:
        columns = (School.name, School.code)
        query = query.where(or_(*(c.icontains(search, autoescape=True) for c in columns)))
    shown: Select[Any] = query
    return shown
