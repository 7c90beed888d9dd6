"""Who of accepted groups has what is published in a calendar of their own, and which pages that is.

Members whose guardian refuses to take part, or refuses calendars, have none.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from scheduler.applications.member_links import subject_of
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.published import school_audience
from scheduler.calendars.entries import Subject
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose, Person
from scheduler.programmes.models import Programme


def refs_by_application(
    programme: Programme, applications: Iterable[Application]
) -> defaultdict[int, list[tuple[str, MemberRole]]]:
    """Return who of each group has a calendar, and as what they take part. One query."""
    found: defaultdict[int, list[tuple[str, MemberRole]]] = defaultdict(list)
    rows = db.session.execute(
        select(Member.application_id, Person.ref, Member.role)
        .join(Person, Member.person_id == Person.id)
        .where(
            Member.application_id.in_([application.id for application in applications]),
            _has_calendar(programme),
        )
        .distinct()
        .order_by(Member.application_id, Person.ref, Member.role)
    )
    for application_id, ref, role in rows:
        found[application_id].append((ref, role))
    return found


def pages_of_people(programme: Programme, application_ids: Collection[int]) -> list[Subject]:
    """Return the own page of everybody in these groups who has a calendar, each once."""
    members = select(Member.person_id).where(Member.application_id.in_(application_ids))
    people = db.session.scalars(
        select(Person)
        .where(Person.id.in_(members), _has_calendar(programme))
        .options(joinedload(Person.school))
        .order_by(Person.id)
    )
    return [subject_of(person) for person in people]


def feeds_of_schools(school_ids: Collection[int]) -> list[Subject]:
    """Return the shared calendar of each of these schools, by code."""
    schools = select(School).where(School.id.in_(school_ids)).order_by(School.code)
    return [
        Subject(school_audience(school.code), {"en": school.name}, zone=school.timezone)
        for school in db.session.scalars(schools)
    ]


def _has_calendar(programme: Programme) -> ColumnElement[bool]:
    return and_(
        Person.id.not_in(refused(ConsentPurpose.PARTICIPATION, programme.id)),
        Person.id.not_in(refused(ConsentPurpose.CALENDAR, programme.id)),
    )
