"""What a page shows of a board already, so that an answer brings only the lanes that differ.

A page keeps a mark of each lane, and one of the frame that all lanes stand in: days, hours, venues.
Marks are made of what is shown, whatever changed it; so nothing has to be remembered of a page, and
nothing that differs is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

from flask_babel import get_locale

from scheduler.formats import named, venue_name
from scheduler.scheduling.board.contents import Board, Card, Column, Day

MARK_LENGTH = 6
"""So short that the marks of a thousand lanes fit into an address."""


@dataclass(frozen=True)
class Shown:
    """What a page says that it shows: the mark of its frame, and those of its lanes in order."""

    frame: str = ""
    lanes: str = ""

    @classmethod
    def asked(cls, values: Mapping[str, str]) -> "Shown":
        """Read it from an address or a form; a page that says nothing shows nothing."""
        return cls(values.get("frame", ""), values.get("lanes", ""))

    def differing(self, board: Board) -> list[tuple[int, Column]] | None:
        """Return the lanes that look different now, with their place among all lanes.

        None if they stand in another frame, so that the page has to show all of them anew.
        """
        columns = [column for day in board.days for column in day.columns]
        if self.frame != frame_of(board) or len(self.lanes) != MARK_LENGTH * len(columns):
            return None
        return [
            (at, column)
            for at, column in enumerate(columns)
            if self.lanes[MARK_LENGTH * at : MARK_LENGTH * (at + 1)] != mark_of(column)
        ]


def frame_of(board: Board) -> str:
    """Return the mark of what the lanes of a board stand in."""
    return _mark([str(get_locale()), *(_frame(day) for day in board.days)])


def mark_of(column: Column) -> str:
    """Return the mark of what a lane shows."""
    return _mark([_shown(card) for card in column.items])


def _mark(shown: object) -> str:
    return f"{crc32(repr(shown).encode()):08x}"[-MARK_LENGTH:]


def _frame(day: Day) -> object:
    columns = [(c.venue.code, venue_name(c.venue), c.hours, c.closures) for c in day.columns]
    return day.date, day.begin, day.end, bool(day.count), columns


def _shown(card: Card) -> object:
    slot, item = card.slot, card.slot.item
    who = (item.ref, item.title, item.school_text, named(item.about))
    where = (card.warmup, slot.warmup_room, card.stage, card.changeover_end, slot.is_locked)
    return who, where, item.setup_minutes, card.problems, card.is_dimmed, card.is_changed
