"""Which items a calendar-query means (RFC 4791 9.7). Pure.

A question that would need more than is read here is refused by its name (`supported-filter`):
half an answer would look like a whole one.
"""

import datetime as dt
from collections.abc import Callable
from xml.etree.ElementTree import Element

from scheduler.calendars.caldav.vocabulary import CALDAV
from scheduler.calendars.entries import Times
from scheduler.calendars.stored_items import StoredItem

IS_NOT_DEFINED = f"{CALDAV}is-not-defined"
_EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LATEST = dt.datetime(9999, 12, 30, tzinfo=dt.UTC)

Test = Callable[[StoredItem], bool]


class UnsupportedFilterError(Exception):
    """The filter asks for something that is not looked at here."""


class UnsupportedCollationError(Exception):
    """The filter compares texts in a way that is not known here."""


class InvalidFilterError(Exception):
    """The filter breaks the rules of RFC 4791."""


def test_of(root: Element, zone: str) -> Test:
    """Return what tells whether an item is meant; days are days of the zone.

    Raises `UnsupportedFilterError`, `UnsupportedCollationError` and `InvalidFilterError`.
    """
    outer = root.findall(f"{CALDAV}filter/{CALDAV}comp-filter")
    if len(outer) != 1 or outer[0].get("name") != "VCALENDAR":
        raise InvalidFilterError
    tests = [_component_test(each, zone) for each in outer[0]]
    return lambda item: all(test(item) for test in tests)


def _component_test(part: Element, zone: str) -> Test:
    """Return the test for a component of the calendar: only events stand in ours."""
    if part.tag != f"{CALDAV}comp-filter":
        raise UnsupportedFilterError
    is_absent = part.find(IS_NOT_DEFINED) is not None
    if part.get("name") != "VEVENT":
        return lambda _item: is_absent
    if is_absent:
        return lambda _item: False
    tests = [_event_test(each, zone) for each in part]
    return lambda item: all(test(item) for test in tests)


def _event_test(part: Element, zone: str) -> Test:
    if part.tag == f"{CALDAV}time-range":
        return _time_test(part, zone)
    if part.tag == f"{CALDAV}prop-filter":
        return _property_test(part)
    if part.tag == f"{CALDAV}comp-filter" and part.get("name") == "VALARM" and len(part) <= 1:
        return _alarm_test(part)
    raise UnsupportedFilterError


def _time_test(part: Element, zone: str) -> Test:
    """Return the test of RFC 4791 9.9 for events that have an end, as all of ours have."""
    since, until = time_range(part)

    def overlaps(item: StoredItem) -> bool:
        starts_at, ends_at = item.times(zone)
        return since < ends_at and until > starts_at

    return overlaps


def time_range(part: Element) -> Times:
    """Return from and until of a time-range, of which one may be open."""
    first, last = part.get("start"), part.get("end")
    if first is None and last is None:
        raise InvalidFilterError
    since = _instant(first) if first else _EARLIEST
    until = _instant(last) if last else _LATEST
    if until <= since:
        raise InvalidFilterError
    return since, until


def _instant(written: str) -> dt.datetime:
    try:
        return dt.datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    except ValueError as error:
        raise InvalidFilterError from error


def _alarm_test(part: Element) -> Test:
    if len(part) and part[0].tag != IS_NOT_DEFINED:
        raise UnsupportedFilterError
    is_wanted = not len(part)
    return lambda item: (b"\r\nBEGIN:VALARM\r\n" in item.octets) is is_wanted


def _property_test(part: Element) -> Test:
    name = (part.get("name") or "").upper()
    if not len(part):
        return lambda item: item.line(name) is not None
    if len(part) > 1:
        raise UnsupportedFilterError
    if part[0].tag == IS_NOT_DEFINED:
        return lambda item: item.line(name) is None
    if part[0].tag != f"{CALDAV}text-match":
        raise UnsupportedFilterError
    return _text_test(name, part[0])


def _text_test(name: str, match: Element) -> Test:
    collation = match.get("collation", "i;ascii-casemap")
    fold = _FOLDS.get(collation)
    if fold is None:
        raise UnsupportedCollationError
    sought = fold(match.text or "")
    is_wanted = match.get("negate-condition") != "yes"

    def holds(item: StoredItem) -> bool:
        line = item.line(name)
        return line is not None and (sought in fold(line.text)) is is_wanted

    return holds


def _ascii_lower(words: str) -> str:
    return "".join(sign.lower() if sign.isascii() else sign for sign in words)


_FOLDS: dict[str, Callable[[str], str]] = {
    "i;ascii-casemap": _ascii_lower,
    "i;unicode-casemap": str.casefold,
    "i;octet": str,
}
