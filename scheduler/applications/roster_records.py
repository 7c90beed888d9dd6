"""Records of a roster: a group and a member as they are entered, and what can be wrong."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from scheduler.people.identity import DocumentKind, Sex
from scheduler.spreadsheets.cells import Fact, Severity

if TYPE_CHECKING:
    from scheduler.applications.form_plan import FormPlan

KEPT = "••••"
"""Stands in workbooks for sealed values; with the last four digits for a document number."""


class RosterCode(StrEnum):
    """What can be wrong with a roster beyond a single cell's shape."""

    SHEET_MISSING = "roster_sheet_missing"
    SHEET_EMPTY = "roster_sheet_empty"
    MORE_PROBLEMS = "roster_more_problems"
    COLUMN_MISSING = "roster_column_missing"
    COLUMN_REPEATED = "roster_column_repeated"
    COLUMN_UNKNOWN = "roster_column_unknown"
    GROUPS_OF_LEAD = "roster_groups_of_lead"
    GROUP_NOT_OF_PART = "roster_group_not_of_part"
    MEMBERS_CLOSED = "roster_members_closed"
    GROUPS_FIRST = "roster_groups_first"
    GROUP_UNKNOWN = "roster_group_unknown"
    GROUP_REPEATED = "roster_group_repeated"
    GROUP_REFERENCE_UNKNOWN = "roster_group_reference_unknown"
    GROUP_LOCKED = "roster_group_locked"
    GROUP_DECIDED = "roster_group_decided"
    GROUP_PARTLY_OPEN = "roster_group_partly_open"
    GROUP_TOO_SMALL = "roster_group_too_small"
    GROUP_TOO_LARGE = "roster_group_too_large"
    TOO_MANY_GROUPS = "roster_too_many_groups"
    TOO_MANY_WORKS = "roster_too_many_works"
    TOO_LONG_TOGETHER = "roster_too_long_together"
    PIECE_INCOMPLETE = "roster_piece_incomplete"
    CONDUCTOR_MISSING = "roster_conductor_missing"
    ACCOMPANIST_MISSING = "roster_accompanist_missing"
    TOO_FEW_ADVISERS = "roster_too_few_advisers"
    TOO_MANY_ADVISERS = "roster_too_many_advisers"
    TOO_FEW_CHAPERONES = "roster_too_few_chaperones"
    GRADE_TOO_LOW = "roster_grade_too_low"
    GRADE_TOO_HIGH = "roster_grade_too_high"
    GRADE_UNKNOWN = "roster_grade_unknown"
    DOCUMENT_KIND_MISSING = "roster_document_kind_missing"
    DOCUMENT_NUMBER_MISSING = "roster_document_number_missing"
    DOCUMENT_NOT_STORED = "roster_document_not_stored"
    GUARDIAN_UNREACHABLE = "roster_guardian_unreachable"
    CONSENT_NOT_HELD = "roster_consent_not_held"
    MEMBER_REPEATED = "roster_member_repeated"
    MEMBER_ALREADY = "roster_member_already"
    MEMBER_CONTRADICTS = "roster_member_contradicts"
    MEMBER_AMBIGUOUS = "roster_member_ambiguous"
    MEMBER_NAMESAKE = "roster_member_namesake"
    MEMBER_ELSEWHERE = "roster_member_elsewhere"
    MEMBER_ELSEWHERE_SCHOOL = "roster_member_at_other_school"
    LEADER_CONTACT_DIFFERS = "roster_leader_contact_differs"
    TOO_YOUNG = "roster_too_young"
    TOO_OLD = "roster_too_old"


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A work with its duration in seconds."""

    title: str
    composer: str | None
    seconds: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as it is entered. `reference` names the application it already is, if any.

    `answers` are those to coordinators' fields, by code.
    """

    name: str
    leader: str
    leader_phone: str
    leader_email: str | None = None
    voicing: str | None = None
    conductor: str | None = None
    conductor_is_own: bool | None = None
    accompanist: str | None = None
    advisers: tuple[str, ...] = ()
    chaperones: tuple[str, ...] = ()
    pieces: tuple[PieceRow, ...] = ()
    equipment: str | None = None
    introduction: str | None = None
    reference: str | None = None
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A pupil in a group as it is entered. `group` is blank if the roster has one group only.

    `document_number` is clean, or starts with `KEPT` when the stored one is to stay.
    """

    name: str
    sex: Sex
    birth_on: dt.date
    guardian_name: str
    consent_held: bool
    group: str | None = None
    latin_name: str | None = None
    document_kind: DocumentKind | None = None
    document_number: str | None = None
    grade: str | None = None
    roll_number: str | None = None
    part: str | None = None
    guardian_phone: str | None = None
    guardian_email: str | None = None
    health_note: str | None = None
    remark: str | None = None
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader must know: the school's country (ISO code), the day, the file's calendar.

    Without `needs_works` nobody is asked for a piece: the category is no performance.
    `form` holds coordinators' fields, if there are any.
    """

    country: str
    today: dt.date
    counts_from_1904: bool = False
    needs_works: bool = True
    form: "FormPlan | None" = None


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Something wrong with one value of a row; the key is a column's, empty for the whole row."""

    key: str
    code: StrEnum
    facts: Mapping[str, Fact] = field(default_factory=dict)
    severity: Severity = Severity.ERROR


Row = TypeVar("Row", GroupRow, MemberRow)


@dataclass(frozen=True, slots=True)
class RowReading(Generic[Row]):
    """A record, or None if a problem is an error; warnings stand beside a record."""

    record: Row | None
    problems: tuple[FieldProblem, ...] = ()


def is_kept(value: object) -> bool:
    """Tell whether a cell says that what is stored shall stay."""
    return isinstance(value, str) and value.startswith(KEPT)
