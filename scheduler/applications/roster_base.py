"""What a roster is compared with: the stored groups of a school, their members, its persons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.applications.roster_checks import StoredGroups, group_key
from scheduler.applications.roster_file import RosterSheet
from scheduler.applications.roster_leaders import Led
from scheduler.applications.roster_pupils import StoredPerson
from scheduler.applications.roster_records import GroupRow, RosterCode, Row
from scheduler.spreadsheets.cells import CellProblem


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """A group of the school in the category, and which columns the school may still change.

    `editable_keys` holds `members` if the member sheet's rows may change, `open_fields` the names
    of the fields that were marked in a returned entry, with commas. `guests` counts the pupils of
    the other schools: no part of the roster, but of the group's size.
    """

    id: int
    reference: str
    record: GroupRow
    editable_keys: frozenset[str] = frozenset()
    is_draft: bool = False
    can_reopen: bool = True
    open_fields: str = ""
    guests: int = 0

    def locked(self, sheet: RosterSheet[Row], row: int, key: str) -> CellProblem:
        """Return what is said of a cell that changes what may not be changed now."""
        if self.open_fields:
            code = RosterCode.GROUP_PARTLY_OPEN
            return sheet.problem(row, key, code, fields=self.open_fields)
        code = RosterCode.GROUP_LOCKED if self.can_reopen else RosterCode.GROUP_DECIDED
        return sheet.problem(row, key, code)


@dataclass(frozen=True, slots=True)
class StoredMember:
    """A pupil in a stored group; `values` by member key."""

    id: int
    group_id: int
    person_id: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class StoredRoster:
    """What is stored of the school: its groups of the category, their pupils, all its persons."""

    groups: tuple[StoredGroup, ...] = ()
    members: tuple[StoredMember, ...] = ()
    persons: tuple[StoredPerson, ...] = ()
    leaders: tuple[Led, ...] = ()

    def as_groups(self) -> StoredGroups:
        """Return the groups that a file without a group sheet may name."""
        return StoredGroups(
            {group_key(g.record.name): g.record.name for g in self.groups},
            {group_key(g.record.name): g.guests for g in self.groups if g.guests},
        )
