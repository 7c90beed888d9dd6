"""People × time: where somebody is on a day, when they wait, and what cannot be.

Only people who matter for planning: those in several groups, schools, and the staff.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, func, or_, select

from scheduler.applications.models import Member
from scheduler.database import db
from scheduler.formats import local
from scheduler.listing import Page, cut, page_of
from scheduler.organisations.models import School
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose, Person
from scheduler.programmes.models import Programme, VenueTravel
from scheduler.scheduling.lengths import lengths_in
from scheduler.scheduling.reading.person_days import (
    MINUTE,
    Appearance,
    Asked,
    DayPage,
    Frame,
    Pause,
    PersonDay,
    Stretch,
    Ways,
    Whose,
    pause_between,
    stretch_of,
)
from scheduler.scheduling.reading.staff_times import staff_days
from scheduler.scheduling.releases.differences import Line
from scheduler.scheduling.rule_texts import Names, broken_sentence
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.verdict import Broken, broken_in

PER_PAGE = 25
LONGEST_SEARCH = 80
PEOPLE_RULES = ("party_clash", "party_rest", "party_busy")


def day_page(programme: Programme, lines: Iterable[Line], asked: Asked) -> DayPage:
    """Return the page that the address asks for; a constant number of queries."""
    lines = sorted(lines, key=lambda line: (line.warmup_starts_at, line.item.ref))
    zone = programme.timezone
    days = sorted({_date(line, zone) for line in lines})
    day = next((one for one in days if one.isoformat() == asked.day), days[0] if days else None)
    own = [line for line in lines if _date(line, zone) == day]
    if not own:
        return DayPage(days, day, None, cut([]))
    frame = _frame(own, zone)
    ways = _ways(programme)
    # The rules are asked of the whole timetable: a group missing from it is none of this page's.
    situation = situation_of(programme, allotted=lengths_in(lines))
    names = Names(situation)
    broken = broken_in(situation, lines)
    if asked.whose is Whose.STAFF:
        told = [(one, broken_sentence(one.code, one.ids, one.facts, names)) for one in broken]
        rows = staff_days(situation, own, frame, ways, told)
        wanted = [row for row in rows if asked.text.casefold() in row.name.casefold()]
        return DayPage(days, day, frame, cut(wanted, per_page=PER_PAGE))
    found = _schools(own, asked) if asked.whose is Whose.SCHOOLS else _people(programme, own, asked)
    broken = [one for one in broken if one.code in PEOPLE_RULES]
    said = [(one, broken_sentence(one.code, one.ids, one.facts, names)) for one in broken]
    rows = [
        _day_of(name, school, theirs, frame, ways, said) for name, school, theirs in found.items
    ]
    return DayPage(days, day, frame, Page(rows, found.total, found.number, found.per_page))


_Found = tuple[str, str, list[Line]]


def _people(programme: Programme, lines: Sequence[Line], asked: Asked) -> Page[_Found]:
    by_id: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        for group in line.item.groups:
            by_id[group.id].append(line)
    found = page_of(
        _in_several(programme, by_id, asked),
        sorts={"person": (Person.sort_key, Person.name, Person.id)},
        default_sort="person",
        per_page=PER_PAGE,
        scalars=False,
    )
    theirs: defaultdict[int, dict[str, Line]] = defaultdict(dict)
    rows = db.session.execute(
        select(Member.person_id, Member.application_id, Member.role).where(
            Member.person_id.in_([row.id for row in found.items]),
            Member.application_id.in_(by_id),
        )
    )
    for person_id, application_id, role in rows:
        own = (line for line in by_id[application_id] if role in line.item.roles)
        theirs[person_id] |= {line.item.ref: line for line in own}
    items = [(row.name, row.school, list(theirs[row.id].values())) for row in found.items]
    return replace(found, items=items)


def _in_several(
    programme: Programme, application_ids: Iterable[int], asked: Asked
) -> Select[*tuple[Any, ...]]:
    """Whoever takes part in more than one of these groups."""
    query: Select[*tuple[Any, ...]] = (
        select(Person.id, Person.name, School.name.label("school"))
        .join(Member, Member.person_id == Person.id)
        .join(School, Person.school_id == School.id)
        .where(
            Member.application_id.in_(application_ids),
            Person.id.not_in(refused(ConsentPurpose.PARTICIPATION, programme.id)),
        )
        .group_by(Person.id, Person.name, Person.sort_key, School.name)
        .having(func.count(Member.application_id.distinct()) > 1)
    )
    if asked.whose is not Whose.ALL:
        query = query.where(Person.is_adult.is_(asked.whose is Whose.ADULTS))
    if asked.text:
        text = asked.text[:LONGEST_SEARCH]
        query = query.where(
            or_(
                Person.name.icontains(text, autoescape=True),
                Person.latin_name.icontains(text, autoescape=True),
                School.name.icontains(text, autoescape=True),
            )
        )
    return query


def _schools(lines: Sequence[Line], asked: Asked) -> Page[_Found]:
    groups: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        for id_ in line.item.school_ids:
            groups[id_].append(line)
    query = select(School.id, School.name).where(School.id.in_(groups))
    if asked.text:
        query = query.where(School.name.icontains(asked.text[:LONGEST_SEARCH], autoescape=True))
    rows = db.session.execute(query.order_by(School.name, School.id)).all()
    return cut([(name, "", groups[id_]) for id_, name in rows], per_page=PER_PAGE)


def _ways(programme: Programme) -> Ways:
    ids = [venue.id for venue in programme.venues]
    found = db.session.scalars(select(VenueTravel).where(VenueTravel.from_venue_id.in_(ids)))
    return {frozenset({way.from_venue_id, way.to_venue_id}): way.minutes for way in found}


def _day_of(
    name: str,
    school: str,
    lines: list[Line],
    frame: Frame,
    ways: Ways,
    said: Iterable[tuple[Broken, str]],
) -> PersonDay:
    lines = sorted(lines, key=lambda line: (line.warmup_starts_at, line.item.ref))
    pauses = [None, *(_pause(before, after, ways) for before, after in pairwise(lines))]
    refs = {line.item.ref for line in lines}
    return PersonDay(
        name,
        school,
        [Appearance(line, pause) for line, pause in zip(lines, pauses, strict=True)],
        [stretch for line in lines for stretch in _bar(line, frame)],
        [text for one, text in said if len(one.applications) > 1 and one.applications <= refs],
    )


def _pause(before: Line, after: Line, ways: Ways) -> Pause:
    return pause_between(
        (before.venue, before.ends_at), (after.venue, after.warmup_starts_at), ways
    )


def _bar(line: Line, frame: Frame) -> list[Stretch]:
    if not line.item.warms_up:
        return [stretch_of("stage", line.starts_at, line.ends_at, frame)]
    spans = (
        ("warmup", line.warmup_starts_at, line.warmup_ends_at),
        ("between", line.warmup_ends_at, line.starts_at),
        ("stage", line.starts_at, line.ends_at),
    )
    return [stretch_of(kind, begin, end, frame) for kind, begin, end in spans]


def _frame(lines: Sequence[Line], zone: str) -> Frame:
    first = min(line.warmup_starts_at for line in lines)
    last = max(line.ends_at for line in lines)
    begin = first - dt.timedelta(minutes=local(first, zone).minute)
    hours = -(-(last - begin) // (60 * MINUTE))
    moments = [begin + dt.timedelta(hours=number) for number in range(hours + 1)]
    return Frame(begin, hours, [f"{local(moment, zone):%H}" for moment in moments])


def _date(line: Line, zone: str) -> dt.date:
    return local(line.warmup_starts_at, zone).date()
