"""What a level last decided on, so that it sees what was changed since, and approves that alone."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.database import Model


class LastDecidedOn(Model):
    """An entry as a level saw it last; no level is the organiser of a programme without levels.

    `content` is sealed, for it names people. `marked` are the parts that the level asked to be
    changed, `untouched` those of them that the school left as they were; with `is_asking` it gets
    the entry back. `open_fields` were changed and wait for its
    approval, `approved_fields` have it. The row goes once the level has decided.
    """

    __tablename__ = "last_decided_on"
    __table_args__ = (
        UniqueConstraint("application_id", "level_id"),
        CheckConstraint("open_count >= 0", name="open_count_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    level_id: Mapped[int | None] = mapped_column(
        ForeignKey("approval_level.id", ondelete="CASCADE"), index=True
    )
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    marked: Mapped[list[str]] = mapped_column(JSON, default=list)
    untouched: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_asking: Mapped[bool] = mapped_column(default=False)
    open_fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    approved_fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    open_count: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[dt.datetime]

    def wait_for(self, fields: list[str]) -> None:
        """Set what waits for approval; the queue counts it."""
        self.open_fields, self.open_count = fields, len(fields)
