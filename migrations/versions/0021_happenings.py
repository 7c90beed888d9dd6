"""What happened to a timetable, times kept in reserve, and repairs."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "repair",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("is_in_part", sa.Boolean(), nullable=False),
        sa.Column("moves_bound", sa.Integer(), nullable=True),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("left_out_bound", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_repair_plan_id_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_repair")),
    )
    op.create_table(
        "reserve_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_reserve_time_stretch_in_order")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_reserve_time_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"],
            ["venue.id"],
            name=op.f("fk_reserve_time_venue_id_venue"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve_time")),
        sa.UniqueConstraint(
            "venue_id", "starts_at", name=op.f("uq_reserve_time_venue_id_starts_at")
        ),
    )
    with op.batch_alter_table("reserve_time", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reserve_time_programme_id"), ["programme_id"], unique=False
        )
    op.create_table(
        "happening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "venue_out",
                "person_away",
                "school_away",
                "school_day",
                "suspended",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "in_force",
                "ended",
                "taken_back",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reporter_name", sa.String(length=120), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "(state = 'in_force') = (over_at IS NULL)", name=op.f("ck_happening_over_has_time")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_happening_stretch_in_order")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_happening_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_happening_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_happening_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_happening_school_id_school"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_happening_venue_id_venue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_happening")),
        sa.UniqueConstraint("ref", name=op.f("uq_happening_ref")),
    )
    with op.batch_alter_table("happening", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_happening_programme_id"), ["programme_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("happening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_happening_programme_id"))
    op.drop_table("happening")
    with op.batch_alter_table("reserve_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reserve_time_programme_id"))
    op.drop_table("reserve_time")
    op.drop_table("repair")
