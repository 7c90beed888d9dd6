"""What an uploaded roster says, what is wrong with it and what it would do; writes nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.models import Application
from scheduler.applications.roster_base import StoredRoster
from scheduler.applications.roster_changes import RosterChanges, find_changes
from scheduler.applications.roster_checks import CategoryLimits, check_roster, group_key
from scheduler.applications.roster_elsewhere import elsewhere_problems
from scheduler.applications.roster_file import Progress, RosterFile, RosterSheet, read_roster
from scheduler.applications.roster_leaders import leader_problems
from scheduler.applications.roster_pupils import Pairing, find_pupils, namesake_problems, pair
from scheduler.applications.roster_records import GroupRow, Reading, RosterCode
from scheduler.applications.roster_stored import DOCUMENT_FIELD, digest, load_stored
from scheduler.errors import Refused
from scheduler.organisations.models import School
from scheduler.people.sealing import Sealer
from scheduler.programmes.models import Category
from scheduler.spreadsheets.cells import CellProblem
from scheduler.spreadsheets.workbook import Workbook, read_workbook

MOST_PROBLEMS = 5_000
"""Nobody goes through more of them, and all are kept, shown and written into a workbook."""

_CODES_FOR_GUESTS: dict[str, RosterCode] = {
    RosterCode.GROUP_UNKNOWN: RosterCode.GROUP_NOT_OF_PART,
    RosterCode.GROUP_LOCKED: RosterCode.MEMBERS_CLOSED,
    RosterCode.GROUP_DECIDED: RosterCode.MEMBERS_CLOSED,
}


@dataclass(frozen=True)
class Examination:
    """What was found. `changes` is None if errors stop the import, `workbook` if no cell was read.

    `base_digest` is the fingerprint of what the roster was compared with.
    """

    workbook: Workbook | None
    problems: tuple[CellProblem, ...]
    changes: RosterChanges | None
    base_digest: str

    @property
    def has_errors(self) -> bool:
        """Tell whether something stops the import."""
        return any(problem.is_error for problem in self.problems)


def examine(
    content: bytes,
    *,
    school: School,
    category: Category,
    sealer: Sealer,
    today: dt.date,
    form: FormPlan = PLAIN,
    progress: Progress | None = None,
    entry: Application | None = None,
) -> Examination:
    """Read an upload and compare it with what is stored.

    With an `entry` the school is a guest of it: the roster brings the school's pupils alone.
    """
    try:
        workbook = read_workbook(content, known_headings=form.known_headings)
    except Refused as refusal:
        problem = CellProblem("", 0, None, "", refusal.code, refusal.facts)
        return Examination(None, (problem,), None, "")
    reading = Reading(school.country, today, needs_works=category.is_staged, form=form)
    roster = read_roster(workbook, reading, progress)
    return compare(
        roster, workbook, school=school, category=category, sealer=sealer, form=form, entry=entry
    )


def compare(
    roster: RosterFile,
    workbook: Workbook | None,
    *,
    school: School,
    category: Category,
    sealer: Sealer,
    form: FormPlan = PLAIN,
    entry: Application | None = None,
) -> Examination:
    """Return what is wrong with a roster as a whole, and what it would change."""

    def index_of(number: str) -> str:
        return sealer.index(number, field=DOCUMENT_FIELD)

    stored = load_stored(school, category, sealer, form, entry)
    if entry is not None:
        roster = of_guest(roster)
    pairing = Pairing({}, ())
    problems = list(roster.problems)
    pupils, doubtful = find_pupils(roster.members) if roster.members else ((), ())
    problems += doubtful
    limits = limits_of(category, school)
    problems += check_roster(roster, pupils, limits, stored.as_groups())
    if roster.groups is not None:
        covered = _references(roster.groups, stored)
        problems += leader_problems(roster.groups, stored.leaders, covered)
    if roster.members is not None:
        pairing = pair(roster.members, pupils, stored.persons, index_of)
        problems += pairing.problems
        problems += namesake_problems(roster.members, pupils, pairing, stored.persons)
        problems += elsewhere_problems(roster.members, pupils, pairing, school, category, entry)
    found = find_changes(roster, pupils, pairing, stored, index_of)
    unchanged = found.unchanged_rows(roster)
    problems = [p for p in problems if p.is_error or (p.sheet, p.row) not in unchanged]
    changes = None
    if not any(problem.is_error for problem in problems):
        changes = found
        problems += changes.problems
    if entry is not None:
        problems = [_to_guest(problem, entry.group_name) for problem in problems]
    listed = in_order(_not_too_many(problems), roster)
    return Examination(workbook, listed, changes, digest(stored, form))


def of_guest(roster: RosterFile) -> RosterFile:
    """Return a guest school's roster without a group sheet, which is a problem: it is the lead's.

    What is wrong in that sheet is not told: nobody shall correct what is refused anyway.
    """
    if roster.groups is None:
        return roster
    refused = roster.groups.problem(0, "", RosterCode.GROUPS_OF_LEAD)
    kept = [each for each in roster.problems if each.sheet != roster.groups.title]
    return RosterFile(None, roster.members, (refused, *kept))


def _to_guest(problem: CellProblem, group: str) -> CellProblem:
    """Return a problem as guests are told it: they have no group sheet and reopen nothing."""
    code = _CODES_FOR_GUESTS.get(problem.code)
    return problem if code is None else replace(problem, code=code, facts={"group": group})


def _references(sheet: RosterSheet[GroupRow], stored: StoredRoster) -> set[str | None]:
    """Return the references of the stored groups that have a row in the sheet."""
    by_name = {group_key(group.record.name): group.reference for group in stored.groups}
    records = [placed.record for placed in sheet.rows]
    return {record.reference or by_name.get(group_key(record.name)) for record in records}


def limits_of(category: Category, school: School) -> CategoryLimits:
    """Return the category's limits as the checks take them; grades are read as the school's."""
    return CategoryLimits(
        min_members=category.min_members,
        max_members=category.max_members,
        max_works=category.max_works,
        max_minutes=category.max_minutes,
        ages=category.age_limits,
        has_works=category.is_staged,
        min_advisers=category.min_advisers,
        max_advisers=category.max_advisers,
        min_chaperones=category.min_chaperones,
        needs_conductor=category.needs_conductor,
        needs_accompanist=category.needs_accompanist,
        country=school.country,
    )


def _not_too_many(problems: list[CellProblem]) -> list[CellProblem]:
    """Return the problems, errors first if there are too many, and how many are left out."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    count = len(problems) - MOST_PROBLEMS
    kept = sorted(problems, key=lambda problem: not problem.is_error)[:MOST_PROBLEMS]
    code, severity = RosterCode.MORE_PROBLEMS, kept[0].severity
    return [*kept, CellProblem("", 0, None, "", code, {"count": count}, severity)]


def in_order(problems: Iterable[CellProblem], roster: RosterFile) -> tuple[CellProblem, ...]:
    """Return the problems as a person goes through the workbook: by sheet, row, column."""
    titles = [sheet.title for sheet in (roster.groups, roster.members) if sheet is not None]
    titles += [problem.sheet for problem in problems]
    sheets = {title: place for place, title in enumerate(dict.fromkeys(titles))}

    def place(problem: CellProblem) -> tuple[int, int, int]:
        column = -1 if problem.column is None else problem.column
        return sheets[problem.sheet], problem.row, column

    return tuple(sorted(problems, key=place))
