"""Roles offered to accounts, which must take them"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ROLES = (
    "platform_administrator",
    "coordinator",
    "district_reviewer",
    "city_reviewer",
    "school_officer",
    "team_leader",
)
SCOPES = ("platform", "programme", "district", "school", "application")


def upgrade() -> None:
    """Add the table of offers."""
    op.create_table(
        "role_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", _words("role", ROLES), nullable=False),
        sa.Column("scope", _words("scope", SCOPES), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("inviter", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_role_offer_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_offer")),
        sa.UniqueConstraint(
            "account_id",
            "role",
            "scope",
            "scope_id",
            name=op.f("uq_role_offer_account_id_role_scope_scope_id"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_role_offer_ref")),
    )
    op.create_index(op.f("ix_role_offer_scope_scope_id"), "role_offer", ["scope", "scope_id"])


def downgrade() -> None:
    """Drop the table: what was not taken is not offered any more."""
    op.drop_index(op.f("ix_role_offer_scope_scope_id"), table_name="role_offer")
    op.drop_table("role_offer")


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)
