"""Applications: a school's entry of a group, its members and works, its history, and imports."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.applications.workflow import Action, State
from scheduler.database import Model, stored_enum
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.programmes.approval import ApprovalLevel
from scheduler.programmes.models import Category, OutcomeLevel, Programme

LIVE = "state NOT IN ('withdrawn', 'rejected')"
"""A withdrawn or rejected group leaves its name free for another try."""


class Application(Model):
    """One group of one school in one category. `version` is what a decision was made on.

    `level` is where a submitted entry is being decided, or which level returned it. `places_held`
    counts what it takes of the category: for an offer, what was offered. `least_members` is how
    many of a delegation come if not all can; None means all or none.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("waitlist_position > 0", name="waitlist_position_positive"),
        CheckConstraint(
            "(state = 'waitlisted') = (waitlist_position IS NOT NULL)", name="waitlist_has_position"
        ),
        CheckConstraint("(state = 'offered') = (offer_ends_at IS NOT NULL)", name="offer_has_end"),
        CheckConstraint(
            "(state IN ('accepted', 'offered')) = (places_held > 0)", name="places_are_held"
        ),
        CheckConstraint("least_members > 0", name="least_members_positive"),
        UniqueConstraint("category_id", "waitlist_position"),
        Index(
            "uq_application_live_group_name",
            "category_id",
            "school_id",
            "group_name",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index(None, "programme_id", "state"),
        # Tallies by category are counted on every page of the queue: from the index alone.
        Index(None, "programme_id", "category_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    group_name: Mapped[str] = mapped_column(String(80))
    state: Mapped[State] = mapped_column(stored_enum(State, "state"), default=State.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    level_id: Mapped[int | None] = mapped_column(ForeignKey("approval_level.id"), index=True)
    waitlist_position: Mapped[int | None]
    offer_ends_at: Mapped[dt.datetime | None]
    places_held: Mapped[int] = mapped_column(default=0)
    least_members: Mapped[int | None]
    confirmed_at: Mapped[dt.datetime | None]
    confirm_reminded_at: Mapped[dt.datetime | None]
    voicing: Mapped[str | None] = mapped_column(String(20))
    introduction: Mapped[str | None] = mapped_column(String(400))
    equipment: Mapped[str | None] = mapped_column(String(400))
    returned_fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    returned_message: Mapped[str | None] = mapped_column(String(1000))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    # Schools that take part as guests (`guest_models`), kept here too: the guard asks for each row
    # of a list whether it is an own case, and may not ask the database for that.
    guest_school_ids: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    submitted_at: Mapped[dt.datetime | None]
    decided_at: Mapped[dt.datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    programme: Mapped[Programme] = relationship()
    category: Mapped[Category] = relationship()
    school: Mapped[School] = relationship()
    level: Mapped[ApprovalLevel | None] = relationship()
    members: Mapped[list["Member"]] = relationship(
        back_populates="application", order_by="Member.position", cascade="all, delete-orphan"
    )
    pieces: Mapped[list["Piece"]] = relationship(
        back_populates="application", order_by="Piece.position", cascade="all, delete-orphan"
    )
    history: Mapped[list["HistoryEntry"]] = relationship(
        back_populates="application", order_by="HistoryEntry.id"
    )

    @property
    def seen(self) -> str:
        """Return reference and version, as a list of many carries what a decision was made on."""
        return f"{self.ref}.{self.version}"

    @property
    def all_school_ids(self) -> frozenset[int]:
        """Return the lead school's key and those of its guests."""
        return frozenset({self.school_id, *(self.guest_school_ids or ())})

    @property
    def subject(self) -> Subject:
        """Reached by the programme's coordinators, the school, its district and the leader."""
        return Subject(
            programme_id=self.programme_id,
            district_id=self.school.district_id,
            school_id=self.school_id,
            application_id=self.id,
            guest_school_ids=frozenset(self.guest_school_ids or ()),
        )


class MemberRole(StrEnum):
    """Why somebody belongs to the group."""

    PUPIL = "pupil"
    LEADER = "leader"
    CONDUCTOR = "conductor"
    ACCOMPANIST = "accompanist"
    ADVISER = "adviser"
    CHAPERONE = "chaperone"


ON_STAGE_ROLES = frozenset({MemberRole.PUPIL, MemberRole.CONDUCTOR, MemberRole.ACCOMPANIST})
"""Whoever performs; the engine keeps their performances apart."""


class Member(Model):
    """A person in a group, once per role; an adult may lead and conduct."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("application_id", "person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(
        stored_enum(MemberRole, "role"), default=MemberRole.PUPIL
    )
    position: Mapped[int] = mapped_column(default=0)
    part: Mapped[str | None] = mapped_column(String(40))
    grade: Mapped[str | None] = mapped_column(String(40))
    is_own_staff: Mapped[bool | None]
    remark: Mapped[str | None] = mapped_column(String(400))
    # By field code; texts are sealed (`answers_kept`).
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")

    application: Mapped[Application] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()


class Piece(Model):
    """A work of the repertoire, with its duration in seconds."""

    __tablename__ = "piece"
    __table_args__ = (UniqueConstraint("application_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    composer: Mapped[str | None] = mapped_column(String(120))
    duration_seconds: Mapped[int]

    application: Mapped[Application] = relationship(back_populates="pieces")


class Receipt(Model):
    """A submission's place in the order of arrival; its number is what the school is told.

    In a first-come category it waits, unserved, until places were given in this order.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        Index(
            "ix_receipt_waiting",
            "category_id",
            "id",
            sqlite_where=text("served_at IS NULL"),
            postgresql_where=text("served_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    at: Mapped[dt.datetime]
    served_at: Mapped[dt.datetime | None]


class Nomination(Model):
    """A level has passed an entry on; it counts against the quota until the entry is out again."""

    __tablename__ = "nomination"
    __table_args__ = (
        UniqueConstraint("application_id", "level_id"),
        Index(None, "quota_id", "quota_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    level_id: Mapped[int] = mapped_column(ForeignKey("approval_level.id"), index=True)
    quota_id: Mapped[int | None] = mapped_column(
        ForeignKey("approval_quota.id", ondelete="SET NULL")
    )
    quota_key: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[dt.datetime]


class Result(Model):
    """What came out for an accepted application: a level or a rank, as its category says.

    Schools see it once the programme's results are released.
    """

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("rank > 0", name="rank_positive"),
        CheckConstraint("(level_id IS NULL) <> (rank IS NULL)", name="one_of_both"),
    )

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    level_id: Mapped[int | None] = mapped_column(ForeignKey("outcome_level.id"), index=True)
    rank: Mapped[int | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[dt.datetime]

    application: Mapped[Application] = relationship()
    level: Mapped[OutcomeLevel | None] = relationship()


class HistoryEntry(Model):
    """One step of an application, for people: never changed, never deleted.

    `changes` holds `{"field": [from, to]}` for edits; personal values are left out of it.
    """

    __tablename__ = "history_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    at: Mapped[dt.datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[str] = mapped_column(String(120), default="")
    action: Mapped[Action] = mapped_column(stored_enum(Action, "action"))
    from_state: Mapped[State | None] = mapped_column(stored_enum(State, "from_state"))
    to_state: Mapped[State] = mapped_column(stored_enum(State, "to_state"))
    reason: Mapped[str | None] = mapped_column(String(1000))
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    application: Mapped[Application] = relationship(back_populates="history")


class StoredFile(Model):
    """A file that answers a field; its bytes lie sealed in the instance folder under `place`.

    Nothing but `ref` stands in addresses, and `place` says nothing of the file.
    """

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(22), unique=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), index=True
    )
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    field_code: Mapped[str] = mapped_column(String(32))
    place: Mapped[str] = mapped_column(String(64), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size_bytes: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime]

    application: Mapped[Application] = relationship()

    @property
    def subject(self) -> Subject:
        """A file is reached through its application; the view asks for its field besides."""
        return self.application.subject


class ImportState(StrEnum):
    """An uploaded roster's way: read and checked by a job, previewed, applied when confirmed."""

    READING = "reading"
    PROBLEMS = "problems"
    PREVIEW = "preview"
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"


class RosterImport(Model):
    """An uploaded entry workbook of one school and category, until it is confirmed or thrown away.

    Nothing of it is among the applications before `applying`. `content` (the upload), `findings`
    (its problems or its preview) and `marked` (the workbook given back) hold pupils' data: all
    three are sealed, and removed with the import's end or after a day.
    """

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(22), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    # Of a guest school in another school's entry: then it brings that school's pupils alone.
    part_id: Mapped[int | None] = mapped_column(
        ForeignKey("guest_part.id", ondelete="CASCADE"), index=True
    )
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    locale: Mapped[str] = mapped_column(String(16), default="en")
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    state: Mapped[ImportState] = mapped_column(stored_enum(ImportState, "state"))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    findings: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    marked: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    base_digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]

    school: Mapped[School] = relationship()
    category: Mapped[Category] = relationship()
    programme: Mapped[Programme] = relationship()

    @property
    def subject(self) -> Subject:
        """An import is reached by the officers of its school."""
        return Subject(school_id=self.school_id, district_id=self.school.district_id)
