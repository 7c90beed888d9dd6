"""Reads an uploaded .xlsx or .csv as plain cells, refusing whatever is not safe to open.

Macros, external links, images, comments and styles are never read. A formula counts as the result
that its program stored. What the cells mean is not known here.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml.constants import SHARED_STRINGS

from scheduler.errors import Refused
from scheduler.spreadsheets.archives import check_kind, check_parts
from scheduler.spreadsheets.cells import CellValue
from scheduler.spreadsheets.limits import Limits, WorkbookCode
from scheduler.spreadsheets.separated import read_separated
from scheduler.spreadsheets.sheet_xml import Dates, read_cells, read_strings

Row = tuple[int, tuple[CellValue, ...]]


class FileKind(StrEnum):
    """How the rows came."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class Sheet:
    """A sheet's rows that hold anything, each with its number as the program shows it."""

    title: str
    rows: tuple[Row, ...]
    is_hidden: bool = False
    counts_from_1904: bool = False


@dataclass(frozen=True)
class Workbook:
    """What was read, and as which encoding if it was text."""

    kind: FileKind
    sheets: tuple[Sheet, ...]
    encoding: str = ""


def read_workbook(
    content: bytes, *, limits: Limits | None = None, known_headings: frozenset[str] = frozenset()
) -> Workbook:
    """Return the cells of an uploaded file; what it is, is seen from its content, not its name.

    `known_headings` help to tell GB18030 from Big5. Raises `Refused` with a `WorkbookCode` for a
    file that is empty, too large (also when unpacked), encrypted, damaged, or of another kind.
    """
    limits = limits or Limits()
    if len(content) > limits.file_bytes:
        raise Refused(WorkbookCode.TOO_LARGE, megabytes=limits.file_bytes // 2**20)
    if not content.strip(b"\x00 \r\n\t"):
        raise Refused(WorkbookCode.EMPTY)
    check_kind(content)
    if content.startswith(b"PK"):
        with _told_plainly():
            return Workbook(FileKind.XLSX, _read_xlsx(content, limits))
    text = read_separated(content, limits, known_headings)
    return Workbook(FileKind.CSV, (Sheet("CSV", text.rows),), text.encoding)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn whatever a malformed file makes the libraries raise into one refusal."""
    try:
        with warnings.catch_warnings():
            # openpyxl warns of features it skips (validation extensions, odd dates, no styles);
            # none of them concerns the cells' values.
            warnings.simplefilter("ignore")
            yield
    except Refused:
        raise
    except (
        zipfile.BadZipFile,
        ArithmeticError,
        AttributeError,
        EOFError,
        ExpatError,
        LookupError,
        NotImplementedError,
        OSError,
        ParseError,
        RecursionError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as cause:
        raise Refused(WorkbookCode.DAMAGED) from cause
    except Exception as cause:
        # zlib.error derives from Exception alone; openpyxl's own errors do as well.
        if type(cause).__module__.split(".")[0] in {"zlib", "openpyxl"}:
            raise Refused(WorkbookCode.DAMAGED) from cause
        raise


def _read_xlsx(content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        check_parts(archive, limits)
    reader = _CellsOnly(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read()
        book: Any = reader.wb
        if len(book.worksheets) > limits.sheets:
            raise Refused(WorkbookCode.TOO_MANY_SHEETS, most=limits.sheets)
        # openpyxl keeps to itself which styles are dates and where a sheet's XML is.
        styles, lengths = book._date_formats, book._timedelta_formats  # noqa: SLF001
        dates = Dates(frozenset(styles), frozenset(lengths), book.epoch)
        return tuple(_read_sheet(reader, sheet, dates, limits) for sheet in book.worksheets)


class _CellsOnly(ExcelReader):
    """openpyxl's reader of the package, without what could fail and is never asked for."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = read_strings(source)

    def read_properties(self) -> None:
        pass

    def read_custom(self) -> None:
        pass

    def read_theme(self) -> None:
        pass

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        pass


def _read_sheet(reader: _CellsOnly, sheet: Any, dates: Dates, limits: Limits) -> Sheet:
    with reader.archive.open(sheet._worksheet_path) as source:  # noqa: SLF001
        rows = read_cells(source, sheet.title, reader.shared_strings, dates, limits)
    return Sheet(
        title=sheet.title,
        rows=tuple((number, tuple(rows[number])) for number in sorted(rows)),
        is_hidden=sheet.sheet_state != "visible",
        counts_from_1904=dates.epoch == CALENDAR_MAC_1904,
    )
