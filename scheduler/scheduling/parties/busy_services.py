"""Busy times as they are entered: by coordinators, and by schools for themselves."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor, Subject
from scheduler.applications.findings import NOT_TAKING_PART
from scheduler.applications.models import Application, Member
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.organisations.models import School
from scheduler.organisations.services import find_school
from scheduler.people.models import Person
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.scheduling.parties.busy_models import BusyEntry, BusyTime, ClassHours
from scheduler.scheduling.parties.class_times import ClassTimes, Hours
from scheduler.scheduling.refusals import Refusal

LONGEST_SEARCH = 80
WHOLE_SCHOOL = ""
"""Whom a busy time is about if not one person."""


@dataclass(frozen=True)
class BusySchool:
    """A school that takes part in a programme, and when it is not free."""

    programme: Programme
    school: School

    @property
    def subject(self) -> Subject:
        """Reached by the school's officers and the programme's coordinators."""
        return Subject(programme_id=self.programme.id, school_id=self.school.id)


@dataclass(frozen=True)
class BusyDetails:
    """What stands in the form: whose time (a person's ref or the whole school), when, and why."""

    who: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    reason: str


def find_busy_school(code: str, school_code: str) -> BusySchool:
    """Return a school within a programme in which it takes part; raises `NotFound`."""
    found = BusySchool(find_programme(code), find_school(school_code))
    taking_part = schools_of(found.programme).where(School.id == found.school.id)
    if db.session.scalar(taking_part) is None:
        raise NotFound
    return found


def schools_of(programme: Programme, text: str = "") -> Select[School]:
    """Return the schools that take part: with an entry, or pupils in another's.

    With a text only those in whose name it stands.
    """
    taking_part = (
        Application.programme_id == programme.id,
        Application.state.not_in(NOT_TAKING_PART),
    )
    leads = select(Application.school_id).where(*taking_part)
    guests = (
        select(Person.school_id)
        .join(Member, Member.person_id == Person.id)
        .join(Application, Application.id == Member.application_id)
        .where(*taking_part)
    )
    query = select(School).where(or_(School.id.in_(leads), School.id.in_(guests)))
    if text:
        query = query.where(School.name.icontains(text[:LONGEST_SEARCH], autoescape=True))
    return query


def people_of(busy: BusySchool) -> list[tuple[Person, str]]:
    """Return the school's people in the programme, each with the name of a group."""
    rows = db.session.execute(
        select(Person, Application.group_name)
        .join(Member, Member.person_id == Person.id)
        .join(Application, Application.id == Member.application_id)
        .where(
            Person.school_id == busy.school.id,
            Application.programme_id == busy.programme.id,
            Application.state.not_in(NOT_TAKING_PART),
        )
        .order_by(Person.is_adult.desc(), Person.sort_key, Person.name, Person.id, Application.id)
    )
    groups: dict[Person, str] = {}
    for person, group in rows:
        groups.setdefault(person, group)
    return list(groups.items())


def busy_times_of(busy: BusySchool) -> list[BusyTime]:
    """Return what was entered for the school and its people, in order of time."""
    query = (
        select(BusyTime)
        .outerjoin(Person, Person.id == BusyTime.person_id)
        .where(
            BusyTime.programme_id == busy.programme.id,
            or_(BusyTime.school_id == busy.school.id, Person.school_id == busy.school.id),
        )
        .options(joinedload(BusyTime.person))
        .order_by(BusyTime.starts_at, BusyTime.id)
    )
    return list(db.session.scalars(query))


def busy_counts(programme: Programme, schools: Iterable[School]) -> dict[int, int]:
    """Return how many busy times each of these schools has entered, by the schools' ids."""
    school_id = func.coalesce(BusyTime.school_id, Person.school_id)
    rows = db.session.execute(
        select(school_id, func.count())
        .select_from(BusyTime)
        .outerjoin(Person, Person.id == BusyTime.person_id)
        .where(
            BusyTime.programme_id == programme.id,
            BusyTime.staff_id.is_(None),
            school_id.in_([school.id for school in schools]),
        )
        .group_by(school_id)
    )
    return {id_: count for id_, count in rows}  # noqa: C416 - typed rows


def class_hours_of(programme: Programme) -> dict[int, ClassTimes]:
    """Return from when until when each school is in class, by the schools' ids."""
    found: defaultdict[int, dict[int, Hours]] = defaultdict(dict)
    rows = db.session.scalars(select(ClassHours).where(ClassHours.programme_id == programme.id))
    for each in rows:
        found[each.school_id][each.weekday] = (each.begins, each.ends)
    return {school_id: ClassTimes.of_days(days) for school_id, days in found.items()}


def add_busy_time(
    busy: BusySchool, details: BusyDetails, *, actor: Actor, now: dt.datetime
) -> BusyTime:
    """Keep time of the school, or of one of its people, free of the programme; plans are stale.

    The same time entered twice, as by a form that was sent again, stands once.
    """
    if details.ends_at <= details.starts_at:
        raise Refused(Refusal.BUSY_ORDER, field="ends")
    person = None
    if details.who != WHOLE_SCHOOL:
        person = next((p for p, _group in people_of(busy) if p.ref == details.who), None)
        if person is None:
            raise Refused(Refusal.NOT_OF_THE_SCHOOL, field="who")
    for row in busy_times_of(busy):
        if (row.person, row.starts_at, row.ends_at) == (person, details.starts_at, details.ends_at):
            return row
    row = BusyTime(
        programme_id=busy.programme.id,
        school=None if person else busy.school,
        person=person,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        reason=details.reason,
    )
    db.session.add(row)
    _changed("busy:add", busy, actor, now, person=person.ref if person else "")
    return row


def remove_busy_time(busy: BusySchool, number: int, *, actor: Actor, now: dt.datetime) -> None:
    """Forget a busy time of the school; raises `NotFound` for anybody else's."""
    row = next((each for each in busy_times_of(busy) if each.id == number), None)
    if row is None:
        raise NotFound
    db.session.delete(row)
    _changed("busy:remove", busy, actor, now, person=row.person.ref if row.person else "")


def set_class_hours(busy: BusySchool, times: ClassTimes, *, actor: Actor, now: dt.datetime) -> None:
    """Say when the school's pupils are in class on school days; without hours: at no time."""
    known = class_hours_of(busy.programme).get(busy.school.id, ClassTimes())
    if times.by_weekday == known.by_weekday:
        return
    own = (ClassHours.programme_id == busy.programme.id, ClassHours.school_id == busy.school.id)
    db.session.execute(delete(ClassHours).where(*own))
    db.session.add_all(
        ClassHours(
            programme_id=busy.programme.id,
            school_id=busy.school.id,
            weekday=weekday,
            begins=begins,
            ends=ends,
        )
        for weekday, (begins, ends) in times.by_weekday.items()
    )
    _changed("busy:class_hours", busy, actor, now)


def closes_at(programme: Programme) -> dt.datetime | None:
    """Return until when schools may enter busy times, None if the entry window decides."""
    row = db.session.get(BusyEntry, programme.id)
    return row.closes_at if row else None


def set_closes_at(
    programme: Programme, until: dt.datetime | None, *, actor: Actor, now: dt.datetime
) -> None:
    """Let schools enter busy times until then; None: as long as the entry window is open."""
    row = db.session.get(BusyEntry, programme.id)
    if until is None and row is not None:
        db.session.delete(row)
    elif until is not None and row is not None:
        row.closes_at = until
    elif until is not None:
        db.session.add(BusyEntry(programme_id=programme.id, closes_at=until))
    db.session.flush()
    writing.record("busy:closes", programme, actor, now, until=until and until.isoformat())


def is_open(programme: Programme, now: dt.datetime) -> bool:
    """Tell whether schools may enter their busy times now."""
    until = closes_at(programme)
    return programme.is_open_at(now) if until is None else now < until


def require_open(programme: Programme, now: dt.datetime) -> None:
    """Refuse what a school enters too late."""
    if not is_open(programme, now):
        raise Refused(Refusal.BUSY_CLOSED)


def _changed(action: str, busy: BusySchool, actor: Actor, now: dt.datetime, **facts: str) -> None:
    db.session.flush()
    writing.make_plans_stale(busy.programme)
    writing.record(action, busy.programme, actor, now, school=busy.school.code, **facts)
