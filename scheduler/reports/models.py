"""Exports that are kept: large ones, and those that a second person has to approve."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from scheduler.access.permissions import Permission, Subject
from scheduler.accounts.models import Account
from scheduler.database import Model, stored_enum


class ExportState(StrEnum):
    """An export's way: it may wait for approval, is made by a job, and ends after a day."""

    WAITING = "awaiting_approval"
    MAKING = "being_made"
    READY = "ready"
    REFUSED = "refused"
    EXPIRED = "expired"


class Export(Model):
    """What somebody asked for, who approved it, and the file, sealed, until it expires.

    `permission` and `scopes` are what whoever approves must hold; both are the list's own.
    """

    __tablename__ = "export"
    __table_args__ = (Index(None, "state", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(22), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    listing: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(80), default="")
    about: Mapped[str] = mapped_column(String(160), default="")
    filters: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    file_format: Mapped[str] = mapped_column(String(8))
    locale: Mapped[str] = mapped_column(String(16))
    row_count: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(400), default="")
    permission: Mapped[str] = mapped_column(String(40))
    scopes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[ExportState] = mapped_column(stored_enum(ExportState, "state"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])

    @property
    def needed(self) -> Permission:
        """Return the permission that the list demands, of the asker and of who approves."""
        return Permission(self.permission)

    @property
    def subject(self) -> Subject:
        """Return where the list belongs; a list of the whole platform belongs nowhere."""
        return Subject(**self.scopes)
