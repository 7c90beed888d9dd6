"""What a workbook says of itself: its sheets, where their XML lies, which styles are dates.

Read in passes that keep nothing else. openpyxl, which builds an object for every style and an
element for every cell of a sheet without dimensions, can be made to take gigabytes of memory by
an upload of some kilobytes.
"""

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from scheduler.errors import Refused
from scheduler.spreadsheets.limits import Limits, WorkbookCode
from scheduler.spreadsheets.xml_parts import Attributes, read_part, without_prefix

_MOST_RELATIONS = 2_000
_MOST_FORMATS = 100_000
"""Spreadsheet programs end at some 65,000."""
_FORMAT_LENGTH = 255
_TITLE_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Dates:
    """Which cell styles show numbers as dates or lengths of time, and since when days count."""

    styles: frozenset[int] = frozenset()
    length_styles: frozenset[int] = frozenset()
    epoch: Any = CALENDAR_WINDOWS_1900


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet and the part that holds its cells."""

    title: str
    path: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook without its cells; `strings` is the part with the shared texts."""

    sheets: tuple[SheetPart, ...]
    strings: str | None
    dates: Dates


def read_package(archive: zipfile.ZipFile, limits: Limits) -> Package:
    """Return what the workbook part, its relations and its styles say.

    Raises `Refused` for too many sheets, and for two sheets that share one part: no program
    writes such a workbook, and each mention would be read again.
    """
    names = frozenset(archive.namelist())
    path = _find_workbook(archive, names)
    relations = _relations_of(archive, names, path)
    book = _BookReader()
    with archive.open(path) as source:
        read_part(source, start=book.start)
    sheets = tuple(_sheets(book, relations, names, limits))
    if len({sheet.path for sheet in sheets}) < len(sheets):
        raise Refused(WorkbookCode.DAMAGED)
    styles = _part_of_kind(relations, "styles", names)
    epoch = CALENDAR_MAC_1904 if book.counts_from_1904 else CALENDAR_WINDOWS_1900
    dates = _dates(archive, styles, epoch)
    return Package(sheets, _part_of_kind(relations, "sharedStrings", names), dates)


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    path: str


def _find_workbook(archive: zipfile.ZipFile, names: frozenset[str]) -> str:
    found = _part_of_kind(_relations_of(archive, names, ""), "officeDocument", names)
    return found or "xl/workbook.xml"


def _part_of_kind(
    relations: Mapping[str, _Relation], kind: str, names: frozenset[str]
) -> str | None:
    paths = (each.path for each in relations.values() if each.kind == kind)
    return next((path for path in paths if path in names), None)


def _relations_of(
    archive: zipfile.ZipFile, names: frozenset[str], part: str
) -> dict[str, _Relation]:
    """Return the relations of a part (of the whole package for no part) by their id."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, _Relation] = {}

    def start(name: str, attributes: Attributes) -> None:
        if without_prefix(name) != "Relationship":
            return
        if len(found) == _MOST_RELATIONS:
            raise Refused(WorkbookCode.DAMAGED)
        target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
        kind = attributes.get("Type", "").rpartition("/")[2]
        found[attributes.get("Id", "")] = _Relation(kind, target.lstrip("/"))

    if path in names:
        with archive.open(path) as source:
            read_part(source, start=start)
    return found


class _BookReader:
    """Notes the sheets in their order: title, state, relation."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.counts_from_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        name = without_prefix(name)
        if name == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet":
            # The id's own prefix is any that stands for the relations' namespace.
            ids = (value for key, value in attributes.items() if key.endswith(":id"))
            title = attributes.get("name", "")
            if len(title) > _TITLE_LENGTH or len(self.sheets) == _MOST_RELATIONS:
                raise Refused(WorkbookCode.DAMAGED)
            self.sheets.append((title, attributes.get("state", "visible"), next(ids, "")))


def _sheets(
    book: _BookReader,
    relations: Mapping[str, _Relation],
    names: frozenset[str],
    limits: Limits,
) -> list[SheetPart]:
    """Return the worksheets whose part is there; charts and old macro sheets are none."""
    sheets: list[SheetPart] = []
    for title, state, key in book.sheets:
        if not key:
            continue  # old programs leave sheets without a relation behind
        relation = relations[key]
        if relation.kind != "worksheet" or relation.path not in names:
            continue
        if len(sheets) == limits.sheets:
            raise Refused(WorkbookCode.TOO_MANY_SHEETS, most=limits.sheets)
        if not relation.path.lower().endswith(".xml"):
            raise Refused(WorkbookCode.DAMAGED)
        sheets.append(SheetPart(title, relation.path, state != "visible"))
    return sheets


def _dates(archive: zipfile.ZipFile, styles: str | None, epoch: Any) -> Dates:
    if styles is None:
        return Dates(epoch=epoch)
    reader = _StyleReader()
    with archive.open(styles) as source:
        read_part(source, start=reader.start, end=reader.end)
    return reader.dates(epoch)


class _StyleReader:
    """Notes number formats by their id, and the number format of each cell style."""

    def __init__(self) -> None:
        self._depth = 0
        self._list = ""
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []

    def start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        name = without_prefix(name)
        if self._depth == 2:  # noqa: PLR2004 - the lists lie directly in the root
            self._list = name
        elif self._depth == 3:  # noqa: PLR2004 - and what they list, in them
            self._note(name, attributes)

    def end(self, _name: str) -> None:
        self._depth -= 1

    def _note(self, name: str, attributes: Attributes) -> None:
        number = int(attributes.get("numFmtId") or 0)
        if (self._list, name) == ("numFmts", "numFmt"):
            code = attributes.get("formatCode", "")
            # A longer one is no program's, and would be long to look at.
            self._codes[number] = code if len(code) <= _FORMAT_LENGTH else ""
        elif (self._list, name) == ("cellXfs", "xf"):
            self._formats.append(number)
        if max(len(self._codes), len(self._formats)) > _MOST_FORMATS:
            raise Refused(WorkbookCode.DAMAGED)

    def dates(self, epoch: Any) -> Dates:
        codes = {
            number: self._codes.get(number) or builtin_format_code(number)
            for number in set(self._formats)
        }
        moments = {number for number, code in codes.items() if is_date_format(code)}
        lengths = {number for number, code in codes.items() if is_timedelta_format(code)}
        return Dates(_places(self._formats, moments), _places(self._formats, lengths), epoch)


def _places(formats: list[int], wanted: set[int]) -> frozenset[int]:
    return frozenset(index for index, number in enumerate(formats) if number in wanted)
