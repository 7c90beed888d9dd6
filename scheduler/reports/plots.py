"""Where the bars of a drawing stand, in the units of its view box. Pure: no words, no colours."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 360
_LINE, _BAR, _GAP = 16, 10, 12
_COLUMNS_HEIGHT, _AXIS = 120, 18
_LEFT = 4
MOST_BARS = 25
"""A drawing shows so many bars at most; its table shows all rows."""

_LONGEST_LABEL = 44
"""In half-widths: an ideograph takes two."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label and value as text, where the label stands, and the rectangle."""

    label: str
    value: str
    x: float
    y: float
    width: float
    height: float
    text_y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars within a view box of `WIDTH` by `height`, and their numbers again as a table."""

    key: str
    title: str
    summary: str
    heads: tuple[str, str]
    rows: Sequence[tuple[str, str]]
    bars: Sequence[Bar]
    height: float
    is_over_time: bool = False
    top: str = ""

    @property
    def width(self) -> int:
        """All drawings are equally wide, so that their writing is equally large."""
        return WIDTH


def bars(
    values: Sequence[tuple[str, float, str]], full: float | None = None
) -> tuple[list[Bar], float]:
    """Return lying bars, one below the other, with the label above each, and their height.

    Values are label, size and the text that stands for the size. A bar of the size `full` fills
    the width; without it, the longest one does.
    """
    shown = values[:MOST_BARS]
    longest = full or max((size for _label, size, _text in shown), default=0) or 1
    found, y = [], 0.0
    for label, size, text in shown:
        width = round(WIDTH * size / longest, 1)
        found.append(Bar(_cut(label), text, 0, y + _LINE, width, _BAR, y + _LINE - 4))
        y += _LINE + _BAR + _GAP
    return found, y


def columns(values: Sequence[tuple[str, int]]) -> tuple[list[Bar], float]:
    """Return standing bars side by side over a base line, and the drawing's height."""
    highest = max((count for _label, count in values), default=0) or 1
    slot = (WIDTH - _LEFT) / max(1, len(values))
    base = _AXIS + _COLUMNS_HEIGHT
    found = []
    for place, (label, count) in enumerate(values):
        height = round(_COLUMNS_HEIGHT * count / highest, 1)
        x = round(_LEFT + place * slot, 2)
        width = round(max(1.0, slot * 0.8), 2)
        found.append(Bar(label, str(count), x, base - height, width, height, base + _AXIS - 4))
    return found, base + _AXIS


def _cut(label: str) -> str:
    room = _LONGEST_LABEL
    for place, character in enumerate(label):
        room -= 1 if character.isascii() else 2
        if room < 0:
            return label[:place] + "…"
    return label
