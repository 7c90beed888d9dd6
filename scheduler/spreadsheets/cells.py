"""Values of single cells and what can be wrong with one; knows nothing of files or meanings.

A parser takes what a reader found in a cell and returns a value or raises `Refused` with a
`CellCode`; the caller turns that into a `CellProblem`, which says where.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from openpyxl.utils import get_column_letter

from scheduler.errors import Refused

CellValue: TypeAlias = (
    str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
)
Fact: TypeAlias = str | int

EXACT_DIGITS = 15
"""Spreadsheet programs keep fifteen digits of a number and write zeros for the rest."""

ERROR_VALUES = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)

LONGEST_TEXT = 5_000
"""Characters of a cell that are read; no column takes so many."""

_SHOWN_LENGTH = 60
# Control characters but tab and line breaks, halves of characters, and what is none.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d{2,3}", re.IGNORECASE)
_INVISIBLE = "\u200b\u2060\ufeff"
_EDGES = f" \t\r\n\u00a0\u3000{_INVISIBLE}"
_EDGE_CHARACTERS = frozenset(_EDGES)


class CellCode(StrEnum):
    """What can be wrong with a cell whatever it means."""

    MISSING = "cell_missing"
    DIGITS_LOST = "cell_digits_lost"
    BECAME_DATE = "cell_became_date"
    ERROR_VALUE = "cell_error_value"
    FORMULA_WITHOUT_RESULT = "cell_formula_without_result"
    TOO_LONG = "cell_too_long"
    UNWRITABLE = "cell_unwritable"
    NOT_A_CHOICE = "cell_not_a_choice"
    NOT_A_DURATION = "cell_not_a_duration"


class Severity(StrEnum):
    """An error stops the import; a warning is shown and can be confirmed."""

    ERROR = "error"
    WARNING = "warning"


class FormulaWithoutResult(str):
    """Stands for a formula whose result the writing program did not store."""

    __slots__ = ()


class UnacceptedText(str):
    """Stands for a text that nothing may store: the parser of any column refuses it.

    What it shows is short and writable, so that it can be reported.
    """

    __slots__ = ("refusal",)

    refusal: Refused

    @classmethod
    def of(cls, text: str, refusal: Refused) -> "UnacceptedText":
        """Return what stands for the text."""
        made = cls(shortened(_UNWRITABLE.sub("\ufffd", text[: _SHOWN_LENGTH + 1])))
        made.refusal = refusal
        return made


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Something wrong at one place of a workbook; `code` and `facts` become a sentence later.

    `row` counts from 1 as the spreadsheet program shows it; `column` counts from 0 and is None
    when the whole row is meant; `row` 0 means the whole sheet. Long facts are shortened.
    """

    sheet: str
    row: int
    column: int | None
    heading: str
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        # One long text can stand in every cell of a workbook; here it is repeated for each.
        facts = {
            name: shortened(fact) if isinstance(fact, str) else fact
            for name, fact in self.facts.items()
        }
        object.__setattr__(self, "facts", facts)

    @property
    def letter(self) -> str:
        """The column as the spreadsheet program shows it, empty for a whole row."""
        return "" if self.column is None else column_letter(self.column)

    @property
    def place(self) -> str:
        """The cell as the spreadsheet program shows it, such as C12."""
        return f"{self.letter}{self.row or ''}"

    @property
    def is_error(self) -> bool:
        """Tell whether it stops the import."""
        return self.severity is Severity.ERROR

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "heading": self.heading,
            "code": str(self.code),
            "facts": dict(self.facts),
            "severity": str(self.severity),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "CellProblem":
        """Return the problem that `as_json` described."""
        return cls(**{**stored, "severity": Severity(stored["severity"])})


def column_letter(index: int) -> str:
    """Return A for 0, B for 1 and so on."""
    return get_column_letter(index + 1)


def trimmed(text: str) -> str:
    """Return the text without spaces at its ends, be they narrow, wide, fixed or invisible."""
    if not text or (text[0] not in _EDGE_CHARACTERS and text[-1] not in _EDGE_CHARACTERS):
        return text
    return text.strip(_EDGES)


def shortened(text: str) -> str:
    """Return the begin of a text that is too long to be repeated in a sentence."""
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 1]}…"


def read_text(text: str) -> str:
    """Return a cell's text as read from a file, or what stands for one that cannot be accepted.

    Files can hold what their programs cannot show: texts of megabytes, and control characters or
    halves of characters, which no database and no page takes.
    """
    if len(text) > LONGEST_TEXT:
        refusal = Refused(CellCode.TOO_LONG, length=len(text), longest=LONGEST_TEXT)
        return UnacceptedText.of(text, refusal)
    if not text.isprintable() and _UNWRITABLE.search(text):
        return UnacceptedText.of(text, Refused(CellCode.UNWRITABLE))
    return text


def text_of(value: CellValue) -> str | None:
    """Return a cell's text trimmed, None if it is blank.

    A whole number becomes its digits. Raises `Refused` for a number of more than fifteen digits
    (the program has already replaced the last ones), for text the program took for a date, for an
    error value, for a formula without a stored result, and for text that nothing can store.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _written_text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value)
    raise Refused(CellCode.BECAME_DATE, shown=str(value))


def required_text_of(value: CellValue) -> str:
    """Return the text of a cell that may not be blank."""
    text = text_of(value)
    if text is None:
        raise Refused(CellCode.MISSING)
    return text


def limited(text: str, longest: int) -> str:
    """Return the text if it has at most so many characters (code points)."""
    if len(text) > longest:
        raise Refused(CellCode.TOO_LONG, length=len(text), longest=longest)
    return text


def _written_text(value: str) -> str | None:
    if isinstance(value, FormulaWithoutResult):
        raise Refused(CellCode.FORMULA_WITHOUT_RESULT)
    if isinstance(value, UnacceptedText):
        raise Refused(value.refusal.code, **value.refusal.facts)
    text = trimmed(value)
    if not text:
        return None
    if text[0] == "#" and text in ERROR_VALUES:
        raise Refused(CellCode.ERROR_VALUE, shown=text)
    if text[0].isdigit() and _SCIENTIFIC.fullmatch(text):
        raise Refused(CellCode.DIGITS_LOST, shown=text, digits=EXACT_DIGITS)
    return text


def _number_text(value: float) -> str:
    if not float(value).is_integer():
        return repr(value)
    if abs(value) >= 10**EXACT_DIGITS:
        raise Refused(CellCode.DIGITS_LOST, shown=f"{value:.5E}", digits=EXACT_DIGITS)
    return str(int(value))
