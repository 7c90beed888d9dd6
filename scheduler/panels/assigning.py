"""Which case goes to whom: balanced, the same every time, never to the own school. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Case:
    """A case that still needs reviewers: how many, and who is out of the question."""

    key: str
    needs: int
    barred: frozenset[str]


def distribute(
    cases: Iterable[Case], reviewers: Sequence[str], load: Mapping[str, int]
) -> list[tuple[str, str]]:
    """Return pairs of case and reviewer.

    Each case, in the order of their keys, goes to those who have the least so far. Among equals a
    digest decides, which depends on nothing but the two names, so that the same people do not
    always meet. A case for which too few are left gets as many as there are.
    """
    carried = Counter({each: load.get(each, 0) for each in reviewers})
    found: list[tuple[str, str]] = []
    for case in sorted(cases, key=lambda each: each.key):
        eligible = [each for each in reviewers if each not in case.barred]
        ordered = sorted(eligible, key=lambda each: (carried[each], _lot(case.key, each)))
        for reviewer in ordered[: max(0, case.needs)]:
            carried[reviewer] += 1
            found.append((case.key, reviewer))
    return found


def _lot(case: str, reviewer: str) -> bytes:
    return sha256(f"{case}/{reviewer}".encode()).digest()
