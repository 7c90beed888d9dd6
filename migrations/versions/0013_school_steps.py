"""substitutions and sealed forms"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OLD_ACTIONS = (
    "create",
    "edit",
    "submit",
    "withdraw",
    "reopen",
    "nominate",
    "return",
    "accept",
    "waitlist",
    "reject",
    "recall",
    "offer",
    "take_up",
    "lapse",
    "move",
    "confirm",
)
NEW_ACTIONS = (
    "ask_substitution",
    "drop_substitution",
    "refuse_substitution",
    "substitute",
)


def _enum(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _choose_actions(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("history_entry") as batch:
        batch.drop_constraint(op.f("ck_history_entry_action"), type_="check")
        batch.create_check_constraint(op.f("ck_history_entry_action"), f"action IN ({listed})")


def upgrade() -> None:
    _choose_actions((*OLD_ACTIONS, *NEW_ACTIONS))
    with op.batch_alter_table("programme") as batch:
        batch.add_column(sa.Column("substitution_percent", sa.Integer(), nullable=True))
    with op.batch_alter_table("category") as batch:
        batch.add_column(
            sa.Column(
                "sealed_form",
                _enum("sealed_form", ("none", "optional", "required")),
                nullable=False,
                server_default="none",
            )
        )
    op.create_table(
        "sealed_form",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_sealed_form_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name=op.f("fk_sealed_form_file_id_stored_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_sealed_form")),
    )
    op.create_index(op.f("ix_sealed_form_file_id"), "sealed_form", ["file_id"])
    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("leaving_id", sa.Integer(), nullable=True),
        sa.Column("coming_id", sa.Integer(), nullable=True),
        sa.Column("coming_index", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            _enum("state", ("pending", "approved", "rejected", "withdrawn")),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'pending') = (content IS NOT NULL)",
            name=op.f("ck_substitution_content_is_pending"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_substitution_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_substitution_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["coming_id"],
            ["person.id"],
            name=op.f("fk_substitution_coming_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["leaving_id"],
            ["person.id"],
            name=op.f("fk_substitution_leaving_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
        sa.UniqueConstraint("ref", name=op.f("uq_substitution_ref")),
    )
    op.create_index(
        op.f("ix_substitution_application_id_state"), "substitution", ["application_id", "state"]
    )
    op.create_index(op.f("ix_substitution_coming_id"), "substitution", ["coming_id"])
    op.create_index(op.f("ix_substitution_leaving_id"), "substitution", ["leaving_id"])
    op.create_index(
        "uq_substitution_pending_leaving",
        "substitution",
        ["application_id", "leaving_id"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("substitution")
    op.drop_table("sealed_form")
    with op.batch_alter_table("category") as batch:
        batch.drop_constraint(op.f("ck_category_sealed_form"), type_="check")
        batch.drop_column("sealed_form")
    with op.batch_alter_table("programme") as batch:
        batch.drop_column("substitution_percent")
    words = ", ".join(f"'{word}'" for word in NEW_ACTIONS)
    op.execute(f"DELETE FROM history_entry WHERE action IN ({words})")  # noqa: S608 - our words
    _choose_actions(OLD_ACTIONS)
