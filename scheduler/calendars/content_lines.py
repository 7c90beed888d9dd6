"""The content lines of octets that we rendered ourselves, unfolded and taken apart. Pure.

Not a reader for anybody's calendar: our own lines have no quoted parameter and always end in CRLF
(`ical`), so taking them apart costs a hundredth of what a real parser needs.
"""

import re
from typing import NamedTuple

_ESCAPE = re.compile(r"\\(.)")


class ContentLine(NamedTuple):
    """One property as it stands: its value is still escaped."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value of a TEXT property in plain words (RFC 5545 3.3.11)."""
        return _ESCAPE.sub(_meant, self.value)


def content_lines(octets: bytes) -> list[ContentLine]:
    """Return the lines of rendered octets in their order, BEGIN and END among them."""
    lines = octets.replace(b"\r\n ", b"").decode().split("\r\n")
    return [_taken_apart(line) for line in lines if line]


def texts(value: str) -> list[str]:
    """Return the parts of a value that holds several TEXTs with commas between."""
    parts = re.split(r"(?<!\\)((?:\\\\)*),", value)
    # What the group caught are whole escaped backslashes before a comma: they belong to the part.
    joined = ["".join(pair) for pair in zip(parts[::2], [*parts[1::2], ""], strict=True)]
    return [_ESCAPE.sub(_meant, part) for part in joined]


def _taken_apart(line: str) -> ContentLine:
    head, _, value = line.partition(":")
    name, *parameters = head.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return ContentLine(name, {key: given for key, _, given in pairs}, value)


def _meant(escape: re.Match[str]) -> str:
    sign = escape[1]
    return "\n" if sign in "nN" else sign
