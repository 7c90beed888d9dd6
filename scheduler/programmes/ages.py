"""Who may take part by age or grade: the rules of categories as birth dates and grades. Pure."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from scheduler.programmes.grades import STAGES, grade_of
from scheduler.programmes.kinds import AgeRule

Born = tuple[dt.date | None, dt.date | None]
"""Born from and until, both included; None where there is no limit."""


class AgeFault(StrEnum):
    """Why a pupil does not fit a category's age or grade."""

    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    GRADE_TOO_LOW = "grade_too_low"
    GRADE_TOO_HIGH = "grade_too_high"
    GRADE_UNKNOWN = "grade_unknown"


@dataclass(frozen=True, slots=True)
class AgeLimits:
    """A category's rule. `year` is the programme's, for rules by birth year.

    `play_up_groups` says by how many groups younger pupils may play up; nobody plays down.
    """

    rule: AgeRule
    year: int
    born_from: dt.date | None = None
    born_to: dt.date | None = None
    age_on: dt.date | None = None
    age_min: int | None = None
    age_max: int | None = None
    grade_from: int | None = None
    grade_to: int | None = None
    play_up_groups: int = 0


def born_between(limits: AgeLimits) -> Born:
    """Return between which birth dates pupils are of the category's own age."""
    match limits.rule:
        case AgeRule.BORN_BETWEEN:
            return limits.born_from, limits.born_to
        case AgeRule.AGE_ON_DATE if limits.age_on is not None:
            return _born_by_age(limits.age_on, limits.age_min, limits.age_max)
        case AgeRule.BIRTH_YEAR:
            # The age that a pupil reaches within the year: U12 in 2027 is born from 2015 on.
            return _born_by_age(dt.date(limits.year, 12, 31), limits.age_min, limits.age_max)
    return None, None


def accepted_birth_dates(limits: AgeLimits) -> Born:
    """Return between which birth dates pupils may take part, those who play up included."""
    born_from, born_to = born_between(limits)
    if born_to is None or not limits.play_up_groups:
        return born_from, born_to
    return born_from, moved_by_years(born_to, limits.play_up_groups * _group_years(limits))


def accepted_grades(limits: AgeLimits) -> tuple[int, int] | None:
    """Return the lowest and the highest grade that may take part; None if grades do not matter."""
    if limits.rule is not AgeRule.GRADE or limits.grade_from is None or limits.grade_to is None:
        return None
    lowest, width = limits.grade_from, limits.grade_to - limits.grade_from + 1
    starts = [first for first, _last in STAGES]
    ends = {last for _first, last in STAGES}
    for _ in range(limits.play_up_groups):
        below = [start for start in starts if start < lowest]
        is_whole = limits.grade_from in starts and limits.grade_to in ends
        lowest = below[-1] if is_whole and below else max(1, lowest - width)
    return lowest, limits.grade_to


def fault_of(
    limits: AgeLimits, *, born: dt.date | None, grade: str | None, country: str
) -> AgeFault | None:
    """Return why a pupil does not fit; None if nothing is known against it.

    `grade` is what the school wrote, read as schools of the country write it. A birth date that
    is not known says nothing, a grade that cannot be read is a fault of its own.
    """
    grades = accepted_grades(limits)
    if grades is not None:
        return _grade_fault(grade_of(grade, country), *grades)
    born_from, born_to = accepted_birth_dates(limits)
    if born is None:
        return None
    if born_to is not None and born > born_to:
        return AgeFault.TOO_YOUNG
    return AgeFault.TOO_OLD if born_from is not None and born < born_from else None


def moved_by_years(day: dt.date, years: int) -> dt.date:
    """Return the same day of another year; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _born_by_age(day: dt.date, age_min: int | None, age_max: int | None) -> Born:
    """Return the birth dates of those who are from `age_min` to `age_max` years old on a day."""
    one_day = dt.timedelta(days=1)
    born_from = None if age_max is None else moved_by_years(day, -(age_max + 1)) + one_day
    return born_from, None if age_min is None else moved_by_years(day, -age_min)


def _group_years(limits: AgeLimits) -> int:
    """Return how many years a group of the category's kind is wide, two where it is open."""
    born_from, born_to = born_between(limits)
    if born_from is None or born_to is None:
        return 2
    return max(1, round(((born_to - born_from).days + 1) / 365.25))


def _grade_fault(grade: int | None, lowest: int, highest: int) -> AgeFault | None:
    if grade is None:
        return AgeFault.GRADE_UNKNOWN
    if grade < lowest:
        return AgeFault.GRADE_TOO_LOW
    return AgeFault.GRADE_TOO_HIGH if grade > highest else None
