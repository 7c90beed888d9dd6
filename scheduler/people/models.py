"""Persons and their guardians. Document numbers are sealed; birth dates are for staff only."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum
from scheduler.organisations.models import School
from scheduler.people.identity import DocumentKind, Sex


class Person(Model):
    """A pupil or an adult of one school. Two persons may share every name."""

    __tablename__ = "person"
    __table_args__ = (
        Index(
            "uq_person_school_id_document_index",
            "school_id",
            "document_index",
            unique=True,
            sqlite_where=text("document_index IS NOT NULL"),
            postgresql_where=text("document_index IS NOT NULL"),
        ),
        Index(
            "uq_person_school_id_roll_number",
            "school_id",
            "roll_number",
            unique=True,
            sqlite_where=text("roll_number IS NOT NULL"),
            postgresql_where=text("roll_number IS NOT NULL"),
        ),
        # Who bears the same number at another school; by its keyed index, never by the number.
        Index(
            "ix_person_document_index",
            "document_index",
            sqlite_where=text("document_index IS NOT NULL"),
            postgresql_where=text("document_index IS NOT NULL"),
        ),
        Index("ix_person_school_id_name_birth_on", "school_id", "name", "birth_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    latin_name: Mapped[str | None] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(160), default="")
    sex: Mapped[Sex | None] = mapped_column(stored_enum(Sex, "sex"))
    birth_on: Mapped[dt.date | None]
    is_adult: Mapped[bool] = mapped_column(default=False)
    grade: Mapped[str | None] = mapped_column(String(40))
    roll_number: Mapped[str | None] = mapped_column(String(40))
    document_kind: Mapped[DocumentKind | None] = mapped_column(
        stored_enum(DocumentKind, "document_kind")
    )
    document_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_index: Mapped[str | None] = mapped_column(String(64))
    document_last_four: Mapped[str | None] = mapped_column(String(4))
    health_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    remark: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[dt.datetime]

    school: Mapped[School] = relationship()
    guardianships: Mapped[list["Guardianship"]] = relationship(
        back_populates="person", cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> Subject:
        """A person's record is reached by the officers of the person's school."""
        return Subject(school_id=self.school_id)


class Guardian(Model):
    """A parent or guardian; siblings share one row (same school, name and contact)."""

    __tablename__ = "guardian"
    __table_args__ = (Index(None, "school_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))

    school: Mapped[School] = relationship()


class Guardianship(Model):
    """A guardian of a person."""

    __tablename__ = "guardianship"
    __table_args__ = (UniqueConstraint("person_id", "guardian_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardian.id"), index=True)

    person: Mapped[Person] = relationship(back_populates="guardianships")
    guardian: Mapped[Guardian] = relationship()


class ConsentPurpose(StrEnum):
    """What a guardian may consent to, each for itself (R3), in the order of the guardian's page."""

    PARTICIPATION = "participation"
    INSURANCE = "insurance"
    HEALTH = "health"
    IMAGE = "image"
    LIVESTREAM = "livestream"
    TRANSFER = "transfer"
    HOMESTAY = "homestay"
    CALENDAR = "calendar"


class Relation(StrEnum):
    """What the signer is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    OTHER_GUARDIAN = "other_guardian"


class Consent(Model):
    """A consent, a refusal, or a school's declaration that it holds one; rows are only added.

    `method` tells which: the school's declaration in the roster is `school_holds`, belongs to no
    programme and never covers another purpose than participation (domain.md section 2). A
    guardian's own word (`link`, or `paper`) is given for one programme, by a signer, to the text
    that was shown. What was signed on paper has the day of the signature and the scan that shows
    it; `given_at` is then when the school recorded it. Which row counts is decided in
    `people.consents`.
    """

    __tablename__ = "consent"
    __table_args__ = (Index(None, "person_id", "purpose", "given_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    purpose: Mapped[ConsentPurpose] = mapped_column(stored_enum(ConsentPurpose, "purpose"))
    is_granted: Mapped[bool]
    method: Mapped[str] = mapped_column(String(20), default="school_holds")
    declared_by: Mapped[str] = mapped_column(String(120), default="")
    relation: Mapped[Relation | None] = mapped_column(stored_enum(Relation, "relation"))
    guardian_id: Mapped[int | None] = mapped_column(
        ForeignKey("guardian.id", ondelete="SET NULL"), index=True
    )
    text_id: Mapped[int | None] = mapped_column(ForeignKey("consent_text.id"))
    text_version: Mapped[int | None]
    signed_on: Mapped[dt.date | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("paper_scan.id"), index=True)
    given_at: Mapped[dt.datetime]
