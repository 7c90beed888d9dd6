"""Gives an uploaded workbook back with the bad cells marked: colour, comment, and a list in front.

The people's own workbook is annotated, not rewritten; what came as CSV, or is too large or too odd
to be annotated, comes back as a new workbook with the same cells.
"""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from scheduler.spreadsheets.annotating import (
    COMMENT_WIDTH,
    MARK_AUTHOR,
    Annotation,
    Place,
    annotated,
    comment_height,
)
from scheduler.spreadsheets.cells import CellProblem, CellValue
from scheduler.spreadsheets.workbook import FileKind, Workbook
from scheduler.spreadsheets.writing import SAFE_OPTIONS

__all__ = ["MARK_AUTHOR", "MOST_COMMENTS", "MarkWords", "marked_workbook"]

MOST_COMMENTS = 2_000
"""Beyond these, cells are coloured and listed only: programs choke on tens of thousands."""

_ERROR, _WARNING = "FFF8B4B4", "FFFDE68A"
_ANNOTATED_BYTES = 48 * 2**20
_TITLE_LENGTH = 31
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]|^'|'$")

Sentence = Callable[[CellProblem], str]
Line = tuple[str, str, str, str, str]


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
    own = None
    if workbook.kind is FileKind.XLSX and _unpacked_bytes(content) <= _ANNOTATED_BYTES:
        own = annotated(content, marks.annotation(words))
    return _rebuilt(workbook, marks, words) if own is None else own


class _Marks:
    """What is wrong at each place, in sentences."""

    def __init__(
        self, problems: Iterable[CellProblem], words: MarkWords, sentence: Sentence
    ) -> None:
        self.lines: list[Line] = []
        self.texts: defaultdict[Place, list[str]] = defaultdict(list)
        self.colours: dict[Place, str] = {}
        for problem in problems:
            text = sentence(problem)
            kind = words.error if problem.is_error else words.warning
            self.lines.append((problem.sheet, problem.place, problem.heading, kind, text))
            place = (problem.sheet, max(1, problem.row), (problem.column or 0) + 1)
            self.texts[place].append(text)
            if problem.is_error or place not in self.colours:
                self.colours[place] = _ERROR if problem.is_error else _WARNING

    def comments(self) -> Mapping[Place, str]:
        """Return the comments that are written, not more than programs bear."""
        places = list(self.texts)[:MOST_COMMENTS]
        return {place: "\n".join(self.texts[place]) for place in places}

    def annotation(self, words: MarkWords) -> Annotation:
        """Return the marks as they are written into the people's own workbook."""
        return Annotation(
            title=words.title,
            known_titles=sorted(words.known_titles),
            lines=[words.heads, *self.lines],
            colours=list(self.colours.items()),
            comments=list(self.comments().items()),
        )


def _unpacked_bytes(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(part.file_size for part in archive.infolist())


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
    taken = {words.title.casefold()}
    for source in workbook.sheets:
        sheet = book.add_worksheet(_free_title(source.title, taken))
        for number, cells in source.rows:
            for index, value in enumerate(cells):
                colour = marks.colours.get((source.title, number, index + 1))
                style = plain if colour is None else coloured[colour]
                _write_text(sheet, number - 1, index, value, style)
        for (title, row, column), text in comments.items():
            if title == source.title:
                size = {"author": MARK_AUTHOR, "width": COMMENT_WIDTH}
                size["height"] = comment_height(text)
                sheet.write_comment(row - 1, column - 1, text, size)
    book.close()
    return buffer.getvalue()


def _free_title(title: str, taken: set[str]) -> str:
    """Return the title as programs accept it, other than those taken, and note it as taken."""
    plain = _NOT_IN_TITLES.sub("_", title) or "_"
    number, free = 1, plain[:_TITLE_LENGTH]
    while free.casefold() in taken:
        number += 1
        mark = f" ({number})"
        free = plain[: _TITLE_LENGTH - len(mark)] + mark
    taken.add(free.casefold())
    return free


def _write_text(sheet: Any, row: int, column: int, value: CellValue, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_string(row, column, str(value), style)
