"""Whose calendars of persons can be written to: adults who have given an address themselves.

A pupil's calendar is nobody's by mail: it may be the pupil's, and pupils are not written to.
"""

from collections.abc import Collection

from sqlalchemy import select

from scheduler.calendars import owners
from scheduler.calendars.entries import portions
from scheduler.calendars.owners import Owner
from scheduler.database import db
from scheduler.languages import spoken
from scheduler.organisations.models import School
from scheduler.people.models import Person

KIND = "person"


def persons_by_mail(refs: Collection[str]) -> dict[str, Owner]:
    """Return where the adults among these persons are written to, by their reference."""
    found: dict[str, Owner] = {}
    for some in portions(refs):
        rows = db.session.execute(
            select(Person.ref, Person.email, Person.name, School.locale)
            .join(School, Person.school_id == School.id)
            .where(Person.ref.in_(some), Person.is_adult, Person.email.is_not(None))
        )
        for ref, email, name, locale in rows:
            found[ref] = Owner(str(email), name, spoken(locale))
    return found


owners.add(KIND, persons_by_mail)
