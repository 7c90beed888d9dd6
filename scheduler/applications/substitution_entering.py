"""Who shall come in a substitution: read and checked as by the entry form, and sealed till then."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from scheduler.applications import entry_services
from scheduler.applications.entry_services import member_changes
from scheduler.applications.models import Application
from scheduler.applications.roster import member_values, read_member
from scheduler.applications.roster_base import StoredMember, StoredRoster
from scheduler.applications.roster_changes import RosterChanges
from scheduler.applications.roster_pupils import StoredPerson
from scheduler.applications.roster_records import MemberRow, Reading
from scheduler.applications.roster_stored import member_row
from scheduler.applications.roster_writing import Writing
from scheduler.applications.substitution_models import Substitution
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.people.names import name_key
from scheduler.people.sealing import Sealer
from scheduler.programmes.local_times import wall_time
from scheduler.spreadsheets.cells import CellProblem, Severity

SEALED_AS = "substitution"
ASKED_OF_KNOWN = ("part", "grade", "remark", "consent_held")
"""What is asked of a pupil whom the school has entered before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a school asks: why, what it entered of whoever comes, or whom of its own it chose.

    Of a chosen pupil `values` hold `ASKED_OF_KNOWN` and coordinators' fields, else all columns.
    """

    reason: str
    values: Mapping[str, str | None]
    coming: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a pending request tells whoever decides on it."""

    reason: str
    name: str
    birth_on: dt.date
    part: str | None
    grade: str | None
    values: Mapping[str, str | None]


def told(substitution: Substitution, sealer: Sealer) -> Told | None:
    """Return what a pending request says; None once it is decided."""
    if substitution.content is None:
        return None
    stored = json.loads(sealer.open(substitution.content, field=SEALED_AS))
    return Told(**stored | {"birth_on": dt.date.fromisoformat(stored["birth_on"])})


def reading_of(writing: Writing) -> Reading:
    """Return what a reader of the entered columns must know."""
    category = writing.category
    today = wall_time(writing.now, category.programme.timezone).date()
    country, form = writing.school.country, writing.form
    return Reading(country, today, needs_works=category.is_staged, form=form)


def chosen(ref: str | None, school: School) -> Person | None:
    """Return the pupil of the school who was chosen; raises `NotFound` for any other."""
    if not ref:
        return None
    own = (Person.school_id == school.id, Person.is_adult.is_(False))
    found = db.session.scalar(select(Person).where(Person.ref == ref, *own))
    if found is None:
        raise NotFound
    return found


def entering(
    application: Application,
    values: Mapping[str, str | None],
    coming: Person | None,
    writing: Writing,
) -> tuple[MemberRow, RosterChanges, tuple[CellProblem, ...]]:
    """Return who comes, what that would write, and what deserves a look; raises `Refused`."""
    stored = _opened(entry_services.stored_of(application, writing), application)
    person = next((each for each in stored.persons if coming and each.id == coming.id), None)
    if person is not None:
        values = {**_known_values(application, person, writing), **values}
    read = read_member(values, reading_of(writing))
    if read.record is None:
        wrong = next(each for each in read.problems if each.severity is Severity.ERROR)
        raise Refused(wrong.code, field=wrong.key, **wrong.facts)
    record = replace(read.record, group=application.group_name)
    changes, found = member_changes(record, writing, application, stored, person)
    entry_services.demand_new_member(changes.members)
    return record, changes, found


def _opened(stored: StoredRoster, application: Application) -> StoredRoster:
    """Return what is stored as if the group's members could be changed: the decision does that."""
    members = frozenset({"members"})
    groups = tuple(
        replace(group, editable_keys=members) if group.id == application.id else group
        for group in stored.groups
    )
    return replace(stored, groups=groups)


def _known_values(
    application: Application, person: StoredPerson, writing: Writing
) -> dict[str, str | None]:
    nothing: dict[str, Any] = {"part": None, "grade": None, "remark": None, "answers": ()}
    member = StoredMember(0, application.id, person.id, nothing)
    row = member_row(person, member, application.group_name)
    return member_values(row, "en", writing.form)


def index_of(record: MemberRow, sealer: Sealer) -> str:
    return sealer.index(f"{name_key(record.name)} {record.birth_on}", field=SEALED_AS)


def sealed(wish: Wish, record: MemberRow, sealer: Sealer) -> bytes:
    content = {
        "reason": wish.reason.strip(),
        "name": record.name,
        "birth_on": record.birth_on.isoformat(),
        "part": record.part,
        "grade": record.grade,
        "values": dict(wish.values),
    }
    return sealer.seal(json.dumps(content), field=SEALED_AS)
