"""The XML words of CalDAV, as {namespace}name, and how they are written in answers."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
SERVER = "{http://calendarserver.org/ns/}"

_PREFIXES = {DAV: "D", CALDAV: "C", SERVER: "S"}
_NAMESPACES = "".join(
    f' xmlns:{prefix}="{namespace[1:-1]}"' for namespace, prefix in _PREFIXES.items()
)
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_CARRIAGE_RETURN = {"\r": "&#13;"}
"""A bare one would be taken for half of a line break and dropped (XML 1.0 2.11)."""


def element(name: str, content: str = "", /, **attributes: str) -> str:
    """Return an element around content that is XML already; see `text` for words."""
    space, bracket, local = name.rpartition("}")
    prefix = _PREFIXES.get(space + bracket)
    tag = f"{prefix}:{local}" if prefix else local
    # What a program asks for by a name that is not ours comes back under that name.
    foreign = f" xmlns={quoteattr(space[1:])}" if not prefix else ""
    given = "".join(
        f" {key.replace('_', '-')}={quoteattr(value)}" for key, value in attributes.items()
    )
    opening = f"{tag}{foreign}{given}"
    return f"<{opening}>{content}</{tag}>" if content else f"<{opening}/>"


def text(words: str) -> str:
    """Return words as XML has them, line breaks kept."""
    return escape(words, _CARRIAGE_RETURN)


def href(path: str) -> str:
    """Return the address of something of ours."""
    return element(f"{DAV}href", text(path))


def found(path: str, properties: Mapping[str, str], missing: Iterable[str] = ()) -> str:
    """Return what a resource answers: its properties by name, and names that it does not have."""
    parts = [href(path)]
    lacking = dict.fromkeys(missing, "")
    if properties or not lacking:
        parts.append(_propstat(properties, "200 OK"))
    if lacking:
        parts.append(_propstat(lacking, "404 Not Found"))
    return element(f"{DAV}response", "".join(parts))


def not_found(path: str) -> str:
    """Return that there is nothing, or nothing any more, at an address."""
    status = element(f"{DAV}status", "HTTP/1.1 404 Not Found")
    return element(f"{DAV}response", href(path) + status)


def document(name: str, content: str) -> bytes:
    """Return a whole answer."""
    local = name.rpartition("}")[2]
    whole = f"<D:{local}{_NAMESPACES}>{content}</D:{local}>"
    return (_DECLARATION + whole).encode()


def _propstat(properties: Mapping[str, str], status: str) -> str:
    written = "".join(element(name, content) for name, content in properties.items())
    prop = element(f"{DAV}prop", written)
    return element(f"{DAV}propstat", prop + element(f"{DAV}status", f"HTTP/1.1 {status}"))
