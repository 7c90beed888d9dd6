"""Reads the cells of a sheet and the shared strings straight from their XML, in one pass.

openpyxl builds an element for every cell and every string; a roster of ten thousand rows is read
here in less than half of that time, limits hold while reading and not after it, merged ranges and
formulas without a result are seen on the way.
"""

import re
from bisect import bisect_right
from typing import IO, TYPE_CHECKING

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from scheduler.errors import Refused
from scheduler.spreadsheets.cells import CellValue, FormulaWithoutResult, read_text, trimmed
from scheduler.spreadsheets.limits import LAST_ROW, Limits, WorkbookCode
from scheduler.spreadsheets.package import Dates
from scheduler.spreadsheets.xml_parts import Attributes, read_part, without_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_HEADING_ROWS = 10


def read_strings(source: IO[bytes]) -> list[str]:
    """Return the workbook's shared strings, without the readings that Japanese text may carry."""
    reader = _StringReader()
    _parse(source, reader)
    return reader.strings


def read_cells(
    source: IO[bytes], title: str, strings: list[str], dates: Dates, limits: Limits
) -> dict[int, list[CellValue]]:
    """Return the rows that hold anything by number, each a list of `limits.columns` values."""
    reader = _SheetReader(title, strings, dates, limits)
    _parse(source, reader)
    reader.spread_merged_values()
    return reader.rows


def _parse(source: IO[bytes], reader: "_Reader") -> None:
    read_part(source, start=reader.start, end=reader.end, text=reader.text)


class _Reader:
    """Collects the text of `t` (and `v`) elements; knows phonetic readings and prefixes."""

    collected = frozenset({"t"})

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._collects = False
        self._in_reading = False

    def start(self, name: str, attributes: Attributes) -> None:
        name = without_prefix(name)
        if name in self.collected:
            self._collects = not self._in_reading
        elif name == "rPh":
            self._in_reading = True
        else:
            self.begin(name, attributes)

    def text(self, content: str) -> None:
        if self._collects:
            self._parts.append(content)

    def end(self, name: str) -> None:
        name = without_prefix(name)
        if name in self.collected:
            self._collects = False
        elif name == "rPh":
            self._in_reading = False
        else:
            self.finish(name)

    def taken(self) -> str:
        """Return the text collected so far and begin anew."""
        parts = self._parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        self._parts = []
        return _ESCAPED.sub(_unescaped, text) if "_x" in text else text

    def begin(self, name: str, attributes: Attributes) -> None:
        raise NotImplementedError

    def finish(self, name: str) -> None:
        raise NotImplementedError


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


class _StringReader(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        pass

    def finish(self, name: str) -> None:
        if name == "si":
            self.strings.append(read_text(self.taken()))


class _SheetReader(_Reader):
    collected = frozenset({"t", "v"})

    def __init__(self, title: str, strings: list[str], dates: Dates, limits: Limits) -> None:
        super().__init__()
        self.rows: dict[int, list[CellValue]] = {}
        self._title = title
        self._limits = limits
        self._number = 0
        self._index = -1
        self._cell: Attributes = {}
        self._has_formula = False
        self._index_by_letters: dict[str, int] = {}
        self._merged: list[tuple[int, int, int]] = []
        self._strings = strings
        self._of = _Values(dates).of

    def start(self, name: str, attributes: Attributes) -> None:
        # Cells and their values are nearly all there is: they come first, the rest after.
        if name == "c":
            self._cell = attributes
            self._parts = []
            self._has_formula = False
        elif name == "v":
            self._collects = True
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "v":
            self._collects = False
        elif name == "c":
            self.finish(name)
        else:
            super().end(name)

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._number = int(attributes.get("r") or self._number + 1)
            self._index = -1
            if not 0 < self._number <= LAST_ROW:
                raise Refused(WorkbookCode.DAMAGED)
        elif name == "f":
            self._has_formula = True
        elif name == "c":  # with a prefix
            self.start(name, attributes)
        elif name == "mergeCell":
            self._note_merged(attributes.get("ref", ""))

    def finish(self, name: str) -> None:
        if name != "c":
            return
        cell = self._cell
        reference = cell.get("r")
        self._index = self._column(reference) if reference else self._index + 1
        if self._parts:
            text = self.taken()
            self._store(self._strings[int(text)] if cell.get("t") == "s" else self._of(text, cell))
        elif self._has_formula:
            self._store(FormulaWithoutResult("="))

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        index = self._index_by_letters.get(letters)
        if index is None:
            index = column_index_from_string(letters) - 1
            self._index_by_letters[letters] = index
        return index

    def _store(self, value: CellValue) -> None:
        limits = self._limits
        if self._index >= limits.columns:
            self._check_width(value)
            return
        row = self.rows.get(self._number)
        if row is None:
            if len(self.rows) == limits.rows:
                raise Refused(WorkbookCode.TOO_MANY_ROWS, most=limits.rows, sheet=self._title)
            row = self.rows[self._number] = [None] * limits.columns
        row[self._index] = value

    def _check_width(self, value: CellValue) -> None:
        """Refuse headings to the right of what is read, so that nothing is left out in silence."""
        if self._number <= _HEADING_ROWS and isinstance(value, str) and trimmed(value):
            most = self._limits.columns
            raise Refused(WorkbookCode.TOO_MANY_COLUMNS, most=most, sheet=self._title)

    def _note_merged(self, reference: str) -> None:
        found = _REFERENCE.findall(reference)
        if len(found) == 2 and found[0][0] == found[1][0]:  # noqa: PLR2004 - first and last cell
            (letters, top), (_, bottom) = found
            self._merged.append((self._column(letters), int(top), int(bottom)))

    def spread_merged_values(self) -> None:
        """Give a value that was merged down a column to every row it covers, as people see it.

        Each row of a column takes part in one range at most, so that the work is bounded by the
        cells there are, however many ranges a file declares.
        """
        numbers = sorted(self.rows)
        done_to: dict[int, int] = {}
        for index, top, bottom in sorted(self._merged):
            first = self.rows.get(top)
            if first is None or index >= self._limits.columns or top <= done_to.get(index, 0):
                continue
            done_to[index] = bottom
            for number in numbers[bisect_right(numbers, top) : bisect_right(numbers, bottom)]:
                covered = self.rows[number]
                if covered[index] is None:
                    covered[index] = first[index]


class _Values:
    """Turns a cell's text into its value by the cell's type and style."""

    def __init__(self, dates: Dates) -> None:
        self._dates = dates
        self._of_type: Mapping[str, Callable[[str], CellValue]] = {
            "str": read_text,
            "inlineStr": read_text,
            "e": read_text,
            "b": lambda text: text.strip() in {"1", "true"},
            "d": _moment,
        }

    def of(self, text: str, cell: Attributes) -> CellValue:
        convert = self._of_type.get(cell.get("t", "n"))
        return self._number(text, cell) if convert is None else convert(text)

    def _number(self, text: str, cell: Attributes) -> CellValue:
        number = _number(text)
        style = int(cell.get("s", 0))
        if style not in self._dates.styles:
            return number
        try:
            moment: CellValue = from_excel(
                number, self._dates.epoch, timedelta=style in self._dates.length_styles
            )
        except (OverflowError, ValueError):
            return "#VALUE!"  # what the program shows for such a number as well
        return moment


def _moment(text: str) -> CellValue:
    moment: CellValue = from_ISO8601(text.strip())  # type: ignore[no-untyped-call]
    return moment


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)
