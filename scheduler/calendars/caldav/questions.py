"""What a program asks, read from XML that may have been written to harm.

No document types, so no entities to multiply; and bounds for octets, depth and elements, which a
real question stays far below.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from scheduler.calendars.caldav.vocabulary import DAV

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST_OCTETS = 400_000
"""Room for the addresses of a thousand items, the most that a calendar holds."""
MOST_DEPTH = 20
MOST_ELEMENTS = 5_000


class UnreadableQuestionError(Exception):
    """What was asked is no XML, or more than anybody asks. Carries the status of the answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which properties are asked for: those named, or all there are (`names` is None)."""

    names: tuple[str, ...] | None = None
    without_values: bool = False


class _BoundedBuilder(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._elements = 0

    def start(self, tag: Any, attrs: Any) -> Any:
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH or self._elements > MOST_ELEMENTS:
            raise UnreadableQuestionError(413, "Nobody asks that much.")
        return super().start(tag, attrs)

    def end(self, tag: Any) -> Any:
        self._depth -= 1
        return super().end(tag)


def body_of(environ: "WSGIEnvironment") -> bytes:
    """Return the octets of a question. Raises `UnreadableQuestionError` when there are too many."""
    if environ.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        raise UnreadableQuestionError(415, "Questions are not compressed here.")
    try:
        octets = get_input_stream(environ, max_content_length=MOST_OCTETS).read(MOST_OCTETS + 1)
    except RequestEntityTooLarge as error:
        raise UnreadableQuestionError(413, "Nobody asks that much.") from error
    if len(octets) > MOST_OCTETS:
        raise UnreadableQuestionError(413, "Nobody asks that much.")
    return bytes(octets)


def read(octets: bytes) -> Element | None:
    """Return the root of a question, None for an empty one. Raises `UnreadableQuestionError`."""
    if not octets.strip():
        return None
    parser = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=True)
    try:
        parser.feed(octets)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as error:  # also all that defusedxml raises
        raise UnreadableQuestionError(400, "This is not XML that is read here.") from error
    return root


def wanted_of(root: Element | None) -> Wanted:
    """Return which properties a PROPFIND or REPORT asks for; without a word, all."""
    if root is None:
        return Wanted()
    if root.find(f"{DAV}propname") is not None:
        return Wanted(without_values=True)
    prop = root.find(f"{DAV}prop")
    return Wanted() if prop is None else Wanted(tuple(each.tag for each in prop))
