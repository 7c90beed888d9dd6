"""Rows of an entry workbook as typed records and back. Pure: knows no file and no database.

The web forms use the same readers, so that a value is judged alike however it came.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from scheduler.applications.form_plan import PLAIN, AnswerPairs, FormPlan
from scheduler.applications.roster_choices import NO, YES
from scheduler.applications.roster_group_columns import ADVISERS, GROUP_SHEET, piece_keys
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.applications.roster_parsers import GROUP_PARSERS, MEMBER_PARSERS, Parser, Warned
from scheduler.applications.roster_records import (
    FieldProblem,
    GroupRow,
    MemberRow,
    PieceRow,
    Reading,
    RosterCode,
    RowReading,
    is_kept,
)
from scheduler.errors import Refused
from scheduler.people.documents import check_against, clean_document, recognised_kind
from scheduler.programmes.form_fields import FieldOwner
from scheduler.programmes.kinds import MOST_WORKS
from scheduler.spreadsheets.cells import CellCode, CellValue, Severity
from scheduler.spreadsheets.columns import SheetPlan
from scheduler.spreadsheets.durations import duration_text

Values = dict[str, Any]


def read_group(values: Mapping[str, CellValue], reading: Reading) -> RowReading[GroupRow]:
    """Return the group that the cells tell, and what is wrong with them, by column key."""
    parsed, problems = _parsed(values, GROUP_PARSERS, reading)
    pieces = _pieces(parsed, problems)
    _complete_conductor(parsed, problems)
    answers = _answers(values, FieldOwner.GROUP, reading, problems)
    if _has_error(problems):
        return RowReading(None, tuple(problems))
    advisers = (parsed[f"adviser_{number}"] for number in range(1, ADVISERS + 1))
    record = GroupRow(
        **{key: parsed[key] for key in _GROUP_PLAIN},
        advisers=tuple(adviser for adviser in advisers if adviser is not None),
        chaperones=parsed["chaperones"] or (),
        pieces=pieces,
        answers=answers,
    )
    return RowReading(record, tuple(problems))


def read_member(values: Mapping[str, CellValue], reading: Reading) -> RowReading[MemberRow]:
    """Return the member that the cells tell, and what is wrong with them, by column key."""
    parsed, problems = _parsed(values, MEMBER_PARSERS, reading)
    _complete_document(parsed, problems)
    if not any(
        parsed[key] or any(problem.key == key for problem in problems)
        for key in ("guardian_phone", "guardian_email")
    ):
        problems.append(
            FieldProblem("guardian_phone", RosterCode.GUARDIAN_UNREACHABLE, {}, Severity.WARNING)
        )
    answers = _answers(values, FieldOwner.MEMBER, reading, problems)
    if _has_error(problems):
        return RowReading(None, tuple(problems))
    return RowReading(MemberRow(**parsed, answers=answers), tuple(problems))


def group_values(record: GroupRow, locale: str, form: FormPlan = PLAIN) -> dict[str, str | None]:
    """Return the cells of a group by column key; `read_group` gives the same record again."""
    values: dict[str, str | None] = {key: getattr(record, key) for key in _GROUP_TEXTS}
    values["conductor_is_own"] = _yes_no(record.conductor_is_own, GROUP_SHEET, locale)
    for number in range(1, ADVISERS + 1):
        given = len(record.advisers) >= number
        values[f"adviser_{number}"] = record.advisers[number - 1] if given else None
    values["chaperones"] = "、".join(record.chaperones) or None
    for number in range(1, MOST_WORKS + 1):
        piece = record.pieces[number - 1] if len(record.pieces) >= number else None
        title, composer, duration = piece_keys(number)
        values[title] = piece.title if piece else None
        values[composer] = piece.composer if piece else None
        values[duration] = duration_text(piece.seconds) if piece else None
    return values | form.written(dict(record.answers), FieldOwner.GROUP, locale)


def member_values(record: MemberRow, locale: str, form: FormPlan = PLAIN) -> dict[str, str | None]:
    """Return the cells of a member by column key; `read_member` gives the same record again."""
    values: dict[str, str | None] = {key: getattr(record, key) for key in _MEMBER_TEXTS}
    held = YES if record.consent_held else NO
    values["sex"] = _label("sex", record.sex, locale)
    values["birth_on"] = _written_day(record.birth_on)
    values["consent_held"] = _label("consent_held", held, locale)
    values["document_kind"] = _label("document_kind", record.document_kind, locale)
    return values | form.written(dict(record.answers), FieldOwner.MEMBER, locale)


def _label(key: str, value: str | None, locale: str) -> str | None:
    return None if value is None else MEMBER_SHEET.column(key).label(value, locale)


def _written_day(day: dt.date | None) -> str | None:
    """Persons that came otherwise than by a roster may lack what a roster requires."""
    return None if day is None else day.isoformat()


def _parsed(
    values: Mapping[str, CellValue], parsers: Mapping[str, Parser], reading: Reading
) -> tuple[Values, list[FieldProblem]]:
    parsed: Values = dict.fromkeys(parsers)
    problems: list[FieldProblem] = []
    for key, parse in parsers.items():
        try:
            value = parse(values.get(key), reading)
        except Refused as refusal:
            problems.append(FieldProblem(key, refusal.code, refusal.facts))
            continue
        if type(value) is Warned:
            problems.append(value.problem)
            value = value.value
        parsed[key] = value
    return parsed, problems


def _answers(
    values: Mapping[str, CellValue],
    owner: FieldOwner,
    reading: Reading,
    problems: list[FieldProblem],
) -> AnswerPairs:
    form = reading.form or PLAIN
    answers, found = form.read(values, owner, counts_from_1904=reading.counts_from_1904)
    problems.extend(found)
    return answers


def _has_error(problems: list[FieldProblem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _pieces(parsed: Values, problems: list[FieldProblem]) -> tuple[PieceRow, ...]:
    pieces: list[PieceRow] = []
    for number in range(1, MOST_WORKS + 1):
        keys = piece_keys(number)
        title, composer, seconds = (parsed[key] for key in keys)
        if title is not None and seconds is not None:
            pieces.append(PieceRow(title, composer, seconds))
        elif title is not None or composer is not None or seconds is not None:
            key = keys[2] if title is not None else keys[0]
            if not any(problem.key == key for problem in problems):
                problems.append(FieldProblem(key, RosterCode.PIECE_INCOMPLETE, {"number": number}))
    return tuple(pieces)


def _complete_conductor(parsed: Values, problems: list[FieldProblem]) -> None:
    """A conductor of the school's own has a name; "no" without a name says nothing to keep."""
    if parsed["conductor"] is not None or any(p.key == "conductor" for p in problems):
        return
    if parsed["conductor_is_own"]:
        problems.append(FieldProblem("conductor", CellCode.MISSING))
    parsed["conductor_is_own"] = None


def _complete_document(parsed: Values, problems: list[FieldProblem]) -> None:
    """Clean the number by its kind; a number that can only be of one kind needs no kind."""
    kind, number = parsed["document_kind"], parsed["document_number"]
    if is_kept(number) or any(p.key in {"document_kind", "document_number"} for p in problems):
        return
    if number is None:
        if kind is not None:
            problems.append(FieldProblem("document_number", RosterCode.DOCUMENT_NUMBER_MISSING))
        return
    kind = kind or recognised_kind(number)
    if kind is None:
        problems.append(FieldProblem("document_kind", RosterCode.DOCUMENT_KIND_MISSING))
        return
    try:
        parsed["document_number"] = clean_document(kind, number)
        parsed["document_kind"] = kind
        check_against(
            kind, parsed["document_number"], birth_on=parsed["birth_on"], sex=parsed["sex"]
        )
    except Refused as refusal:
        problems.append(FieldProblem("document_number", refusal.code, refusal.facts))


def _yes_no(flag: bool | None, plan: SheetPlan, locale: str) -> str | None:  # noqa: FBT001 - three-valued
    if flag is None:
        return None
    label: str = plan.column("conductor_is_own").label(YES if flag else NO, locale)
    return label


_GROUP_TEXTS = (
    "reference",
    "name",
    "voicing",
    "leader",
    "leader_phone",
    "leader_email",
    "conductor",
    "accompanist",
    "equipment",
    "introduction",
)
_GROUP_PLAIN = (*_GROUP_TEXTS, "conductor_is_own")
_MEMBER_TEXTS = tuple(
    key for key in MEMBER_PARSERS if key not in {"sex", "birth_on", "document_kind", "consent_held"}
)
