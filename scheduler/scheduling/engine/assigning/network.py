"""The gates of an assignment: what a person passes on the way to a place, and how many may pass.

A place is a gate that everybody passes who goes there. Quotas of a place whose classes lie inside
each other, or have nobody in common, are gates one behind the other: then the assignment is a
flow. Rules that are no gates in this sense are named in `beside`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scheduler.scheduling.engine.assigning.problem import AssignmentProblem, Place, Quota
    from scheduler.scheduling.engine.assigning.table import Numbers

    Kinds = frozenset[int]


@dataclass(frozen=True, slots=True)
class Gate:
    """From `least` to `most` pass here to `parent`; `kept` of them may be nobody at all."""

    place: str
    quota: str | None
    parent: int
    least: int
    most: int
    kept: int = 0


@dataclass
class Network:
    """Gates by number; the last node, `exit`, is where all arrive.

    `entry[kind, place]` is the first gate on the way of a person of this kind, `kind` says each
    person's. `least`, `most` and `kept` repeat the gates as arrays that a search may tighten.
    """

    gates: list[Gate]
    kind: Numbers
    entry: Numbers
    beside: list[Quota | Place]
    parent: Numbers = field(init=False)
    least: Numbers = field(init=False)
    most: Numbers = field(init=False)
    kept: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.parent = np.array([gate.parent for gate in self.gates], np.int64)
        self.least = np.array([gate.least for gate in self.gates], np.int64)
        self.most = np.array([gate.most for gate in self.gates], np.int64)
        self.kept = np.array([gate.kept for gate in self.gates], np.int64)

    @property
    def exit(self) -> int:
        return len(self.gates)

    @property
    def is_one_to_one(self) -> bool:
        """Whether there is exactly one place for each person and nothing else to heed."""
        places = self.entry.shape[1]
        takes_one = bool((self.least == 1).all() and (self.most == 1).all())
        return takes_one and len(self.gates) == places == len(self.kind)

    def entries(self, people: Numbers, places: Numbers) -> Numbers:
        """Return the first gates of people on their way to places; place -1 is none."""
        exits = np.full(len(self.entry), self.exit)
        found: Numbers = np.column_stack([self.entry, exits])[self.kind[people], places]
        return found


def network_of(problem: AssignmentProblem) -> Network:
    """Return the gates of a problem, and the quotas and places that cannot be such."""
    exit_mark = -1
    counted = frozenset(quota.people for quota in problem.quotas)
    kind_number: dict[frozenset[str], int] = {}
    kinds = [
        kind_number.setdefault(counted.intersection(person.classes), len(kind_number))
        for person in problem.people
    ]
    members = {
        name: frozenset(number for kind, number in kind_number.items() if name in kind)
        for name in counted
    }
    gates: list[Gate] = []
    beside: list[Quota | Place] = []
    for place in problem.places:
        quotas = problem.quotas_by_place.get(place.id, ())
        least = 0 if any(quota.kept for quota in quotas) else place.least
        if least < place.least:  # kept seats that stay empty must not count as filled
            beside.append(place)
        gates.append(Gate(place.id, None, exit_mark, least, place.most))
    entry = np.tile(np.arange(len(problem.places)), (max(1, len(kind_number)), 1))
    for column, place in enumerate(problem.places):
        quotas = problem.quotas_by_place.get(place.id, ())
        beside += _add_quotas(gates, entry[:, column], quotas, members, len(problem.people))
    gates = [_with_exit(gate, len(gates)) for gate in gates]
    return Network(gates, np.array(kinds, np.int64), entry, beside)


def _with_exit(gate: Gate, exit_: int) -> Gate:
    parent = exit_ if gate.parent < 0 else gate.parent
    return Gate(gate.place, gate.quota, parent, gate.least, gate.most, gate.kept)


def _add_quotas(
    gates: list[Gate],
    entry: Numbers,
    quotas: tuple[Quota, ...],
    members: dict[str, Kinds],
    everybody: int,
) -> list[Quota | Place]:
    """Put a gate before a place for each quota that nests with the others; return the rest.

    The widest come first, so that whoever passes a new gate has passed all wider ones; seats are
    kept only right before the place, where an empty one counts in no other quota.
    """
    beside: list[Quota | Place] = []
    inner: list[Kinds] = []
    place = int(entry[0])
    for quota in sorted(quotas, key=lambda one: (-len(members[one.people]), not one.kept, one.id)):
        kinds = members[quota.people]
        around = [other for other in inner if kinds and kinds <= other]
        nests = all(kinds <= other or not kinds & other for other in inner)
        if not nests or (quota.kept and around):
            beside.append(quota)
            continue
        parent = int(entry[min(kinds)]) if kinds else place
        most = max(everybody, quota.floor) if quota.most is None else quota.most
        spare = quota.floor - quota.least
        gates.append(Gate(quota.place, quota.id, parent, quota.floor, most, spare))
        if kinds:
            entry[list(kinds)] = len(gates) - 1
            inner.append(kinds)
    return beside
