"""Feeds in brotli too, timetables that are open to everybody, and who was late with a release."""

from collections.abc import Iterator

import brotli
import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

PORTION = 500
QUALITY = 5
SUBSCRIPTION = sa.table(
    "subscription",
    sa.column("id", sa.Integer),
    sa.column("audience_kind", sa.String),
    sa.column("body", sa.LargeBinary),
    sa.column("body_br", sa.LargeBinary),
)
ENTRY = sa.table("calendar_entry", sa.column("scope_kind", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("subscription") as batch:
        batch.add_column(sa.Column("body_br", sa.LargeBinary(), nullable=False, server_default=""))
    with op.batch_alter_table("subscription") as batch:
        batch.alter_column("body_br", server_default=None)
    op.execute(sa.update(SUBSCRIPTION).values(body_br=b""))  # SQLite's default was a text
    for portion in _portions():
        _compress(portion)
    with op.batch_alter_table("programme") as batch:
        batch.add_column(
            sa.Column(
                "is_timetable_public", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    with op.batch_alter_table("programme") as batch:
        batch.alter_column("is_timetable_public", server_default=None)
    with op.batch_alter_table("release") as batch:
        batch.add_column(sa.Column("looked_after_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # Nobody would keep visitors' calendars up to date any more.
    op.execute(sa.delete(SUBSCRIPTION).where(SUBSCRIPTION.c.audience_kind == "public"))
    op.execute(sa.delete(ENTRY).where(ENTRY.c.scope_kind == "visitors"))
    with op.batch_alter_table("release") as batch:
        batch.drop_column("looked_after_at")
    with op.batch_alter_table("programme") as batch:
        batch.drop_column("is_timetable_public")
    with op.batch_alter_table("subscription") as batch:
        batch.drop_column("body_br")


def _portions() -> Iterator[list[int]]:
    ids = list(op.get_bind().scalars(sa.select(SUBSCRIPTION.c.id).order_by(SUBSCRIPTION.c.id)))
    for start in range(0, len(ids), PORTION):
        yield ids[start : start + PORTION]


def _compress(ids: list[int]) -> None:
    bind = op.get_bind()
    stored = sa.select(SUBSCRIPTION.c.id, SUBSCRIPTION.c.body).where(SUBSCRIPTION.c.id.in_(ids))
    rows = [
        {"row": row.id, "br": brotli.compress(row.body, quality=QUALITY)}
        for row in bind.execute(stored)
        if row.body
    ]
    if rows:
        update = sa.update(SUBSCRIPTION).where(SUBSCRIPTION.c.id == sa.bindparam("row"))
        bind.execute(update.values(body_br=sa.bindparam("br")), rows)
