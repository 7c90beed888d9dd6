"""Sheets of paper as PDF: headings, facts, tables, a foot on every page; knows no applications."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode
from fpdf.fonts import FontFace, TTFFont
from fpdf.table import Table

from scheduler.errors import Refused
from scheduler.languages import html_language
from scheduler.reports.fonts import find_font
from scheduler.reports.lanes import Block, Lane, draw_lanes
from scheduler.reports.refusals import ExportRefusal

# It tells what it leaves out of every font.
logging.getLogger("fontTools").setLevel(logging.WARNING)

_FAMILY = "body"
_SIZE, _SMALL, _LARGE = 10, 8, 18
_LINE = 5.5
_SIZE_ON_WALL, _LINE_ON_WALL = 13, 7.0
_BOTTOM = 20
_WIDTH, _LABEL_WIDTH = 174, 45
_QUIET, _INK, _RULE = (90, 90, 90), (0, 0, 0), (150, 150, 150)
_REPLACED = "〓"


class Paper:
    """A document in one language; text flows from the top, each page ends with the foot.

    It is A4 upright, or A3 across where it `is_wide`.
    """

    def __init__(
        self, title: str, locale: str, foot: str, *, font: str = "", is_wide: bool = False
    ) -> None:
        """Raise `Refused` if no font with Chinese characters is installed."""
        self._pages = _Pages("L", "mm", "A3") if is_wide else _Pages()
        # Sheets on a wall are read from further away than a page in the hand.
        self._size, self._line = (_SIZE_ON_WALL, _LINE_ON_WALL) if is_wide else (_SIZE, _LINE)
        self._known: frozenset[int] = frozenset()
        self._has_bold = False
        self._add_fonts(locale, font)
        self._wrap = WrapMode.WORD if locale == "en" else WrapMode.CHAR
        self._pages.foot = self.known(foot)
        self._pages.set_title(title)
        self._pages.set_lang(html_language(locale))
        self._pages.set_creator("Ambassador Scheduler")
        self._pages.set_margins(18, 16)
        self._pages.set_auto_page_break(auto=True, margin=_BOTTOM)
        self._pages.add_page()
        self._pages.set_draw_color(*_RULE)
        self._pages.set_line_width(0.15)

    def heading(self, text: str) -> None:
        """Write the document's own heading."""
        self._bold(_LARGE)
        self._write(text, 9)
        self._plain()

    def section(self, text: str) -> None:
        """Begin a part with a heading that is not left alone at a page's end.

        Below it there is room for the head of a table and a row of three lines.
        """
        if self._pages.will_page_break(7 * _LINE):
            self._pages.add_page()
        self._pages.ln(3)
        self._bold(_SIZE + 2)
        self._write(text, 7)
        self._plain()

    def paragraph(self, text: str, *, is_quiet: bool = False) -> None:
        """Write a paragraph."""
        if is_quiet:
            self._pages.set_text_color(*_QUIET)
            self._pages.set_font_size(_SMALL + 1)
        self._write(text, _LINE)
        self._plain()

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Write labels with their values beside them."""
        with self._table((_LABEL_WIDTH, _WIDTH - _LABEL_WIDTH), heads=0) as table:
            for label, value in pairs:
                row = table.row()
                row.cell(self.known(label), style=FontFace(color=_QUIET))
                row.cell(self.known(value) or "–")

    def rows(
        self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
    ) -> None:
        """Write a table; its head is repeated on every page."""
        with self._table(widths, heads=1) as table:
            for cells in (heads, *rows):
                row = table.row()
                for cell in cells:
                    row.cell(self.known(cell))

    def new_page(self) -> None:
        """Go on at the top of another page."""
        self._pages.add_page()

    def lanes(self, lanes: Iterable[tuple[str, Iterable[tuple[int, int, str]]]]) -> None:
        """Draw columns over the rest of the page: a heading, and blocks by minutes of the day."""
        columns = [
            Lane(
                self.known(heading),
                [Block(begin, end, self.known(text)) for begin, end, text in blocks],
            )
            for heading, blocks in lanes
        ]
        # A block at the page's end would begin another page.
        self._pages.set_auto_page_break(auto=False, margin=_BOTTOM)
        with self._pages.local_context():
            draw_lanes(self._pages, columns, family=_FAMILY)
        self._pages.set_auto_page_break(auto=True, margin=_BOTTOM)
        self._plain()

    def known(self, text: str) -> str:
        """Return the text with characters that the font lacks written as their code points."""
        return "".join(
            character
            if ord(character) in self._known or character.isspace()
            else f"{_REPLACED}(U+{ord(character):04X})"
            for character in text
        )

    def content(self) -> bytes:
        """Return the finished document."""
        return bytes(self._pages.output())

    def _add_fonts(self, locale: str, named: str) -> None:
        regular = find_font(locale, named)
        if regular is None:
            raise Refused(ExportRefusal.NO_FONT)
        pages = self._pages
        pages.add_font(_FAMILY, "", regular.file, collection_font_number=regular.face)
        bold = find_font(locale, named, is_bold=True)
        self._has_bold = bold is not None
        if bold is not None:
            pages.add_font(_FAMILY, "B", bold.file, collection_font_number=bold.face)
        pages.set_font(_FAMILY, size=self._size)
        face = pages.fonts[_FAMILY]
        assert isinstance(face, TTFFont)  # noqa: S101 - what `add_font` has added
        self._known = frozenset(face.cmap)

    def _table(self, widths: Sequence[int], *, heads: int) -> AbstractContextManager[Table]:
        style = FontFace(emphasis="BOLD" if self._has_bold else None)
        return self._pages.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(widths),
            first_row_as_headings=bool(heads),
            num_heading_rows=heads,
            headings_style=style,
            line_height=self._line,
            text_align="LEFT",
            v_align="TOP",
            wrapmode=self._wrap,
            padding=(0.6, 1, 0.6, 0),
        )

    def _write(self, text: str, height: float) -> None:
        self._pages.multi_cell(
            0, height, self.known(text), new_x="LMARGIN", new_y="NEXT", wrapmode=self._wrap
        )

    def _bold(self, size: int) -> None:
        self._pages.set_font(_FAMILY, "B" if self._has_bold else "", size)

    def _plain(self) -> None:
        self._pages.set_font(_FAMILY, "", self._size)
        self._pages.set_text_color(*_INK)


class _Pages(FPDF):
    """The library's document, with our foot."""

    foot = ""

    def footer(self) -> None:
        """Write the foot: called by the library at each page's end."""
        self.set_y(-14)
        self.set_font(_FAMILY, size=_SMALL)
        self.set_text_color(*_QUIET)
        self.cell(self.epw - 24, 5, self.foot)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(*_INK)
