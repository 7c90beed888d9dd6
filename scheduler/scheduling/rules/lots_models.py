"""The order in which a category's groups perform, by lots drawn on stage or by a public seed."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.database import Model
from scheduler.programmes.models import Category


class DrawnLots(Model):
    """The lots of one category: `refs` are its groups in their order, empty until it is drawn.

    With `list_text` the order follows from that text and the `seed`, which comes at `seed_at`;
    without, lots were drawn by hand.
    """

    __tablename__ = "drawn_lots"
    __table_args__ = (
        CheckConstraint("(list_text IS NULL) = (seed_at IS NULL)", name="list_has_time"),
        CheckConstraint("drawn_at IS NOT NULL OR list_text IS NOT NULL", name="drawn_or_announced"),
        CheckConstraint(
            "(seed IS NULL) = (drawn_at IS NULL OR list_text IS NULL)",
            name="list_is_drawn_by_seed",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(
        ForeignKey("category.id", ondelete="CASCADE"), unique=True
    )
    refs: Mapped[list[str]] = mapped_column(JSON)
    list_text: Mapped[str | None] = mapped_column(Text)
    seed_at: Mapped[dt.datetime | None]
    seed: Mapped[str | None] = mapped_column(String(200))
    drawn_at: Mapped[dt.datetime | None]

    category: Mapped[Category] = relationship()
