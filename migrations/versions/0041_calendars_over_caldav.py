"""What changed in a feed, for programs that follow it change by change."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0029"


def upgrade() -> None:
    with op.batch_alter_table("subscription") as batch:
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(
            sa.Column("is_synced", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("subscription") as batch:
        for name in ("version", "is_synced"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "feed_change",
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("etag_before", sa.String(length=32), nullable=False),
        sa.Column("uids", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subscription_id", "version", name=op.f("pk_feed_change")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_feed_change_subscription_id_subscription"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_feed_change_changed_at"), "feed_change", ["changed_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_feed_change_changed_at"), table_name="feed_change")
    op.drop_table("feed_change")
    with op.batch_alter_table("subscription") as batch:
        batch.drop_column("is_synced")
        batch.drop_column("version")
