"""Activities beside the performances, and slots that place them."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0023"


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "planned_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _words(
                "kind",
                "rehearsal",
                "audition",
                "interview",
                "station",
                "course",
                "meeting",
                "ceremony",
                "visit",
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("setup_minutes", sa.Integer(), nullable=False),
        sa.Column("clear_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "invited", _words("invited", "all", "category", "chosen", "none"), nullable=False
        ),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column(
            "attendance",
            _words("attendance", "everybody", "leaders", "accompanists"),
            nullable=False,
        ),
        sa.Column(
            "staff", _words("staff", "none", "jurors", "accompanists", "all"), nullable=False
        ),
        sa.Column("for_each_group", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("on_other_days", sa.Boolean(), nullable=False),
        sa.Column("before", _words("before", "any", "before", "after"), nullable=False),
        sa.Column("earliest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_planned_activity_minutes_positive")),
        sa.CheckConstraint(
            "setup_minutes >= 0", name=op.f("ck_planned_activity_setup_not_negative")
        ),
        sa.CheckConstraint(
            "clear_minutes >= 0", name=op.f("ck_planned_activity_clear_not_negative")
        ),
        sa.CheckConstraint("times > 0", name=op.f("ck_planned_activity_times_positive")),
        sa.CheckConstraint(
            "latest_at > earliest_at", name=op.f("ck_planned_activity_bounds_in_order")
        ),
        sa.CheckConstraint(
            "(invited = 'category') = (category_id IS NOT NULL)",
            name=op.f("ck_planned_activity_category_if_invited"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_planned_activity_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_planned_activity_category_id_category"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_activity")),
        sa.UniqueConstraint("ref", name=op.f("uq_planned_activity_ref")),
    )
    for column in ("programme_id", "category_id"):
        op.create_index(op.f(f"ix_planned_activity_{column}"), "planned_activity", [column])
    for table, other, column in (
        ("activity_group", "application", "application_id"),
        ("activity_venue", "venue", "venue_id"),
    ):
        op.create_table(
            table,
            sa.Column("activity_id", sa.Integer(), nullable=False),
            sa.Column(column, sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["activity_id"],
                ["planned_activity.id"],
                name=op.f(f"fk_{table}_activity_id_planned_activity"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                [column],
                [f"{other}.id"],
                name=op.f(f"fk_{table}_{column}_{other}"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("activity_id", column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    with op.batch_alter_table("slot") as batch:
        batch.drop_constraint(op.f("uq_slot_plan_id_application_id"), type_="unique")
        batch.alter_column("application_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("activity_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        batch.create_foreign_key(
            op.f("fk_slot_activity_id_planned_activity"),
            "planned_activity",
            ["activity_id"],
            ["id"],
        )
        batch.create_unique_constraint(
            op.f("uq_slot_plan_id_activity_id_application_id_number"),
            ["plan_id", "activity_id", "application_id", "number"],
        )
        batch.create_check_constraint(
            op.f("ck_slot_places_something"),
            "application_id IS NOT NULL OR activity_id IS NOT NULL",
        )
        batch.create_index(op.f("ix_slot_activity_id"), ["activity_id"])
    with op.batch_alter_table("slot") as batch:
        batch.alter_column("number", existing_type=sa.Integer(), server_default=None)
    for name, columns, missing in (
        ("uq_slot_performance", ["plan_id", "application_id"], "activity_id IS NULL"),
        ("uq_slot_together", ["plan_id", "activity_id", "number"], "application_id IS NULL"),
    ):
        op.create_index(
            name,
            "slot",
            columns,
            unique=True,
            sqlite_where=sa.text(missing),
            postgresql_where=sa.text(missing),
        )


def downgrade() -> None:
    # What is no performance has no place in the older table.
    op.execute("DELETE FROM slot WHERE activity_id IS NOT NULL")
    op.drop_index("uq_slot_together", "slot")
    op.drop_index("uq_slot_performance", "slot")
    with op.batch_alter_table("slot") as batch:
        batch.drop_index(op.f("ix_slot_activity_id"))
        batch.drop_constraint(op.f("ck_slot_places_something"), type_="check")
        batch.drop_constraint(
            op.f("uq_slot_plan_id_activity_id_application_id_number"), type_="unique"
        )
        batch.drop_constraint(op.f("fk_slot_activity_id_planned_activity"), type_="foreignkey")
        batch.drop_column("number")
        batch.drop_column("activity_id")
        batch.alter_column("application_id", existing_type=sa.Integer(), nullable=False)
        batch.create_unique_constraint(
            op.f("uq_slot_plan_id_application_id"), ["plan_id", "application_id"]
        )
    op.drop_table("activity_venue")
    op.drop_table("activity_group")
    op.drop_table("planned_activity")
