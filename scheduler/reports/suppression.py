"""Hides small numbers of pupils, so that nobody is recognised in a table. Pure.

One hidden number alone could be reckoned from the total, so the next smallest goes with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SMALL = 5
"""Numbers below this, zero apart, are not shown."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of pupils; `shown` is None where it is hidden."""

    shown: int | None
    is_small: bool = False

    def __str__(self) -> str:
        if self.shown is not None:
            return str(self.shown)
        return f"<{SMALL}" if self.is_small else "–"


@dataclass(frozen=True, slots=True)
class Counts:
    """The cells of a table and their sum, as far as they may be shown."""

    cells: list[tuple[str, Count]]
    total: Count


def hide_small(cells: Sequence[tuple[str, int]]) -> Counts:
    """Return the cells with small ones hidden, and so much else that these cannot be reckoned."""
    total = sum(number for _name, number in cells)
    hidden = {name for name, number in cells if 0 < number < SMALL}
    others = sorted((number, name) for name, number in cells if number >= SMALL)
    hides_total = 0 < total < SMALL
    if len(hidden) == 1 and others:
        hidden.add(others[0][1])
    return Counts(
        [(name, _count(number, is_hidden=name in hidden)) for name, number in cells],
        _count(total, is_hidden=hides_total),
    )


def _count(number: int, *, is_hidden: bool) -> Count:
    return Count(None if is_hidden else number, is_small=is_hidden and number < SMALL)
