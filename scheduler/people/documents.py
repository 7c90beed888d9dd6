"""Numbers of identity and travel papers: shapes, check digits, and what they tell of the holder.

Sources: GB 11643 for resident identity numbers (by python-stdnum, with historic division codes),
the published check digit of Hong Kong identity cards, formats only for Macao cards, travel permits
and passports, whose check digits are not public. See domain.md section 8.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping

from stdnum.cn import ric
from stdnum.exceptions import (
    InvalidChecksum,
    InvalidComponent,
    InvalidFormat,
    InvalidLength,
    ValidationError,
)

from scheduler.errors import Refused
from scheduler.people.identity import DocumentKind, PersonCode, Sex

RESIDENT_ID_LENGTH = 18

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015()/.]+")
_HONG_KONG = re.compile(r"([A-Z]{1,2})(\d{6})([0-9A])")
_MACAO = re.compile(r"[157]\d{7}")
_HOME_RETURN = re.compile(r"[HM]\d{8}(?:\d{2})?")
_PASSPORT = re.compile(r"[A-Z0-9]{5,9}")
_SPACE_VALUE = 36
_LETTER_OFFSET = ord("A") - 10
_FIRST_DATE, _END_DATE, _SEX_DIGIT = 6, 14, 16


def clean_document(kind: DocumentKind, text: str) -> str:
    """Return the number as it is stored: half width, upper case, no spaces, dashes or brackets.

    Raises `Refused` with what is wrong: length, shape, check digit, birth date or place.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    number = _SEPARATORS.sub("", folded)
    _CHECKS[kind](number)
    return number


def recognised_kind(text: str) -> DocumentKind | None:
    """Return the kind if the number's check digit leaves no doubt about it, otherwise None."""
    for kind in (DocumentKind.RESIDENT_ID, DocumentKind.HONG_KONG_ID):
        try:
            clean_document(kind, text)
        except Refused:
            continue
        return kind
    return None


def check_against(
    kind: DocumentKind, number: str, *, birth_on: dt.date | None, sex: Sex | None
) -> None:
    """Raise `Refused` if a resident identity number tells another birth date or sex."""
    if kind is not DocumentKind.RESIDENT_ID:
        return
    told = dt.date.fromisoformat(number[_FIRST_DATE:_END_DATE])
    if birth_on is not None and told != birth_on:
        raise Refused(PersonCode.DOCUMENT_CONTRADICTS_BIRTH, told=told.isoformat())
    if sex is not None and sex_of_resident_id(number) is not sex:
        raise Refused(PersonCode.DOCUMENT_CONTRADICTS_SEX)


def sex_of_resident_id(number: str) -> Sex:
    """Return what the seventeenth digit says: odd for male."""
    return Sex.MALE if int(number[_SEX_DIGIT]) % 2 else Sex.FEMALE


def hong_kong_check_digit(letters: str, digits: str) -> str:
    """Return the character in brackets at the end of a Hong Kong identity number."""
    values = [_SPACE_VALUE] * (2 - len(letters)) + [ord(c) - _LETTER_OFFSET for c in letters]
    values += [int(digit) for digit in digits]
    total = sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True))
    return "0123456789A"[-total % 11]


def _check_resident_id(number: str) -> None:
    try:
        ric.validate(number)
        # stdnum accepts any day up to 31 December of any year; the future is no birth date.
    except InvalidLength:
        raise Refused(
            PersonCode.DOCUMENT_LENGTH, length=len(number), expected=RESIDENT_ID_LENGTH
        ) from None
    except InvalidChecksum:
        raise Refused(PersonCode.DOCUMENT_CHECK_DIGIT) from None
    except InvalidComponent:
        is_date_wrong = not _is_date(number[_FIRST_DATE:_END_DATE])
        code = PersonCode.DOCUMENT_BIRTH_DATE if is_date_wrong else PersonCode.DOCUMENT_PLACE
        raise Refused(code) from None
    except (InvalidFormat, ValidationError):
        raise Refused(PersonCode.DOCUMENT_SHAPE, kind=DocumentKind.RESIDENT_ID) from None


def _check_hong_kong_id(number: str) -> None:
    found = _HONG_KONG.fullmatch(number)
    if not found:
        raise Refused(PersonCode.DOCUMENT_SHAPE, kind=DocumentKind.HONG_KONG_ID)
    if hong_kong_check_digit(found[1], found[2]) != found[3]:
        raise Refused(PersonCode.DOCUMENT_CHECK_DIGIT)


def _shape_check(kind: DocumentKind, shape: re.Pattern[str]) -> Callable[[str], None]:
    def check(number: str) -> None:
        if not shape.fullmatch(number):
            raise Refused(PersonCode.DOCUMENT_SHAPE, kind=kind)

    return check


def _is_date(digits: str) -> bool:
    try:
        dt.datetime.strptime(digits, "%Y%m%d").replace(tzinfo=dt.UTC)
    except ValueError:
        return False
    return True


_CHECKS: Mapping[DocumentKind, Callable[[str], None]] = {
    DocumentKind.RESIDENT_ID: _check_resident_id,
    DocumentKind.HONG_KONG_ID: _check_hong_kong_id,
    DocumentKind.MACAO_ID: _shape_check(DocumentKind.MACAO_ID, _MACAO),
    DocumentKind.HOME_RETURN_PERMIT: _shape_check(DocumentKind.HOME_RETURN_PERMIT, _HOME_RETURN),
    DocumentKind.PASSPORT: _shape_check(DocumentKind.PASSPORT, _PASSPORT),
}
