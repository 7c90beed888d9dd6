"""Parsers of a roster's cells by column key: from what a reader or a form found to a value."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.applications.roster_choices import YES
from scheduler.applications.roster_group_columns import GROUP_SHEET, piece_keys
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.applications.roster_records import FieldProblem, Reading
from scheduler.errors import Refused
from scheduler.people.dates import check_birth_date, parse_date
from scheduler.people.identity import DocumentKind, PersonCode, Sex
from scheduler.people.names import clean_latin_name, clean_name
from scheduler.people.phones import parse_email, parse_phone
from scheduler.programmes.kinds import MOST_WORKS
from scheduler.spreadsheets.cells import (
    CellCode,
    CellValue,
    Severity,
    limited,
    required_text_of,
    text_of,
)
from scheduler.spreadsheets.durations import parse_duration


@dataclass(frozen=True, slots=True)
class Warned:
    """A value that is taken although something about it deserves a look."""

    value: Any
    problem: FieldProblem


Parser = Callable[[CellValue, Reading], Any]

MOST_NAMES = 20
_BETWEEN_NAMES = re.compile(r"[、;；\n]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _text(longest: int) -> Parser:
    def parse(value: CellValue, _reading: Reading) -> str | None:
        text = text_of(value)
        return None if text is None else limited(_in_order(text), longest) or None

    return parse


def _required_text(longest: int) -> Parser:
    def parse(value: CellValue, _reading: Reading) -> str:
        return limited(required_text_of(_in_order(required_text_of(value))), longest)

    return parse


def _in_order(text: str) -> str:
    """Leave out what would turn the writing direction of pages, mails and calendars after it."""
    return text if text.isascii() else _DIRECTIONS.sub("", text)


def _name(value: CellValue, _reading: Reading) -> str | None:
    text = text_of(value)
    return None if text is None else clean_name(text)


def _required_name(value: CellValue, _reading: Reading) -> str:
    return clean_name(required_text_of(value))


def _latin_name(value: CellValue, _reading: Reading) -> str | None:
    text = text_of(value)
    return None if text is None else clean_latin_name(text)


def _phone(key: str, *, is_required: bool) -> Parser:
    def parse(value: CellValue, reading: Reading) -> Any:
        text = required_text_of(value) if is_required else text_of(value)
        if text is None:
            return None
        phone = parse_phone(text, reading.country)
        if phone.is_assigned:
            return phone.number
        facts = {"shown": phone.number}
        problem = FieldProblem(key, PersonCode.PHONE_UNASSIGNED, facts, Severity.WARNING)
        return Warned(phone.number, problem)

    return parse


def _email(value: CellValue, _reading: Reading) -> str | None:
    text = text_of(value)
    return None if text is None else parse_email(text)


def _sex(value: CellValue, _reading: Reading) -> Sex:
    return Sex(MEMBER_SHEET.column("sex").choice_of(required_text_of(value)) or "")


def _birth_date(value: CellValue, reading: Reading) -> dt.date:
    if isinstance(value, str) or value is None:
        value = required_text_of(value)
    born = parse_date(value, counts_from_1904=reading.counts_from_1904)
    return check_birth_date(born, reading.today)


def _document_kind(value: CellValue, _reading: Reading) -> DocumentKind | None:
    known = MEMBER_SHEET.column("document_kind").choice_of(value)
    return None if known is None else DocumentKind(known)


def _flag(value: CellValue, _reading: Reading) -> bool | None:
    known = GROUP_SHEET.column("conductor_is_own").choice_of(value)
    return None if known is None else known == YES


def _required_flag(value: CellValue, reading: Reading) -> bool | None:
    required_text_of(value)
    return _flag(value, reading)


def _duration(value: CellValue, _reading: Reading) -> int | None:
    return parse_duration(value)


def _required_duration(value: CellValue, reading: Reading) -> int | None:
    seconds = _duration(value, reading)
    if seconds is None:
        raise Refused(CellCode.MISSING)
    return seconds


def _if_works(needed: Parser, free: Parser) -> Parser:
    """Return a parser that demands the value only where the category has works."""

    def parse(value: CellValue, reading: Reading) -> Any:
        return (needed if reading.needs_works else free)(value, reading)

    return parse


def _names(value: CellValue, reading: Reading) -> tuple[str, ...] | None:
    """Return several names; each is judged like a name that stands alone."""
    parts = [part for part in _BETWEEN_NAMES.split(text_of(value) or "") if part.strip()]
    names = [_name(part, reading) for part in parts[:MOST_NAMES]]
    return tuple(dict.fromkeys(name for name in names if name)) or None


GROUP_PARSERS: Mapping[str, Parser] = {
    "reference": _text(16),
    "name": _required_text(80),
    "voicing": _text(20),
    "leader": _required_name,
    "leader_phone": _phone("leader_phone", is_required=True),
    "leader_email": _email,
    "conductor": _name,
    "conductor_is_own": _flag,
    "accompanist": _name,
    "adviser_1": _name,
    "adviser_2": _name,
    "adviser_3": _name,
    "chaperones": _names,
    "piece_1_title": _if_works(_required_text(160), _text(160)),
    "piece_1_composer": _text(120),
    "piece_1_duration": _if_works(_required_duration, _duration),
    **{
        key: parser
        for number in range(2, MOST_WORKS + 1)
        for key, parser in zip(piece_keys(number), (_text(160), _text(120), _duration), strict=True)
    },
    "equipment": _text(400),
    "introduction": _text(400),
}
MEMBER_PARSERS: Mapping[str, Parser] = {
    "group": _text(80),
    "name": _required_name,
    "latin_name": _latin_name,
    "sex": _sex,
    "birth_on": _birth_date,
    "document_kind": _document_kind,
    "document_number": _text(40),
    "grade": _text(40),
    "roll_number": _text(40),
    "part": _text(40),
    "guardian_name": _required_name,
    "guardian_phone": _phone("guardian_phone", is_required=False),
    "guardian_email": _email,
    "consent_held": _required_flag,
    "health_note": _text(200),
    "remark": _text(400),
}
