"""What levels last decided on, and the approval of changes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

OLD_ACTIONS = (
    "create", "edit", "submit", "withdraw", "reopen", "return", "accept", "waitlist", "reject",
    "nominate", "recall", "offer", "take_up", "lapse", "move", "confirm",
    "ask_substitution", "drop_substitution", "refuse_substitution", "substitute",
)  # fmt: skip
ACTIONS = (*OLD_ACTIONS, "approve_changes", "undo_changes", "not_confirmed")


def _choose_actions(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("history_entry") as batch:
        batch.drop_constraint(op.f("ck_history_entry_action"), type_="check")
        batch.create_check_constraint(op.f("ck_history_entry_action"), f"action IN ({listed})")


def upgrade() -> None:
    _choose_actions(ACTIONS)
    with op.batch_alter_table("approval_level") as batch:
        batch.add_column(sa.Column("concerns", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "last_decided_on",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("marked", sa.JSON(), nullable=False),
        sa.Column("untouched", sa.JSON(), nullable=False),
        sa.Column("is_asking", sa.Boolean(), nullable=False),
        sa.Column("open_fields", sa.JSON(), nullable=False),
        sa.Column("approved_fields", sa.JSON(), nullable=False),
        sa.Column("open_count", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "open_count >= 0", name=op.f("ck_last_decided_on_open_count_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_last_decided_on_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"],
            ["approval_level.id"],
            name=op.f("fk_last_decided_on_level_id_approval_level"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_decided_on")),
        sa.UniqueConstraint(
            "application_id", "level_id", name=op.f("uq_last_decided_on_application_id_level_id")
        ),
    )
    op.create_index(op.f("ix_last_decided_on_level_id"), "last_decided_on", ["level_id"])
    _choose_allocation()
    with op.batch_alter_table("application") as batch:
        batch.add_column(
            sa.Column("confirm_reminded_at", sa.DateTime(timezone=True), nullable=True)
        )
    with op.batch_alter_table("programme") as batch:
        batch.add_column(
            sa.Column(
                "passes_on_unconfirmed", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    with op.batch_alter_table("programme") as batch:
        batch.alter_column("passes_on_unconfirmed", server_default=None)
    op.create_table(
        "entry_rank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("tie_order", sa.Integer(), nullable=True),
        sa.Column("tie_reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("rank > 0", name=op.f("ck_entry_rank_rank_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_entry_rank_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"],
            ["approval_level.id"],
            name=op.f("fk_entry_rank_level_id_approval_level"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_rank")),
        sa.UniqueConstraint(
            "application_id", "level_id", name=op.f("uq_entry_rank_application_id_level_id")
        ),
    )
    op.create_index(op.f("ix_entry_rank_level_id"), "entry_rank", ["level_id"])


def _choose_allocation() -> None:
    with op.batch_alter_table("category") as batch:
        batch.add_column(
            sa.Column(
                "allocation",
                sa.Enum(
                    "decision", "first_come", "ranked", "lottery",
                    name="allocation", native_enum=False, create_constraint=True, length=40,
                ),
                nullable=False,
                server_default="decision",
            )
        )  # fmt: skip
    op.execute("UPDATE category SET allocation = 'first_come' WHERE is_first_come")
    op.execute(
        "UPDATE category SET allocation = 'lottery' WHERE allocation = 'decision' AND id IN "
        "(SELECT category_id FROM lottery_category JOIN lottery ON lottery.id = lottery_id "
        "WHERE state <> 'draft')"
    )
    with op.batch_alter_table("category") as batch:
        batch.alter_column("allocation", server_default=None)
        batch.drop_column("is_first_come")


def downgrade() -> None:
    op.drop_table("entry_rank")
    with op.batch_alter_table("programme") as batch:
        batch.drop_column("passes_on_unconfirmed")
    with op.batch_alter_table("application") as batch:
        batch.drop_column("confirm_reminded_at")
    with op.batch_alter_table("category") as batch:
        batch.add_column(
            sa.Column("is_first_come", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # true in both databases' words
    op.execute(sa.text("UPDATE category SET is_first_come = (allocation = 'first_come')"))
    with op.batch_alter_table("category") as batch:
        batch.alter_column("is_first_come", server_default=None)
        batch.drop_constraint(op.f("ck_category_allocation"), type_="check")
        batch.drop_column("allocation")
    op.drop_table("last_decided_on")
    with op.batch_alter_table("approval_level") as batch:
        batch.drop_column("concerns")
    op.execute(
        "DELETE FROM history_entry WHERE action IN ('approve_changes', 'undo_changes', 'not_confirmed')"
    )
    _choose_actions(OLD_ACTIONS)
