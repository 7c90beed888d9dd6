"""Passes over the XML parts of a workbook, none of which may declare a document type.

Entities are what XML bombs are made of, and no spreadsheet program writes any.
"""

from collections.abc import Callable, Mapping
from typing import IO, NoReturn
from xml.parsers import expat

from scheduler.errors import Refused
from scheduler.spreadsheets.limits import WorkbookCode

Attributes = Mapping[str, str]
_CHUNK_BYTES = 64 * 1024


class _RootReached(Exception):  # noqa: N818 - ends a pass, tells no error
    """The root element begins: no document type can follow."""


def read_part(
    source: IO[bytes],
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse a part and tell its elements and text; raises `Refused` at a document type."""
    parser = _parser()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.ParseFile(source)


def count_markup(source: IO[bytes], most: int) -> int:
    """Return how many tags a part has at most, not parsing it beyond the begin of its root.

    Raises `Refused` at a document type, wherever comments try to hide it, and stops counting at
    `most`. What is no XML is left to whoever reads the part.
    """
    parser = _parser()
    parser.StartElementHandler = _end_pass
    is_in_prologue, found = True, 0
    while found <= most and (chunk := source.read(_CHUNK_BYTES)):
        found += chunk.count(b"<")
        if is_in_prologue:
            try:
                parser.Parse(chunk)
            except (_RootReached, expat.ExpatError):
                is_in_prologue = False
    return found


def without_prefix(name: str) -> str:
    """Return an element's or attribute's own name."""
    return name.partition(":")[2] if ":" in name else name


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*_: object) -> NoReturn:
    raise Refused(WorkbookCode.DAMAGED)


def _end_pass(*_: object) -> NoReturn:
    raise _RootReached
