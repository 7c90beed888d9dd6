"""A tour's itinerary as it stands, and when which of it was published."""

import datetime as dt
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.applications.models import Application
from scheduler.calendars.entries import Times
from scheduler.database import Model, stored_enum
from scheduler.itineraries.kinds import JOURNEYS, ItemKind
from scheduler.organisations.models import Names
from scheduler.programmes.models import Programme
from scheduler.references import new_reference


class ItineraryItem(Model):
    """One thing of a tour, from the clocks at its place to the clocks where it ends.

    What was typed is the wall time (of two equal ones perhaps the second), and that is what is
    kept: it stays true when a government moves its clocks, and the instant follows. Without
    groups it is for all of the tour. A removed one is kept, for what was published of it.
    """

    __tablename__ = "itinerary_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "I", length=8)
    )
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ItemKind] = mapped_column(stored_enum(ItemKind, "kind"))
    name: Mapped[str] = mapped_column(String(120))
    # By language, where it is to be called otherwise than `name`.
    names: Mapped[Names] = mapped_column(JSON, default=dict)
    number: Mapped[str] = mapped_column(String(20), default="")
    """Of a flight or train."""
    from_airport: Mapped[str] = mapped_column(String(3), default="")
    to_airport: Mapped[str] = mapped_column(String(3), default="")
    place: Mapped[str] = mapped_column(String(160), default="")
    to_place: Mapped[str] = mapped_column(String(160), default="")
    starts_wall: Mapped[dt.datetime] = mapped_column(DateTime())
    starts_zone: Mapped[str] = mapped_column(String(60))
    starts_second: Mapped[bool] = mapped_column(default=False)
    ends_wall: Mapped[dt.datetime] = mapped_column(DateTime())
    ends_zone: Mapped[str] = mapped_column(String(60))
    ends_second: Mapped[bool] = mapped_column(default=False)
    bring: Mapped[str] = mapped_column(String(400), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    """For those who lead; never in a calendar (rule R7)."""
    removed_at: Mapped[dt.datetime | None]

    programme: Mapped[Programme] = relationship()
    groups: Mapped[list[Application]] = relationship(
        secondary="itinerary_group", order_by=Application.ref
    )

    @property
    def subject(self) -> Subject:
        """Reached by the programme's coordinators."""
        return Subject(programme_id=self.programme_id)

    @property
    def starts_at(self) -> dt.datetime:
        """The instant (UTC) at which it begins."""
        return instant(self.starts_wall, self.starts_zone, is_second=self.starts_second)

    @property
    def ends_at(self) -> dt.datetime:
        """The instant (UTC) at which it is over."""
        return instant(self.ends_wall, self.ends_zone, is_second=self.ends_second)

    @property
    def times(self) -> Times:
        """From and until."""
        return self.starts_at, self.ends_at

    @property
    def minutes(self) -> int:
        """How long it lasts, whatever the clocks at both ends show."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def is_journey(self) -> bool:
        """Tell whether it leads to another place."""
        return self.kind in JOURNEYS

    @property
    def group_ids(self) -> frozenset[int]:
        """Return the keys of the groups it is for; none stands for all."""
        return frozenset(group.id for group in self.groups)


def instant(wall: dt.datetime, zone: str, *, is_second: bool) -> dt.datetime:
    """Return when clocks of the zone show a time; one that a later law skips is put after it."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=int(is_second)).astimezone(dt.UTC)


class ItineraryGroup(Model):
    """A group that an item is for."""

    __tablename__ = "itinerary_group"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("itinerary_item.id", ondelete="CASCADE"), primary_key=True
    )
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ItineraryRelease(Model):
    """That the itinerary was published: its number, what is said about it and what it changed."""

    __tablename__ = "itinerary_release"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    number: Mapped[int]
    notes: Mapped[str] = mapped_column(String(1000), default="")
    difference: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[dt.datetime]
