"""Guardians' private pages, and what was sent to whom. What they answered is in `people`."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import Model
from scheduler.people.models import Guardian

LIVE = "revoked_at IS NULL"


class GuardianLink(Model):
    """A guardian's private page: the address is computed from the nonce, its digest is stored."""

    __tablename__ = "guardian_link"
    __table_args__ = (
        Index(
            "uq_guardian_link_live",
            "guardian_id",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guardian_id: Mapped[int] = mapped_column(
        ForeignKey("guardian.id", ondelete="CASCADE"), index=True
    )
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(32))
    locale: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]

    guardian: Mapped[Guardian] = relationship()

    @property
    def stamp(self) -> str:
        """Tell this link from the one that replaces it, without giving it away."""
        return self.token_digest[:16]


class GuardianAsk(Model):
    """That a guardian was asked for a programme's consents, by mail or on a slip, and when last."""

    __tablename__ = "guardian_ask"
    __table_args__ = (UniqueConstraint("programme_id", "guardian_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    guardian_id: Mapped[int] = mapped_column(
        ForeignKey("guardian.id", ondelete="CASCADE"), index=True
    )
    asked_at: Mapped[dt.datetime]
    mailed_at: Mapped[dt.datetime | None]
    mails: Mapped[int] = mapped_column(default=0)
    slip_at: Mapped[dt.datetime | None]
