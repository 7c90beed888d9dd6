"""What the pages of an import show: problems and changes as rows, a page of them at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.models import RosterImport
from scheduler.applications.roster import group_values
from scheduler.applications.roster_changes import SEALED_KEYS, Change, FieldChange
from scheduler.applications.roster_choices import NO, YES
from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_keeping import ChangeLine
from scheduler.applications.roster_records import KEPT
from scheduler.applications.roster_texts import explain
from scheduler.formats import listed
from scheduler.listing import Page, cut
from scheduler.programmes.form_fields import FieldOwner, code_of, is_mark
from scheduler.spreadsheets.cells import CellProblem
from scheduler.spreadsheets.columns import Column, in_locale

Item = TypeVar("Item")
Shown = TypeVar("Shown")

PER_PAGE = 100
PLACES_SHOWN = 6
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
class Equal:
    """A problem and every place where it is found."""

    problem: CellProblem
    places: list[str]


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
    """A change as the page shows it; `details` are heading, before, after.

    `given` is what was read of a new row, heading and value.
    """

    label: str
    tone: str
    symbol: str
    sheet: str
    group: str
    name: str
    row: int | None
    details: tuple[tuple[str, str, str], ...]
    given: tuple[tuple[str, str], ...]


def sliced(items: Sequence[Item], as_row: Callable[[Item], Shown]) -> Page[Shown]:
    """Return the page of a list in memory that the address asks for, put into words."""
    page = cut(items, per_page=PER_PAGE)
    rows = [as_row(item) for item in page.items]
    return Page(rows, page.total, page.number, page.per_page)


def errors_first(problems: Sequence[CellProblem]) -> list[CellProblem]:
    """Return what stops the import before what does not, each in the order of the workbook."""
    return sorted(problems, key=lambda problem: not problem.is_error)


def of_kind(lines: Sequence[ChangeLine], kind: str) -> Sequence[ChangeLine]:
    """Return the changes of one kind, all of them for anything that is no kind."""
    return [line for line in lines if line.change == kind] if kind in set(Change) else lines


def equal_ones(problems: Sequence[CellProblem]) -> list[Equal]:
    """Return problems that say the same of one column together, in the order of the first."""
    found: dict[tuple[object, ...], Equal] = {}
    for problem in problems:
        facts = tuple(sorted(problem.facts.items(), key=str))
        key = (problem.sheet, problem.heading, problem.column, problem.code, facts)
        found.setdefault(key, Equal(problem, [])).places.append(problem.place)
    return list(found.values())


def problem_row(equal: Equal, form: FormPlan = PLAIN) -> ProblemRow:
    """Put a problem into words, with the first of its places."""
    problem = equal.problem
    explanation = explain(problem, form.sheets)
    shown = listed(equal.places[:PLACES_SHOWN])
    more = len(equal.places) - PLACES_SHOWN
    return ProblemRow(
        problem.sheet,
        _("%(places)s and %(num)s more", places=shown, num=more) if more > 0 else shown,
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
        tuple(_given(line, form, locale)),
    )


def _answer_detail(form: FormPlan, field: FieldChange, locale: str) -> tuple[str, str, str]:
    before, after = (
        form.shown(field.key, value, locale) or "–" for value in (field.before, field.after)
    )
    spec = form.spec_by_mark.get(field.key)
    return code_of(field.key) if spec is None else in_locale(spec.names, locale), before, after


def _given(line: ChangeLine, form: FormPlan, locale: str) -> Iterator[tuple[str, str]]:
    """Yield heading and value of whatever a new row says, as it was understood."""
    plan = form.group_sheet if line.sheet == GROUP_SHEET.key else form.member_sheet
    values = _given_values(line, form, locale)
    for column in plan.columns:
        value = values.get(column.key)
        if value is None or column.key in {"name", "group", "reference"}:
            continue
        if column.key in SEALED_KEYS:
            value = KEPT
        elif isinstance(value, bool):
            value = YES if value else NO
        shown = str(value)
        yield (
            column.heading(locale),
            column.label(shown, locale) if _is_choice(column, shown) else shown,
        )


def _given_values(line: ChangeLine, form: FormPlan, locale: str) -> dict[str, Any]:
    if line.record is not None:
        return dict(group_values(line.record, locale, form))
    given = dict(line.given or {})
    return given | form.written(given.get("answers", {}), FieldOwner.MEMBER, locale)


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
    labels = {**CHANGE_LABELS, Change.REMOVED: _gone_label(roster_import, sheet)}
    return [(str(label), counts.get(change, 0)) for change, label in labels.items()]


def _gone_label(roster_import: RosterImport, sheet: str) -> str:
    """A draft that the workbook lacks is only left out of it until somebody confirms otherwise."""
    if sheet != GROUP_SHEET.key:
        return str(CHANGE_LABELS[Change.REMOVED])
    is_withdrawn = roster_import.counts.get("withdraws_left_out")
    return str(_("Withdrawn") if is_withdrawn else _("Not in the workbook"))
