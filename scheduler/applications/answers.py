"""One answer to a coordinator's field: read from a cell or an input, and written again. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from scheduler.errors import Refused
from scheduler.people.dates import parse_date
from scheduler.programmes.form_fields import FieldKind, FieldSpec
from scheduler.spreadsheets.cells import (
    EXACT_DIGITS,
    CellCode,
    CellValue,
    limited,
    required_text_of,
    text_of,
)
from scheduler.spreadsheets.columns import fold_choice, in_locale
from scheduler.spreadsheets.durations import duration_text, parse_duration

LONGEST_TEXT = 400
"""So many characters has an answer in words, unless the field says otherwise."""
LONGEST_ADDRESS = 500

_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class AnswerCode(StrEnum):
    """What can be wrong with an answer; sentences in `applications.roster_texts`."""

    NOT_A_NUMBER = "answer_not_a_number"
    NUMBER_TOO_SMALL = "answer_number_too_small"
    NUMBER_TOO_LARGE = "answer_number_too_large"
    NOT_A_LINK = "answer_not_a_link"
    HOST_NOT_ALLOWED = "answer_host_not_allowed"
    NOBODY_OF_THIS_NAME = "answer_nobody_of_this_name"
    MISSING = "answer_missing"


@dataclass(frozen=True)
class Surroundings:
    """What answers refer to: the school's adults (reference, name), and hosts of videos."""

    adults: tuple[tuple[str, str], ...] = ()
    hosts: frozenset[str] = frozenset()
    counts_from_1904: bool = False


NOTHING_AROUND = Surroundings()


def read_answer(spec: FieldSpec, value: CellValue, around: Surroundings) -> str | None:
    """Return the answer as it is stored, None if the cell is blank; raises `Refused`."""
    return _READERS[spec.kind](spec, value, around)


def written_answer(spec: FieldSpec, stored: str, around: Surroundings, locale: str) -> str:
    """Return a stored answer as workbooks and pages show it; `read_answer` reads it again."""
    match spec.kind:
        case FieldKind.CHOICE:
            return next(
                (in_locale(o.names, locale) for o in spec.options if o.code == stored), stored
            )
        case FieldKind.DURATION:
            return duration_text(int(stored))
        case FieldKind.PERSON:
            return next((name for ref, name in around.adults if ref == stored), stored)
        case _:
            return stored


def is_allowed_host(host: str, hosts: Iterable[str]) -> bool:
    """Tell whether a host is one of the list or below one of them."""
    return any(host == each or host.endswith(f".{each}") for each in hosts)


def _text(spec: FieldSpec, value: CellValue, _around: Surroundings) -> str | None:
    text = text_of(value)
    if text is None:
        return None
    # What turns the writing direction of pages after it is left out, as in the house's own fields.
    text = text_of(_DIRECTIONS.sub("", text))
    return None if text is None else limited(text, int(spec.most or LONGEST_TEXT))


def _number(spec: FieldSpec, value: CellValue, _around: Surroundings) -> str | None:
    text = text_of(value)
    if text is None:
        return None
    folded = unicodedata.normalize("NFKC", text)
    if not _NUMBER.fullmatch(folded) or sum(map(str.isdigit, folded)) > EXACT_DIGITS:
        raise Refused(AnswerCode.NOT_A_NUMBER, shown=text)
    number = Decimal(folded)
    if spec.least is not None and number < Decimal(str(spec.least)):
        raise Refused(AnswerCode.NUMBER_TOO_SMALL, least=plain_number(spec.least))
    if spec.most is not None and number > Decimal(str(spec.most)):
        raise Refused(AnswerCode.NUMBER_TOO_LARGE, most=plain_number(spec.most))
    return plain_number(number)


def plain_number(number: float | Decimal) -> str:
    """Return a number without needless zeros and without an exponent."""
    text = f"{Decimal(str(number)):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _choice(spec: FieldSpec, value: CellValue, _around: Surroundings) -> str | None:
    text = text_of(value)
    if text is None:
        return None
    known = _code_by_label(spec).get(fold_choice(text))
    if known is None:
        raise Refused(CellCode.NOT_A_CHOICE, shown=text)
    return known


def _date(_spec: FieldSpec, value: CellValue, around: Surroundings) -> str | None:
    if value is None or (isinstance(value, str) and text_of(value) is None):
        return None
    if isinstance(value, str):
        value = required_text_of(value)
    return parse_date(value, counts_from_1904=around.counts_from_1904).isoformat()


def _duration(_spec: FieldSpec, value: CellValue, _around: Surroundings) -> str | None:
    seconds = parse_duration(value)
    return None if seconds is None else str(seconds)


def _video(_spec: FieldSpec, value: CellValue, around: Surroundings) -> str | None:
    text = text_of(value)
    if text is None:
        return None
    limited(text, LONGEST_ADDRESS)
    try:
        parts = urlsplit(text)
        host, has_port = (parts.hostname or "").rstrip("."), parts.port is not None
    except ValueError:
        raise Refused(AnswerCode.NOT_A_LINK) from None
    is_plain = text.isprintable() and not any(map(str.isspace, text)) and "\\" not in text
    if parts.scheme != "https" or not host or parts.username or has_port or not is_plain:
        raise Refused(AnswerCode.NOT_A_LINK)
    if not is_allowed_host(host, around.hosts):
        raise Refused(AnswerCode.HOST_NOT_ALLOWED, shown=host)
    return text


def _person(_spec: FieldSpec, value: CellValue, around: Surroundings) -> str | None:
    text = text_of(value)
    if text is None:
        return None
    wanted = fold_choice(text)
    for ref, name in around.adults:
        if wanted in {fold_choice(name), fold_choice(ref)}:
            return ref
    raise Refused(AnswerCode.NOBODY_OF_THIS_NAME, shown=text)


def _file(_spec: FieldSpec, value: CellValue, _around: Surroundings) -> str | None:
    """Files come by their own page; a form or a workbook only ever repeats what is stored."""
    return text_of(value)


@lru_cache(maxsize=256)
def _folded(labels: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return {fold_choice(label): code for label, code in labels}


def _code_by_label(spec: FieldSpec) -> Mapping[str, str]:
    """Return each way to write an option; retired ones are understood where they still stand."""
    return _folded(
        tuple(
            (label, option.code)
            for option in spec.options
            for label in (option.code, *option.names.values())
        )
    )


_READERS: Mapping[FieldKind, Callable[[FieldSpec, CellValue, Surroundings], str | None]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.DATE: _date,
    FieldKind.DURATION: _duration,
    FieldKind.VIDEO: _video,
    FieldKind.PERSON: _person,
    FieldKind.FILE: _file,
}
