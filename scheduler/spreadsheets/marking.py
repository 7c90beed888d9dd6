"""Gives an uploaded workbook back with the bad cells marked: colour, comment, and a list in front.

The people's own workbook is annotated, not rewritten; what came as CSV, or is too large or too odd
to be annotated, comes back as a new workbook with the same cells.
"""

import io
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from scheduler.spreadsheets.cells import CellProblem, CellValue
from scheduler.spreadsheets.workbook import FileKind, Workbook
from scheduler.spreadsheets.writing import SAFE_OPTIONS

MARK_AUTHOR = "Ambassador Scheduler"
"""Comments of this author are ours: they go when the workbook is marked again."""

MOST_COMMENTS = 2_000
"""Beyond these, cells are coloured and listed only: programs choke on tens of thousands."""

_ERROR, _WARNING = "FFF8B4B4", "FFFDE68A"
_ANNOTATED_BYTES = 48 * 2**20
_COMMENT_WIDTH, _LINE_HEIGHT, _LINE_CHARACTERS = 320, 20, 34
_TITLE_LENGTH = 31

Sentence = Callable[[CellProblem], str]
Line = tuple[str, str, str, str, str]
_Place = tuple[str, int, int]


@dataclass(frozen=True)
class MarkWords:
    """The list's title and heads in the reader's language, and its titles in every language."""

    title: str
    known_titles: frozenset[str]
    sheet: str
    cell: str
    column: str
    problem: str
    kind: str
    error: str
    warning: str

    @property
    def heads(self) -> Line:
        """The list's head row."""
        return self.sheet, self.cell, self.column, self.kind, self.problem


def marked_workbook(
    content: bytes,
    workbook: Workbook,
    problems: Sequence[CellProblem],
    words: MarkWords,
    sentence: Sentence,
) -> bytes:
    """Return the upload as .xlsx with every problem marked; earlier marks of ours are removed."""
    marks = _Marks(sorted(problems, key=lambda p: not p.is_error), words, sentence)
    if workbook.kind is FileKind.XLSX and _unpacked_bytes(content) <= _ANNOTATED_BYTES:
        annotated = _annotated(content, marks, words)
        if annotated is not None:
            return annotated
    return _rebuilt(workbook, marks, words)


class _Marks:
    """What is wrong at each place, in sentences."""

    def __init__(
        self, problems: Iterable[CellProblem], words: MarkWords, sentence: Sentence
    ) -> None:
        self.lines: list[Line] = []
        self.texts: defaultdict[_Place, list[str]] = defaultdict(list)
        self.colours: dict[_Place, str] = {}
        for problem in problems:
            text = sentence(problem)
            kind = words.error if problem.is_error else words.warning
            self.lines.append((problem.sheet, problem.place, problem.heading, kind, text))
            place = (problem.sheet, max(1, problem.row), (problem.column or 0) + 1)
            self.texts[place].append(text)
            if problem.is_error or place not in self.colours:
                self.colours[place] = _ERROR if problem.is_error else _WARNING

    def comments(self) -> Mapping[_Place, str]:
        """Return the comments that are written, not more than programs bear."""
        places = list(self.texts)[:MOST_COMMENTS]
        return {place: "\n".join(self.texts[place]) for place in places}


def _unpacked_bytes(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(part.file_size for part in archive.infolist())


def _annotated(content: bytes, marks: _Marks, words: MarkWords) -> bytes | None:
    """Return the annotated workbook, None if openpyxl cannot open or save it whole."""
    buffer = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
            _remove_marks(book, words)
            _mark_cells(book, marks)
            _add_list(book, marks, words)
            book.save(buffer)
    except Exception:  # noqa: BLE001 - a picture or chart it cannot read: the cells were read before
        return None
    return buffer.getvalue()


def _remove_marks(book: Any, words: MarkWords) -> None:
    for sheet in list(book.worksheets):
        if sheet.title in words.known_titles and len(book.worksheets) > 1:
            book.remove(sheet)
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == MARK_AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()


def _mark_cells(book: Any, marks: _Marks) -> None:
    comments = marks.comments()
    fills = {
        colour: PatternFill("solid", start_color=colour, end_color=colour)
        for colour in (_ERROR, _WARNING)
    }
    for place, colour in marks.colours.items():
        title, row, column = place
        cell = _top_left(book[title], row, column)
        cell.fill = fills[colour]
        if place in comments:
            text = comments[place]
            height = _comment_height(text)
            cell.comment = Comment(text, MARK_AUTHOR, height=height, width=_COMMENT_WIDTH)


def _top_left(sheet: Any, row: int, column: int) -> Any:
    """Return the cell, or the one whose value covers it in a merged range."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        merged = next(r for r in sheet.merged_cells.ranges if cell.coordinate in r)
        return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _add_list(book: Any, marks: _Marks, words: MarkWords) -> None:
    sheet = book.create_sheet(words.title, 0)
    sheet.append(words.heads)
    for line in marks.lines:
        sheet.append(line)
    for row in sheet.iter_rows():
        for cell in row:
            # A heading that starts with "=" is somebody's text, not a formula.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDE", (18, 10, 24, 12, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _rebuilt(workbook: Workbook, marks: _Marks, words: MarkWords) -> bytes:
    """Return a new workbook with the cells as they were read, all as text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE_OPTIONS)
    plain = book.add_format({"num_format": "@"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    coloured = {
        colour: book.add_format({"num_format": "@", "bg_color": f"#{colour[2:]}"})
        for colour in (_ERROR, _WARNING)
    }
    summary = book.add_worksheet(words.title)
    summary.set_column(0, 3, 18, wrapped)
    summary.set_column(4, 4, 90, wrapped)
    for number, line in enumerate((words.heads, *marks.lines)):
        for column, text in enumerate(line):
            summary.write_string(number, column, text, wrapped)
    comments = marks.comments()
    for source in workbook.sheets:
        sheet = book.add_worksheet(source.title[:_TITLE_LENGTH])
        for number, cells in source.rows:
            for index, value in enumerate(cells):
                colour = marks.colours.get((source.title, number, index + 1))
                style = plain if colour is None else coloured[colour]
                _write_text(sheet, number - 1, index, value, style)
        for (title, row, column), text in comments.items():
            if title == source.title:
                size = {"author": MARK_AUTHOR, "width": _COMMENT_WIDTH}
                size["height"] = _comment_height(text)
                sheet.write_comment(row - 1, column - 1, text, size)
    book.close()
    return buffer.getvalue()


def _write_text(sheet: Any, row: int, column: int, value: CellValue, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_string(row, column, str(value), style)


def _comment_height(text: str) -> int:
    lines = sum(1 + len(line) // _LINE_CHARACTERS for line in text.splitlines())
    return _LINE_HEIGHT * (lines + 1)
