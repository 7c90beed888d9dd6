"""The reports of a calendar: what is meant, what is named, what has changed."""

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from scheduler.calendars.caldav import filters, synchronising
from scheduler.calendars.caldav.collections import Collection, StoredCollections
from scheduler.calendars.caldav.questions import wanted_of
from scheduler.calendars.caldav.resources import Report, item_resource
from scheduler.calendars.caldav.vocabulary import CALDAV, DAV, element, not_found, text
from scheduler.calendars.free_busy import free_busy
from scheduler.calendars.stored_items import StoredItem

DATA = f"{CALDAV}calendar-data"


class PreconditionError(Exception):
    """The report is refused for a reason that programs know by its name."""

    def __init__(self, name: str, status: int = 403) -> None:
        super().__init__(name)
        self.name = name
        self.status = status


def report(root: Element, collection: Collection, stored: StoredCollections) -> str:
    """Return the content of the answer to a report about items. Raises `PreconditionError`."""
    _check_data_type(root)
    if root.tag == Report.QUERY:
        return _meant(root, collection)
    if root.tag == Report.MULTIGET:
        return _named(root, collection)
    if root.tag == Report.CHANGES:
        return _changed(root, collection, stored)
    raise PreconditionError(f"{DAV}supported-report")


def taken(root: Element, collection: Collection) -> bytes:
    """Return when the calendar's time is taken, as a calendar (RFC 4791 7.10)."""
    asked = root.find(f"{CALDAV}time-range")
    if asked is None:
        raise PreconditionError(f"{CALDAV}valid-filter")
    try:
        within = filters.time_range(asked)
    except filters.InvalidFilterError as error:
        raise PreconditionError(f"{CALDAV}valid-filter") from error
    items = collection.items.values()
    return free_busy(collection.ref, items, collection.zone, collection.modified_at, within)


def _check_data_type(root: Element) -> None:
    data = root.find(f"{DAV}prop/{DATA}")
    if data is None:
        return
    asked = data.get("content-type", "text/calendar"), data.get("version", "2.0")
    if asked != ("text/calendar", "2.0"):
        raise PreconditionError(f"{CALDAV}supported-calendar-data")


def _meant(root: Element, collection: Collection) -> str:
    try:
        is_meant = filters.test_of(root, collection.zone)
    except filters.UnsupportedFilterError as error:
        raise PreconditionError(f"{CALDAV}supported-filter") from error
    except filters.UnsupportedCollationError as error:
        raise PreconditionError(f"{CALDAV}supported-collation") from error
    except filters.InvalidFilterError as error:
        raise PreconditionError(f"{CALDAV}valid-filter") from error
    return _told(root, collection, filter(is_meant, collection.items.values()))


def _named(root: Element, collection: Collection) -> str:
    """Return the items with the given addresses, in their order; the others are not there."""
    parts = []
    for each in root.findall(f"{DAV}href"):
        given = (each.text or "").strip()
        item = collection.item_at(unquote(urlsplit(given).path))
        parts.append(_told(root, collection, [item]) if item else not_found(given))
    return "".join(parts)


def _changed(root: Element, collection: Collection, stored: StoredCollections) -> str:
    """Return what came, changed or went since a token, and the token of now (RFC 6578 3.2)."""
    token = (root.findtext(f"{DAV}sync-token") or "").strip()
    uids = _changed_uids(token, collection, stored) if token else list(collection.items)
    most = root.findtext(f"{DAV}limit/{DAV}nresults", "")
    if most.strip().isdecimal() and len(uids) > int(most):
        raise PreconditionError(f"{DAV}number-of-matches-within-limits", 507)
    standing = [collection.items[uid] for uid in uids if uid in collection.items]
    gone = [not_found(collection.path_of(uid)) for uid in uids if uid not in collection.items]
    now = element(f"{DAV}sync-token", text(synchronising.token_of(collection)))
    return _told(root, collection, standing) + "".join(gone) + now


def _changed_uids(token: str, collection: Collection, stored: StoredCollections) -> list[str]:
    try:
        version, _ = synchronising.version_in(token)
        changes = stored.changes_since(collection, version)
        return synchronising.changed_uids(collection, token, changes)
    except synchronising.UnknownTokenError as error:
        raise PreconditionError(f"{DAV}valid-sync-token") from error


def _told(root: Element, collection: Collection, items: Iterable[StoredItem]) -> str:
    names = wanted_of(root).names or (f"{DAV}getetag",)
    parts = []
    for item in items:
        more = {"calendar_data": text(item.calendar.decode())} if DATA in names else {}
        parts.append(item_resource(collection, item).named(names, **more))
    return "".join(parts)
