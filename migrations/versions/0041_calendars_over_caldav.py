"""What changed in a feed, for programs that follow it; calendars that are kept elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0031"


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
    op.create_table(
        "outside_calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("error_facts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(school_id IS NULL) <> (venue_id IS NULL)", name=op.f("ck_outside_calendar_of_one")
        ),
        sa.CheckConstraint(
            "address IS NOT NULL OR file_name <> ''",
            name=op.f("ck_outside_calendar_from_somewhere"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_outside_calendar_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_outside_calendar_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"],
            ["venue.id"],
            name=op.f("fk_outside_calendar_venue_id_venue"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_calendar")),
        sa.UniqueConstraint(
            "programme_id", "school_id", name=op.f("uq_outside_calendar_programme_id_school_id")
        ),
        sa.UniqueConstraint("venue_id", name=op.f("uq_outside_calendar_venue_id")),
    )
    for column in ("programme_id", "tried_at"):
        op.create_index(op.f(f"ix_outside_calendar_{column}"), "outside_calendar", [column])
    op.create_table(
        "outside_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_outside_time_times_in_order")),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["outside_calendar.id"],
            name=op.f("fk_outside_time_calendar_id_outside_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_time")),
    )
    op.create_index(op.f("ix_outside_time_calendar_id"), "outside_time", ["calendar_id"])


def downgrade() -> None:
    op.drop_table("outside_time")
    op.drop_table("outside_calendar")
    op.drop_index(op.f("ix_feed_change_changed_at"), table_name="feed_change")
    op.drop_table("feed_change")
    with op.batch_alter_table("subscription") as batch:
        batch.drop_column("is_synced")
        batch.drop_column("version")
