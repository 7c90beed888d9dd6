"""Sheets of paper as PDF: headings, facts, tables, a foot on every page; knows no applications."""

from collections.abc import Iterable, Sequence
from typing import Any

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode
from fpdf.fonts import FontFace

from scheduler.errors import Refused
from scheduler.languages import html_language
from scheduler.reports.fonts import find_font
from scheduler.reports.refusals import ExportRefusal

_FAMILY = "body"
_SIZE, _SMALL, _LARGE = 10, 8, 18
_LINE = 5.5
_LABEL_WIDTH = 45
_QUIET, _INK = (90, 90, 90), (0, 0, 0)
_REPLACED = "〓"


class Paper(FPDF):
    """An A4 document in one language; text flows from the top, each page ends with the foot."""

    def __init__(self, title: str, locale: str, foot: str, *, font: str = "") -> None:
        """Raise `Refused` if no font with Chinese characters is installed."""
        super().__init__()
        self._foot = foot
        self._known: frozenset[int] = frozenset()
        self._has_bold = False
        self._add_fonts(locale, font)
        self._wrap = WrapMode.WORD if locale == "en" else WrapMode.CHAR
        self.set_title(title)
        self.set_lang(html_language(locale))
        self.set_creator("Ambassador Scheduler")
        self.set_margins(18, 16)
        self.set_auto_page_break(auto=True, margin=20)
        self.add_page()

    def heading(self, text: str) -> None:
        """Write the document's own heading."""
        self._bold(_LARGE)
        self._write(text, 9)
        self._plain()

    def section(self, text: str) -> None:
        """Begin a part with a heading that is not left alone at a page's end."""
        if self.will_page_break(3 * _LINE):
            self.add_page()
        self.ln(3)
        self._bold(_SIZE + 2)
        self._write(text, 7)
        self._plain()

    def line(self, text: str, *, is_quiet: bool = False) -> None:
        """Write a paragraph."""
        if is_quiet:
            self.set_text_color(*_QUIET)
            self.set_font_size(_SMALL + 1)
        self._write(text, _LINE)
        self._plain()

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Write labels with their values beside them."""
        with self._table((_LABEL_WIDTH, 174 - _LABEL_WIDTH), heads=0) as table:
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

    def known(self, text: str) -> str:
        """Return the text with characters that the font lacks written as their code points."""
        return "".join(
            character
            if ord(character) in self._known or character.isspace()
            else f"{_REPLACED}(U+{ord(character):04X})"
            for character in text
        )

    def footer(self) -> None:
        """Write the foot: called by the library at each page's end."""
        self.set_y(-14)
        self.set_font(_FAMILY, size=_SMALL)
        self.set_text_color(*_QUIET)
        self.cell(150, 5, self.known(self._foot))
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(*_INK)

    def content(self) -> bytes:
        """Return the finished document."""
        return bytes(self.output())

    def _add_fonts(self, locale: str, named: str) -> None:
        regular = find_font(locale, named)
        if regular is None:
            raise Refused(ExportRefusal.NO_FONT)
        self.add_font(_FAMILY, "", regular.file, collection_font_number=regular.face)
        bold = find_font(locale, named, is_bold=True)
        self._has_bold = bold is not None
        if bold is not None:
            self.add_font(_FAMILY, "B", bold.file, collection_font_number=bold.face)
        self.set_font(_FAMILY, size=_SIZE)
        self._known = frozenset(self.fonts[_FAMILY].cmap)  # type: ignore[attr-defined]

    def _table(self, widths: Sequence[int], *, heads: int) -> Any:
        style = FontFace(emphasis="BOLD" if self._has_bold else None)
        return self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(widths),
            first_row_as_headings=bool(heads),
            num_heading_rows=heads,
            headings_style=style,
            line_height=_LINE,
            text_align="LEFT",
            wrapmode=self._wrap,
            padding=(0.6, 1, 0.6, 0),
        )

    def _write(self, text: str, height: float) -> None:
        self.multi_cell(
            0, height, self.known(text), new_x="LMARGIN", new_y="NEXT", wrapmode=self._wrap
        )

    def _bold(self, size: int) -> None:
        self.set_font(_FAMILY, "B" if self._has_bold else "", size)

    def _plain(self) -> None:
        self.set_font(_FAMILY, "", _SIZE)
        self.set_text_color(*_INK)
