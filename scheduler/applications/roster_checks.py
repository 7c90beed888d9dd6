"""What can only be seen over a whole roster: unknown groups, repetitions, the category's limits."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from scheduler.applications.roster_file import Placed, RosterFile, RosterSheet
from scheduler.applications.roster_pupils import PERSON_KEYS, Pupil
from scheduler.applications.roster_records import GroupRow, MemberRow, RosterCode, is_kept
from scheduler.programmes.ages import (
    AgeFault,
    AgeLimits,
    accepted_birth_dates,
    accepted_grades,
    fault_of,
)
from scheduler.programmes.kinds import AgeRule
from scheduler.spreadsheets.cells import CellProblem, Severity
from scheduler.spreadsheets.columns import fold_choice

ANY_AGE = AgeLimits(AgeRule.NONE, 0)
CODE_BY_FAULT = {
    AgeFault.TOO_YOUNG: RosterCode.TOO_YOUNG,
    AgeFault.TOO_OLD: RosterCode.TOO_OLD,
    AgeFault.GRADE_TOO_LOW: RosterCode.GRADE_TOO_LOW,
    AgeFault.GRADE_TOO_HIGH: RosterCode.GRADE_TOO_HIGH,
    AgeFault.GRADE_UNKNOWN: RosterCode.GRADE_UNKNOWN,
}
GroupKey = str
"""A group's name as names are compared: no case, width or spaces."""


@dataclass(frozen=True)
class CategoryLimits:
    """The limits of one category, all of them data of the event (domain.md, read first no. 1).

    Too many members or works are errors; what may still be completed or looked at by a person
    (too few members, over-time, an age outside the class) is a warning.
    """

    min_members: int
    max_members: int
    max_works: int
    max_minutes: int
    ages: AgeLimits = ANY_AGE
    country: str = "CN"
    needs_conductor: bool = False
    needs_accompanist: bool = False
    has_works: bool = True
    min_advisers: int = 0
    max_advisers: int | None = None
    min_chaperones: int = 0
    max_groups: int | None = None


@dataclass(frozen=True)
class StoredGroups:
    """Groups that the school already has in the category, for files that bring members only.

    `guests_by_key` counts pupils of other schools, whom the file does not bring.
    """

    name_by_key: Mapping[GroupKey, str] = field(default_factory=dict)
    guests_by_key: Mapping[GroupKey, int] = field(default_factory=dict)


@lru_cache(maxsize=4096)  # every member's row names its group
def group_key(name: str) -> GroupKey:
    """Return the form in which group names are compared."""
    return fold_choice(name)


def check_roster(
    roster: RosterFile,
    pupils: Sequence[Pupil],
    limits: CategoryLimits,
    stored: StoredGroups,
) -> tuple[CellProblem, ...]:
    """Return what is wrong with the roster as a whole, beyond the problems of its cells.

    `pupils` are those that `find_pupils` finds in its member sheet.
    """
    problems: list[CellProblem] = []
    if roster.groups is not None:
        problems.extend(_group_problems(roster.groups, limits))
    if roster.members is not None:
        problems.extend(_unknown_groups(roster, stored))
        known = known_groups(roster, stored)
        problems.extend(_repeated_members(roster.members, pupils, known))
        problems.extend(_contradictions(roster.members, pupils))
        problems.extend(_member_problems(roster.members, limits))
        problems.extend(_size_problems(roster, limits, stored))
    return tuple(problems)


def group_of(member: MemberRow, known: Mapping[GroupKey, str]) -> GroupKey | None:
    """Return the key of the member's group; a blank one means the only group there is."""
    if member.group is not None:
        return group_key(member.group)
    return next(iter(known)) if len(known) == 1 else None


def known_groups(roster: RosterFile, stored: StoredGroups) -> Mapping[GroupKey, str]:
    """Return the groups that members may name: the file's own, or the stored ones without them."""
    if roster.groups is None:
        return stored.name_by_key
    return {group_key(placed.record.name): placed.record.name for placed in roster.groups.rows}


def _group_problems(sheet: RosterSheet[GroupRow], limits: CategoryLimits) -> Iterator[CellProblem]:
    first_row: dict[GroupKey, int] = {}
    for placed in sheet.rows:
        key = group_key(placed.record.name)
        if key in first_row:
            row = first_row[key]
            yield sheet.problem(placed.row, "name", RosterCode.GROUP_REPEATED, other_row=row)
        first_row.setdefault(key, placed.row)
        yield from _programme_problems(sheet, placed, limits)
    if limits.max_groups is not None and len(sheet.rows) > limits.max_groups:
        row = sheet.rows[limits.max_groups].row
        yield sheet.problem(row, "name", RosterCode.TOO_MANY_GROUPS, most=limits.max_groups)


def _programme_problems(
    sheet: RosterSheet[GroupRow], placed: Placed[GroupRow], limits: CategoryLimits
) -> Iterator[CellProblem]:
    group, row = placed.record, placed.row
    yield from _role_problems(sheet, placed, limits)
    if not limits.has_works:
        return
    if len(group.pieces) > limits.max_works:
        key = f"piece_{limits.max_works + 1}_title"
        yield sheet.problem(row, key, RosterCode.TOO_MANY_WORKS, most=limits.max_works)
    seconds = sum(piece.seconds for piece in group.pieces)
    if seconds > limits.max_minutes * 60:
        yield sheet.problem(
            row,
            f"piece_{len(group.pieces)}_duration",
            RosterCode.TOO_LONG_TOGETHER,
            severity=Severity.WARNING,
            minutes=seconds // 60,
            seconds=seconds % 60,
            most=limits.max_minutes,
        )


def _role_problems(
    sheet: RosterSheet[GroupRow], placed: Placed[GroupRow], limits: CategoryLimits
) -> Iterator[CellProblem]:
    group, row = placed.record, placed.row
    if limits.needs_conductor and group.conductor is None:
        code = RosterCode.CONDUCTOR_MISSING
        yield sheet.problem(row, "conductor", code, severity=Severity.WARNING)
    if limits.needs_accompanist and group.accompanist is None:
        code = RosterCode.ACCOMPANIST_MISSING
        yield sheet.problem(row, "accompanist", code, severity=Severity.WARNING)
    advisers = len(group.advisers)
    if advisers < limits.min_advisers:
        least, code = limits.min_advisers, RosterCode.TOO_FEW_ADVISERS
        yield sheet.problem(row, "adviser_1", code, severity=Severity.WARNING, least=least)
    if limits.max_advisers is not None and advisers > limits.max_advisers:
        key, most = f"adviser_{advisers}", limits.max_advisers
        yield sheet.problem(row, key, RosterCode.TOO_MANY_ADVISERS, most=most)
    if len(group.chaperones) < limits.min_chaperones:
        least, code = limits.min_chaperones, RosterCode.TOO_FEW_CHAPERONES
        yield sheet.problem(row, "chaperones", code, severity=Severity.WARNING, least=least)


def _unknown_groups(roster: RosterFile, stored: StoredGroups) -> Iterator[CellProblem]:
    assert roster.members is not None  # noqa: S101 - narrows the type for both callers
    known = known_groups(roster, stored)
    if roster.groups is None and not known:
        yield roster.members.problem(0, "", RosterCode.GROUPS_FIRST)
        return
    # A group whose own row has a problem is no stranger to its members.
    named = set(known) | (roster.groups.written_names if roster.groups else set())
    for placed in roster.members.rows:
        group = placed.record.group
        if group is None:
            if len(named) != 1:
                yield roster.members.problem(
                    placed.row, "group", RosterCode.GROUP_UNKNOWN, shown=""
                )
        elif group_key(group) not in named:
            yield roster.members.problem(placed.row, "group", RosterCode.GROUP_UNKNOWN, shown=group)
    for row, group in roster.members.unread_groups:
        if group_key(group) not in named:
            yield roster.members.problem(row, "group", RosterCode.GROUP_UNKNOWN, shown=group)


def _repeated_members(
    sheet: RosterSheet[MemberRow], pupils: Sequence[Pupil], known: Mapping[GroupKey, str]
) -> Iterator[CellProblem]:
    """One pupil twice in one group. Two pupils of one name are none: their birth dates differ."""
    for pupil in pupils:
        row_by_group: dict[GroupKey | None, int] = {}
        for placed in pupil.rows:
            group = group_of(placed.record, known)
            if group in row_by_group:
                other_row = row_by_group[group]
                code = RosterCode.MEMBER_REPEATED
                yield sheet.problem(placed.row, "name", code, other_row=other_row)
            row_by_group[group] = placed.row


def _contradictions(
    sheet: RosterSheet[MemberRow], pupils: Sequence[Pupil]
) -> Iterator[CellProblem]:
    """A pupil may be in two groups; what is said about the pupil must not differ."""
    for pupil in pupils:
        first = pupil.rows[0]
        for placed in pupil.rows[1:]:
            for key in PERSON_KEYS:
                said = getattr(placed.record, key)
                if said is not None and said != pupil.value(key) and not is_kept(said):
                    code = RosterCode.MEMBER_CONTRADICTS
                    yield sheet.problem(placed.row, key, code, other_row=first.row)


def _member_problems(
    sheet: RosterSheet[MemberRow], limits: CategoryLimits
) -> Iterator[CellProblem]:
    for placed in sheet.rows:
        yield from _age_problems(sheet, placed, limits)
        if not placed.record.consent_held:
            yield sheet.problem(placed.row, "consent_held", RosterCode.CONSENT_NOT_HELD)


def _age_problems(
    sheet: RosterSheet[MemberRow], placed: Placed[MemberRow], limits: CategoryLimits
) -> Iterator[CellProblem]:
    """An age or grade outside the class is a person's to judge: a warning at exactly that pupil."""
    member = placed.record
    fault = fault_of(limits.ages, born=member.birth_on, grade=member.grade, country=limits.country)
    if fault is None:
        return
    grades = accepted_grades(limits.ages)
    born_from, born_to = accepted_birth_dates(limits.ages)
    limit_by_fault = {
        AgeFault.TOO_YOUNG: born_to.isoformat() if born_to else "",
        AgeFault.TOO_OLD: born_from.isoformat() if born_from else "",
        AgeFault.GRADE_TOO_LOW: grades[0] if grades else "",
        AgeFault.GRADE_TOO_HIGH: grades[1] if grades else "",
        AgeFault.GRADE_UNKNOWN: "",
    }
    yield sheet.problem(
        placed.row,
        "birth_on" if grades is None else "grade",
        CODE_BY_FAULT[fault],
        severity=Severity.WARNING,
        limit=limit_by_fault[fault],
    )


def _size_problems(
    roster: RosterFile, limits: CategoryLimits, stored: StoredGroups
) -> Iterator[CellProblem]:
    assert roster.members is not None  # noqa: S101 - narrows the type
    known = known_groups(roster, stored)
    rows = defaultdict(list)
    for placed in roster.members.rows:
        rows[group_of(placed.record, known)].append(placed.row)
    guests = stored.guests_by_key
    sizes = Counter({key: len(found) for key, found in rows.items()}) + Counter(guests)
    for key, name in known.items():
        if sizes[key] > limits.max_members and rows[key]:
            yield roster.members.problem(
                rows[key][max(0, limits.max_members - guests.get(key, 0))],
                "group",
                RosterCode.GROUP_TOO_LARGE,
                group=name,
                size=sizes[key],
                most=limits.max_members,
            )
    # Rows with errors are not counted: before they are right, too few says nothing.
    if roster.groups is None or roster.has_errors:
        return
    for group in roster.groups.rows:
        key = group_key(group.record.name)
        if sizes[key] < limits.min_members:
            yield roster.groups.problem(
                group.row,
                "name",
                RosterCode.GROUP_TOO_SMALL,
                severity=Severity.WARNING,
                size=sizes[key],
                least=limits.min_members,
            )
