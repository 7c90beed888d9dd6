"""Programmes, their categories with places, and their venues with hours and closures.

Local times of a programme are instants here; they are entered and shown in the programme's zone.
"""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum
from scheduler.organisations.models import Region
from scheduler.programmes.form_fields import (
    AskedWhen,
    Audience,
    Condition,
    FieldKind,
    FieldOwner,
    FieldSpec,
    Option,
)

Names = dict[str, str]
"""A text per locale code (`en`, `zh_Hans`, `zh_Hant_HK`); `en` is always there."""


class CategoryKind(StrEnum):
    """Choral and instrumental kinds, by what they need on stage."""

    CHOIR = "choir"
    SMALL_CHOIR = "small_choir"
    WIND = "wind"
    ORCHESTRA = "orchestra"
    STRINGS = "strings"
    CHAMBER = "chamber"


class Programme(Model):
    """One edition of an event: its dates, entry window, and the rules of its timetable."""

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("entry_closes_at > entry_opens_at", name="window_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    names: Mapped[Names] = mapped_column(JSON)
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    entry_opens_at: Mapped[dt.datetime]
    entry_closes_at: Mapped[dt.datetime]
    rest_minutes: Mapped[int] = mapped_column(default=60)
    school_gap_minutes: Mapped[int] = mapped_column(default=90)
    warmup_minutes: Mapped[int] = mapped_column(default=25)
    warmup_ends_before_minutes: Mapped[int] = mapped_column(default=10)
    call_minutes: Mapped[int] = mapped_column(default=60)
    primary_latest_end: Mapped[dt.time] = mapped_column(default=dt.time(18, 30))
    roster_revision: Mapped[int] = mapped_column(default=0)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]

    categories: Mapped[list["Category"]] = relationship(
        back_populates="programme", order_by="Category.position", cascade="all, delete-orphan"
    )
    venues: Mapped[list["Venue"]] = relationship(
        back_populates="programme", order_by="Venue.code", cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> Subject:
        """A programme is reached by its coordinators."""
        return Subject(programme_id=self.id)

    def is_open_at(self, instant: dt.datetime) -> bool:
        """Tell whether schools may enter and submit; the closing instant itself is too late."""
        return self.entry_opens_at <= instant < self.entry_closes_at


class Category(Model):
    """What can be entered, how large a group may be, how long it plays, how many places."""

    __tablename__ = "category"
    __table_args__ = (
        UniqueConstraint("programme_id", "code"),
        CheckConstraint("places >= 0", name="places_not_negative"),
        CheckConstraint("places_taken >= 0", name="places_taken_not_negative"),
        CheckConstraint("places_taken <= places", name="places_not_exceeded"),
        CheckConstraint("max_members >= min_members", name="size_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(32))
    names: Mapped[Names] = mapped_column(JSON)
    kind: Mapped[CategoryKind] = mapped_column(stored_enum(CategoryKind, "kind"))
    position: Mapped[int] = mapped_column(default=0)
    places: Mapped[int]
    # Counted by the decisions alone, so that the database itself refuses one place too many.
    places_taken: Mapped[int] = mapped_column(default=0)
    min_members: Mapped[int]
    max_members: Mapped[int]
    max_works: Mapped[int] = mapped_column(default=2)
    max_minutes: Mapped[int]
    changeover_minutes: Mapped[int]
    born_from: Mapped[dt.date | None]
    born_to: Mapped[dt.date | None]
    is_primary: Mapped[bool] = mapped_column(default=False)
    needs_conductor: Mapped[bool] = mapped_column(default=False)
    needs_accompanist: Mapped[bool] = mapped_column(default=False)

    programme: Mapped[Programme] = relationship(back_populates="categories")

    @property
    def places_free(self) -> int:
        """Return how many groups can still be accepted."""
        return self.places - self.places_taken

    @property
    def subject(self) -> Subject:
        """A category is reached through its programme."""
        return Subject(programme_id=self.programme_id)


class Venue(Model):
    """A stage with its warm-up rooms."""

    __tablename__ = "venue"
    __table_args__ = (
        UniqueConstraint("programme_id", "code"),
        CheckConstraint("stage_capacity > 0", name="stage_capacity_positive"),
        CheckConstraint("warmup_rooms > 0", name="warmup_rooms_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    name_latin: Mapped[str | None] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(200))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    seats: Mapped[int]
    stage_capacity: Mapped[int]
    warmup_rooms: Mapped[int]

    programme: Mapped[Programme] = relationship(back_populates="venues")
    hours: Mapped[list["VenueHours"]] = relationship(
        back_populates="venue", order_by="VenueHours.opens_at", cascade="all, delete-orphan"
    )
    closures: Mapped[list["VenueClosure"]] = relationship(
        back_populates="venue", order_by="VenueClosure.starts_at", cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> Subject:
        """A venue is reached through its programme."""
        return Subject(programme_id=self.programme_id)


class VenueHours(Model):
    """A stretch of time in which performances may take place on the venue's stage."""

    __tablename__ = "venue_hours"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="hours_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    opens_at: Mapped[dt.datetime]
    closes_at: Mapped[dt.datetime]

    venue: Mapped[Venue] = relationship(back_populates="hours")


class VenueClosure(Model):
    """A stretch of time in which the venue cannot be used, whatever its hours say."""

    __tablename__ = "venue_closure"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="closure_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")

    venue: Mapped[Venue] = relationship(back_populates="closures")


class VenueTravel(Model):
    """Minutes from one venue to another, either way."""

    __tablename__ = "venue_travel"
    __table_args__ = (
        UniqueConstraint("from_venue_id", "to_venue_id"),
        CheckConstraint("from_venue_id < to_venue_id", name="stored_once"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    to_venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    minutes: Mapped[int]


class AttendanceWindow(Model):
    """From when and until when groups of a region are there (arrival and departure)."""

    __tablename__ = "attendance_window"
    __table_args__ = (UniqueConstraint("programme_id", "region"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    region: Mapped[Region] = mapped_column(stored_enum(Region, "region"))
    earliest_at: Mapped[dt.datetime | None]
    latest_at: Mapped[dt.datetime | None]


class FormField(Model):
    """A field that coordinators added to the programme's entry form; `spec` is how it is read.

    The code never changes: answers are kept under it. Categories are named by their codes.
    """

    __tablename__ = "form_field"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(32))
    owner: Mapped[FieldOwner] = mapped_column(stored_enum(FieldOwner, "owner"))
    kind: Mapped[FieldKind] = mapped_column(stored_enum(FieldKind, "kind"))
    names: Mapped[Names] = mapped_column(JSON)
    helps: Mapped[Names] = mapped_column(JSON, default=dict)
    options: Mapped[list[Any]] = mapped_column(JSON, default=list)
    least: Mapped[float | None]
    most: Mapped[float | None]
    condition_field: Mapped[str | None] = mapped_column(String(32))
    condition_values: Mapped[list[str]] = mapped_column(JSON, default=list)
    audience: Mapped[Audience] = mapped_column(
        stored_enum(Audience, "audience"), default=Audience.EVERYBODY
    )
    asked_when: Mapped[AskedWhen] = mapped_column(
        stored_enum(AskedWhen, "asked_when"), default=AskedWhen.ENTRY
    )
    is_required: Mapped[bool] = mapped_column(default=False)
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    programme: Mapped[Programme] = relationship()

    @property
    def subject(self) -> Subject:
        """A field is reached through its programme."""
        return Subject(programme_id=self.programme_id)

    @property
    def spec(self) -> FieldSpec:
        """Return the field as forms and workbooks read it."""
        condition = None
        if self.condition_field is not None:
            condition = Condition(self.condition_field, frozenset(self.condition_values))
        return FieldSpec(
            code=self.code,
            owner=self.owner,
            kind=self.kind,
            names=self.names,
            helps=self.helps,
            options=tuple(Option(**option) for option in self.options),
            least=self.least,
            most=self.most,
            condition=condition,
            audience=self.audience,
            asked_when=self.asked_when,
            is_required=self.is_required,
            categories=frozenset(self.categories),
            is_retired=self.retired_at is not None,
        )
