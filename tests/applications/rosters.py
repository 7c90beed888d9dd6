"""Rosters for tests: rows, files, and what is stored, without a database."""

import datetime as dt

from scheduler.applications.roster import group_values, member_values
from scheduler.applications.roster_base import StoredGroup, StoredMember, StoredRoster
from scheduler.applications.roster_changes import find_changes
from scheduler.applications.roster_checks import CategoryLimits, check_roster
from scheduler.applications.roster_file import read_roster
from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.applications.roster_pupils import (
    PERSON_KEYS,
    Pairing,
    StoredPerson,
    find_pupils,
    pair,
)
from scheduler.applications.roster_records import GroupRow, MemberRow, PieceRow, Reading
from scheduler.applications.roster_stored import ALL_KEYS
from scheduler.people.identity import Sex
from scheduler.spreadsheets.workbook import FileKind, Sheet, Workbook

READING = Reading("CN", dt.date(2027, 3, 1))
LIMITS = CategoryLimits(min_members=1, max_members=40, max_works=2, max_minutes=8)


def group(name="云岭合唱团", **values):
    defaults = {
        "leader": "林望舒",
        "leader_phone": "+8613800138000",
        "pieces": (PieceRow("茉莉花", None, 225),),
    }
    return GroupRow(name=name, **(defaults | values))


def member(name="陈子涵", born="2015-03-01", **values):
    defaults = {
        "group": "云岭合唱团",
        "sex": Sex.FEMALE,
        "guardian_name": "陈大文",
        "guardian_phone": "+8613800138001",
        "consent_held": True,
    }
    return MemberRow(name=name, birth_on=dt.date.fromisoformat(born), **(defaults | values))


def sheet(plan, rows, locale="en", keys=None):
    """A sheet of rows by column key; `keys` limits and orders its columns."""
    keys = keys or [column.key for column in plan.columns]
    cells = [tuple(plan.column(key).heading(locale) for key in keys)]
    cells += [tuple(values.get(key) for key in keys) for values in rows]
    return Sheet(plan.title(locale), tuple(enumerate(cells, 1)))


def workbook(groups=None, members=None, locale="en", member_keys=None, group_keys=None):
    """A workbook of records; a sheet that is None is not there."""
    sheets = []
    if groups is not None:
        rows = [group_values(g, locale) for g in groups]
        sheets.append(sheet(GROUP_SHEET, rows, locale, group_keys))
    if members is not None:
        rows = [m if isinstance(m, dict) else member_values(m, locale) for m in members]
        sheets.append(sheet(MEMBER_SHEET, rows, locale, member_keys))
    return Workbook(FileKind.XLSX, tuple(sheets))


def read(groups=None, members=None, **options):
    return read_roster(workbook(groups, members, **options), READING)


def examined(roster, stored=None, limits=LIMITS):
    """Problems of the whole roster and, if none is an error, its changes."""
    stored = stored or StoredRoster()
    pupils, doubtful = find_pupils(roster.members) if roster.members else ((), ())
    pairing = Pairing({}, ())
    if roster.members:
        pairing = pair(roster.members, pupils, stored.persons, index_of)
    problems = [
        *roster.problems,
        *doubtful,
        *check_roster(roster, pupils, limits, stored.as_groups()),
        *pairing.problems,
    ]
    if any(problem.is_error for problem in problems):
        return problems, None
    changes = find_changes(roster, pupils, pairing, stored, index_of)
    return [*problems, *changes.problems], changes


def index_of(number):
    return f"index of {number}"


def stored(groups, members, *, editable=ALL_KEYS, extra_persons=()):
    """What would be stored after these records were imported; equal pupils are one person."""
    group_rows = tuple(
        StoredGroup(number, f"A-{number}", record, editable, "members" in editable)
        for number, record in enumerate(groups, 1)
    )
    id_by_name = {row.record.name: row.id for row in group_rows}
    persons = {}
    member_rows = []
    for number, record in enumerate(members, 1):
        identity = (record.name, record.birth_on, record.document_number, record.roll_number)
        if identity not in persons:
            persons[identity] = stored_person(len(persons) + 1, record)
        values = {key: getattr(record, key) for key in ("part", "grade", "remark")}
        group_id = id_by_name[record.group]
        member_rows.append(StoredMember(number, group_id, persons[identity].id, values))
    everybody = (*persons.values(), *extra_persons)
    return StoredRoster(group_rows, tuple(member_rows), everybody)


def stored_person(number, record):
    document = record.document_number
    return StoredPerson(
        number,
        {key: getattr(record, key) for key in PERSON_KEYS if key != "document_number"},
        index_of(document) if document else None,
        document[-4:] if document else None,
    )


def told(problems):
    """Problems as (place, code)."""
    return [(problem.place, str(problem.code)) for problem in problems]
