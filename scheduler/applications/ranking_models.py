"""The ranks that reviewers of a level give the entries before them."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.database import Model


class EntryRank(Model):
    """An entry's rank among those that a level decides on; no level is the organiser alone.

    Equal ranks are a tie until somebody has said who comes first: `tie_order`, with the reason.
    """

    __tablename__ = "entry_rank"
    __table_args__ = (
        UniqueConstraint("application_id", "level_id"),
        CheckConstraint("rank > 0", name="rank_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    level_id: Mapped[int | None] = mapped_column(
        ForeignKey("approval_level.id", ondelete="CASCADE"), index=True
    )
    rank: Mapped[int]
    tie_order: Mapped[int | None]
    tie_reason: Mapped[str] = mapped_column(String(1000), default="")
