"""What coordinators state about two groups of a timetable."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"

KINDS = ("one_day", "days_apart", "one_venue", "in_order")


def upgrade() -> None:
    op.create_table(
        "group_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.CheckConstraint("weight > 0", name=op.f("ck_group_relation_weight_positive")),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_group_relation_two_groups")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_group_relation_{column}_{table}"),
                ondelete="CASCADE",
            )
            for column, table in (
                ("programme_id", "programme"),
                ("first_id", "application"),
                ("second_id", "application"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_relation")),
        sa.UniqueConstraint(
            "programme_id",
            "kind",
            "first_id",
            "second_id",
            name=op.f("uq_group_relation_programme_id_kind_first_id_second_id"),
        ),
    )
    for column in ("first_id", "second_id"):
        op.create_index(op.f(f"ix_group_relation_{column}"), "group_relation", [column])


def downgrade() -> None:
    op.drop_table("group_relation")
