"""An uploaded workbook as a roster: which sheet is which, every row read, every problem placed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic

from scheduler.applications.form_plan import PLAIN
from scheduler.applications.roster import read_group, read_member
from scheduler.applications.roster_records import (
    FieldProblem,
    GroupRow,
    MemberRow,
    Reading,
    RosterCode,
    Row,
    RowReading,
)
from scheduler.spreadsheets.cells import CellCode, CellProblem, CellValue, Fact, Severity, trimmed
from scheduler.spreadsheets.columns import (
    HeadingMatch,
    SheetPlan,
    find_headings,
    fold_choice,
    fold_heading,
)
from scheduler.spreadsheets.workbook import Sheet, Workbook

Progress = Callable[[int, int], None]
"""Is told how many rows are read, of how many."""

_PROGRESS_STEP = 200

_OF_MEMBERS = frozenset({"birth_on", "guardian_name"})
_REACHING = frozenset({"guardian_phone", "guardian_email"})


@dataclass(frozen=True, slots=True)
class Placed(Generic[Row]):
    """A record and the row it stands in."""

    row: int
    record: Row


@dataclass(frozen=True)
class RosterSheet(Generic[Row]):
    """A sheet that was read. `keys` are the columns it has: others say nothing of what is stored.

    `written_names` are the names of all rows, also of those with problems; `unread_groups` the
    rows that became no record, with the group that they name.
    """

    title: str
    match: HeadingMatch
    rows: tuple[Placed[Row], ...]
    written_names: frozenset[str] = frozenset()
    unread_groups: tuple[tuple[int, str], ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The columns that the file has."""
        return frozenset(self.match.position_by_key)

    def problem(
        self,
        row: int,
        key: str,
        code: StrEnum,
        *,
        severity: Severity = Severity.ERROR,
        **facts: Fact,
    ) -> CellProblem:
        """Return a problem placed at the row's cell of that column, or at the row without one."""
        return _placed(self.title, self.match, row, FieldProblem(key, code, facts, severity))


@dataclass(frozen=True)
class RosterFile:
    """What a file says. A sheet that is not there (None) leaves what is stored as it is."""

    groups: RosterSheet[GroupRow] | None
    members: RosterSheet[MemberRow] | None
    problems: tuple[CellProblem, ...]

    @property
    def has_errors(self) -> bool:
        """Tell whether something stops the import."""
        return any(problem.is_error for problem in self.problems)


def read_roster(
    workbook: Workbook, reading: Reading, progress: Progress | None = None
) -> RosterFile:
    """Read every row of the group and the member sheet; nothing stops at the first problem.

    A sheet is found by its headings, its title deciding between two that fit, so that a CSV with
    one of the two tables is a roster as well. Hidden sheets are not read.
    """
    visible = [sheet for sheet in workbook.sheets if not sheet.is_hidden]
    plans = (reading.form or PLAIN).sheets
    found = {
        plan.key: _find_sheet(visible, plan, other) for plan, other in (plans, reversed(plans))
    }
    total = sum(len(sheet.rows) for sheet, _ in filter(None, found.values()))
    steps = _Steps(progress, total)
    problems: list[CellProblem] = []
    groups = _read_sheet(found["groups"], read_group, reading, problems, steps)
    members = _read_sheet(found["members"], read_member, reading, problems, steps)
    sheets = [sheet for sheet in (groups, members) if sheet is not None]
    if not sheets:
        title = visible[0].title if visible else ""
        problems.append(CellProblem(title, 0, None, "", RosterCode.SHEET_MISSING))
    elif not problems and not any(sheet.rows for sheet in sheets):
        problems.append(CellProblem(sheets[0].title, 0, None, "", RosterCode.SHEET_EMPTY))
    return RosterFile(groups, members, tuple(problems))


class _Steps:
    """Counts rows over both sheets and reports now and then."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def take(self) -> None:
        self._done += 1
        if self._progress and self._done % _PROGRESS_STEP == 0:
            self._progress(self._done, self._total)


def _find_sheet(
    sheets: Sequence[Sheet], plan: SheetPlan, other: SheetPlan
) -> tuple[Sheet, HeadingMatch] | None:
    titles = {fold_heading(title) for title in (*plan.titles.values(), *plan.aliases)}
    best: tuple[tuple[bool, int], Sheet, HeadingMatch] | None = None
    for sheet in sheets:
        top = [cells for _, cells in sheet.rows[:10]]
        match = find_headings(top, plan)
        if match is None or _fits_better(top, other, match):
            continue
        rank = (fold_heading(sheet.title) in titles, len(match.position_by_key))
        if best is None or rank > best[0]:
            best = (rank, sheet, replace(match, row=sheet.rows[match.row - 1][0]))
    return None if best is None else best[1:]


def _fits_better(top: Sequence[Sequence[CellValue]], other: SheetPlan, match: HeadingMatch) -> bool:
    rival = find_headings(top, other)
    return rival is not None and len(rival.position_by_key) > len(match.position_by_key)


def _read_sheet(
    found: tuple[Sheet, HeadingMatch] | None,
    read: Callable[[Mapping[str, CellValue], Reading], RowReading[Row]],
    reading: Reading,
    problems: list[CellProblem],
    steps: _Steps,
) -> RosterSheet[Row] | None:
    if found is None:
        return None
    sheet, match = found
    problems.extend(_heading_problems(sheet, match, reading))
    reading = replace(reading, counts_from_1904=sheet.counts_from_1904)
    positions = tuple(match.position_by_key.items())
    rows: list[Placed[Row]] = []
    names: set[str] = set()
    unread: list[tuple[int, str]] = []
    for number, cells in sheet.rows:
        steps.take()
        if number <= match.row:
            continue
        values = {key: cells[index] for key, index in positions if index < len(cells)}
        if not any(map(_is_filled, values.values())):
            continue
        result = read(values, reading)
        problems.extend(
            _placed(sheet.title, match, number, problem)
            for problem in result.problems
            if not _is_of_absent_column(problem, match)
        )
        if result.record is not None:
            rows.append(Placed(number, result.record))
        elif isinstance(group := values.get("group"), str) and trimmed(group):
            unread.append((number, trimmed(group)))
        names.add(fold_choice(str(values.get("name") or "")))
    return RosterSheet(sheet.title, match, tuple(rows), frozenset(names), tuple(unread))


def _heading_problems(sheet: Sheet, match: HeadingMatch, reading: Reading) -> Iterable[CellProblem]:
    for column in match.missing:
        if column.key.startswith("piece_") and not reading.needs_works:
            continue
        facts = {"heading_en": column.heading("en"), "key": column.key}
        yield CellProblem(sheet.title, match.row, None, "", RosterCode.COLUMN_MISSING, facts)
    if match.position_by_key.keys() & _OF_MEMBERS and not match.position_by_key.keys() & _REACHING:
        warning = FieldProblem("", RosterCode.GUARDIAN_UNREACHABLE, {}, Severity.WARNING)
        yield _placed(sheet.title, match, match.row, warning)
    for extra in match.repeated:
        yield CellProblem(
            sheet.title, match.row, extra.index, extra.heading, RosterCode.COLUMN_REPEATED
        )
    for extra in match.extra:
        yield CellProblem(
            sheet.title,
            match.row,
            extra.index,
            extra.heading,
            RosterCode.COLUMN_UNKNOWN,
            severity=Severity.WARNING,
        )


def _placed(title: str, match: HeadingMatch, row: int, problem: FieldProblem) -> CellProblem:
    return CellProblem(
        title,
        row,
        match.position_by_key.get(problem.key),
        match.written.get(problem.key, ""),
        problem.code,
        problem.facts,
        problem.severity,
    )


def _is_of_absent_column(problem: FieldProblem, match: HeadingMatch) -> bool:
    """Tell whether the headings say already what is wrong in every row."""
    if problem.code is RosterCode.GUARDIAN_UNREACHABLE:
        return not match.position_by_key.keys() & _REACHING
    return problem.code is CellCode.MISSING and problem.key not in match.position_by_key


def _is_filled(value: CellValue) -> bool:
    return bool(trimmed(value)) if isinstance(value, str) else value is not None
