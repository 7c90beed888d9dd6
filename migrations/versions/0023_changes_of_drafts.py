"""What was changed in drafts by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "plan_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "move",
                "take_out",
                "swap",
                "lock",
                "lock_all",
                "rooms",
                "undo",
                "redo",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_plan_change_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["of_id"],
            ["plan_change.id"],
            name=op.f("fk_plan_change_of_id_plan_change"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_change_plan_id_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_change")),
        sa.UniqueConstraint("plan_id", "edition", name=op.f("uq_plan_change_plan_id_edition")),
    )


def downgrade() -> None:
    op.drop_table("plan_change")
