"""Phone numbers and e-mail addresses, as they are stored and when they are refused."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, ValidationResult

from scheduler.errors import Refused
from scheduler.people.identity import PersonCode

_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.){1,4}(?:com|net|org|cn|hk|mo|uk|nz|sg|jp|pt)"
)
_EMAIL_LENGTH = 254

# Nearly all numbers of a mainland roster: the package's own pattern is asked at once, without its
# search for the country. Any other writing takes the long way.
_MAINLAND = "CN"
_PLAIN_MOBILE = re.compile(r"(?:\+86)?1[3-9][0-9]{9}")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164, and whether any operator has been assigned such numbers."""

    number: str
    is_assigned: bool


def parse_phone(text: str, country: str) -> Phone:
    """Return the number; `country` (ISO code) is meant where no +country code is written.

    Raises `Refused` only for what cannot be a number anywhere; one that is possible but unassigned
    is for a warning (numbers for film and radio are such). Source: domain.md section 8.
    """
    if country == _MAINLAND and _PLAIN_MOBILE.fullmatch(text):
        number = f"+86{text[-11:]}"
        return Phone(number, _mainland_mobiles().fullmatch(text[-11:]) is not None)
    return _parse_phone(unicodedata.normalize("NFKC", text).strip(), country)


def parse_email(text: str) -> str:
    """Return the address with its domain in lower case; nothing is looked up on the network."""
    folded = unicodedata.normalize("NFKC", text).strip()
    local, at, domain = folded.rpartition("@")
    address = f"{local}{at}{domain.lower()}"
    if len(address) <= _EMAIL_LENGTH and _PLAIN_EMAIL.fullmatch(address):
        return address
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Refused(PersonCode.EMAIL_SHAPE, shown=text) from None


@lru_cache(maxsize=1)
def _mainland_mobiles() -> re.Pattern[str]:
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region(_MAINLAND)
    return re.compile(metadata.mobile.national_number_pattern)


# Siblings share a guardian, and a school's rows share its teachers.
@lru_cache(maxsize=20_000)
def _parse_phone(text: str, country: str) -> Phone:
    if text.startswith("00"):
        text = f"+{text[2:]}"
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise Refused(PersonCode.PHONE_SHAPE, shown=text) from None
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        raise Refused(PersonCode.PHONE_NO_AREA, shown=text)
    if possible != ValidationResult.IS_POSSIBLE:
        raise Refused(PersonCode.PHONE_IMPOSSIBLE, shown=text)
    if number.extension:
        raise Refused(PersonCode.PHONE_SHAPE, shown=text)
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Phone(written, phonenumbers.is_valid_number(number))
