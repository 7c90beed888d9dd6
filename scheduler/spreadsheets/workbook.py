"""Reads an uploaded .xlsx or .csv as plain cells, refusing whatever is not safe to open.

Macros, external links, images, comments and styles are never read. A formula counts as the result
that its program stored. What the cells mean is not known here.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from xml.parsers.expat import ExpatError

from openpyxl.utils.datetime import CALENDAR_MAC_1904

from scheduler.errors import Refused
from scheduler.spreadsheets.archives import check_kind, check_parts
from scheduler.spreadsheets.cells import CellValue
from scheduler.spreadsheets.limits import Limits, WorkbookCode
from scheduler.spreadsheets.package import Dates, SheetPart, read_package
from scheduler.spreadsheets.separated import read_separated
from scheduler.spreadsheets.sheet_xml import read_cells, read_strings

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
        package = read_package(archive, limits)
        strings: list[str] = []
        if package.strings is not None and package.sheets:
            with archive.open(package.strings) as source:
                strings = read_strings(source)
        return tuple(
            _read_sheet(archive, part, strings, package.dates, limits) for part in package.sheets
        )


def _read_sheet(
    archive: zipfile.ZipFile, part: SheetPart, strings: list[str], dates: Dates, limits: Limits
) -> Sheet:
    with archive.open(part.path) as source:
        rows = read_cells(source, part.title, strings, dates, limits)
    return Sheet(
        title=part.title,
        rows=tuple((number, tuple(rows[number])) for number in sorted(rows)),
        is_hidden=part.is_hidden,
        counts_from_1904=dates.epoch == CALENDAR_MAC_1904,
    )
