"""A preview as it is kept until somebody confirms it: what is confirmed is what will be written."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from scheduler.applications.roster_base import StoredRoster
from scheduler.applications.roster_changes import (
    Change,
    FieldChange,
    GroupChange,
    MemberChange,
    PupilChange,
    RosterChanges,
)
from scheduler.applications.roster_records import GroupRow, PieceRow
from scheduler.people.identity import DocumentKind, Sex


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of a preview: a group or a member that is new, changes, or is removed.

    `given` is what was read of a new one: a group's record, or a member's values by column key.
    """

    sheet: str
    change: Change
    group: str
    name: str
    row: int | None
    fields: tuple[FieldChange, ...]
    given: Mapping[str, Any] | None = None

    @property
    def record(self) -> GroupRow | None:
        """A new group as it was read, None for anything else."""
        return _record(dict(self.given)) if self.sheet == "groups" and self.given else None


def kept_changes(changes: RosterChanges) -> dict[str, Any]:
    """Return the changes as JSON, from which `changes_again` and `change_lines` are made."""
    return {
        "groups": [
            [
                group.change,
                group.key,
                group.name,
                group.row,
                None if group.record is None else asdict(group.record),
                None if group.stored is None else group.stored.id,
                _kept_fields(group.fields),
            ]
            for group in changes.groups
        ],
        "pupils": [
            [
                pupil.row,
                None if pupil.person is None else pupil.person.id,
                _kept_values(pupil.values),
                _kept_fields(pupil.fields),
            ]
            for pupil in changes.pupils
        ],
        "members": [
            [
                member.change,
                member.group,
                member.name,
                member.row,
                member.pupil,
                member.values,
                None if member.stored is None else member.stored.id,
                member.group_id,
                _kept_fields(member.fields),
            ]
            for member in changes.members
        ],
    }


def changes_again(kept: Mapping[str, Any], stored: StoredRoster) -> RosterChanges:
    """Return the changes; `stored` is what they were made of, unchanged since."""
    groups = {group.id: group for group in stored.groups}
    persons = {person.id: person for person in stored.persons}
    members = {member.id: member for member in stored.members}
    return RosterChanges(
        groups=tuple(
            GroupChange(
                Change(change),
                key,
                name,
                row,
                _record(record),
                None if group_id is None else groups[group_id],
                _fields(fields),
            )
            for change, key, name, row, record, group_id, fields in kept["groups"]
        ),
        pupils=tuple(
            PupilChange(
                row,
                None if person_id is None else persons[person_id],
                _values(values),
                _fields(fields),
            )
            for row, person_id, values, fields in kept["pupils"]
        ),
        members=tuple(
            MemberChange(
                Change(change),
                group,
                name,
                row,
                pupil,
                values,
                None if member_id is None else members[member_id],
                group_id,
                _fields(fields),
            )
            for change, group, name, row, pupil, values, member_id, group_id, fields in kept[
                "members"
            ]
        ),
        problems=(),
    )


def change_lines(kept: Mapping[str, Any]) -> Iterator[ChangeLine]:
    """Yield the lines of the preview: what is new, changes, or leaves its group."""
    names = {key: name for _, key, name, *_ in kept["groups"]}
    for change, _, name, row, record, _, fields in kept["groups"]:
        if change in (Change.NEW, Change.CHANGED):
            given = record if change == Change.NEW else None
            yield ChangeLine("groups", Change(change), name, name, row, _fields(fields), given)
    said = {row: values for row, person_id, values, _ in kept["pupils"] if person_id is None}
    for change, group, name, row, pupil, values, _, _, fields in kept["members"]:
        if change != Change.UNCHANGED:
            given = {**said.get(pupil, {}), **values} if change == Change.NEW else None
            place = (names.get(group, group), name, row)
            yield ChangeLine("members", Change(change), *place, _fields(fields), given)


def left_out(kept: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the drafts that the workbook does not have."""
    return tuple(name for change, _, name, *_ in kept["groups"] if change == Change.REMOVED)


def _kept_fields(fields: tuple[FieldChange, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(field.key, field.before, field.after) for field in fields]


def _fields(kept: list[list[str]]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(*field) for field in kept)


def _kept_values(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(values)
    if kept.get("birth_on") is not None:
        kept["birth_on"] = kept["birth_on"].isoformat()
    return kept


def _values(kept: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(kept)
    for key, again in _AGAIN.items():
        if values.get(key) is not None:
            values[key] = again(values[key])
    return values


def _record(kept: dict[str, Any] | None) -> GroupRow | None:
    if kept is None:
        return None
    values = {**kept, "advisers": tuple(kept["advisers"])}
    values["chaperones"] = tuple(kept.get("chaperones", ()))
    values["pieces"] = tuple(PieceRow(**piece) for piece in kept["pieces"])
    values["answers"] = tuple((code, answer) for code, answer in kept.get("answers", ()))
    return GroupRow(**values)


_AGAIN: Mapping[str, Callable[[str], Any]] = {
    "birth_on": dt.date.fromisoformat,
    "sex": Sex,
    "document_kind": DocumentKind,
}
