"""What stands in the form about an item, and how an item keeps it: walls of both zones. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from scheduler.applications.models import Application
from scheduler.itineraries.kinds import ItemKind
from scheduler.itineraries.models import ItineraryItem
from scheduler.organisations.models import Names
from scheduler.programmes.local_times import Repeated, wall_time, which_repeated


@dataclass(frozen=True)
class Moment:
    """An instant, and the zone whose clocks it was read from."""

    at: dt.datetime
    zone: str


@dataclass(frozen=True)
class ItemDetails:
    """What stands in the form about an item."""

    kind: ItemKind
    name: str
    names: Names
    number: str
    from_airport: str
    to_airport: str
    place: str
    to_place: str
    starts: Moment
    ends: Moment
    groups: list[Application]
    bring: str
    contact: str

    @property
    def facts(self) -> dict[str, Any]:
        """What was entered, as marks and comparisons want it."""
        return {
            "kind": self.kind.value,
            "name": self.name,
            "names": self.names,
            "number": self.number,
            "from_airport": self.from_airport,
            "to_airport": self.to_airport,
            "place": self.place,
            "to_place": self.to_place,
            "starts": self.starts.at.isoformat(),
            "starts_zone": self.starts.zone,
            "ends": self.ends.at.isoformat(),
            "ends_zone": self.ends.zone,
            "groups": sorted(group.ref for group in self.groups),
            "bring": self.bring,
            "contact": self.contact,
        }


def put_at(
    item: ItineraryItem,
    starts_at: dt.datetime,
    starts_zone: str,
    ends_at: dt.datetime,
    ends_zone: str,
) -> None:
    """Keep what the clocks of both zones show at these instants."""
    item.starts_zone, item.ends_zone = starts_zone, ends_zone
    item.starts_wall, item.starts_second = _wall(starts_at, starts_zone)
    item.ends_wall, item.ends_second = _wall(ends_at, ends_zone)


def _wall(at: dt.datetime, zone: str) -> tuple[dt.datetime, bool]:
    return wall_time(at, zone), which_repeated(at, zone) is Repeated.SECOND


def facts_of(item: ItineraryItem) -> dict[str, Any]:
    """Return what a form shows of an item, to know what was changed meanwhile."""
    starts, ends = Moment(item.starts_at, item.starts_zone), Moment(item.ends_at, item.ends_zone)
    return details_of(item, starts, ends).facts


def details_of(item: ItineraryItem, starts: Moment, ends: Moment) -> ItemDetails:
    """Return what stands about an item, at other times."""
    return ItemDetails(
        kind=item.kind,
        name=item.name,
        names=item.names,
        number=item.number,
        from_airport=item.from_airport,
        to_airport=item.to_airport,
        place=item.place,
        to_place=item.to_place,
        starts=starts,
        ends=ends,
        groups=list(item.groups),
        bring=item.bring,
        contact=item.contact,
    )


def take_over(item: ItineraryItem, details: ItemDetails) -> None:
    """Let the item be what was entered."""
    plain = ("kind", "name", "names", "number", "from_airport", "to_airport", "place", "to_place")
    for name in (*plain, "bring", "contact", "groups"):
        setattr(item, name, getattr(details, name))
    starts, ends = details.starts, details.ends
    put_at(item, starts.at, starts.zone, ends.at, ends.zone)
