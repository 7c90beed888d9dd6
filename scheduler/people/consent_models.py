"""What a programme asks guardians for, and the texts they are shown: kept by programme.

They stand in this room, beneath programmes, because whoever counts consents needs them.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum
from scheduler.people.models import ConsentPurpose


class ConsentRules(Model):
    """How a programme takes consents. Without a row the defaults of the columns hold."""

    __tablename__ = "consent_rules"
    __table_args__ = (CheckConstraint("reminder_days BETWEEN 1 AND 60", name="reminder_days"),)

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(default=1)
    needs_own_consent: Mapped[bool] = mapped_column(default=False)
    reminder_days: Mapped[int] = mapped_column(default=3)
    contact: Mapped[str] = mapped_column(String(200), default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class AskedPurpose(Model):
    """A purpose of a programme: whether it is asked and required, and which wording counts.

    `version` is the newest published wording; a consent to a wording older than
    `counts_from_version` no longer counts, refusals always do. `revision` rises with every change.
    """

    __tablename__ = "asked_purpose"
    __table_args__ = (
        UniqueConstraint("programme_id", "purpose"),
        CheckConstraint("counts_from_version <= version", name="counts_from_published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    purpose: Mapped[ConsentPurpose] = mapped_column(stored_enum(ConsentPurpose, "asked_purpose"))
    is_asked: Mapped[bool] = mapped_column(default=True)
    is_required: Mapped[bool] = mapped_column(default=False)
    recipient: Mapped[str] = mapped_column(String(160), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    until_on: Mapped[dt.date]
    version: Mapped[int]
    counts_from_version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class ConsentText(Model):
    """A published text in one language: never changed, never deleted, found by version.

    `wording` is what the coordinator wrote, `body` what guardians read (the programme's facts
    filled in), `digest` the SHA-256 of the body's UTF-8.
    """

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("programme_id", "purpose", "version", "locale"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    purpose: Mapped[ConsentPurpose] = mapped_column(stored_enum(ConsentPurpose, "text_purpose"))
    version: Mapped[int]
    locale: Mapped[str] = mapped_column(String(16))
    wording: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[dt.datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class PaperScan(Model):
    """The scan of what guardians signed on paper: the evidence of the consents that name it.

    Its bytes lie sealed in the instance folder under `place`; nothing but `ref` stands in
    addresses. One file may hold the papers of many pupils.
    """

    __tablename__ = "paper_scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(22), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    place: Mapped[str] = mapped_column(String(64), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size_bytes: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[dt.datetime]

    @property
    def subject(self) -> Subject:
        """Scans are reached by the officers of the school, whose pupils' papers they show."""
        return Subject(programme_id=self.programme_id, school_id=self.school_id)
