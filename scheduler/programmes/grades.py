"""Grades as schools write them, as one of twelve (domain.md section 8, stages). Pure."""

import datetime as dt
import re
import unicodedata

STAGES = ((1, 6), (7, 9), (10, 12))
"""Primary, junior (lower secondary), senior (upper secondary): first and last grade."""

LOWEST, HIGHEST = 1, 12
# Their first year is a year earlier than grade 1.
_YEAR_IS_ONE_MORE = frozenset({"GB", "NZ"})
_YEAR_IS_GRADE = frozenset({"AU"})

_HAN = {han: number for number, han in enumerate("一二三四五六七八九", start=1)}
_HAN |= {"十": 10, "十一": 11, "十二": 12}
# What follows is the class within the grade, or the word for "grade".
_NUMBER = r"(?P<number>\d{1,2}(?!\d)|十[一二]?|[一二三四五六七八九])"

# The first that fits at the beginning decides; what is added to its number; its largest number.
_WAYS: tuple[tuple[re.Pattern[str], int, int], ...] = tuple(
    (re.compile(pattern.replace("#", _NUMBER)), added, most)
    for pattern, added, most in (
        (r"(?:小学|小學|小)#", 0, 6),
        (r"(?:初中|初級|初)#", 6, 3),
        (r"(?:高中|高校|高級|高)#", 9, 3),
        (r"(?:中学|中學|中)#", 6, 6),
        (r"(?:grade|gr|g)#", 0, 12),
        (r"(?:primary|p)#", 0, 6),
        (r"(?:secondary|sec|form|s|f)#", 6, 6),
        (r"#(?:年級|年级|年|班|\(|$)", 0, 12),
    )
)
_WRITTEN = re.compile(r"\d{1,2}|十[一二]?|[一二三四五六七八九]")
SEPTEMBER = 9
# In which month a school year begins elsewhere.
_FIRST_MONTH = {"AU": 1, "JP": 4, "NZ": 1, "SG": 1}
_YEAR = re.compile(rf"(?:year|yr|y){_NUMBER}")


def grade_of(text: str | None, country: str) -> int | None:
    """Return the grade from 1 to 12 that a school of the country (ISO code) means, else None.

    Hong Kong and Singapore count secondary school from one again, England and New Zealand call
    grade 1 Year 2.
    """
    written = re.sub(r"[\s.\-_]", "", unicodedata.normalize("NFKC", text or "")).casefold()
    year = _YEAR.match(written)
    if year is not None:
        return _year_grade(_value(year), country)
    for pattern, added, most in _WAYS:
        found = pattern.match(written)
        if found is not None:
            number = _value(found)
            return added + number if LOWEST <= number <= most else None
    return None


def school_year(day: dt.date, country: str) -> int:
    """Return the calendar year in which the school year of a day began."""
    return day.year - (day.month < _FIRST_MONTH.get(country, SEPTEMBER))


def moved_grade(text: str | None, country: str, years: int) -> str | None:
    """Return a grade as it is written so many years later; None where another stage begins.

    A class within the grade stays as it is written.
    """
    grade, found = grade_of(text, country), _WRITTEN.search(text or "")
    if text is None or grade is None or found is None:
        return text if years == 0 else None
    number = _value_of(found[0]) + years
    written = _han(number) if found[0] in _HAN else str(number)
    moved = text[: found.start()] + written + text[found.end() :]
    return moved if grade_of(moved, country) == grade + years else None


def _value_of(written: str) -> int:
    return _HAN[written] if written in _HAN else int(written)


def _han(number: int) -> str:
    return next((han for han, value in _HAN.items() if value == number), str(number))


def _year_grade(number: int, country: str) -> int | None:
    if country in _YEAR_IS_ONE_MORE:
        number -= 1
    elif country not in _YEAR_IS_GRADE:
        return None
    return number if LOWEST <= number <= HIGHEST else None


def _value(found: re.Match[str]) -> int:
    return _value_of(found["number"])
