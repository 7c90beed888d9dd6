"""Who of a programme's groups is not free, by what schools and coordinators have entered."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from scheduler.applications.models import ON_STAGE_ROLES, Application, Member
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.models import Programme
from scheduler.scheduling.engine import Window
from scheduler.scheduling.parties.busy_models import BusyTime
from scheduler.scheduling.parties.busy_services import class_hours_of
from scheduler.scheduling.parties.class_times import ClassTimes
from scheduler.scheduling.parties.engagements import Cause, Engagement
from scheduler.scheduling.parties.outside_services import times_of_schools
from scheduler.scheduling.timescale import Timescale
from scheduler.workdays.counting import WorkCalendar
from scheduler.workdays.services import calendars_for


@dataclass
class BusyPeople:
    """What takes people's time, by their ids; `beside` are groups of people who are not on stage.

    Those are kept apart from nothing but their own busy times: they are named by person and group.
    """

    engagements: dict[str, list[Engagement]] = field(default_factory=dict)
    beside: dict[str, list[str]] = field(default_factory=dict)


def busy_people(
    programme: Programme, applications: Iterable[Application], timescale: Timescale
) -> BusyPeople:
    """Return who of these groups is not free when: of a busy school, everybody on stage."""
    by_school, by_person = _typed(programme, timescale)
    for school_id, spans in times_of_schools(programme).items():
        windows = (timescale.window(*span) for span in spans)
        by_school[school_id] += (Engagement(window, Cause.CALENDAR) for window in windows)
    for school_id, classes in _classes(programme, timescale).items():
        by_school[school_id] += classes
    found = BusyPeople()
    if not by_school and not by_person:
        return found
    ref_by_id = {application.id: application.ref for application in applications}
    rows = db.session.execute(
        select(Member.person_id, Member.application_id, Member.role, Person.school_id)
        .join(Person, Person.id == Member.person_id)
        .where(
            Member.application_id.in_(ref_by_id),
            or_(Member.person_id.in_(by_person), Person.school_id.in_(by_school)),
        )
    )
    for person_id, application_id, role, school_id in rows:
        own = by_person.get(person_id, [])
        if role in ON_STAGE_ROLES:
            found.engagements[str(person_id)] = [*own, *by_school.get(school_id, [])]
        elif own:
            ref = ref_by_id[application_id]
            found.beside[f"{person_id} {ref}"] = [ref]
            found.engagements[f"{person_id} {ref}"] = own
    return found


Taken = defaultdict[int, list[Engagement]]


def _typed(programme: Programme, timescale: Timescale) -> tuple[Taken, Taken]:
    """Return what was entered, by the ids of schools and of people."""
    schools: Taken = defaultdict(list)
    people: Taken = defaultdict(list)
    query = select(BusyTime).where(
        BusyTime.programme_id == programme.id, BusyTime.staff_id.is_(None)
    )
    for row in db.session.scalars(query.order_by(BusyTime.id)):
        window = timescale.window(row.starts_at, row.ends_at)
        engagement = Engagement(window, Cause.TYPED, reason=row.reason)
        if row.school_id is not None:
            schools[row.school_id].append(engagement)
        elif row.person_id is not None:
            people[row.person_id].append(engagement)
    return schools, people


def _classes(programme: Programme, timescale: Timescale) -> dict[int, list[Engagement]]:
    """Return when schools are in class, by their ids."""
    times = class_hours_of(programme)
    schools = db.session.scalars(select(School).where(School.id.in_(times))).all() if times else []
    calendars = calendars_for({school.timezone for school in schools}) if schools else {}
    return {
        school.id: [
            Engagement(window, Cause.CLASSES)
            for window in _in_class(school, times[school.id], calendars, timescale)
        ]
        for school in schools
    }


def _in_class(
    school: School,
    times: ClassTimes,
    calendars: Mapping[str, WorkCalendar],
    timescale: Timescale,
) -> Iterator[Window]:
    """Yield when a school is in class: on working days of its own place, by its own clocks."""
    zone = ZoneInfo(school.timezone)
    # A day of the school may be the one before or after where the programme takes place.
    first, last = timescale.starts_on, timescale.ends_on
    for number in range(-1, (last - first).days + 2):
        day = first + dt.timedelta(days=number)
        hours = times.on(day.weekday())
        if hours is not None and calendars[school.timezone].is_working(day):
            begins, ends = (
                dt.datetime.combine(day, time, zone).astimezone(dt.UTC) for time in hours
            )
            yield timescale.window(begins, ends)
