"""Lines that were pasted from a spreadsheet: read, and told cell by cell what is wrong. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_WISHES = 10

_MARKS = ("\t", "；", ";", "，", ",", "、")


class Says(StrEnum):
    """What pasted lines say about those who take part."""

    WISHES = "wishes"
    BARRED = "barred"
    TOGETHER = "together"
    APART = "apart"


SETS = frozenset({Says.TOGETHER, Says.APART})


class CellProblem(StrEnum):
    """Why a cell cannot be taken."""

    NOBODY = "nobody"
    SEVERAL = "several"
    NO_OPTION = "no_option"
    REPEATED = "repeated"
    TOO_MANY = "too_many"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and what is wrong with it."""

    text: str
    problem: CellProblem | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its number in what was pasted, from 1; `refs` and `options` are what it says."""

    number: int
    cells: tuple[Cell, ...]
    refs: tuple[str, ...]
    options: tuple[int, ...]

    @property
    def is_wrong(self) -> bool:
        """Tell whether a cell of it cannot be taken."""
        return any(cell.problem for cell in self.cells)


@dataclass(frozen=True)
class Known:
    """What cells may say, in small letters: refs by name or reference, options by code or name."""

    refs: Mapping[str, Sequence[str]]
    options: Mapping[str, int]


def read_sheet(text: str, says: Says, known: Known) -> list[Line]:
    """Return the lines that say something; a first one of headings is passed over.

    Cells are parted by tabs as they come from a spreadsheet, or by semicolons or commas. A line
    about wishes begins with who has them; in a line about a set everybody is named.
    """
    rows = [(number, cells) for number, cells in _rows(text) if any(cells)]
    if rows and _is_heading(rows[0][1], known):
        del rows[0]
    if says in SETS:
        return [_set_line(number, cells, known) for number, cells in rows]
    seen = Counter(cells[0].casefold() for _number, cells in rows)
    return [_wish_line(number, cells, known, seen) for number, cells in rows]


def fold(text: str) -> str:
    """Return a text as names and codes are compared: small letters, single blanks."""
    return " ".join(text.split()).casefold()


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        mark = next((each for each in _MARKS if each in line), "\t")
        yield number, [" ".join(cell.split()) for cell in line.split(mark)]


def _is_heading(cells: list[str], known: Known) -> bool:
    words = {fold(cell) for cell in cells}
    return words.isdisjoint(known.refs) and words.isdisjoint(known.options)


def _wish_line(number: int, cells: list[str], known: Known, seen: Counter[str]) -> Line:
    who, refs = _person(cells[0], known)
    if who.problem is None and seen[cells[0].casefold()] > 1:
        who = Cell(who.text, CellProblem.REPEATED)
    told: list[Cell] = []
    options: list[int] = []
    for text in cells[1:]:
        option = known.options.get(fold(text)) if text else None
        problem = _wish_problem(text, option, options)
        told.append(Cell(text, problem))
        if option is not None and problem is None:
            options.append(option)
    return Line(number, (who, *told), refs, tuple(options))


def _wish_problem(text: str, option: int | None, before: list[int]) -> CellProblem | None:
    if not text:
        return None
    if option is None:
        return CellProblem.NO_OPTION
    if option in before:
        return CellProblem.REPEATED
    return CellProblem.TOO_MANY if len(before) >= MOST_WISHES else None


def _set_line(number: int, cells: list[str], known: Known) -> Line:
    told: list[Cell] = []
    refs: list[str] = []
    for text in filter(None, cells):
        cell, found = _person(text, known)
        if found and found[0] in refs:
            cell = Cell(text, CellProblem.REPEATED)
        told.append(cell)
        refs.extend(found)
    if len(told) == 1 and told[0].problem is None:
        told[0] = Cell(told[0].text, CellProblem.ALONE)
    return Line(number, tuple(told), tuple(refs), ())


def _person(text: str, known: Known) -> tuple[Cell, tuple[str, ...]]:
    found = known.refs.get(fold(text), ())
    if len(found) == 1:
        return Cell(text), tuple(found)
    return Cell(text, CellProblem.SEVERAL if found else CellProblem.NOBODY), ()
