"""The adults of a group: leader, conductor, accompanist, advisers, as persons of the school."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
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
    """Writes the adults of one school's groups, so that no group changes by another group's row.

    A leader is somebody whom the school has if name, mobile and e-mail are the same; with another
    contact it is another person, unless nobody else's group is led by the one that is stored. The
    other roles come with a name only: of one name, they are the group's own leader, else whoever
    the school has had longest. One person may lead and conduct, and serve several groups: then
    they are one in the timetable.
    """

    def __init__(self, school_id: int, *, now: dt.datetime) -> None:
        self._school_id = school_id
        self._now = now
        self._adults: defaultdict[str, list[Person]] | None = None
        self._leader_by_id: dict[int, Person] = {}
        """Who leads each application, a group that changes its leader before the change."""
        self._led: defaultdict[Person, set[int]] = defaultdict(set)
        self._wanted: list[tuple[Application, GroupRow]] = []
        self._rows: list[tuple[int, Person, dict[str, Any]]] = []

    def add(self, application: Application, record: GroupRow) -> None:
        """Put the record's adults into the group; `write` stores them."""
        self._wanted.append((application, record))

    def replace(self, application: Application, record: GroupRow) -> None:
        """Put the record's adults in place of the group's; the persons stay the school's."""
        self._known()
        db.session.execute(
            delete(Member).where(
                Member.application_id == application.id, Member.role != MemberRole.PUPIL
            )
        )
        former = self._leader_by_id.get(application.id)
        if former is not None and not _is_led_by(record, former):
            self._led[former].discard(application.id)
        self.add(application, record)

    def write(self) -> None:
        """Store what `add` and `replace` were given."""
        # Only now, when every group that changes has let go of its adults: a contact that changes
        # in all of a leader's groups at once is the same person's new contact.
        for application, record in self._wanted:
            self._add(application, record)
        db.session.flush()
        rows = [
            {"application_id": application_id, "person_id": person.id, **values}
            for application_id, person, values in self._rows
        ]
        insert_rows(Member, rows)
        self._wanted.clear()
        self._rows.clear()

    def _add(self, application: Application, record: GroupRow) -> None:
        leader = self._leader(application, record)
        self._led[leader].add(application.id)
        for position, (role, name) in enumerate(_wanted(record)):
            if role is MemberRole.LEADER or name == leader.name:
                person = leader
            else:
                person = next(iter(self._known()[name]), None) or self._new(name)
            is_own = record.conductor_is_own if role is MemberRole.CONDUCTOR else None
            values = {"role": role, "position": position, "is_own_staff": is_own}
            self._rows.append((application.id, person, values))

    def _leader(self, application: Application, record: GroupRow) -> Person:
        namesakes = self._known()[record.leader]
        same = next((person for person in namesakes if _is_led_by(record, person)), None)
        if same is not None:
            return same
        former = self._leader_by_id.get(application.id)
        free = [person for person in namesakes if not self._led[person]]
        # Whoever is known by name only has no contact to contradict.
        named = (p for p in free if p is former or (p.phone is None and p.email is None))
        person = next(named, None) or self._new(record.leader)
        person.phone, person.email = record.leader_phone or None, record.leader_email
        return person

    def _new(self, name: str) -> Person:
        person = Person(
            ref=new_reference("P"),
            school_id=self._school_id,
            name=name,
            sort_key=sort_key(name),
            is_adult=True,
            created_at=self._now,
        )
        db.session.add(person)
        self._known()[name].append(person)
        return person

    def _known(self) -> defaultdict[str, list[Person]]:
        if self._adults is None:
            rows = db.session.scalars(
                select(Person)
                .where(Person.school_id == self._school_id, Person.is_adult)
                .order_by(Person.id)
            )
            self._adults = defaultdict(list)
            by_id: dict[int, Person] = {}
            for person in rows:
                self._adults[person.name].append(person)
                by_id[person.id] = person
            for person_id, application_id in self._leads():
                if person_id in by_id:
                    self._leader_by_id[application_id] = by_id[person_id]
                    self._led[by_id[person_id]].add(application_id)
        return self._adults

    def _leads(self) -> Iterable[tuple[int, int]]:
        """Return who leads what, withdrawn entries too: they may be reopened."""
        leads = db.session.execute(
            select(Member.person_id, Member.application_id)
            .join(Person, Person.id == Member.person_id)
            .where(Person.school_id == self._school_id, Member.role == MemberRole.LEADER)
        )
        return [(person_id, application_id) for person_id, application_id in leads]


def _is_led_by(record: GroupRow, person: Person) -> bool:
    named = (person.name, person.phone, person.email)
    return named == (record.leader, record.leader_phone or None, record.leader_email)


def _wanted(record: GroupRow) -> list[tuple[MemberRole, str]]:
    wanted = [(MemberRole.LEADER, record.leader)]
    if record.conductor:
        wanted.append((MemberRole.CONDUCTOR, record.conductor))
    if record.accompanist:
        wanted.append((MemberRole.ACCOMPANIST, record.accompanist))
    wanted.extend((MemberRole.ADVISER, name) for name in dict.fromkeys(record.advisers))
    wanted.extend((MemberRole.CHAPERONE, name) for name in dict.fromkeys(record.chaperones))
    return wanted
