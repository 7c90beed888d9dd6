"""What an uploaded roster would change: new, changed field by field, unchanged, removed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from scheduler.applications.form_plan import AnswerPairs, changed_answers, merged
from scheduler.applications.roster import group_values
from scheduler.applications.roster_base import StoredGroup, StoredMember, StoredRoster
from scheduler.applications.roster_checks import (
    GroupKey,
    group_key,
    group_of,
    known_groups,
)
from scheduler.applications.roster_file import Placed, RosterFile
from scheduler.applications.roster_group_columns import piece_keys
from scheduler.applications.roster_pupils import PERSON_KEYS, IndexOf, Pairing, Pupil, StoredPerson
from scheduler.applications.roster_records import (
    KEPT,
    GroupRow,
    RosterCode,
    is_kept,
)
from scheduler.programmes.form_fields import is_mark
from scheduler.programmes.kinds import MOST_WORKS
from scheduler.spreadsheets.cells import CellProblem

MEMBER_KEYS = ("part", "grade", "remark")
"""What is said about a pupil in one group."""

SEALED_KEYS = frozenset({"document_number", "health_note"})
"""Whose values no preview, history or log shows."""


class Change(StrEnum):
    """What happens to a group or a member when the roster is applied."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that changes, as text; sealed values are only said to change."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A group of the file or a stored one that the file leaves out."""

    change: Change
    key: GroupKey
    name: str
    row: int | None = None
    record: GroupRow | None = None
    stored: StoredGroup | None = None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PupilChange:
    """A pupil of the file: who it is in the school, and the values to write about the person.

    `row` is the pupil's first row, by which member changes refer to the pupil.
    """

    row: int
    person: StoredPerson | None
    values: Mapping[str, Any]
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberChange:
    """A pupil in a group of the file, or one that the file leaves out of it.

    `values` are what to write about the pupil in this group; `group_id` is the stored group's.
    """

    change: Change
    group: GroupKey
    name: str
    row: int | None = None
    pupil: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    stored: StoredMember | None = None
    group_id: int | None = None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class RosterChanges:
    """Everything that applying the roster does, and what forbids it."""

    groups: tuple[GroupChange, ...]
    pupils: tuple[PupilChange, ...]
    members: tuple[MemberChange, ...]
    problems: tuple[CellProblem, ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many groups and members are new, changed, unchanged, removed."""
        return {
            name: {str(kind): counter[kind] for kind in Change}
            for name, counter in (
                ("groups", Counter(change.change for change in self.groups)),
                ("members", Counter(change.change for change in self.members)),
            )
        }

    def keeping_left_out(self) -> "RosterChanges":
        """Return the same without withdrawing the drafts that the file leaves out."""
        kept = tuple(group for group in self.groups if group.change is not Change.REMOVED)
        return replace(self, groups=kept)

    def unchanged_rows(self, roster: RosterFile) -> set[tuple[str, int]]:
        """Return sheet and row of whatever stays as it is: a group only if its members do too."""
        touched = {m.group for m in self.members if m.change is not Change.UNCHANGED}
        rows: set[tuple[str, int]] = set()
        if roster.groups is not None:
            rows.update(
                (roster.groups.title, group.row)
                for group in self.groups
                if group.change is Change.UNCHANGED and group.row and group.key not in touched
            )
        if roster.members is not None:
            rows.update(
                (roster.members.title, member.row)
                for member in self.members
                if member.change is Change.UNCHANGED and member.row
            )
        return rows

    @property
    def is_nothing(self) -> bool:
        """Tell whether applying would change nothing."""
        kinds = {change.change for change in self.groups} | {c.change for c in self.members}
        return kinds <= {Change.UNCHANGED}


def find_changes(
    roster: RosterFile,
    pupils: Sequence[Pupil],
    pairing: Pairing,
    stored: StoredRoster,
    index_of: IndexOf,
) -> RosterChanges:
    """Compare a roster with what is stored; of one with errors, only unchanged rows are certain.

    A column that the file does not have, and a sheet that it does not have, say nothing; a group
    sheet that leaves out a draft would withdraw it; any other group that is left out stays, and one
    that would change in what the school may not change now is a problem.
    """
    problems: list[CellProblem] = []
    groups = tuple(_group_changes(roster, stored, problems))
    comparison = _Members(roster, pupils, pairing, stored, index_of, groups)
    members = tuple(comparison.changes(problems))
    return RosterChanges(groups, comparison.pupils, members, tuple(problems))


def _group_changes(
    roster: RosterFile, stored: StoredRoster, problems: list[CellProblem]
) -> Iterator[GroupChange]:
    if roster.groups is None:
        return
    by_reference = {group.reference: group for group in stored.groups}
    by_name = {group_key(group.record.name): group for group in stored.groups}
    seen: set[int] = set()
    for placed in roster.groups.rows:
        reference = placed.record.reference
        found = by_reference.get(reference) if reference else None
        if reference and found is None:
            code = RosterCode.GROUP_REFERENCE_UNKNOWN
            problems.append(roster.groups.problem(placed.row, "reference", code, shown=reference))
        found = found or by_name.get(group_key(placed.record.name))
        if found is not None:
            seen.add(found.id)
        change = group_change(placed, found, roster.groups.keys)
        problems.extend(
            found.locked(roster.groups, placed.row, changed.key)
            for changed in change.fields
            if found is not None and changed.key not in found.editable_keys
        )
        yield change
    for group in stored.groups:
        if group.id not in seen and group.is_draft:
            name = group.record.name
            yield GroupChange(Change.REMOVED, group_key(name), name, stored=group)


def group_change(
    placed: Placed[GroupRow], stored: StoredGroup | None, keys: frozenset[str]
) -> GroupChange:
    """Compare one group with what is stored of it, in the columns that were given."""
    record, key = placed.record, group_key(placed.record.name)
    if stored is None:
        return GroupChange(Change.NEW, key, record.name, placed.row, record)
    record = _with_works_beyond(record, stored.record, keys)
    before, after = group_values(stored.record, "en"), group_values(record, "en")
    fields = tuple(
        FieldChange(name, before[name], after[name])
        for name in after
        if name in keys and name != "reference" and before[name] != after[name]
    ) + _answer_changes(stored.record.answers, record.answers, keys)
    kind = Change.CHANGED if fields else Change.UNCHANGED
    return GroupChange(kind, key, record.name, placed.row, record, stored, fields)


def _with_works_beyond(record: GroupRow, stored: GroupRow, keys: frozenset[str]) -> GroupRow:
    """Keep the stored works for which the table has no columns, so that none is lost by it."""
    numbers = range(1, MOST_WORKS + 1)
    known = max((number for number in numbers if piece_keys(number)[0] in keys), default=0)
    beyond = stored.pieces[known:]
    return replace(record, pieces=(*record.pieces, *beyond)) if beyond else record


class _Members:
    """Compares the member sheet's rows with the stored members of the groups it covers."""

    def __init__(
        self,
        roster: RosterFile,
        pupils: Sequence[Pupil],
        pairing: Pairing,
        stored: StoredRoster,
        index_of: IndexOf,
        groups: Sequence[GroupChange],
    ) -> None:
        self._roster = roster
        self._pupils = pupils
        self._pairing = pairing
        self._index_of = index_of
        self._names = known_groups(roster, stored.as_groups())
        self._groups = self._stored_groups(stored, groups)
        self._members = {(m.group_id, m.person_id): m for m in stored.members}
        self._persons = {person.id: person for person in stored.persons}
        self._pupil_changes: list[PupilChange] = []

    @property
    def pupils(self) -> tuple[PupilChange, ...]:
        """The pupils' own changes; complete once `changes` has run to its end."""
        return tuple(self._pupil_changes)

    def changes(self, problems: list[CellProblem]) -> Iterator[MemberChange]:
        """Yield the rows' changes in the order of the file, then who is left out of it."""
        sheet = self._roster.members
        if sheet is None:
            return
        found = [change for pupil in self._pupils for change in self._of_pupil(pupil, sheet.keys)]
        found.sort(key=lambda change: change.row or 0)
        for change in (*found, *self._left_out(found)):
            group = self._groups.get(change.group)
            if group is not None and not _is_free(change, group.editable_keys):
                key = change.fields[0].key if change.fields else "group"
                problems.append(group.locked(sheet, change.row or 0, key))
            yield change

    @staticmethod
    def _stored_groups(
        stored: StoredRoster, changes: Sequence[GroupChange]
    ) -> dict[GroupKey, StoredGroup]:
        """Return the stored groups by the names that the file gives them."""
        by_key = {group_key(group.record.name): group for group in stored.groups}
        renamed = {c.key: c.stored for c in changes if c.stored and c.change is not Change.REMOVED}
        taken = {group.id for group in renamed.values()}
        return {key: g for key, g in by_key.items() if g.id not in taken} | renamed

    def _of_pupil(self, pupil: Pupil, keys: frozenset[str]) -> Iterator[MemberChange]:
        change = self._pupil_change(pupil, keys)
        self._pupil_changes.append(change)
        for placed in pupil.rows:
            key = group_of(placed.record, self._names) or ""
            group = self._groups.get(key)
            member = None
            if group is not None and change.person is not None:
                member = self._members.get((group.id, change.person.id))
            values = {name: getattr(placed.record, name) for name in MEMBER_KEYS if name in keys}
            fields = change.fields + _differences(member.values if member else None, values)
            if any(map(is_mark, keys)):
                before: AnswerPairs = member.values.get("answers", ()) if member else ()
                answers = placed.record.answers
                values["answers"] = merged(dict(before), answers, keys)
                fields += _answer_changes(before, answers, keys) if member else ()
            kind = Change.NEW if member is None else Change.CHANGED if fields else Change.UNCHANGED
            yield MemberChange(
                kind,
                key,
                placed.record.name,
                row=placed.row,
                pupil=pupil.row,
                values=values,
                stored=member,
                group_id=group.id if group else None,
                fields=fields,
            )

    def _pupil_change(self, pupil: Pupil, keys: frozenset[str]) -> PupilChange:
        person = self._pairing.stored_by_row.get(pupil.row)
        said = {key: pupil.value(key) for key in PERSON_KEYS if key in keys}
        if person is None:
            given = {key: value for key, value in said.items() if value is not None}
            return PupilChange(pupil.row, None, given)
        known: dict[str, Any] = {**person.values, "document_number": person.document_index}
        compared = {key: value for key, value in said.items() if not is_kept(value)}
        number = compared.get("document_number")
        if number is not None:
            compared["document_number"] = self._index_of(number)
        fields = _differences(known, compared)
        changed = {difference.key for difference in fields}
        values = {key: value for key, value in said.items() if key in changed}
        return PupilChange(pupil.row, person, values, fields)

    def _left_out(self, found: Sequence[MemberChange]) -> Iterator[MemberChange]:
        """Yield who is stored in a group that the file covers and has no row there."""
        if self._roster.groups is None:
            covered = {change.group for change in found}
        else:
            covered = set(self._names)
        seen = {change.stored.id for change in found if change.stored}
        key_by_group_id = {group.id: key for key, group in self._groups.items()}
        for member in self._members.values():
            key = key_by_group_id.get(member.group_id)
            if key is not None and key in covered and member.id not in seen:
                person = self._persons[member.person_id]
                name = person.values["name"]
                group_id = member.group_id
                yield MemberChange(Change.REMOVED, key, name, stored=member, group_id=group_id)


def _is_free(change: MemberChange, editable_keys: frozenset[str]) -> bool:
    """Tell whether the school may make the change now: all of the members, or what is marked."""
    if change.change is Change.UNCHANGED or "members" in editable_keys:
        return True
    is_changed = change.change is Change.CHANGED
    return is_changed and editable_keys.issuperset(field.key for field in change.fields)


def _answer_changes(
    before: AnswerPairs, after: AnswerPairs, keys: frozenset[str]
) -> tuple[FieldChange, ...]:
    """Return the answers that differ as they are stored: whoever shows them knows the form."""
    return tuple(FieldChange(*changed) for changed in changed_answers(before, after, keys))


def _differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> tuple[FieldChange, ...]:
    """Return the values that differ; none if there was nothing before."""
    if before is None:
        return ()
    return tuple(
        _field_change(key, before[key], value)
        for key, value in after.items()
        if before[key] != value
    )


def _field_change(key: str, before: Any, after: Any) -> FieldChange:
    if key in SEALED_KEYS:
        return FieldChange(key, KEPT if before else None, KEPT if after else None)
    return FieldChange(key, _shown(before), _shown(after))


def _shown(value: Any) -> str | None:
    if isinstance(value, bool):
        return "Y" if value else "N"
    return None if value is None else str(value)
