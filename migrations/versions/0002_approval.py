"""Levels of approval with quotas, offers to those who wait, confirmation by schools."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

OLD_STATES = ("draft", "submitted", "returned", "accepted", "waitlisted", "rejected", "withdrawn")
STATES = (*OLD_STATES[:3], "offered", *OLD_STATES[3:])
OLD_ACTIONS = (
    "create", "edit", "submit", "withdraw", "reopen", "return", "accept", "waitlist", "reject",
)  # fmt: skip
ACTIONS = (*OLD_ACTIONS, "nominate", "recall", "offer", "take_up", "lapse", "move", "confirm")
OLD_ROLES = (
    "platform_administrator", "coordinator", "district_reviewer", "school_officer", "team_leader",
)  # fmt: skip
ROLES = (*OLD_ROLES, "city_reviewer")


def _words(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


def _choose(table: str, words_by_column: dict[str, tuple[str, ...]]) -> None:
    with op.batch_alter_table(table) as batch:
        for column, words in words_by_column.items():
            name = op.f(f"ck_{table}_{column}")
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, _words(column, words))


def upgrade() -> None:
    op.create_table(
        "approval_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "school", "district", "city", "organiser",
                name="kind", native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("may_return", sa.Boolean(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"],
            name=op.f("fk_approval_level_programme_id_programme"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_level")),
        sa.UniqueConstraint("programme_id", "kind", name=op.f("uq_approval_level_programme_id_kind")),
    )  # fmt: skip
    op.create_table(
        "approval_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column(
            "dimension",
            sa.Enum(
                "school", "district", "region", "stage", "any",
                name="dimension", native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=20), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("places >= 0", name=op.f("ck_approval_quota_places_not_negative")),
        sa.CheckConstraint(
            "dimension != 'any' OR key IS NULL", name=op.f("ck_approval_quota_any_has_no_key")
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["approval_level.id"],
            name=op.f("fk_approval_quota_level_id_approval_level"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"],
            name=op.f("fk_approval_quota_category_id_category"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_quota")),
    )  # fmt: skip
    op.create_index(op.f("ix_approval_quota_level_id"), "approval_quota", ["level_id"])
    op.create_table(
        "waitlist_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "order",
            sa.Enum(
                "listed", "submitted",
                name="order", native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "offer_hours >= 0", name=op.f("ck_waitlist_policy_offer_hours_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"],
            name=op.f("fk_waitlist_policy_programme_id_programme"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_policy")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_waitlist_policy_programme_id")),
    )  # fmt: skip
    with op.batch_alter_table("category") as batch:
        batch.add_column(
            sa.Column("counts_persons", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("category") as batch:
        batch.alter_column("counts_persons", server_default=None)
    _add_to_applications()
    op.create_table(
        "nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("quota_id", sa.Integer(), nullable=True),
        sa.Column("quota_key", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"],
            name=op.f("fk_nomination_application_id_application"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["approval_level.id"], name=op.f("fk_nomination_level_id_approval_level")
        ),
        sa.ForeignKeyConstraint(
            ["quota_id"], ["approval_quota.id"],
            name=op.f("fk_nomination_quota_id_approval_quota"), ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint(
            "application_id", "level_id", name=op.f("uq_nomination_application_id_level_id")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_nomination_level_id"), "nomination", ["level_id"])
    op.create_index(
        op.f("ix_nomination_quota_id_quota_key"), "nomination", ["quota_id", "quota_key"]
    )
    _choose("history_entry", {"action": ACTIONS, "from_state": STATES, "to_state": STATES})
    _choose("role_grant", {"role": ROLES})


def _add_to_applications() -> None:
    with op.batch_alter_table("application") as batch:
        batch.add_column(sa.Column("level_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("offer_ends_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("places_held", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("least_members", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            op.f("fk_application_level_id_approval_level"), "approval_level", ["level_id"], ["id"]
        )
    op.execute("UPDATE application SET places_held = 1 WHERE state = 'accepted'")
    with op.batch_alter_table("application") as batch:
        batch.alter_column("places_held", server_default=None)
        batch.create_index(op.f("ix_application_level_id"), ["level_id"])
        batch.create_check_constraint(
            op.f("ck_application_offer_has_end"),
            "(state = 'offered') = (offer_ends_at IS NOT NULL)",
        )
        batch.create_check_constraint(
            op.f("ck_application_places_are_held"),
            "(state IN ('accepted', 'offered')) = (places_held > 0)",
        )
        batch.create_check_constraint(
            op.f("ck_application_least_members_positive"), "least_members > 0"
        )
    _choose("application", {"state": STATES})


def downgrade() -> None:
    op.execute(
        "DELETE FROM history_entry WHERE action IN ('nominate', 'recall', 'offer', 'take_up', 'lapse', 'move', 'confirm') OR from_state = 'offered' OR to_state = 'offered'"
    )
    op.execute("DELETE FROM role_grant WHERE role = 'city_reviewer'")
    _choose("role_grant", {"role": OLD_ROLES})
    _choose(
        "history_entry", {"action": OLD_ACTIONS, "from_state": OLD_STATES, "to_state": OLD_STATES}
    )
    op.drop_table("nomination")
    with op.batch_alter_table("application") as batch:
        for name in ("offer_has_end", "places_are_held", "least_members_positive"):
            batch.drop_constraint(op.f(f"ck_application_{name}"), type_="check")
    op.execute("UPDATE application SET state = 'submitted' WHERE state = 'offered'")
    _choose("application", {"state": OLD_STATES})
    with op.batch_alter_table("application") as batch:
        batch.drop_index(op.f("ix_application_level_id"))
        batch.drop_constraint(op.f("fk_application_level_id_approval_level"), type_="foreignkey")
        for name in ("level_id", "offer_ends_at", "places_held", "least_members", "confirmed_at"):
            batch.drop_column(name)
    with op.batch_alter_table("category") as batch:
        batch.drop_column("counts_persons")
    op.drop_table("waitlist_policy")
    op.drop_table("approval_quota")
    op.drop_table("approval_level")
