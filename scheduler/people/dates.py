"""Birth dates in the shapes that people and programs write. They are days, never instants."""

import datetime as dt
import re
import unicodedata

from scheduler.errors import Refused
from scheduler.people.identity import PersonCode

# A spreadsheet counts days from these; 1900 is off by one because of a leap day that never was.
_EPOCH_1900 = dt.date(1899, 12, 30)
_EPOCH_1904 = dt.date(1904, 1, 1)
_SERIALS = range(20_000, 80_000)
"""Serial numbers that can be meant: 1954 to 2119. Smaller ones are years or slips."""

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_FIVE_DIGITS = re.compile(r"\d{5}(?:\.0+)?")

MONTHS = 12
OLDEST_PUPIL_YEARS = 25
YOUNGEST_PUPIL_YEARS = 3


def parse_date(value: object, *, counts_from_1904: bool = False) -> dt.date:
    """Return the day that is meant by 2015-03-01, 2015/3/1, 20150301, a serial, or a date cell.

    Also 2015.3.1, 2015年3月1日, and 14/5/2015, which can only be a day in May. Raises `Refused`
    for anything else; 01/03/2015 is ambiguous, because half of the world reads it as January.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return _written_date(str(value), counts_from_1904=counts_from_1904)
    raise Refused(PersonCode.DATE_SHAPE, shown=str(value))


def check_birth_date(born: dt.date, today: dt.date) -> dt.date:
    """Return the birth date of a pupil; raises `Refused` if it is in the future or implausible."""
    if born > today:
        raise Refused(PersonCode.BIRTH_IN_FUTURE, shown=born.isoformat())
    age = age_on(born, today)
    if not YOUNGEST_PUPIL_YEARS <= age <= OLDEST_PUPIL_YEARS:
        raise Refused(
            PersonCode.BIRTH_IMPLAUSIBLE,
            shown=born.isoformat(),
            age=age,
            youngest=YOUNGEST_PUPIL_YEARS,
            oldest=OLDEST_PUPIL_YEARS,
        )
    return born


def age_on(born: dt.date, day: dt.date) -> int:
    """Return completed years; who is born on 29 February has a birthday on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _written_date(text: str, *, counts_from_1904: bool) -> dt.date:
    shown = unicodedata.normalize("NFKC", text).strip()
    if found := _YEAR_FIRST.fullmatch(shown):
        return _day(found[1], found[3], found[4], shown)
    if found := _EIGHT_DIGITS.fullmatch(shown) or _CHINESE.fullmatch(shown):
        return _day(found[1], found[2], found[3], shown)
    if _FIVE_DIGITS.fullmatch(shown) and int(float(shown)) in _SERIALS:
        epoch = _EPOCH_1904 if counts_from_1904 else _EPOCH_1900
        return epoch + dt.timedelta(days=int(float(shown)))
    if found := _YEAR_LAST.fullmatch(shown):
        return _year_last(int(found[1]), int(found[2]), found[3], shown)
    raise Refused(PersonCode.DATE_SHAPE, shown=shown)


def _year_last(one: int, other: int, year: str, shown: str) -> dt.date:
    """Return the day if it can only be read one way: no year has more than twelve months."""
    if len(year) == len("2015") and (one == other or max(one, other) > MONTHS):
        day, month = (one, other) if one > MONTHS else (other, one)
        return _day(year, str(month), str(day), shown)
    raise Refused(PersonCode.DATE_AMBIGUOUS, shown=shown)


def _day(year: str, month: str, day: str, shown: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise Refused(PersonCode.DATE_IMPOSSIBLE, shown=shown) from None
