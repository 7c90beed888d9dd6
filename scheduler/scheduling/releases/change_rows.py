"""Changes of a timetable as a list: by time, by school, by venue, or by person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from scheduler.applications.models import Member, MemberRole
from scheduler.database import db
from scheduler.formats import venue_name
from scheduler.listing import Page, cut, page_of
from scheduler.organisations.models import School
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose, Person
from scheduler.programmes.models import Programme
from scheduler.scheduling.items import Item
from scheduler.scheduling.releases.differences import Change


class By(StrEnum):
    """What the list is grouped by."""

    TIME = "time"
    SCHOOL = "school"
    VENUE = "venue"
    PERSON = "person"


@dataclass(frozen=True)
class ChangeRow:
    """A change, under the name of the school, venue or person that it is listed for."""

    under: str
    change: Change
    of_school: str = ""


def by_of(asked: str, *, names_people: bool) -> By:
    """Return what the address asks for; people only for whoever may read their names."""
    by = By(asked) if asked in set(By) else By.TIME
    return By.TIME if by is By.PERSON and not names_people else by


def choices_of(*, names_people: bool) -> list[tuple[str, str]]:
    """Return what a list of changes can be grouped by."""
    known = {
        By.TIME: _("Time"),
        By.SCHOOL: _("School"),
        By.VENUE: _("Venue"),
        By.PERSON: _("Person"),
    }
    return [(by.value, text) for by, text in known.items() if by is not By.PERSON or names_people]


def rows_page(programme: Programme, changes: Sequence[Change], by: By) -> Page[ChangeRow]:
    """Return the page of the list that the address asks for; people are cut in the database."""
    if by is not By.PERSON:
        return cut(rows_of(changes, by))
    by_id: defaultdict[int, list[Change]] = defaultdict(list)
    for change in changes:
        for group in change.item.groups:
            # Meetings of leaders alone stand in the other lists: here a group is one with all.
            if MemberRole.PUPIL in change.item.roles:
                by_id[group.id].append(change)
    found = page_of(
        _people(programme, by_id), sorts={"person": _ORDER}, default_sort="person", scalars=False
    )
    rows = [
        ChangeRow(row.name, change, row.school)
        for row in found.items
        for change in by_id[row.application_id]
    ]
    return replace(found, items=rows)


def rows_of(changes: Sequence[Change], by: By = By.TIME) -> list[ChangeRow]:
    """Return all changes in order of time, or once under each school or venue they concern."""
    if by is By.SCHOOL:
        names = _school_names(change.item for change in changes)
        rows = [
            ChangeRow(names[id_], change)
            for change in changes
            for id_ in sorted(change.item.school_ids)
        ]
    elif by is By.VENUE:
        rows = [
            ChangeRow(name, change)
            for change in changes
            for name in dict.fromkeys(venue_name(line.venue) for line in change.lines)
        ]
    else:
        return [ChangeRow("", change) for change in changes]
    return sorted(rows, key=lambda row: row.under)


_ORDER = (Person.sort_key, Person.name, Person.id, Member.application_id)


def _people(programme: Programme, application_ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    """Everybody of these groups whom a mail or a calendar tells of them."""
    query: Select[*tuple[Any, ...]] = (
        select(Person.name, School.name.label("school"), Member.application_id)
        .join(Person, Member.person_id == Person.id)
        .join(School, Person.school_id == School.id)
        .where(
            Member.application_id.in_(application_ids),
            Person.id.not_in(refused(ConsentPurpose.PARTICIPATION, programme.id)),
        )
        .group_by(Person.id, Person.name, Person.sort_key, School.name, Member.application_id)
    )
    return query


def _school_names(items: Iterable[Item]) -> dict[int, str]:
    ids = {id_ for item in items for id_ in item.school_ids}
    found = db.session.execute(select(School.id, School.name).where(School.id.in_(ids)))
    return dict(found.all())
