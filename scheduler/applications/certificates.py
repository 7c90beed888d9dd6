"""The certificate list: which group, which level, the names of its pupils and advisers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.applications.models import Application, Member, MemberRole, Result
from scheduler.applications.results import ORDER, accepted, results_by_id
from scheduler.database import db
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose, Person
from scheduler.programmes.models import Category, Programme

NAMED_ROLES = (MemberRole.PUPIL, MemberRole.CONDUCTOR, MemberRole.ADVISER)


@dataclass(frozen=True, slots=True)
class Certified:
    """A person on a certificate."""

    role: MemberRole
    name: str
    latin_name: str | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A group with its result and its people: pupils first, then conductor and advisers."""

    application: Application
    result: Result
    people: tuple[Certified, ...]

    def of(self, *roles: MemberRole) -> list[Certified]:
        """Return the people of these roles."""
        return [person for person in self.people if person.role in roles]


def certificates_of(programme: Programme, category: Category | None = None) -> list[Certificate]:
    """Return the groups that have a result, in three queries.

    A pupil whose guardian refuses participation stands on no certificate.
    """
    query = accepted(programme, category).order_by(*ORDER["category"])
    applications = db.session.scalars(query).all()
    results = results_by_id([application.id for application in applications])
    people = _people(results)
    return [
        Certificate(each, results[each.id], tuple(people[each.id]))
        for each in applications
        if each.id in results
    ]


def _people(application_ids: Iterable[int]) -> defaultdict[int, list[Certified]]:
    found: defaultdict[int, list[Certified]] = defaultdict(list)
    for application_id, person in _members(list(application_ids)):
        found[application_id].append(person)
    for people in found.values():
        people.sort(key=lambda person: NAMED_ROLES.index(person.role))
    return found


def _members(application_ids: list[int]) -> Iterator[tuple[int, Certified]]:
    query = (
        select(Member.application_id, Member.role, Person.name, Person.latin_name)
        .join(Person, Member.person_id == Person.id)
        .where(
            Member.application_id.in_(application_ids),
            Member.role.in_(NAMED_ROLES),
            Member.person_id.not_in(refused(ConsentPurpose.PARTICIPATION)),
        )
        .order_by(Member.application_id, Member.position, Member.id)
    )
    for application_id, role, name, latin_name in db.session.execute(query):
        yield application_id, Certified(role, name, latin_name)
