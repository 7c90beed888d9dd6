"""A day of several venues beside each other on one sheet: a lane for each, time running down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF

_HEAD, _HOUR_WIDTH, _GAP = 8.0, 12.0, 2.0
_WARM, _EDGE, _PALE = (236, 236, 230), (120, 120, 120), (250, 250, 248)
_LEAST_SIZE, _MOST_SIZE = 5.0, 10.0
_POINT = 0.353


@dataclass(frozen=True, slots=True)
class Block:
    """What fills a lane from one minute of the day to another, in one line of words.

    Without words it is a changeover: pale, and without an edge.
    """

    begin: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A venue's column."""

    heading: str
    blocks: Sequence[Block]


def draw_lanes(pages: "FPDF", lanes: Sequence[Lane], *, family: str) -> None:
    """Draw the lanes over the rest of the page, from the first full hour to the last."""
    begin = min(block.begin for lane in lanes for block in lane.blocks) // 60 * 60
    end = -(-max(block.end for lane in lanes for block in lane.blocks) // 60) * 60
    top = pages.get_y() + _HEAD
    scale = (pages.h - pages.b_margin - top) / (end - begin)
    left = pages.l_margin + _HOUR_WIDTH
    width = (pages.epw - _HOUR_WIDTH) / len(lanes)
    _hours(pages, range(begin, end + 60, 60), begin, top, scale)
    for number, lane in enumerate(lanes):
        x = left + number * width
        pages.set_xy(x, top - _HEAD)
        pages.set_font(family, size=11)
        pages.cell(width - _GAP, _HEAD - 1, _fitting(pages, lane.heading, width - _GAP))
        for block in lane.blocks:
            height = (block.end - block.begin) * scale
            size = min(_MOST_SIZE, max(_LEAST_SIZE, height / _POINT * 0.8))
            pages.set_font(family, size=size)
            pages.set_fill_color(*(_WARM if block.text else _PALE))
            pages.set_draw_color(*_EDGE)
            pages.set_xy(x, top + (block.begin - begin) * scale)
            text = _fitting(pages, block.text, width - _GAP - 2)
            pages.cell(width - _GAP, height, text, border=1 if block.text else 0, fill=True)


def _hours(pages: "FPDF", hours: Iterable[int], begin: int, top: float, scale: float) -> None:
    pages.set_font_size(9)
    for minute in hours:
        y = top + (minute - begin) * scale
        pages.line(pages.l_margin, y, pages.l_margin + pages.epw, y)
        pages.set_xy(pages.l_margin, y)
        pages.cell(_HOUR_WIDTH, 4, f"{minute // 60:02}:00")


def _fitting(pages: "FPDF", text: str, width: float) -> str:
    """Return as much of the text as one line holds."""
    if pages.get_string_width(text) <= width:
        return text
    while text and pages.get_string_width(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"
