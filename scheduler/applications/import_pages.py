"""What the pages of an import show: problems and changes as rows, a page of them at a time."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.models import RosterImport
from scheduler.applications.roster_changes import Change, FieldChange
from scheduler.applications.roster_columns import GROUP_SHEET
from scheduler.applications.roster_keeping import ChangeLine
from scheduler.applications.roster_texts import explain
from scheduler.listing import Page
from scheduler.programmes.form_fields import code_of, is_mark
from scheduler.spreadsheets.cells import CellProblem
from scheduler.spreadsheets.columns import Column, in_locale

Item = TypeVar("Item")
Shown = TypeVar("Shown")

PER_PAGE = 100
PROBLEM_COLUMNS = (
    {"key": "place", "label": _l("Where")},
    {"key": "wrong", "label": _l("What is wrong")},
    {"key": "accepted", "label": _l("What is accepted")},
)
CHANGE_LABELS = {
    Change.NEW: _l("New"),
    Change.CHANGED: _l("Changed"),
    Change.UNCHANGED: _l("Unchanged"),
    Change.REMOVED: _l("Removed"),
}
_TONES = {Change.NEW: "success", Change.CHANGED: "info", Change.REMOVED: "danger"}
_SYMBOLS = {
    Change.NEW: "plus-lg",
    Change.CHANGED: "pencil",
    Change.REMOVED: "dash-lg",
}


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem as the page shows it."""

    sheet: str
    place: str
    heading: str
    wrong: str
    accepted: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change as the page shows it; `details` are heading, before, after."""

    label: str
    tone: str
    symbol: str
    sheet: str
    group: str
    name: str
    row: int | None
    details: tuple[tuple[str, str, str], ...]


def sliced(items: Sequence[Item], as_row: Callable[[Item], Shown]) -> Page[Shown]:
    """Return the page of a list in memory that the address asks for, put into words."""
    last = max(1, -(-len(items) // PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    start = (number - 1) * PER_PAGE
    rows = [as_row(item) for item in items[start : start + PER_PAGE]]
    return Page(rows, len(items), number, PER_PAGE)


def errors_first(problems: Sequence[CellProblem]) -> list[CellProblem]:
    """Return what stops the import before what does not, each in the order of the workbook."""
    return sorted(problems, key=lambda problem: not problem.is_error)


def of_kind(lines: Sequence[ChangeLine], kind: str) -> Sequence[ChangeLine]:
    """Return the changes of one kind, all of them for anything that is no kind."""
    return [line for line in lines if line.change == kind] if kind in set(Change) else lines


def problem_row(problem: CellProblem, form: FormPlan = PLAIN) -> ProblemRow:
    """Put a problem into words."""
    explanation = explain(problem, form.sheets)
    return ProblemRow(
        problem.sheet,
        problem.place,
        problem.heading,
        explanation.wrong,
        explanation.accepted,
        problem.is_error,
    )


def change_row(line: ChangeLine, form: FormPlan = PLAIN) -> ChangeRow:
    """Put a change into words."""
    plan = form.group_sheet if line.sheet == GROUP_SHEET.key else form.member_sheet
    locale = str(get_locale())
    return ChangeRow(
        str(CHANGE_LABELS[line.change]),
        _TONES[line.change],
        _SYMBOLS[line.change],
        plan.title(locale),
        line.group,
        line.name,
        line.row,
        tuple(
            _answer_detail(form, field, locale)
            if is_mark(field.key)
            else _detail(plan.column(field.key), field, locale)
            for field in line.fields
        ),
    )


def _answer_detail(form: FormPlan, field: FieldChange, locale: str) -> tuple[str, str, str]:
    before, after = (
        form.shown(field.key, value, locale) or "–" for value in (field.before, field.after)
    )
    spec = form.spec_by_mark.get(field.key)
    return code_of(field.key) if spec is None else in_locale(spec.names, locale), before, after


def _detail(column: Column, field: FieldChange, locale: str) -> tuple[str, str, str]:
    before, after = (
        column.label(value, locale) if value and _is_choice(column, value) else value or "–"
        for value in (field.before, field.after)
    )
    return column.heading(locale), before, after


def _is_choice(column: Column, value: str) -> bool:
    return any(choice.value == value for choice in column.choices)


def change_tabs(
    roster_import: RosterImport, lines: Sequence[ChangeLine], kind: str
) -> list[tuple[str, str, bool, int]]:
    """Return links to the kinds of changes with their numbers."""
    counts = Counter(line.change for line in lines)
    current = kind if kind in set(Change) else ""
    ref = roster_import.ref
    everything = (_("All changes"), url_for("imports.show", ref=ref), not current, len(lines))
    kinds = [
        (
            str(CHANGE_LABELS[change]),
            url_for("imports.show", ref=ref, kind=change),
            current == change,
            counts[change],
        )
        for change in (Change.NEW, Change.CHANGED, Change.REMOVED)
    ]
    return [everything, *kinds]


def figures(roster_import: RosterImport, sheet: str) -> list[tuple[str, int]]:
    """Return how many groups or members are new, changed, unchanged and removed."""
    counts = roster_import.counts.get(sheet, {})
    return [(str(label), counts.get(change, 0)) for change, label in CHANGE_LABELS.items()]
