"""What stands at each address of CalDAV, and what can be asked of it.

The root leads to a reader's own address, which is principal and home in one; in it stands one
calendar, and in that its items. Nothing can be written anywhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.calendars.caldav.collections import ROOT, Collection
from scheduler.calendars.caldav.questions import Wanted
from scheduler.calendars.caldav.synchronising import token_of
from scheduler.calendars.caldav.vocabulary import CALDAV, DAV, SERVER, element, found, href, text
from scheduler.calendars.stored_items import StoredItem

ITEM_TYPE = "text/calendar; charset=utf-8; component=vevent"

Properties = Mapping[str, Callable[[], str]]
"""How to write each property; only what is asked for is written."""


class Report(StrEnum):
    """The reports that a calendar answers."""

    QUERY = f"{CALDAV}calendar-query"
    MULTIGET = f"{CALDAV}calendar-multiget"
    CHANGES = f"{DAV}sync-collection"
    FREE_BUSY = f"{CALDAV}free-busy-query"


COLLATIONS = ("i;ascii-casemap", "i;octet", "i;unicode-casemap")
BY_NAME_ONLY = {CALDAV, SERVER}
"""Properties of these come only to who names them (RFC 4791 5.2: not in allprop)."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something at an address: its properties, its methods, and what stands in it."""

    path: str
    properties: Properties
    methods: str = "OPTIONS, PROPFIND"
    item: StoredItem | None = None
    is_calendar: bool = False

    def answer(self, wanted: Wanted) -> str:
        """Return what a PROPFIND says about it."""
        if wanted.names is not None:
            return self.named(wanted.names)
        if wanted.without_values:
            return found(self.path, dict.fromkeys(self.properties, ""))
        told = {
            name: write()
            for name, write in self.properties.items()
            if name[: name.index("}") + 1] not in BY_NAME_ONLY
        }
        return found(self.path, told)

    def named(self, names: tuple[str, ...], **more: str) -> str:
        """Return the properties with these names, and `more` that only a report gives."""
        known = {name: self.properties[name]() for name in names if name in self.properties}
        given = known | {f"{CALDAV}{name.replace('_', '-')}": value for name, value in more.items()}
        return found(self.path, given, [name for name in names if name not in given])


def resource_at(path: str, collection: Collection) -> Resource | None:
    """Return what stands at a path for the reader of a calendar."""
    if path == ROOT:
        return _root(collection)
    if path == collection.home:
        return _home(collection)
    if path == collection.path:
        return calendar(collection)
    item = collection.item_at(path)
    return item_resource(collection, item) if item else None


def within(resource: Resource, collection: Collection) -> list[Resource]:
    """Return what stands one step inside."""
    if resource.path == ROOT:
        return [_home(collection)]
    if resource.path == collection.home:
        return [calendar(collection)]
    if resource.is_calendar:
        return [item_resource(collection, item) for item in collection.items.values()]
    return []


def _common(collection: Collection, kind: str, name: str) -> dict[str, Callable[[], str]]:
    return {
        f"{DAV}resourcetype": lambda: kind,
        f"{DAV}displayname": lambda: text(name),
        f"{DAV}current-user-principal": lambda: href(collection.home),
        f"{DAV}current-user-privilege-set": _privileges,
    }


def _privileges() -> str:
    names = ("read", "read-current-user-privilege-set")
    return "".join(element(f"{DAV}privilege", element(f"{DAV}{name}")) for name in names)


def _root(collection: Collection) -> Resource:
    kind = element(f"{DAV}collection")
    return Resource(ROOT, _common(collection, kind, "Calendars"))


def _home(collection: Collection) -> Resource:
    kind = element(f"{DAV}collection") + element(f"{DAV}principal")
    own = {
        f"{DAV}principal-URL": lambda: href(collection.home),
        f"{DAV}principal-collection-set": lambda: href(ROOT),
        f"{DAV}owner": lambda: href(collection.home),
        f"{CALDAV}calendar-home-set": lambda: href(collection.home),
    }
    return Resource(collection.home, _common(collection, kind, collection.name) | own)


def calendar(collection: Collection) -> Resource:
    """Return the calendar as a resource."""
    kind = element(f"{DAV}collection") + element(f"{CALDAV}calendar")
    own = {
        f"{DAV}owner": lambda: href(collection.home),
        f"{DAV}getetag": lambda: text(f'"{collection.etag}"'),
        f"{DAV}sync-token": lambda: text(token_of(collection)),
        f"{DAV}supported-report-set": _reports,
        f"{SERVER}getctag": lambda: text(collection.etag),
        f"{CALDAV}calendar-timezone-id": lambda: text(collection.zone),
        f"{CALDAV}supported-calendar-component-set": lambda: element(
            f"{CALDAV}comp", name="VEVENT"
        ),
        f"{CALDAV}supported-calendar-data": _data_types,
        f"{CALDAV}supported-collation-set": _collations,
    }
    properties = _common(collection, kind, collection.name) | own
    methods = "OPTIONS, PROPFIND, REPORT"
    return Resource(collection.path, properties, methods, is_calendar=True)


def _reports() -> str:
    return "".join(
        element(f"{DAV}supported-report", element(f"{DAV}report", element(name))) for name in Report
    )


def _data_types() -> str:
    return element(f"{CALDAV}calendar-data", content_type="text/calendar", version="2.0")


def _collations() -> str:
    return "".join(element(f"{CALDAV}supported-collation", name) for name in COLLATIONS)


def item_resource(collection: Collection, item: StoredItem) -> Resource:
    """Return an item of the calendar as a resource."""
    own = {
        f"{DAV}getetag": lambda: text(f'"{item.etag}"'),
        f"{DAV}getcontenttype": lambda: ITEM_TYPE,
        f"{DAV}getcontentlength": lambda: str(len(item.calendar)),
    }
    common = _common(collection, "", item.uid)
    methods = "GET, HEAD, OPTIONS, PROPFIND"
    return Resource(collection.path_of(item.uid), common | own, methods, item=item)
