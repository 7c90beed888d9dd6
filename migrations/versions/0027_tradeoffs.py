"""Tables of other timetables to choose from, and searches that count work instead of seconds."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    with op.batch_alter_table("plan") as batch:
        batch.add_column(
            sa.Column("is_repeatable", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("plan") as batch:
        batch.alter_column("is_repeatable", server_default=None)
    op.create_table(
        "tradeoff_table",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("roster_revision", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("is_repeatable", sa.Boolean(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("floors", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_tradeoff_table_job_id_job")),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
            name=op.f("fk_tradeoff_table_plan_id_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_tradeoff_table")),
    )


def downgrade() -> None:
    op.drop_table("tradeoff_table")
    with op.batch_alter_table("plan") as batch:
        batch.drop_column("is_repeatable")
