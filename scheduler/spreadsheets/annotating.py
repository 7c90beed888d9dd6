"""Marks the bad cells in people's own workbook, as a program of its own with limits.

openpyxl opens a workbook whole, and ranges of a few bytes (a merged one, a link's, a comment's)
can make it fill every cell there is. So that costs this program its life and nobody else theirs:
`marking` runs it, gives it the workbook and the marks, and does without it if it fails.
"""

import io
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from scheduler import paths

MARK_AUTHOR = "Ambassador Scheduler"
"""Comments of this author are ours: they go when the workbook is marked again."""

COMMENT_WIDTH = 320
_LINE_HEIGHT, _LINE_CHARACTERS = 20, 34

_MEMORY_MEGABYTES = 1536
_PROCESSOR_SECONDS = 120
_WALL_SECONDS = 300

Place = tuple[str, int, int]


@dataclass(frozen=True)
class Annotation:
    """What is written into a workbook: colours and comments by place, and the list in front."""

    title: str
    known_titles: Sequence[str]
    lines: Sequence[Sequence[str]]
    colours: Sequence[tuple[Place, str]]
    comments: Sequence[tuple[Place, str]]


def annotated(content: bytes, annotation: Annotation) -> bytes | None:
    """Return the annotated workbook, None if it cannot be opened and saved within the limits."""
    command = [sys.executable, "-m", "scheduler.spreadsheets.annotating"]
    path = os.pathsep.join(filter(None, [str(paths.PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    order = json.dumps(asdict(annotation)).encode() + b"\n" + content
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command,
            input=order,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            timeout=_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def main() -> int:
    """Annotate the workbook on standard input within the limits; 1 if openpyxl cannot."""
    _limit_this_process()
    order, _, content = sys.stdin.buffer.read().partition(b"\n")
    try:
        sys.stdout.buffer.write(_annotated(content, Annotation(**json.loads(order))))
    except Exception:  # noqa: BLE001 - a picture or chart it cannot read, or too little memory
        return 1
    return 0


def comment_height(text: str) -> int:
    """Return how many pixels a comment needs."""
    lines = sum(1 + len(line) // _LINE_CHARACTERS for line in text.splitlines())
    return _LINE_HEIGHT * (lines + 1)


def _limit_this_process() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Unix alone has it

    memory = int(os.environ.get("ANNOTATION_MEMORY_MEGABYTES") or _MEMORY_MEGABYTES) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))


def _annotated(content: bytes, annotation: Annotation) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
        _remove_marks(book, annotation.known_titles)
        _mark_cells(book, annotation)
        _add_list(book, annotation)
        book.save(buffer)
    return buffer.getvalue()


def _remove_marks(book: Any, known_titles: Sequence[str]) -> None:
    for sheet in list(book.worksheets):
        if sheet.title in known_titles and len(book.worksheets) > 1:
            book.remove(sheet)
            continue
        # The cells there are: going through rows and columns would make all those between.
        for cell in sheet._cells.values():  # noqa: SLF001
            if cell.comment is not None and cell.comment.author == MARK_AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _mark_cells(book: Any, annotation: Annotation) -> None:
    fills = {
        colour: PatternFill("solid", start_color=colour, end_color=colour)
        for colour in {colour for _, colour in annotation.colours}
    }
    for place, colour in annotation.colours:
        _cell_at(book, place).fill = fills[colour]
    for place, text in annotation.comments:
        size = {"height": comment_height(text), "width": COMMENT_WIDTH}
        _cell_at(book, place).comment = Comment(text, MARK_AUTHOR, **size)


def _cell_at(book: Any, place: Place) -> Any:
    """Return the cell, or the one whose value covers it in a merged range."""
    title, row, column = place
    sheet = book[title]
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        merged = next(r for r in sheet.merged_cells.ranges if cell.coordinate in r)
        return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _add_list(book: Any, annotation: Annotation) -> None:
    sheet = book.create_sheet(annotation.title, 0)
    for line in annotation.lines:
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


if __name__ == "__main__":
    sys.exit(main())
