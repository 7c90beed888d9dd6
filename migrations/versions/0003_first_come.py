"""First come, first served: receipts in the order of arrival."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("category") as batch:
        batch.add_column(
            sa.Column("is_first_come", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("category") as batch:
        batch.alter_column("is_first_come", server_default=None)
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_receipt_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_receipt_category_id_category")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    op.create_index(op.f("ix_receipt_application_id"), "receipt", ["application_id"])
    op.create_index(
        "ix_receipt_waiting",
        "receipt",
        ["category_id", "id"],
        sqlite_where=sa.text("served_at IS NULL"),
        postgresql_where=sa.text("served_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("receipt")
    with op.batch_alter_table("category") as batch:
        batch.drop_column("is_first_come")
