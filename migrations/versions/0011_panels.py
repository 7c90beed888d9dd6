"""panels"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("per_case", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comments_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("per_case > 0", name=op.f("ck_panel_per_case_positive")),
        sa.ForeignKeyConstraint(
            ["level_id"], ["approval_level.id"], name=op.f("fk_panel_level_id_approval_level")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_panel_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint("ref", name=op.f("uq_panel_ref")),
    )
    op.create_index(op.f("ix_panel_level_id"), "panel", ["level_id"])
    op.create_index(op.f("ix_panel_programme_id"), "panel", ["programme_id"])
    op.create_table(
        "judgement_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_account_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "deed",
            sa.Enum(
                "assign",
                "release",
                "draft",
                "submit",
                "conflict",
                name="deed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_judgement_entry_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_judgement_entry_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_judgement_entry_panel_id_panel")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_account_id"],
            ["account.id"],
            name=op.f("fk_judgement_entry_reviewer_account_id_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement_entry")),
    )
    op.create_index(
        op.f("ix_judgement_entry_panel_id_application_id"),
        "judgement_entry",
        ["panel_id", "application_id"],
    )
    op.create_table(
        "panel_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_panel_category_category_id_category"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"],
            ["approval_level.id"],
            name=op.f("fk_panel_category_level_id_approval_level"),
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["panel.id"],
            name=op.f("fk_panel_category_panel_id_panel"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_category")),
        sa.UniqueConstraint(
            "level_id", "category_id", name=op.f("uq_panel_category_level_id_category_id")
        ),
    )
    op.create_index(op.f("ix_panel_category_panel_id"), "panel_category", ["panel_id"])
    op.create_table(
        "panel_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("max_mark", sa.Integer(), nullable=False),
        sa.CheckConstraint("max_mark > 0", name=op.f("ck_panel_criterion_max_mark_positive")),
        sa.CheckConstraint("weight > 0", name=op.f("ck_panel_criterion_weight_positive")),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["panel.id"],
            name=op.f("fk_panel_criterion_panel_id_panel"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_criterion")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("uq_panel_criterion_panel_id_number")),
    )
    op.create_table(
        "panel_reviewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_panel_reviewer_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["panel.id"],
            name=op.f("fk_panel_reviewer_panel_id_panel"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_reviewer")),
        sa.UniqueConstraint(
            "panel_id", "account_id", name=op.f("uq_panel_reviewer_panel_id_account_id")
        ),
    )
    op.create_index(op.f("ix_panel_reviewer_account_id"), "panel_reviewer", ["account_id"])
    op.create_table(
        "panel_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "to_judge",
                "draft_marks",
                "judged",
                "conflict",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_panel_assignment_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["panel.id"],
            name=op.f("fk_panel_assignment_panel_id_panel"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["panel_reviewer.id"],
            name=op.f("fk_panel_assignment_reviewer_id_panel_reviewer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_assignment")),
        sa.UniqueConstraint("ref", name=op.f("uq_panel_assignment_ref")),
        sa.UniqueConstraint(
            "reviewer_id",
            "application_id",
            name=op.f("uq_panel_assignment_reviewer_id_application_id"),
        ),
    )
    op.create_index(
        op.f("ix_panel_assignment_application_id"), "panel_assignment", ["application_id"]
    )
    op.create_index(
        op.f("ix_panel_assignment_panel_id_application_id"),
        "panel_assignment",
        ["panel_id", "application_id"],
    )
    op.create_table(
        "panel_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.CheckConstraint("hundredths >= 0", name=op.f("ck_panel_mark_hundredths_not_negative")),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["panel_assignment.id"],
            name=op.f("fk_panel_mark_assignment_id_panel_assignment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["panel_criterion.id"],
            name=op.f("fk_panel_mark_criterion_id_panel_criterion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_mark")),
        sa.UniqueConstraint(
            "assignment_id", "criterion_id", name=op.f("uq_panel_mark_assignment_id_criterion_id")
        ),
    )
    op.create_index(op.f("ix_panel_mark_criterion_id"), "panel_mark", ["criterion_id"])


def downgrade() -> None:
    op.drop_table("panel_mark")
    op.drop_table("panel_assignment")
    op.drop_table("panel_reviewer")
    op.drop_table("panel_criterion")
    op.drop_table("panel_category")
    op.drop_table("judgement_entry")
    op.drop_table("panel")
