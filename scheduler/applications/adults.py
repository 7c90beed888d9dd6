"""The adults of a group: leader, conductor, accompanist, advisers, as persons of the school."""

import datetime as dt
from typing import Any

from sqlalchemy import delete, select

from scheduler.applications.bulk import insert_rows
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.roster_records import GroupRow
from scheduler.database import db
from scheduler.people.models import Person
from scheduler.people.sorting import sort_key
from scheduler.references import new_reference


class AdultWriter:
    """Writes the adults of one school's groups. A name that the school has is the same person.

    One person may lead and conduct, and serve several groups: then they are one in the timetable.
    """

    def __init__(self, school_id: int, *, now: dt.datetime) -> None:
        self._school_id = school_id
        self._now = now
        self._adults: dict[str, Person] | None = None
        self._rows: list[tuple[int, Person, dict[str, Any]]] = []

    def add(self, application: Application, record: GroupRow) -> None:
        """Put the record's adults into the group; `write` stores them."""
        for position, (role, name) in enumerate(_wanted(record)):
            person = self._adult(name)
            if role is MemberRole.LEADER:
                person.phone = record.leader_phone or person.phone
                person.email = record.leader_email
            is_own = record.conductor_is_own if role is MemberRole.CONDUCTOR else None
            values = {"role": role, "position": position, "is_own_staff": is_own}
            self._rows.append((application.id, person, values))

    def remove(self, application: Application) -> None:
        """Take the adults out of a group; the persons stay the school's."""
        db.session.execute(
            delete(Member).where(
                Member.application_id == application.id, Member.role != MemberRole.PUPIL
            )
        )

    def write(self) -> None:
        """Store what `add` was given."""
        db.session.flush()
        rows = [
            {"application_id": application_id, "person_id": person.id, **values}
            for application_id, person, values in self._rows
        ]
        insert_rows(Member, rows)
        self._rows.clear()

    def _adult(self, name: str) -> Person:
        known = self._known()
        if name not in known:
            known[name] = Person(
                ref=new_reference("P"),
                school_id=self._school_id,
                name=name,
                sort_key=sort_key(name),
                is_adult=True,
                created_at=self._now,
            )
            db.session.add(known[name])
        return known[name]

    def _known(self) -> dict[str, Person]:
        if self._adults is None:
            rows = db.session.scalars(
                select(Person)
                .where(Person.school_id == self._school_id, Person.is_adult)
                .order_by(Person.id.desc())
            )
            self._adults = {person.name: person for person in rows}
        return self._adults


def _wanted(record: GroupRow) -> list[tuple[MemberRole, str]]:
    wanted = [(MemberRole.LEADER, record.leader)]
    if record.conductor:
        wanted.append((MemberRole.CONDUCTOR, record.conductor))
    if record.accompanist:
        wanted.append((MemberRole.ACCOMPANIST, record.accompanist))
    wanted.extend((MemberRole.ADVISER, name) for name in dict.fromkeys(record.advisers))
    wanted.extend((MemberRole.CHAPERONE, name) for name in dict.fromkeys(record.chaperones))
    return wanted
