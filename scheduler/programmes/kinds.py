"""Kinds and choices of programmes, and what makes sense for which kind of category. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class CategoryKind(StrEnum):
    """What a category is about: music on a stage, tennis, a tour, or something else."""

    CHOIR = "choir"
    SMALL_CHOIR = "small_choir"
    VOCAL_ENSEMBLE = "vocal_ensemble"
    WIND = "wind"
    ORCHESTRA = "orchestra"
    STRINGS = "strings"
    CHAMBER = "chamber"
    SOLO = "solo"
    TENNIS_SINGLES = "tennis_singles"
    TENNIS_DOUBLES = "tennis_doubles"
    TENNIS_MIXED = "tennis_mixed"
    TENNIS_TEAM = "tennis_team"
    STUDY_TOUR = "study_tour"
    OTHER = "other"


class Allocation(StrEnum):
    """How the places of a category are given, which schools read before they enter."""

    DECISION = "decision"
    FIRST_COME = "first_come"
    RANKED = "ranked"
    LOTTERY = "lottery"


class AgeRule(StrEnum):
    """How a category says who is of its age."""

    NONE = "none"
    BORN_BETWEEN = "born_between"
    AGE_ON_DATE = "age_on_date"
    BIRTH_YEAR = "birth_year"
    GRADE = "grade"


class DayCount(StrEnum):
    """How days of a public notice are counted."""

    CALENDAR = "calendar"
    WORKING = "working"


class WithdrawalRule(StrEnum):
    """Until when a school may take an accepted entry out by itself."""

    ANY_TIME = "any_time"
    UNTIL_DATE = "until_date"


class SealedForm(StrEnum):
    """Whether a school attaches its form, signed and sealed, to an entry."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class OutcomeKind(StrEnum):
    """What groups get in the end."""

    LEVEL = "showcase_level"
    RANKING = "ranking"


class OrganisationRole(StrEnum):
    """An organisation's part in a programme, in the order of a notice (domain.md section 1.1)."""

    GUIDE = "guide"
    HOST = "host"
    ORGANISER = "organiser"
    CO_ORGANISER = "co_organiser"
    SUPPORTER = "supporter"


class DateKind(StrEnum):
    """Named dates besides the entry window, in the order in which they usually come."""

    NOTICE = "notice"
    REVIEW_OPENS = "review_opens"
    DISTRICT_REVIEW_UNTIL = "district_review_until"
    MUNICIPAL_REVIEW_UNTIL = "municipal_review_until"
    REVIEW_CLOSES = "review_closes"
    PUBLIC_NOTICE_FROM = "public_notice_from"
    CONFIRM_BY = "confirm_by"
    LEADERS_MEETING = "leaders_meeting"
    CONSENTS_UNTIL = "consents_until"
    WITHDRAWAL_UNTIL = "withdrawal_until"
    ROSTER_FREEZE = "roster_freeze"
    SUBSTITUTIONS_UNTIL = "substitutions_until"


_TENNIS = frozenset(
    {
        CategoryKind.TENNIS_SINGLES,
        CategoryKind.TENNIS_DOUBLES,
        CategoryKind.TENNIS_MIXED,
        CategoryKind.TENNIS_TEAM,
    }
)
_GROUND = (frozenset({CategoryKind.STUDY_TOUR}), frozenset({CategoryKind.OTHER}), _TENNIS)
STAGED = frozenset(CategoryKind).difference(*_GROUND)
"""Kinds that perform works on a stage; only these are planned as performances."""

MOST_WORKS = 10
"""So many works can a category allow a group, and so many can be entered."""

_STAGE_FIELDS = frozenset({"max_works", "needs_conductor", "needs_accompanist", "is_primary"})
_TIME_FIELDS = frozenset({"max_minutes", "changeover_minutes"})


@dataclass(frozen=True, slots=True)
class Defaults:
    """With what a category of a kind begins (domain.md sections 3 to 5)."""

    min_members: int
    max_members: int
    max_works: int = 0
    max_minutes: int = 0
    changeover_minutes: int = 0
    needs_conductor: bool = False
    needs_accompanist: bool = False
    min_chaperones: int = 0
    is_joint: bool = False


DEFAULTS = {
    CategoryKind.CHOIR: Defaults(30, 40, 2, 8, 4, needs_conductor=True, needs_accompanist=True),
    CategoryKind.SMALL_CHOIR: Defaults(6, 15, 2, 5, 3),
    CategoryKind.VOCAL_ENSEMBLE: Defaults(2, 5, 2, 5, 3),
    CategoryKind.WIND: Defaults(30, 42, 2, 9, 11, needs_conductor=True, is_joint=True),
    CategoryKind.ORCHESTRA: Defaults(40, 65, 1, 9, 13, needs_conductor=True, is_joint=True),
    CategoryKind.STRINGS: Defaults(20, 42, 2, 8, 8, needs_conductor=True, is_joint=True),
    CategoryKind.CHAMBER: Defaults(3, 10, 2, 6, 4, is_joint=True),
    CategoryKind.SOLO: Defaults(1, 3, 1, 5, 3),
    CategoryKind.TENNIS_SINGLES: Defaults(1, 1, 0, 55, 10),
    CategoryKind.TENNIS_DOUBLES: Defaults(2, 2, 0, 55, 10),
    CategoryKind.TENNIS_MIXED: Defaults(2, 2, 0, 55, 10),
    CategoryKind.TENNIS_TEAM: Defaults(4, 8, 0, 55, 10),
    # One teacher for ten pupils, and never one alone (domain.md section 5.1).
    CategoryKind.STUDY_TOUR: Defaults(10, 40, min_chaperones=4, is_joint=True),
    CategoryKind.OTHER: Defaults(1, 40),
}


def is_staged(kind: CategoryKind) -> bool:
    """Tell whether groups of the kind perform works on a stage, one after another."""
    return kind in STAGED


def unneeded_fields(kind: CategoryKind) -> frozenset[str]:
    """Return the fields of a category that say nothing about the kind; they are zero or false."""
    if kind in STAGED:
        return frozenset()
    return _STAGE_FIELDS if kind in _TENNIS else _STAGE_FIELDS | _TIME_FIELDS


def alike(kind: CategoryKind) -> list[CategoryKind]:
    """Return the kinds into which a category of this kind can be turned: its own family."""
    family = next(each for each in (STAGED, *_GROUND) if kind in each)
    return [each for each in CategoryKind if each in family]
