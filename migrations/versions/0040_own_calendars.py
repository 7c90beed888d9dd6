"""Calendars that their owners name and choose for, and who follows whom."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0028"

KINDS = ("performance", "rehearsal", "audition", "course", "meeting", "visit", "deadline")
NAMINGS = ("names", "initials", "none")


def upgrade() -> None:
    with op.batch_alter_table("calendar_entry") as batch:
        batch.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    *KINDS, name="entry_kind", native_enum=False, create_constraint=True, length=40
                ),
                nullable=False,
                server_default="performance",
            )
        )
    with op.batch_alter_table("calendar_entry") as batch:
        batch.alter_column("kind", server_default=None)
    op.create_table(
        "calendar_following",
        sa.Column("follower_kind", sa.String(length=40), nullable=False),
        sa.Column("follower_key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint(
            "follower_kind", "follower_key", "kind", "key", name=op.f("pk_calendar_following")
        ),
    )
    op.create_index(op.f("ix_calendar_following_kind_key"), "calendar_following", ["kind", "key"])
    with op.batch_alter_table("subscription") as batch:
        batch.add_column(
            sa.Column("label", sa.String(length=60), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("kinds", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("alarm_minutes", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("has_cancelled", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch.add_column(
            sa.Column(
                "naming",
                sa.Enum(
                    *NAMINGS, name="naming", native_enum=False, create_constraint=True, length=40
                ),
                nullable=False,
                server_default="initials",
            )
        )
        batch.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("subscription") as batch:
        for name in ("label", "has_cancelled", "naming", "revision"):
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("subscription") as batch:
        batch.drop_constraint(op.f("ck_subscription_naming"), type_="check")
        for name in (
            "chosen_at",
            "revision",
            "naming",
            "has_cancelled",
            "alarm_minutes",
            "kinds",
            "label",
        ):
            batch.drop_column(name)
    op.drop_table("calendar_following")
    with op.batch_alter_table("calendar_entry") as batch:
        batch.drop_constraint(op.f("ck_calendar_entry_entry_kind"), type_="check")
        batch.drop_column("kind")
