"""Reads text with separated values: finds out the encoding and the separator by what they give.

Programs on the mainland save CSV in GB18030, those in Hong Kong, Macao and Taiwan in Big5, newer
ones in UTF-8 with or without a mark; none of them says so in the file.
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

from scheduler.errors import Refused
from scheduler.spreadsheets.cells import CellValue, read_text, trimmed
from scheduler.spreadsheets.columns import fold_heading
from scheduler.spreadsheets.limits import Limits, WorkbookCode

SEPARATORS = ",;\t"
_SAMPLE_CHARACTERS = 20_000
_SAMPLE_BYTES = 200_000
_HEADING_WEIGHT = 50

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Python's big5hkscs knows the Hong Kong characters, its cp950 the euro sign; both read Big5.
_LEGACY = ("gb18030", "big5hkscs", "cp950")
# Lead and trail bytes of the everyday characters: level 1 of GB 2312 and of Big5, and punctuation.
_GB_EVERYDAY = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_BIG5_EVERYDAY = re.compile(rb"[\xa1-\xa3\xa4-\xc6][\x40-\x7e\xa1-\xfe]")
_FORCED_TEXT = re.compile(r'="(?P<text>[^"]*)"|\'(?P<digits>\d+)')


@dataclass(frozen=True)
class SeparatedText:
    """The rows that hold anything, with their numbers, and the encoding they were read in."""

    rows: tuple[tuple[int, tuple[CellValue, ...]], ...]
    encoding: str


def read_separated(
    content: bytes, limits: Limits, known_headings: frozenset[str] = frozenset()
) -> SeparatedText:
    """Return the rows of separated text. Raises `Refused` for bytes that are no text."""
    text, encoding = decode_text(content, known_headings)
    if "\x00" in text:
        raise Refused(WorkbookCode.UNREADABLE_TEXT)
    rows: list[tuple[int, tuple[CellValue, ...]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_separator(text))
    try:
        for number, cells in enumerate(reader, 1):
            if not any(cells):
                continue
            if len(rows) == limits.rows:
                raise Refused(WorkbookCode.TOO_MANY_ROWS, most=limits.rows, sheet="CSV")
            kept = _within(cells, limits)
            rows.append((number, tuple(_without_force(cell) for cell in kept)))
    except csv.Error as cause:
        raise Refused(WorkbookCode.DAMAGED) from cause
    return SeparatedText(tuple(rows), encoding)


def decode_text(content: bytes, known_headings: frozenset[str] = frozenset()) -> tuple[str, str]:
    """Return the text and the encoding it was in.

    A mark decides; then UTF-8, which other encodings hardly ever form by chance; then whichever of
    GB18030 and Big5 yields more everyday characters and known headings.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    candidates = [
        (_likelihood(content, text, encoding, known_headings), -rank, text, encoding)
        for rank, encoding in enumerate(_LEGACY)
        if (text := _attempted(content, encoding)) is not None
    ]
    if not candidates:
        raise Refused(WorkbookCode.UNREADABLE_TEXT)
    _, _, text, encoding = max(candidates)
    return text, encoding


def find_separator(text: str) -> str:
    """Return the separator that splits the first lines into most columns, alike in each line."""
    lines = text[:_SAMPLE_CHARACTERS].splitlines()[:10]
    return max(SEPARATORS, key=lambda separator: _evenness(lines, separator))


def _evenness(lines: list[str], separator: str) -> tuple[int, int]:
    widths = [len(row) for row in csv.reader(lines, delimiter=separator) if any(row)]
    if not widths:
        return (0, 0)
    usual = max(widths, key=widths.count)
    return (usual > 1) * widths.count(usual), usual


def _decoded(content: bytes, encoding: str) -> str:
    text = _attempted(content, encoding)
    if text is None:
        raise Refused(WorkbookCode.UNREADABLE_TEXT)
    return text


def _attempted(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def _likelihood(content: bytes, text: str, encoding: str, known_headings: frozenset[str]) -> float:
    """Rate a decoding: share of everyday characters, and headings that are then known."""
    pairs = _double_bytes(content[:_SAMPLE_BYTES])
    everyday = _GB_EVERYDAY if encoding == "gb18030" else _BIG5_EVERYDAY
    share = sum(1 for pair in pairs if everyday.fullmatch(pair)) / (len(pairs) or 1)
    strange = sum(1 for c in text[:_SAMPLE_CHARACTERS] if unicodedata.category(c) in {"Co", "Cn"})
    first = text[:_SAMPLE_CHARACTERS].splitlines()[:10]
    found = sum(
        fold_heading(cell.strip('"')) in known_headings
        for line in first
        for cell in re.split(f"[{SEPARATORS}]", line)
    )
    return found * _HEADING_WEIGHT + share - strange


def _double_bytes(content: bytes) -> list[bytes]:
    """Return the two-byte characters; four-byte ones of GB18030 count for neither encoding."""
    return re.findall(
        rb"[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|[\x81-\xfe][\x40-\xfe]", content
    )


def _without_force(cell: str) -> str | None:
    """Undo what people write to keep a program from turning digits into a number."""
    found = _FORCED_TEXT.fullmatch(trimmed(cell))
    if found:
        cell = found["text"] if found["text"] is not None else found["digits"]
    return read_text(cell) or None


def _within(cells: list[str], limits: Limits) -> list[str]:
    """Return the columns that are read; trailing separators of wide sheets are no columns."""
    if len(cells) > limits.columns and any(map(trimmed, cells[limits.columns :])):
        raise Refused(WorkbookCode.TOO_MANY_COLUMNS, most=limits.columns, sheet="CSV")
    return cells[: limits.columns]
