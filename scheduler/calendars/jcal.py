"""A stored feed as jCal (RFC 7265): the same properties in the same order, as JSON. Pure."""

from collections.abc import Iterator
from typing import Any

from scheduler.calendars.content_lines import ContentLine, content_lines, texts

MEDIA_TYPE = "application/calendar+json"

TYPES = {
    "dtstamp": "date-time",
    "last-modified": "date-time",
    "dtstart": "date-time",
    "dtend": "date-time",
    "sequence": "integer",
    "geo": "float",
    "url": "uri",
    "trigger": "duration",
    "refresh-interval": "duration",
    "tzoffsetfrom": "utc-offset",
    "tzoffsetto": "utc-offset",
}
"""What values are, where that is not text (RFC 7265 3.5.1)."""
UNKNOWN_PREFIX = "x-"

Component = list[Any]


def jcal(body: bytes) -> Component:
    """Return a stored feed as a jCal calendar, ready to become JSON."""
    lines = iter(content_lines(body))
    return _component(next(lines), lines)


def _component(begin: ContentLine, lines: Iterator[ContentLine]) -> Component:
    properties: list[Any] = []
    components: list[Any] = []
    for line in lines:
        if line.name == "END":
            break
        if line.name == "BEGIN":
            components.append(_component(line, lines))
        else:
            properties.append(_property(line))
    return [begin.value.lower(), properties, components]


def _property(line: ContentLine) -> list[Any]:
    name = line.name.lower()
    kind = _kind(name, line)
    # VALUE is said by the type, so it is no parameter any more (RFC 7265 3.5.1).
    parameters = {key.lower(): value for key, value in line.parameters.items() if key != "VALUE"}
    return [name, parameters, kind, *_values(name, kind, line)]


def _kind(name: str, line: ContentLine) -> str:
    if given := line.parameters.get("VALUE"):
        return given.lower()
    return "unknown" if name.startswith(UNKNOWN_PREFIX) else TYPES.get(name, "text")


def _values(name: str, kind: str, line: ContentLine) -> list[Any]:
    if name == "categories":
        return list(texts(line.value))
    if name == "geo":
        return [[float(part) for part in line.value.split(";")]]
    if kind == "text":
        return [line.text]
    if kind == "integer":
        return [int(line.value)]
    return [_FORMS.get(kind, str)(line.value)]


def _date(value: str) -> str:
    return f"{value[:4]}-{value[4:6]}-{value[6:8]}"


def _date_time(value: str) -> str:
    return f"{_date(value)}T{value[9:11]}:{value[11:13]}:{value[13:]}"


def _offset(value: str) -> str:
    return f"{value[:3]}:{value[3:]}"


_FORMS = {"date": _date, "date-time": _date_time, "utc-offset": _offset}
