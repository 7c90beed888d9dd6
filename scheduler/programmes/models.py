"""Programmes, their categories with places, and their venues with hours and closures.

Local times of a programme are instants here; they are entered and shown in the programme's zone.
"""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum
from scheduler.organisations.models import Names, Organisation, Region
from scheduler.programmes import kinds
from scheduler.programmes.ages import AgeLimits
from scheduler.programmes.kinds import (
    AgeRule,
    Allocation,
    CategoryKind,
    DateKind,
    DayCount,
    OrganisationRole,
    OutcomeKind,
    SealedForm,
    WithdrawalRule,
)

__all__ = ["CategoryKind", "Names"]


class ProgrammeSeries(Model):
    """What editions belong to, such as a festival that takes place every year."""

    __tablename__ = "programme_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    names: Mapped[Names] = mapped_column(JSON)

    editions: Mapped[list["Programme"]] = relationship(
        back_populates="series", order_by="Programme.starts_on.desc()"
    )

    @property
    def subject(self) -> Subject:
        """A series belongs to nobody: only platform staff reach it."""
        return Subject()


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
    # What begins within so many hours is moved by two people only; 0 freezes nothing.
    frozen_hours: Mapped[int] = mapped_column(default=24)
    primary_latest_end: Mapped[dt.time] = mapped_column(default=dt.time(18, 30))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("programme_series.id"), index=True)
    public_notice_days: Mapped[int] = mapped_column(default=7)
    public_notice_counts: Mapped[DayCount] = mapped_column(
        stored_enum(DayCount, "public_notice_counts"), default=DayCount.CALENDAR
    )
    withdrawal_rule: Mapped[WithdrawalRule] = mapped_column(
        stored_enum(WithdrawalRule, "withdrawal_rule"), default=WithdrawalRule.ANY_TIME
    )
    substitution_percent: Mapped[int | None]
    # An accepted group that is not confirmed by the date loses its place to the next in line.
    passes_on_unconfirmed: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[OutcomeKind] = mapped_column(
        stored_enum(OutcomeKind, "outcome"), default=OutcomeKind.LEVEL
    )
    results_released_at: Mapped[dt.datetime | None]
    # Whether what is published of the timetable is for everybody, without signing in.
    is_timetable_public: Mapped[bool] = mapped_column(default=False)
    roster_revision: Mapped[int] = mapped_column(default=0)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]

    categories: Mapped[list["Category"]] = relationship(
        back_populates="programme", order_by="Category.position", cascade="all, delete-orphan"
    )
    venues: Mapped[list["Venue"]] = relationship(
        back_populates="programme", order_by="Venue.code", cascade="all, delete-orphan"
    )
    series: Mapped[ProgrammeSeries | None] = relationship(back_populates="editions")
    dates: Mapped[list["ProgrammeDate"]] = relationship(
        back_populates="programme", order_by="ProgrammeDate.at", cascade="all, delete-orphan"
    )
    organisations: Mapped[list["ProgrammeOrganisation"]] = relationship(
        back_populates="programme",
        order_by="ProgrammeOrganisation.position",
        cascade="all, delete-orphan",
    )
    levels: Mapped[list["OutcomeLevel"]] = relationship(
        back_populates="programme", order_by="OutcomeLevel.position", cascade="all, delete-orphan"
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
        CheckConstraint("max_advisers >= min_advisers", name="advisers_in_order"),
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
    # Without dates, "born between" means any age.
    age_rule: Mapped[AgeRule] = mapped_column(
        stored_enum(AgeRule, "age_rule"), default=AgeRule.BORN_BETWEEN
    )
    born_from: Mapped[dt.date | None]
    born_to: Mapped[dt.date | None]
    age_on: Mapped[dt.date | None]
    age_min: Mapped[int | None]
    age_max: Mapped[int | None]
    grade_from: Mapped[int | None]
    grade_to: Mapped[int | None]
    play_up_groups: Mapped[int] = mapped_column(default=0)
    is_primary: Mapped[bool] = mapped_column(default=False)
    needs_conductor: Mapped[bool] = mapped_column(default=False)
    needs_accompanist: Mapped[bool] = mapped_column(default=False)
    # A place is then one pupil's, not one group's: tours, delegations.
    counts_persons: Mapped[bool] = mapped_column(default=False)
    allocation: Mapped[Allocation] = mapped_column(
        stored_enum(Allocation, "allocation"), default=Allocation.DECISION
    )
    sealed_form: Mapped[SealedForm] = mapped_column(
        stored_enum(SealedForm, "sealed_form"), default=SealedForm.NONE
    )
    # A school may invite others into its entry, each with its own pupils.
    is_joint: Mapped[bool] = mapped_column(default=False)
    min_advisers: Mapped[int] = mapped_column(default=0)
    max_advisers: Mapped[int] = mapped_column(default=2)
    min_chaperones: Mapped[int] = mapped_column(default=0)
    # None: as the programme says.
    outcome: Mapped[OutcomeKind | None] = mapped_column(stored_enum(OutcomeKind, "outcome"))

    programme: Mapped[Programme] = relationship(back_populates="categories")

    @property
    def is_first_come(self) -> bool:
        """Tell whether submissions take places as they arrive; then no level decides."""
        return self.allocation is Allocation.FIRST_COME

    @property
    def is_staged(self) -> bool:
        """Tell whether its groups perform works on a stage, one after another."""
        return kinds.is_staged(self.kind)

    @property
    def age_limits(self) -> AgeLimits:
        """Return who may take part by age or grade."""
        keys = AgeLimits.__dataclass_fields__.keys() - {"rule", "year"}
        values = {key: getattr(self, key) for key in keys}
        return AgeLimits(rule=self.age_rule, year=self.programme.starts_on.year, **values)

    @property
    def outcome_kind(self) -> OutcomeKind:
        """Return what comes out of the category: its own choice, else the programme's."""
        return self.outcome or self.programme.outcome

    @property
    def places_free(self) -> int:
        """Return how many groups (or pupils, if those are counted) can still be accepted."""
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


class ProgrammeDate(Model):
    """A day and time that schools should know, besides the entry window; each kind once."""

    __tablename__ = "programme_date"
    __table_args__ = (UniqueConstraint("programme_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    kind: Mapped[DateKind] = mapped_column(stored_enum(DateKind, "kind"))
    at: Mapped[dt.datetime]

    programme: Mapped[Programme] = relationship(back_populates="dates")


class ProgrammeOrganisation(Model):
    """An organisation's part in a programme; it may have several, each once."""

    __tablename__ = "programme_organisation"
    __table_args__ = (UniqueConstraint("programme_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[OrganisationRole] = mapped_column(stored_enum(OrganisationRole, "role"))
    position: Mapped[int] = mapped_column(default=0)

    programme: Mapped[Programme] = relationship(back_populates="organisations")
    organisation: Mapped[Organisation] = relationship()


class OutcomeLevel(Model):
    """A showcase level that groups of the programme can be given, the highest first."""

    __tablename__ = "outcome_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    names: Mapped[Names] = mapped_column(JSON)

    programme: Mapped[Programme] = relationship(back_populates="levels")
