"""A pupil's other group as somebody may read of it: named, or by its days alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, false, or_, select, tuple_

from scheduler.access.permissions import Actor, Role
from scheduler.applications.elsewhere import (
    WARNED,
    Groups,
    Meeting,
    elsewhere,
    groups_of,
    meetings_in,
    pupils_in_group,
    pupils_in_programme,
)
from scheduler.applications.models import Application
from scheduler.applications.queues import LONGEST_SEARCH
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db
from scheduler.formats import format_day, format_instant, format_time, named
from scheduler.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Line:
    """A pupil's two groups: the one that is looked at, and the other one as far as it is told."""

    person_ref: str
    name: str
    school: str
    group: str
    group_ref: str
    other: str
    times: str
    meeting: Meeting

    @property
    def is_warned(self) -> bool:
        """Tell whether the times may meet."""
        return self.meeting in WARNED


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose schools and programmes somebody may read of by name."""

    school_ids: frozenset[int]
    programme_ids: frozenset[int]

    def names(self, application: Application) -> bool:
        """Tell whether the reader may know which group this is."""
        is_own = not self.school_ids.isdisjoint(application.all_school_ids)
        return is_own or application.programme_id in self.programme_ids


def reader(actor: Actor) -> Reader:
    """Return what an officer or coordinator may read of by name."""
    return Reader(actor.scope_ids(Role.SCHOOL_OFFICER), actor.scope_ids(Role.COORDINATOR))


def lines_of_group(
    actor: Actor, application: Application, whose: ColumnElement[bool]
) -> list[Line]:
    """Return the other groups of these pupils of a group, what may meet first; three queries."""
    query = elsewhere(pupils_in_group(application, whose))
    rows = db.session.execute(_of_group(query, application.id)).all()
    groups = groups_of({each for row in rows for each in (row.here_id, row.there_id)})
    lines = lines_from(rows, groups, reader(actor))
    return sorted(lines, key=lambda line: not line.is_warned)


def _of_group(query: Select[Any], application_id: int) -> Select[Any]:
    rows = query.subquery()
    found = select(rows).where(rows.c.here_id == application_id)
    return found.order_by(rows.c.sort_key, rows.c.name, rows.c.person_id, rows.c.there_id)


def lines_from(rows: Iterable[Any], groups: Groups, who: Reader) -> list[Line]:
    """Put rows of `elsewhere` into words for the reader."""
    return [_line(row, groups, who) for row in rows]


def _line(row: Any, groups: Groups, who: Reader) -> Line:
    here, there = groups.by_id[row.here_id], groups.by_id[row.there_id]
    meeting = groups.meeting((here.id, there.id))
    is_named = who.names(there)
    return Line(
        row.ref,
        row.name,
        row.school_name,
        here.group_name,
        here.ref,
        _other(there, is_named=is_named, is_here=here.programme_id == there.programme_id),
        _times(groups, here.id, there.id, is_told=is_named and meeting is Meeting.OVERLAPS),
        meeting,
    )


def _other(there: Application, *, is_named: bool, is_here: bool) -> str:
    """Name the other group, or say no more than that there is one."""
    if is_named:
        programme = named(there.programme.names)
        return str(_("%(group)s (%(programme)s)", group=there.group_name, programme=programme))
    return str(_("another school's group") if is_here else _("a group of another programme"))


def _times(groups: Groups, here_id: int, there_id: int, *, is_told: bool) -> str:
    """Return the days of the other group, or both published times with their zone.

    By its time alone a published timetable would name the group.
    """
    if is_told:
        spans = [_span(groups.performances[each]) for each in (here_id, there_id)]
        return str(_("%(first)s and %(second)s", first=spans[0], second=spans[1]))
    first, last = groups.days(there_id)
    if first == last:
        return format_day(first)
    return str(_("%(first)s to %(last)s", first=format_day(first), last=format_day(last)))


def _span(entry: CalendarEntry) -> str:
    until = format_time(entry.ends_at, entry.zone)
    return f"{format_instant(entry.starts_at, entry.zone)} – {until}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the list of a programme is limited to; without a verdict it shows what is warned of."""

    search: str = ""
    meeting: str = ""

    @property
    def meetings(self) -> frozenset[Meeting]:
        """The verdicts that are shown."""
        if self.meeting == "all":
            return frozenset(Meeting)
        return frozenset({Meeting(self.meeting)}) if self.meeting else frozenset(WARNED)


def choice_of(arguments: Any) -> Choice:
    """Return what an address asks for; nonsense in it is left out."""
    meeting = arguments.get("meeting", "")
    return Choice(
        search=arguments.get("q", "").strip()[:LONGEST_SEARCH],
        meeting=meeting if meeting in {*Meeting, "all"} else "",
    )


def list_of(programme: Programme, choice: Choice) -> tuple[Select[Any], dict[str, Any], Groups]:
    """Return a programme's pupils in several groups: the query, its sorts, and the groups.

    Three queries are made here, however long the list is: verdicts belong to pairs of groups, of
    which there are few. Two groups of the programme itself make one row.
    """
    query = elsewhere(pupils_in_programme(programme))
    rows = query.subquery()
    own = select(rows).where(
        rows.c.here_programme_id == programme.id,
        or_(rows.c.there_programme_id != programme.id, rows.c.here_id < rows.c.there_id),
    )
    meetings, groups = meetings_in(own)
    shown = [pair for pair, meeting in meetings.items() if meeting in choice.meetings]
    pairs = tuple_(rows.c.here_id, rows.c.there_id)
    found = own.where(pairs.in_(shown) if shown else false())
    if choice.search:
        columns = (rows.c.name, rows.c.school_name)
        found = found.where(or_(*(c.icontains(choice.search, autoescape=True) for c in columns)))
    tie = (rows.c.person_id, rows.c.here_id, rows.c.there_id)
    sorts = {
        "pupil": (rows.c.sort_key, rows.c.name, *tie),
        "school": (rows.c.school_name, rows.c.sort_key, *tie),
    }
    return found, sorts, groups
