"""The rules of a timetable that coordinators choose."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "planning_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.CheckConstraint("weight > 0", name=op.f("ck_planning_rule_weight_positive")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_planning_rule_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_rule")),
        sa.UniqueConstraint(
            "programme_id", "code", name=op.f("uq_planning_rule_programme_id_code")
        ),
    )


def downgrade() -> None:
    op.drop_table("planning_rule")
