"""How long before it begins a published time is frozen, and who asked and confirmed to move it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

STATES = "state IN ('awaiting_confirmation', 'confirmed', 'withdrawn', 'refused', 'void')"
WAITING = sa.text("state = 'awaiting_confirmation'")


def upgrade() -> None:
    with op.batch_alter_table("programme") as batch:
        batch.add_column(
            sa.Column("frozen_hours", sa.Integer(), nullable=False, server_default="24")
        )
    with op.batch_alter_table("programme") as batch:
        batch.alter_column("frozen_hours", server_default=None)
    op.create_table(
        "publish_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("notes", sa.String(1000), nullable=False),
        sa.Column("frozen_count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_publish_request_state")),
        *_foreign_keys(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publish_request")),
    )
    op.create_index(op.f("ix_publish_request_plan_id"), "publish_request", ["plan_id"])
    op.create_index(op.f("ix_publish_request_release_id"), "publish_request", ["release_id"])
    op.create_index(
        op.f("uq_publish_request_waiting"),
        "publish_request",
        ["plan_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def _foreign_keys() -> list[sa.ForeignKeyConstraint]:
    targets = {
        "plan_id": ("plan", "CASCADE"),
        "asked_by": ("account", None),
        "decided_by": ("account", None),
        "release_id": ("release", None),
    }
    return [
        sa.ForeignKeyConstraint(
            [column],
            [f"{table}.id"],
            name=op.f(f"fk_publish_request_{column}_{table}"),
            ondelete=on_delete,
        )
        for column, (table, on_delete) in targets.items()
    ]


def downgrade() -> None:
    op.drop_table("publish_request")
    with op.batch_alter_table("programme") as batch:
        batch.drop_column("frozen_hours")
