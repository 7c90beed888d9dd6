"""In which other groups, of any programme, a pupil is entered, and whether the times can meet.

A pupil is the same person of one school, or the bearer of the same document number, which is
compared by its keyed index alone. Everything here takes a fixed number of queries.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload

from scheduler.applications.findings import NOT_TAKING_PART
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.published import performance_by_id
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.models import Category, Programme

WAY_BETWEEN_PROGRAMMES = dt.timedelta(hours=2)
"""Nobody knows the ways between the places of two programmes; so long is taken to be enough."""


class Meeting(StrEnum):
    """Whether the times of two groups can meet."""

    OVERLAPS = "overlaps"
    MAY = "may_meet"
    KEPT_APART = "kept_apart"
    APART = "apart"


WARNED = (Meeting.OVERLAPS, Meeting.MAY)
Pair = tuple[int, int]


def elsewhere(people: Select[int]) -> Select[*tuple[Any, ...]]:
    """Return the query for every other live group of these pupils.

    Columns: the pupil's id, ref, name, sort_key and school, the group `here_id` and the other one
    `there_id`, and `other_school_id`: of the school that entered the pupil there. Two groups of one
    programme come as two rows, one from each side.
    """
    twins = twins_of(people)
    here, there = aliased(Application), aliased(Application)
    mine, theirs, other = aliased(Member), aliased(Member), aliased(Person)
    return (
        select(
            Person.id.label("person_id"),
            Person.ref,
            Person.name,
            Person.sort_key,
            Person.school_id,
            School.name.label("school_name"),
            here.id.label("here_id"),
            here.programme_id.label("here_programme_id"),
            there.id.label("there_id"),
            there.programme_id.label("there_programme_id"),
            other.school_id.label("other_school_id"),
        )
        .select_from(twins)
        .join(Person, Person.id == twins.c.person_id)
        .join(School, School.id == Person.school_id)
        .join(other, other.id == twins.c.other_id)
        .join(mine, and_(mine.person_id == Person.id, mine.role == MemberRole.PUPIL))
        .join(theirs, and_(theirs.person_id == other.id, theirs.role == MemberRole.PUPIL))
        .join(here, here.id == mine.application_id)
        .join(there, there.id == theirs.application_id)
        .where(
            here.id != there.id,
            here.state.not_in(NOT_TAKING_PART),
            there.state.not_in(NOT_TAKING_PART),
        )
    )


def twins_of(people: Select[int]) -> Any:
    """Return each pupil with itself, and with the bearers of the same number at other schools."""
    first, second = aliased(Person), aliased(Person)
    same = select(Person.id.label("person_id"), Person.id.label("other_id")).where(
        Person.id.in_(people)
    )
    bearers = (
        select(first.id, second.id)
        .join(second, second.document_index == first.document_index)
        .where(first.id.in_(people), second.school_id != first.school_id)
    )
    return union_all(same, bearers).subquery("twins")


def pupils_in_programme(programme: Programme) -> Select[int]:
    """Return the query for the pupils of the programme's live groups."""
    return (
        select(Member.person_id)
        .join(Application, Member.application_id == Application.id)
        .where(
            Application.programme_id == programme.id,
            Application.state.not_in(NOT_TAKING_PART),
            Member.role == MemberRole.PUPIL,
        )
    )


def pupils_in_group(application: Application, whose: ColumnElement[bool]) -> Select[int]:
    """Return the query for those pupils of a group of whom the reader may know."""
    return (
        select(Member.person_id)
        .join(Person, Member.person_id == Person.id)
        .where(Member.application_id == application.id, Member.role == MemberRole.PUPIL, whose)
    )


@dataclass(frozen=True)
class Groups:
    """Groups that pairs speak of, with their programmes, and what is published of them."""

    by_id: Mapping[int, Application]
    performances: Mapping[int, CalendarEntry]

    def meeting(self, pair: Pair) -> Meeting:
        """Tell whether the times of two groups can meet.

        Published times count first, then the days of the programmes. Two groups of one programme
        that perform on its stages are kept apart by planning, until it has published their times.
        """
        here, there = (self.by_id[each] for each in pair)
        times = [self.performances.get(each) for each in pair]
        is_one_programme = here.programme_id == there.programme_id
        if times[0] is not None and times[1] is not None:
            way = dt.timedelta(0) if is_one_programme else WAY_BETWEEN_PROGRAMMES
            return Meeting.OVERLAPS if _overlap(times[0], times[1], way) else Meeting.APART
        days = [self.days(each) for each in pair]
        if days[0][1] < days[1][0] or days[1][1] < days[0][0]:
            return Meeting.APART
        if is_one_programme and here.category.is_staged and there.category.is_staged:
            return Meeting.KEPT_APART
        return Meeting.MAY

    def days(self, application_id: int) -> tuple[dt.date, dt.date]:
        """Return the first and last day on which a group may be needed."""
        published = self.performances.get(application_id)
        if published is None:
            programme = self.by_id[application_id].programme
            return programme.starts_on, programme.ends_on
        zone = ZoneInfo(published.zone)
        return (
            published.starts_at.astimezone(zone).date(),
            published.ends_at.astimezone(zone).date(),
        )


def groups_of(application_ids: Collection[int]) -> Groups:
    """Return what is known of the times of these groups, in two queries."""
    rows = db.session.scalars(
        select(Application)
        .where(Application.id.in_(application_ids))
        .options(joinedload(Application.programme), joinedload(Application.category))
    ).all()
    return Groups({each.id: each for each in rows}, performance_by_id(rows))


def meetings_in(query: Select[Any]) -> tuple[dict[Pair, Meeting], Groups]:
    """Return each pair of groups that a query of `elsewhere` speaks of, with its verdict."""
    rows = query.order_by(None).subquery()
    pairs = db.session.execute(select(rows.c.here_id, rows.c.there_id).distinct()).all()
    groups = groups_of({each for pair in pairs for each in pair})
    return {(here, there): groups.meeting((here, there)) for here, there in pairs}, groups


@dataclass(frozen=True, slots=True)
class Other:
    """Another group of a pupil: its own school's by name, another school's by its days alone."""

    person_id: int | None
    document_index: str | None
    group_name: str
    starts_on: dt.date
    ends_on: dt.date
    programme_id: int
    is_staged: bool

    def is_planned_with(self, category: Category) -> bool:
        """Tell whether the same planning keeps both groups apart."""
        is_one_programme = self.programme_id == category.programme_id
        return is_one_programme and self.is_staged and category.is_staged


def others_of_school(
    school: School,
    indexes: Collection[str],
    *,
    category_id: int,
    entry: Application | None = None,
) -> list[Other]:
    """Return the other groups of a school's pupils, and of who bears one of these numbers.

    What is being entered is left out: groups of the school in the category itself, or the `entry`
    of another school of which it is a guest.
    """
    is_entered = (
        and_(Application.category_id == category_id, Application.school_id == school.id)
        if entry is None
        else Application.id == entry.id
    )
    query = (
        select(Person, Application)
        .join(Member, and_(Member.person_id == Person.id, Member.role == MemberRole.PUPIL))
        .join(Application, Application.id == Member.application_id)
        .where(
            or_(Person.school_id == school.id, Person.document_index.in_(indexes)),
            not_(is_entered),
            Application.state.not_in(NOT_TAKING_PART),
        )
        .order_by(Application.id, Person.id)
        .options(joinedload(Application.programme), joinedload(Application.category))
    )
    return [
        _other(person, application, school, is_own=person.school_id == school.id)
        for person, application in db.session.execute(query)
    ]


def _other(person: Person, application: Application, school: School, *, is_own: bool) -> Other:
    programme = application.programme
    return Other(
        person.id if is_own else None,
        person.document_index,
        application.group_name if application.school_id == school.id else "",
        programme.starts_on,
        programme.ends_on,
        programme.id,
        application.category.is_staged,
    )


def _overlap(first: CalendarEntry, second: CalendarEntry, way: dt.timedelta) -> bool:
    return first.starts_at < second.ends_at + way and second.starts_at < first.ends_at + way
