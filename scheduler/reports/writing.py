"""Writes tables as .xlsx and CSV, row by row. Nothing that people typed becomes a formula."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter

from scheduler.reports.tables import Cell, Column, Row
from scheduler.spreadsheets.writing import SAFE_OPTIONS

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these a spreadsheet program begins a formula; full-width ones are turned by some input."""

LONGEST_CELL = 32_767
"""So many characters fit into a cell of a workbook."""

_SHEET_TITLE = 31
_FONT = "Arial"
_NOT_IN_TITLES = str.maketrans("", "", "[]:*?/\\'")


class Format(StrEnum):
    """The kinds of files; the words are also the files' endings."""

    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """Return what the file is announced as."""
        if self is Format.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write. `mark` says who made the copy and when: the first line, if there is one."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    mark: str = ""


def write(sheet: Sheet, file_format: Format, target: IO[bytes], *, author: str = "") -> int:
    """Write the table and return the number of its rows. Memory does not grow with them."""
    if file_format is Format.CSV:
        return _write_csv(sheet, target)
    return write_workbook([sheet], target, author=author)


def harmless(text: str) -> str:
    """Return the text as CSV may carry it: what looks like a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_workbook(sheets: Sequence[Sheet], target: IO[bytes], *, author: str = "") -> int:
    """Write the tables as sheets of one .xlsx; texts are texts, days and instants are dates."""
    book = xlsxwriter.Workbook(target, SAFE_OPTIONS | {"in_memory": False, "constant_memory": True})
    mark = next((sheet.mark for sheet in sheets), "")
    book.set_properties({"title": sheets[0].title, "author": author, "comments": mark})
    formats = _formats(book)
    written = sum(_write_sheet(book, sheet, formats) for sheet in sheets)
    book.close()
    return written


def _write_csv(sheet: Sheet, target: IO[bytes]) -> int:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    if sheet.mark:
        writer.writerow([harmless(sheet.mark)])
    writer.writerow([harmless(_heading(column)) for column in sheet.columns])
    count = 0
    for row in sheet.rows:
        pairs = zip(sheet.columns, row, strict=True)
        writer.writerow([_csv_cell(column, cell) for column, cell in pairs])
        count += 1
    text.detach()
    return count


def _csv_cell(column: Column, cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return _local(column, cell).isoformat(timespec="minutes")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else cell


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": _FONT, "font_size": 11, "valign": "top"}
    return {
        "text": book.add_format(base | {"num_format": "@"}),
        "number": book.add_format(base),
        "day": book.add_format(base | {"num_format": "yyyy-mm-dd", "align": "left"}),
        "instant": book.add_format(base | {"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "heading": book.add_format(base | {"bold": True, "bottom": 1, "num_format": "@"}),
        "mark": book.add_format(base | {"italic": True, "font_color": "#8F2617"}),
    }


def _write_sheet(book: Any, sheet: Sheet, formats: dict[str, Any]) -> int:
    title = sheet.title.translate(_NOT_IN_TITLES).strip()[:_SHEET_TITLE]
    page = book.add_worksheet(title or None)
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    page.set_column(0, max(0, len(sheet.columns) - 1), 22)
    top = 0
    if sheet.mark:
        page.write_string(0, 0, sheet.mark, formats["mark"])
        # In headers an ampersand begins a code, and 255 characters are the most.
        page.set_footer("&L" + sheet.mark.replace("&", "&&")[:200] + "&R&P/&N")
        top = 1
    for place, column in enumerate(sheet.columns):
        page.write_string(top, place, _heading(column), formats["heading"])
    page.freeze_panes(top + 1, 0)
    count = 0
    for number, row in enumerate(sheet.rows, top + 1):
        for place, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_cell(page, number, place, column, cell, formats)
        count += 1
    return count


def _write_cell(
    page: Any, row: int, place: int, column: Column, cell: Cell, formats: dict[str, Any]
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, dt.datetime):
        wall = _local(column, cell).replace(tzinfo=None, second=0, microsecond=0)
        page.write_datetime(row, place, wall, formats["instant"])
    elif isinstance(cell, dt.date):
        page.write_datetime(row, place, dt.datetime.combine(cell, dt.time()), formats["day"])
    elif isinstance(cell, str):
        page.write_string(row, place, cell[:LONGEST_CELL], formats["text"])
    else:
        page.write_number(row, place, cell, formats["number"])


def _heading(column: Column) -> str:
    return f"{column.heading} ({column.zone})" if column.zone else column.heading


def _local(column: Column, instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(ZoneInfo(column.zone or "UTC"))
