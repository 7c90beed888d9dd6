"""Lots for the order within a category, and the number of minutes that some rules have."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("planning_rule", sa.Column("minutes", sa.Integer(), nullable=True))
    op.create_table(
        "drawn_lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("refs", sa.JSON(), nullable=False),
        sa.Column("list_text", sa.Text(), nullable=True),
        sa.Column("seed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seed", sa.String(200), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(list_text IS NULL) = (seed_at IS NULL)", name=op.f("ck_drawn_lots_list_has_time")
        ),
        sa.CheckConstraint(
            "drawn_at IS NOT NULL OR list_text IS NOT NULL",
            name=op.f("ck_drawn_lots_drawn_or_announced"),
        ),
        sa.CheckConstraint(
            "(seed IS NULL) = (drawn_at IS NULL OR list_text IS NULL)",
            name=op.f("ck_drawn_lots_list_is_drawn_by_seed"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_drawn_lots_category_id_category"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawn_lots")),
        sa.UniqueConstraint("category_id", name=op.f("uq_drawn_lots_category_id")),
    )


def downgrade() -> None:
    op.drop_table("drawn_lots")
    op.drop_column("planning_rule", "minutes")
