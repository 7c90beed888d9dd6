"""Writes entry workbooks: guide, sheets with drop-downs, text-typed cells, rows filled in before.

Nothing that people typed ever becomes a formula or a link, whatever it starts with.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from scheduler.spreadsheets.columns import Column, SheetPlan, in_locale

SAFE_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
SPARE_ROWS = 500
"""Drop-downs reach so far below the rows that are filled in."""

_LISTS_TITLE = "lists"
_FONT = "Arial"
_INK, _PAPER, _LINE = "#12344D", "#E7F0F5", "#9DB7C6"
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
_LONGEST_LIST_NAME = 31


@dataclass(frozen=True)
class Guide:
    """The first sheet: what it is called, what it says, and the heads of its table of columns."""

    title: str
    heading: str
    paragraphs: tuple[str, ...]
    sheet: str
    column: str
    is_required: str
    accepts: str
    yes: str


@dataclass(frozen=True)
class FilledSheet:
    """A sheet to write, with its rows by column key."""

    plan: SheetPlan
    rows: Sequence[Mapping[str, str | None]] = field(default_factory=tuple)


def entry_workbook(sheets: Sequence[FilledSheet], guide: Guide, locale: str) -> bytes:
    """Return an .xlsx to be filled in, with headings and drop-downs in the locale."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE_OPTIONS)
    formats = _formats(book)
    _write_guide(book, sheets, guide, locale, formats)
    lists = _Lists(book, sheets, locale)
    for index, sheet in enumerate(sheets):
        written = _write_sheet(book, sheet, lists, locale, formats)
        if index == 0:
            written.set_first_sheet()
    lists.hide()
    book.close()
    return buffer.getvalue()


def table_workbook(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return an .xlsx with one plain table of texts."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE_OPTIONS)
    formats = _formats(book)
    sheet = book.add_worksheet(title[:_LONGEST_LIST_NAME])
    sheet.set_column(0, max(0, len(headings) - 1), 18, formats["text"])
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, formats["heading"])
    for row, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, formats["text"])
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
    heading = base | {"bold": True, "bg_color": _PAPER, "font_color": _INK, "text_wrap": True}
    heading |= {"bottom": 1, "bottom_color": _LINE, "num_format": "@"}
    return {
        "text": book.add_format(base | {"num_format": "@"}),
        "heading": book.add_format(heading),
        "required": book.add_format(heading | {"bg_color": _INK, "font_color": "#FFFFFF"}),
        "title": book.add_format(base | {"bold": True, "font_size": 16, "font_color": _INK}),
        "prose": book.add_format(base | {"text_wrap": True, "valign": "top"}),
    }


def _write_guide(
    book: Any, sheets: Sequence[FilledSheet], guide: Guide, locale: str, formats: dict[str, Any]
) -> None:
    sheet = book.add_worksheet(guide.title)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16, formats["prose"])
    sheet.set_column(1, 1, 28, formats["prose"])
    sheet.set_column(2, 2, 12, formats["prose"])
    sheet.set_column(3, 3, 64, formats["prose"])
    sheet.write_string(0, 0, guide.heading, formats["title"])
    sheet.set_row(0, 30)
    row = 2
    for paragraph in guide.paragraphs:
        sheet.merge_range(row, 0, row, 3, "", formats["prose"])
        sheet.write_string(row, 0, paragraph, formats["prose"])
        sheet.set_row(row, 32)
        row += 1
    row += 1
    heads = (guide.sheet, guide.column, guide.is_required, guide.accepts)
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head, formats["heading"])
    for filled in sheets:
        for planned in filled.plan.columns:
            row += 1
            cells = (
                filled.plan.title(locale),
                planned.heading(locale),
                guide.yes if planned.is_required else "",
                _accepted(planned, locale),
            )
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell, formats["prose"])


def _accepted(column: Column, locale: str) -> str:
    if column.choices and column.is_strict:
        return " / ".join(in_locale(choice.labels, locale) for choice in column.choices)
    return in_locale(column.accepts, locale)


def _write_sheet(
    book: Any, filled: FilledSheet, lists: "_Lists", locale: str, formats: dict[str, Any]
) -> Any:
    plan = filled.plan
    sheet = book.add_worksheet(plan.title(locale))
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 32)
    # Numbers are kept as text on purpose: no green triangles beside them.
    everything = {"number_stored_as_text": f"A1:XFD{_LAST_ROW + 1}"}
    sheet.ignore_errors(everything)
    for index, column in enumerate(plan.columns):
        sheet.set_column(index, index, column.width, formats["text"])
        style = formats["required" if column.is_required else "heading"]
        sheet.write_string(0, index, column.heading(locale), style)
        _add_validation(sheet, index, column, lists, len(filled.rows), locale)
    for number, values in enumerate(filled.rows, 1):
        for index, column in enumerate(plan.columns):
            value = values.get(column.key)
            if value is not None:
                sheet.write_string(number, index, value, formats["text"])
    return sheet


def _add_validation(
    sheet: Any, index: int, column: Column, lists: "_Lists", filled: int, locale: str
) -> None:
    source = lists.name_of(column)
    # Programs allow 32 characters for the title of such a note and 255 for its text.
    title, message = column.heading(locale)[:32], _accepted(column, locale)[:255]
    note = {"input_title": title, "input_message": message}
    if source is None:
        rule: dict[str, Any] = {"validate": "any"}
    else:
        rule = {"validate": "list", "source": f"={source}"}
        rule["error_type"] = "stop" if column.is_strict and column.choices else "information"
        rule |= {"error_title": title, "error_message": message}
    sheet.data_validation(1, index, filled + SPARE_ROWS, index, {**rule, **note})


class _Lists:
    """The hidden sheet behind the drop-downs, one column and one defined name per list.

    Names, not ranges of another sheet: those are stored as an extension that some programs drop.
    """

    def __init__(self, book: Any, sheets: Sequence[FilledSheet], locale: str) -> None:
        self._book = book
        self._locale = locale
        self._name_by_source: dict[tuple[str, ...], str] = {}
        self._sheet = book.add_worksheet(_LISTS_TITLE)
        self._columns = 0
        wanted = {c.list_from for filled in sheets for c in filled.plan.columns if c.list_from}
        for filled in sheets:
            for index, column in enumerate(filled.plan.columns):
                if column.choices:
                    self._add(self._labels(column))
                source = (filled.plan.key, column.key)
                if source in wanted:
                    range_ = xl_range_abs(1, index, len(filled.rows) + SPARE_ROWS, index)
                    self._define(source, f"='{filled.plan.title(locale)}'!{range_}")

    def name_of(self, column: Column) -> str | None:
        """Return the defined name of the column's list, None if it has none."""
        source = self._labels(column) if column.choices else column.list_from
        return self._name_by_source.get(source) if source else None

    def hide(self) -> None:
        self._sheet.hide()

    def _labels(self, column: Column) -> tuple[str, ...]:
        return tuple(in_locale(choice.labels, self._locale) for choice in column.choices)

    def _add(self, labels: tuple[str, ...]) -> None:
        if labels in self._name_by_source:
            return
        for row, label in enumerate(labels):
            self._sheet.write_string(row, self._columns, label)
        range_ = xl_range_abs(0, self._columns, len(labels) - 1, self._columns)
        self._columns += 1
        self._define(labels, f"={_LISTS_TITLE}!{range_}")

    def _define(self, source: tuple[str, ...], formula: str) -> None:
        name = f"list_{len(self._name_by_source) + 1}"
        self._book.define_name(name, formula)
        self._name_by_source[source] = name
