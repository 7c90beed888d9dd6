"""Which rows are one pupil, and which stored person a pupil is.

A pupil is known by document, else by school-roll number, else by name and birth date (domain.md
section 2). Rows that leave a doubt become problems, never guesses.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.applications.roster_file import Placed, RosterSheet
from scheduler.applications.roster_records import KEPT, MemberRow, RosterCode, is_kept
from scheduler.people.identity import DocumentKind
from scheduler.people.names import name_key
from scheduler.spreadsheets.cells import CellProblem, Severity
from scheduler.spreadsheets.columns import fold_choice

IndexOf = Callable[[str], str]
"""Gives the blind index of a document number, by which stored ones are found without opening."""

# What is said about the person; the rest of a row is about the person in this group.
PERSON_KEYS = (
    "name",
    "latin_name",
    "sex",
    "birth_on",
    "document_kind",
    "document_number",
    "roll_number",
    "guardian_name",
    "guardian_phone",
    "guardian_email",
    "consent_held",
    "health_note",
)


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A pupil of the school as stored; `values` by person key, without the sealed number."""

    id: int
    values: Mapping[str, Any]
    document_index: str | None = None
    document_last_four: str | None = None

    @property
    def name_and_birth(self) -> tuple[str, str]:
        """The weakest key."""
        return name_key(self.values["name"]), str(self.values["birth_on"])


@dataclass(frozen=True, slots=True)
class Pupil:
    """One pupil of the file with all rows (one per group)."""

    rows: tuple[Placed[MemberRow], ...]

    @property
    def row(self) -> int:
        """Where the pupil stands first."""
        return self.rows[0].row

    def value(self, key: str) -> Any:
        """Return what the first row that says anything says."""
        for placed in self.rows:
            value = getattr(placed.record, key)
            if value is not None:
                return value
        return None

    @property
    def document_number(self) -> str | None:
        """The number if the file gives it, not if it says to keep the stored one."""
        number = self.value("document_number")
        return None if is_kept(number) else number

    @property
    def roll_number(self) -> str | None:
        """The school-roll number as it is compared."""
        number = self.value("roll_number")
        return None if number is None else fold_choice(number)

    @property
    def name_and_birth(self) -> tuple[str, str]:
        """The weakest key."""
        record = self.rows[0].record
        return name_key(record.name), record.birth_on.isoformat()


@dataclass(frozen=True)
class Pairing:
    """Each pupil with the stored person, if there is one, and what stayed in doubt."""

    stored_by_row: Mapping[int, StoredPerson]
    problems: tuple[CellProblem, ...]


def find_pupils(
    sheet: RosterSheet[MemberRow],
) -> tuple[tuple[Pupil, ...], tuple[CellProblem, ...]]:
    """Return the pupils of the sheet in the order of their first rows, and rows left in doubt."""
    clusters = _Clusters(sheet.rows)
    doubtful = tuple(
        sheet.problem(row, "name", RosterCode.MEMBER_AMBIGUOUS)
        for positions in clusters.namesakes()
        for row in _join_namesakes(clusters, positions)
    )
    return tuple(Pupil(tuple(rows)) for rows in clusters.rows()), doubtful


def pair(
    sheet: RosterSheet[MemberRow],
    pupils: Sequence[Pupil],
    persons: Iterable[StoredPerson],
    index_of: IndexOf,
) -> Pairing:
    """Find for each pupil the stored person: by document first, then by roll number, then by name
    and birth date among those that nothing stronger has claimed, at last by a masked number.

    A document number that is not stored yet corrects the one of the person found otherwise.
    """
    known = _Known(persons)
    stored_by_row: dict[int, StoredPerson] = {}
    problems: list[CellProblem] = []
    waiting = list(pupils)
    for find in (known.by_document(index_of), known.by_roll_number):
        waiting = [p for p in waiting if not _claim(known, stored_by_row, p, find(p))]
    for candidates_of in (known.by_name_and_birth, known.by_masked_number):
        waiting, doubtful = _claim_only_ones(known, stored_by_row, waiting, candidates_of)
        ambiguous = RosterCode.MEMBER_AMBIGUOUS
        problems += [sheet.problem(pupil.row, "name", ambiguous) for pupil in doubtful]
    for pupil in pupils:
        other = known.roll_holder(pupil)
        if other is not None and other is not stored_by_row.get(pupil.row):
            problems.append(sheet.problem(pupil.row, "roll_number", RosterCode.MEMBER_AMBIGUOUS))
        if not _keeps_what_is_stored(pupil, stored_by_row.get(pupil.row)):
            code = RosterCode.DOCUMENT_NOT_STORED
            problems.append(sheet.problem(pupil.row, "document_number", code))
    return Pairing(stored_by_row, tuple(problems))


def namesake_problems(
    sheet: RosterSheet[MemberRow],
    pupils: Sequence[Pupil],
    pairing: Pairing,
    persons: Iterable[StoredPerson],
) -> Iterator[CellProblem]:
    """Yield a warning for each new pupil without a number who may be a namesake of the same sex.

    Only in one group, or if the birth dates differ in the year, month or day alone: a large school
    has many namesakes, and a slip of the hand changes one part of a date.
    """
    known: dict[tuple[str, ...], str] = {}
    for person in persons:
        name, born = person.name_and_birth
        for likeness in _likenesses(born, ()):
            known.setdefault((name, str(person.values["sex"]), *likeness), born)
    for pupil in pupils:
        if pupil.row in pairing.stored_by_row:
            continue
        name, born = pupil.name_and_birth
        groups = [fold_choice(placed.record.group or "") for placed in pupil.rows]
        keys = [(name, str(pupil.value("sex")), *each) for each in _likenesses(born, groups)]
        other = next((known[key] for key in keys if key in known), None)
        if other and not pupil.document_number and not pupil.roll_number:
            facts = {"born": other}
            code = RosterCode.MEMBER_NAMESAKE
            yield sheet.problem(pupil.row, "name", code, severity=Severity.WARNING, **facts)
        for key in keys:
            known.setdefault(key, born)


def _likenesses(born: str, groups: Iterable[str]) -> list[tuple[str, str]]:
    """Return what two namesakes have in common who may be one pupil."""
    year, _, rest = born.partition("-")
    month, _, day = rest.partition("-")
    dates = [("year and month", year + month), ("year and day", year + day), ("birthday", rest)]
    return dates + [("group", group) for group in groups]


def _claim(
    known: "_Known",
    stored_by_row: dict[int, StoredPerson],
    pupil: Pupil,
    person: StoredPerson | None,
) -> bool:
    if person is None or person.id in known.claimed:
        return False
    known.claimed.add(person.id)
    stored_by_row[pupil.row] = person
    return True


def _claim_only_ones(
    known: "_Known",
    stored_by_row: dict[int, StoredPerson],
    pupils: Iterable[Pupil],
    candidates_of: Callable[[Pupil], list[StoredPerson]],
) -> tuple[list[Pupil], list[Pupil]]:
    """Claim the person whom alone a pupil can be; return who fits nobody, and who fits several."""
    unknown: list[Pupil] = []
    doubtful: list[Pupil] = []
    for pupil in pupils:
        candidates = candidates_of(pupil)
        if len(candidates) == 1:
            _claim(known, stored_by_row, pupil, candidates[0])
        else:
            (doubtful if candidates else unknown).append(pupil)
    return unknown, doubtful


def _keeps_what_is_stored(pupil: Pupil, person: StoredPerson | None) -> bool:
    """Tell whether a masked number, if the file has one, stands for a stored number."""
    number = pupil.value("document_number")
    if not is_kept(number):
        return True
    if person is None or person.document_index is None:
        return False
    last_four = number.strip("• ")
    return not last_four or last_four == person.document_last_four


class _Known:
    """The stored persons by each of their keys."""

    def __init__(self, persons: Iterable[StoredPerson]) -> None:
        self.claimed: set[int] = set()
        self._by_index: dict[str, StoredPerson] = {}
        self._by_roll: dict[str, StoredPerson] = {}
        self._by_name: defaultdict[tuple[str, str], list[StoredPerson]] = defaultdict(list)
        self._by_last_four: defaultdict[str, list[StoredPerson]] = defaultdict(list)
        for person in persons:
            if person.document_index is not None:
                self._by_index[person.document_index] = person
                self._by_last_four[person.document_last_four or ""].append(person)
            if person.values["roll_number"] is not None:
                self._by_roll[fold_choice(person.values["roll_number"])] = person
            self._by_name[person.name_and_birth].append(person)

    def by_document(self, index_of: IndexOf) -> Callable[[Pupil], StoredPerson | None]:
        def find(pupil: Pupil) -> StoredPerson | None:
            number = pupil.document_number
            return None if number is None else self._by_index.get(index_of(number))

        return find

    def by_roll_number(self, pupil: Pupil) -> StoredPerson | None:
        return self._by_roll.get(pupil.roll_number) if pupil.roll_number is not None else None

    def roll_holder(self, pupil: Pupil) -> StoredPerson | None:
        return self.by_roll_number(pupil)

    def by_name_and_birth(self, pupil: Pupil) -> list[StoredPerson]:
        found = self._by_name.get(pupil.name_and_birth, [])
        return [person for person in found if person.id not in self.claimed]

    def by_masked_number(self, pupil: Pupil) -> list[StoredPerson]:
        """Return who has a number that ends like the masked one, and the name or birth date.

        So a name can be corrected in the workbook that went out with masked numbers.
        """
        masked = pupil.value("document_number")
        if not is_kept(masked) or len(masked) == len(KEPT):
            return []
        name, born = pupil.name_and_birth
        return [
            person
            for person in self._by_last_four.get(masked[len(KEPT) :], ())
            if person.id not in self.claimed
            and (person.name_and_birth[0] == name or person.name_and_birth[1] == born)
        ]


class _Clusters:
    """Rows joined by shared keys (union-find over row positions)."""

    def __init__(self, rows: Sequence[Placed[MemberRow]]) -> None:
        self._rows = rows
        self._parent = list(range(len(rows)))
        self.documents: dict[int, str] = {}
        self.rolls: dict[int, str] = {}
        first: dict[tuple[str, str], int] = {}
        for position, placed in enumerate(rows):
            for identity in _strong_keys(placed.record):
                self.join(first.setdefault(identity, position), position)
        for position, placed in enumerate(rows):
            root = self.root(position)
            for kind, value in _strong_keys(placed.record):
                (self.rolls if kind == "roll" else self.documents).setdefault(root, value)

    def root(self, position: int) -> int:
        while self._parent[position] != position:
            position = self._parent[position]
        return position

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low

    def namesakes(self) -> list[list[int]]:
        """Return the positions of rows that share name and birth date but no stronger key."""
        found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for position, placed in enumerate(self._rows):
            key = (name_key(placed.record.name), placed.record.birth_on.isoformat())
            found[key].append(position)
        return [p for p in found.values() if len({self.root(position) for position in p}) > 1]

    def row_number(self, position: int) -> int:
        return self._rows[position].row

    def rows(self) -> list[list[Placed[MemberRow]]]:
        found: defaultdict[int, list[Placed[MemberRow]]] = defaultdict(list)
        for position, placed in enumerate(self._rows):
            found[self.root(position)].append(placed)
        return list(found.values())


def _strong_keys(record: MemberRow) -> Iterable[tuple[str, str]]:
    if record.document_number is not None and not is_kept(record.document_number):
        yield str(record.document_kind or DocumentKind.PASSPORT), record.document_number
    if record.roll_number is not None:
        yield "roll", fold_choice(record.roll_number)


def _join_namesakes(clusters: _Clusters, positions: list[int]) -> list[int]:
    """Join clusters of one name and birth date where no doubt is left; return doubtful rows."""
    roots = list(dict.fromkeys(clusters.root(position) for position in positions))
    strong = [r for r in roots if r in clusters.documents or r in clusters.rolls]
    weak = [position for position in positions if clusters.root(position) not in strong]
    if weak and len(strong) > 1:
        return [clusters.row_number(position) for position in weak]
    for position in weak[1:]:
        clusters.join(weak[0], position)
    if weak and strong:
        clusters.join(weak[0], strong[0])
    elif len(strong) == 2 and not _contradict(clusters, *strong):  # noqa: PLR2004 - a pair
        clusters.join(*strong)
    return []


def _contradict(clusters: _Clusters, one: int, other: int) -> bool:
    """Two pupils if both have a document, or both a roll number: equal ones are joined before."""
    return any(one in known and other in known for known in (clusters.documents, clusters.rolls))
