"""Jurors and other staff, busy times, class hours."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

ONE = (
    "(CASE WHEN school_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END) = 1"
)


def upgrade() -> None:
    op.create_table(
        "staff_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "juror",
                "accompanist",
                "other",
                name="duty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("most_minutes", sa.Integer(), nullable=True),
        sa.Column("break_minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(most_minutes IS NULL) = (break_minutes IS NULL)",
            name=op.f("ck_staff_member_break_is_whole"),
        ),
        sa.CheckConstraint("most_minutes > 0", name=op.f("ck_staff_member_most_minutes_positive")),
        sa.CheckConstraint(
            "break_minutes > 0", name=op.f("ck_staff_member_break_minutes_positive")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_staff_member_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("ref", name=op.f("uq_staff_member_ref")),
    )
    op.create_index(op.f("ix_staff_member_programme_id"), "staff_member", ["programme_id"])
    op.create_table(
        "staff_category",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_member.id"],
            name=op.f("fk_staff_category_staff_id_staff_member"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_staff_category_category_id_category"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("staff_id", "category_id", name=op.f("pk_staff_category")),
    )
    op.create_index(op.f("ix_staff_category_category_id"), "staff_category", ["category_id"])
    op.create_table(
        "staff_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_staff_hours_hours_in_order")),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_member.id"],
            name=op.f("fk_staff_hours_staff_id_staff_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_hours")),
    )
    op.create_index(op.f("ix_staff_hours_staff_id"), "staff_hours", ["staff_id"])
    op.create_table(
        "busy_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_busy_time_times_in_order")),
        sa.CheckConstraint(ONE, name=op.f("ck_busy_time_of_one")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_busy_time_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_busy_time_school_id_school"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_busy_time_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_member.id"],
            name=op.f("fk_busy_time_staff_id_staff_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_time")),
    )
    op.create_index(op.f("ix_busy_time_programme_id"), "busy_time", ["programme_id"])
    op.create_index(op.f("ix_busy_time_school_id"), "busy_time", ["school_id"])
    op.create_index(op.f("ix_busy_time_person_id"), "busy_time", ["person_id"])
    op.create_index(op.f("ix_busy_time_staff_id"), "busy_time", ["staff_id"])
    op.create_table(
        "class_hours",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("ends > begins", name=op.f("ck_class_hours_hours_in_order")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_class_hours_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_class_hours_school_id_school"),
        ),
        sa.PrimaryKeyConstraint("programme_id", "school_id", name=op.f("pk_class_hours")),
    )
    op.create_table(
        "busy_entry",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_busy_entry_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_busy_entry")),
    )


def downgrade() -> None:
    op.drop_table("busy_entry")
    op.drop_table("class_hours")
    op.drop_table("busy_time")
    op.drop_table("staff_hours")
    op.drop_table("staff_category")
    op.drop_table("staff_member")
