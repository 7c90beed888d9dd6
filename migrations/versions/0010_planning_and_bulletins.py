"""Plans know how they were made; calendars know the release and note of what they show."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

METHODS = "method IN ('keep', 'fill', 'improve', 'fresh')"


def upgrade() -> None:
    with op.batch_alter_table("plan") as batch:
        batch.add_column(
            sa.Column("method", sa.String(length=40), nullable=False, server_default="fresh")
        )
        batch.add_column(
            sa.Column("made_from", sa.String(length=80), nullable=False, server_default="")
        )
        batch.add_column(
            sa.Column("locked_count", sa.Integer(), nullable=False, server_default="0")
        )
        batch.add_column(sa.Column("moved", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("is_fewest", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.create_check_constraint(op.f("ck_plan_method"), METHODS)
    with op.batch_alter_table("plan") as batch:
        for name in ("method", "made_from", "locked_count", "is_fewest"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "calendar_bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope_kind", sa.String(length=40), nullable=False),
        sa.Column("scope_key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("notes", sa.String(length=1000), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_bulletin")),
        sa.UniqueConstraint(
            "scope_kind", "scope_key", name=op.f("uq_calendar_bulletin_scope_kind_scope_key")
        ),
    )


def downgrade() -> None:
    op.drop_table("calendar_bulletin")
    with op.batch_alter_table("plan") as batch:
        batch.drop_constraint(op.f("ck_plan_method"), type_="check")
        for name in ("is_fewest", "moved", "locked_count", "made_from", "method"):
            batch.drop_column(name)
