"""series, organisations, named dates, further kinds and age rules of categories, results"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD_KINDS = ("choir", "small_choir", "wind", "orchestra", "strings", "chamber")
NEW_KINDS = (
    "choir", "small_choir", "vocal_ensemble", "wind", "orchestra", "strings", "chamber", "solo",
    "tennis_singles", "tennis_doubles", "tennis_mixed", "tennis_team", "study_tour", "other",
)  # fmt: skip
OLD_ROLES = ("pupil", "leader", "conductor", "accompanist", "adviser")
NEW_ROLES = (*OLD_ROLES, "chaperone")
AGE_RULES = ("none", "born_between", "age_on_date", "birth_year", "grade")
OUTCOMES = ("showcase_level", "ranking")
DATE_KINDS = (
    "notice", "review_opens", "district_review_until", "municipal_review_until", "review_closes",
    "public_notice_from", "confirm_by", "leaders_meeting", "consents_until", "withdrawal_until",
    "roster_freeze", "substitutions_until",
)  # fmt: skip
ROLES = ("guide", "host", "organiser", "co_organiser", "supporter")


def words(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def replace_words(batch: Any, table: str, column: str, values: Sequence[str]) -> None:
    name = op.f(f"ck_{table}_{column}")
    batch.drop_constraint(name, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    batch.create_check_constraint(name, f"{column} IN ({listed})")


def add_words(
    batch: Any, table: str, column: str, values: Sequence[str], default: str | None = None
) -> None:
    """Add a column of words with its check; what is there gets the default."""
    batch.add_column(
        sa.Column(column, sa.String(length=40), nullable=default is None, server_default=default)
    )
    listed = ", ".join(f"'{value}'" for value in values)
    batch.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} IN ({listed})")


def upgrade() -> None:
    _create_tables()
    with op.batch_alter_table("programme") as batch:
        batch.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("public_notice_days", sa.Integer(), nullable=False, server_default="7")
        )
        add_words(batch, "programme", "public_notice_counts", ("calendar", "working"), "calendar")
        add_words(batch, "programme", "withdrawal_rule", ("any_time", "until_date"), "any_time")
        add_words(batch, "programme", "outcome", OUTCOMES, "showcase_level")
        batch.add_column(
            sa.Column("results_released_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch.create_foreign_key(
            op.f("fk_programme_series_id_programme_series"),
            "programme_series",
            ["series_id"],
            ["id"],
        )
        batch.create_index(op.f("ix_programme_series_id"), ["series_id"])
    with op.batch_alter_table("category") as batch:
        replace_words(batch, "category", "kind", NEW_KINDS)
        add_words(batch, "category", "age_rule", AGE_RULES, "born_between")
        add_words(batch, "category", "outcome", OUTCOMES)
        for name in ("age_min", "age_max", "grade_from", "grade_to"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch.add_column(sa.Column("age_on", sa.Date(), nullable=True))
        for name, default in (
            ("play_up_groups", "0"),
            ("min_advisers", "0"),
            ("max_advisers", "2"),
            ("min_chaperones", "0"),
        ):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=default))
        batch.create_check_constraint(
            op.f("ck_category_advisers_in_order"), "max_advisers >= min_advisers"
        )
    op.execute("UPDATE category SET age_rule = 'none' WHERE born_from IS NULL AND born_to IS NULL")
    with op.batch_alter_table("member") as batch:
        replace_words(batch, "member", "role", NEW_ROLES)
    _drop_server_defaults()


def _drop_server_defaults() -> None:
    """The models give the values; the defaults were for the rows that were there."""
    words_of = {
        "programme": ("public_notice_counts", "withdrawal_rule", "outcome"),
        "category": ("age_rule",),
    }
    numbers_of = {
        "programme": ("public_notice_days",),
        "category": ("play_up_groups", "min_advisers", "max_advisers", "min_chaperones"),
    }
    for table in ("programme", "category"):
        with op.batch_alter_table(table) as batch:
            for name in words_of[table]:
                batch.alter_column(name, existing_type=sa.String(length=40), server_default=None)
            for name in numbers_of[table]:
                batch.alter_column(name, existing_type=sa.Integer(), server_default=None)


def _create_tables() -> None:
    op.create_table(
        "programme_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_series")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_series_code")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_table(
        "programme_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("kind", words("kind", DATE_KINDS), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_date_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_date")),
        sa.UniqueConstraint(
            "programme_id", "kind", name=op.f("uq_programme_date_programme_id_kind")
        ),
    )
    op.create_table(
        "programme_organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", words("role", ROLES), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_organisation_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_programme_organisation_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_organisation")),
        sa.UniqueConstraint(
            "programme_id",
            "organisation_id",
            "role",
            name=op.f("uq_programme_organisation_programme_id_organisation_id_role"),
        ),
    )
    op.create_index(
        op.f("ix_programme_organisation_organisation_id"),
        "programme_organisation",
        ["organisation_id"],
    )
    op.create_table(
        "outcome_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_outcome_level_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_level")),
    )
    op.create_index(op.f("ix_outcome_level_programme_id"), "outcome_level", ["programme_id"])
    op.create_table(
        "result",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rank > 0", name=op.f("ck_result_rank_positive")),
        sa.CheckConstraint(
            "(level_id IS NULL) <> (rank IS NULL)", name=op.f("ck_result_one_of_both")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_result_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["outcome_level.id"], name=op.f("fk_result_level_id_outcome_level")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_result_recorded_by_account")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_result")),
    )
    op.create_index(op.f("ix_result_level_id"), "result", ["level_id"])


def downgrade() -> None:
    """What the older tables cannot say is lost: chaperones go, further kinds become choirs."""
    op.execute("DELETE FROM member WHERE role = 'chaperone'")
    category = sa.table("category", sa.column("kind", sa.String))
    op.execute(category.update().where(category.c.kind.not_in(OLD_KINDS)).values(kind="choir"))
    for table in (
        "result",
        "outcome_level",
        "programme_organisation",
        "programme_date",
        "organisation",
    ):
        op.drop_table(table)
    with op.batch_alter_table("member") as batch:
        replace_words(batch, "member", "role", OLD_ROLES)
    with op.batch_alter_table("category") as batch:
        for name in (
            "ck_category_advisers_in_order",
            "ck_category_age_rule",
            "ck_category_outcome",
        ):
            batch.drop_constraint(op.f(name), type_="check")
        replace_words(batch, "category", "kind", OLD_KINDS)
        for name in (
            "age_rule", "outcome", "age_min", "age_max", "grade_from", "grade_to", "age_on",
            "play_up_groups", "min_advisers", "max_advisers", "min_chaperones",
        ):  # fmt: skip
            batch.drop_column(name)
    with op.batch_alter_table("programme") as batch:
        batch.drop_index(op.f("ix_programme_series_id"))
        batch.drop_constraint(op.f("fk_programme_series_id_programme_series"), type_="foreignkey")
        for name in ("public_notice_counts", "withdrawal_rule", "outcome"):
            batch.drop_constraint(op.f(f"ck_programme_{name}"), type_="check")
        for name in (
            "series_id", "public_notice_days", "public_notice_counts", "withdrawal_rule",
            "outcome", "results_released_at",
        ):  # fmt: skip
            batch.drop_column(name)
    op.drop_table("programme_series")
