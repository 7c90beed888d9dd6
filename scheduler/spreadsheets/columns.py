"""What columns a sheet may have, and which column of a file is which, in any order and language."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.errors import Refused
from scheduler.spreadsheets.cells import (
    CellCode,
    CellValue,
    column_letter,
    shortened,
    text_of,
    trimmed,
)

Texts = Mapping[str, str]
"""A text per locale code; `en` is always there."""

HEADING_ROWS = 10
"""Headings are looked for in so many rows, below titles that people put above them."""

# Without brackets inside: each one begins a match anew, and none is looked at twice.
_BRACKETED = re.compile(r"[(\uff08\[][^()\uff08\uff09\[\]]*[)\uff09\]]")
_BRACKETS = re.compile(r"[()\uff08\uff09\[\]]")
_DECORATION = re.compile(r"[\s*＊:：_/.\-]+")


def in_locale(texts: Texts, locale: str) -> str:
    """Return the text of the locale, English if there is none."""
    return texts.get(locale, texts["en"])


@dataclass(frozen=True)
class Choice:
    """One value of a drop-down: what is stored, what is shown, what else is understood."""

    value: str
    labels: Texts
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its key in the code, its headings, what it takes.

    `accepts` says in words what may be written; it stands beside the heading in entry workbooks.
    `list_from` names another sheet's column whose cells feed the drop-down.
    """

    key: str
    headings: Texts
    accepts: Texts
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    is_strict: bool = True
    list_from: tuple[str, str] | None = None
    width: int = 14
    example: str = ""

    def heading(self, locale: str) -> str:
        """Return the heading as written into workbooks of the locale."""
        return in_locale(self.headings, locale)

    @cached_property
    def known_headings(self) -> frozenset[str]:
        """Every folded heading that means this column."""
        return frozenset(fold_heading(h) for h in (*self.headings.values(), *self.aliases))

    @cached_property
    def value_by_choice(self) -> Mapping[str, str]:
        """Each folded way to write a choice, and the choice's value."""
        return {
            fold_choice(written): choice.value
            for choice in self.choices
            for written in (choice.value, *choice.labels.values(), *choice.aliases)
        }

    def choice_of(self, value: CellValue) -> str | None:
        """Return the value of the choice in the cell, None if it is blank."""
        text = text_of(value)
        if text is None:
            return None
        known = self.value_by_choice.get(fold_choice(text))
        if known is None:
            raise Refused(CellCode.NOT_A_CHOICE, shown=text)
        return known

    def label(self, value: str, locale: str) -> str:
        """Return what entry workbooks show for a choice's value."""
        return next(in_locale(c.labels, locale) for c in self.choices if c.value == value)


@dataclass(frozen=True)
class SheetPlan:
    """A sheet as this house writes it: its title and its columns in order."""

    key: str
    titles: Texts
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()

    def title(self, locale: str) -> str:
        """Return the sheet's title in workbooks of the locale."""
        return in_locale(self.titles, locale)

    def column(self, key: str) -> Column:
        """Return the column of that key."""
        return self._column_by_key[key]

    @cached_property
    def _column_by_key(self) -> Mapping[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def column_by_heading(self) -> Mapping[str, Column]:
        """Each folded heading and its column."""
        return {heading: c for c in self.columns for heading in c.known_headings}

    def column_headed(self, heading: str) -> Column | None:
        """Return the column that a file's heading means, with its bracketed remark or without."""
        # 姓名(拼音) is another column than 姓名, and 姓名(必填) is not.
        attempts = (heading, _BRACKETS.sub("", heading), _BRACKETED.sub("", heading))
        known = (self.column_by_heading.get(fold_heading(attempt)) for attempt in attempts)
        return next((column for column in known if column is not None), None)


@dataclass(frozen=True)
class ExtraColumn:
    """A column of a file that no plan knows; it is reported and not read."""

    index: int
    heading: str

    @property
    def letter(self) -> str:
        """The column as the spreadsheet program shows it."""
        return column_letter(self.index)


@dataclass(frozen=True)
class HeadingMatch:
    """Where a file's headings are, and which column is which (positions count from 0)."""

    row: int
    position_by_key: Mapping[str, int]
    written: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[Column, ...] = ()
    repeated: tuple[ExtraColumn, ...] = ()
    extra: tuple[ExtraColumn, ...] = ()


def fold_heading(text: str) -> str:
    """Return a heading without case, width, spaces, stars, colons and dashes."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", trimmed(text)).casefold())


def fold_choice(text: str) -> str:
    """Return a choice as it is compared: no case, width or spaces."""
    if not text.isascii():  # NFKC leaves ASCII as it is
        text = unicodedata.normalize("NFKC", text)
    return "".join(text.casefold().split())


def find_headings(rows: Iterable[Sequence[CellValue]], plan: SheetPlan) -> HeadingMatch | None:
    """Return the row that matches the plan's headings best, None if no row has two of them."""
    best: HeadingMatch | None = None
    for number, cells in zip(range(1, HEADING_ROWS + 1), rows, strict=False):
        match = _match(number, cells, plan)
        if best is None or len(match.position_by_key) > len(best.position_by_key):
            best = match
    least = min(2, len(plan.columns))
    return best if best is not None and len(best.position_by_key) >= least else None


def _match(number: int, cells: Sequence[CellValue], plan: SheetPlan) -> HeadingMatch:
    position_by_key: dict[str, int] = {}
    written: dict[str, str] = {}
    repeated: list[ExtraColumn] = []
    extra: list[ExtraColumn] = []
    for index, heading in _headings(cells):
        column = plan.column_headed(heading)
        if column is None:
            extra.append(ExtraColumn(index, shortened(heading)))
        elif column.key in position_by_key:
            repeated.append(ExtraColumn(index, shortened(heading)))
        else:
            position_by_key[column.key] = index
            written[column.key] = shortened(heading)
    missing = tuple(c for c in plan.columns if c.is_required and c.key not in position_by_key)
    return HeadingMatch(number, position_by_key, written, missing, tuple(repeated), tuple(extra))


def _headings(cells: Sequence[CellValue]) -> Iterator[tuple[int, str]]:
    for index, value in enumerate(cells):
        if isinstance(value, str) and trimmed(value):
            yield index, trimmed(value)
