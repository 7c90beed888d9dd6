"""guardians' consents by purpose, their texts, private pages and what was asked"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FIRST = ("participation", "image")
PURPOSES = (
    "participation", "insurance", "health", "image", "livestream", "transfer", "homestay",
    "calendar",
)  # fmt: skip
RELATIONS = ("mother", "father", "grandparent", "other_guardian")


def _enum(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _change_purposes(batch_op: BatchOperations, words: tuple[str, ...]) -> None:
    batch_op.drop_constraint(batch_op.f("ck_consent_purpose"), type_="check")
    batch_op.create_check_constraint(batch_op.f("ck_consent_purpose"), _one_of("purpose", words))


def upgrade() -> None:
    op.create_table(
        "consent_rules",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("needs_own_consent", sa.Boolean(), nullable=False),
        sa.Column("reminder_days", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "reminder_days BETWEEN 1 AND 60", name=op.f("ck_consent_rules_reminder_days")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_consent_rules_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_consent_rules")),
    )
    op.create_table(
        "asked_purpose",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _enum("asked_purpose", PURPOSES), nullable=False),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("recipient", sa.String(length=160), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counts_from_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "counts_from_version <= version", name=op.f("ck_asked_purpose_counts_from_published")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_asked_purpose_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_purpose")),
        sa.UniqueConstraint(
            "programme_id", "purpose", name=op.f("uq_asked_purpose_programme_id_purpose")
        ),
    )
    op.create_table(
        "consent_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _enum("text_purpose", PURPOSES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_consent_text_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_consent_text_published_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint(
            "programme_id",
            "purpose",
            "version",
            "locale",
            name=op.f("uq_consent_text_programme_id_purpose_version_locale"),
        ),
    )
    op.create_table(
        "guardian_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardian.id"],
            name=op.f("fk_guardian_link_guardian_id_guardian"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_guardian_link_token_digest")),
    )
    op.create_index(op.f("ix_guardian_link_guardian_id"), "guardian_link", ["guardian_id"])
    op.create_index(
        "uq_guardian_link_live",
        "guardian_link",
        ["guardian_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "guardian_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("slip_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["guardian_id"],
            ["guardian.id"],
            name=op.f("fk_guardian_ask_guardian_id_guardian"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_guardian_ask_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_ask")),
        sa.UniqueConstraint(
            "programme_id", "guardian_id", name=op.f("uq_guardian_ask_programme_id_guardian_id")
        ),
    )
    op.create_index(op.f("ix_guardian_ask_guardian_id"), "guardian_ask", ["guardian_id"])
    with op.batch_alter_table("consent") as batch_op:
        batch_op.add_column(sa.Column("programme_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("relation", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("guardian_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("text_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("text_version", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_consent_relation"), _one_of("relation", RELATIONS)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_consent_programme_id_programme"), "programme", ["programme_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_consent_guardian_id_guardian"),
            "guardian",
            ["guardian_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_consent_text_id_consent_text"), "consent_text", ["text_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_consent_programme_id"), ["programme_id"])
        batch_op.create_index(batch_op.f("ix_consent_guardian_id"), ["guardian_id"])
        _change_purposes(batch_op, PURPOSES)


def downgrade() -> None:
    # The earlier table knows two purposes and no programme: a refusal stays one, for all of them.
    op.execute("DELETE FROM consent WHERE purpose NOT IN ('participation', 'image')")
    with op.batch_alter_table("consent") as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_guardian_id"))
        batch_op.drop_index(batch_op.f("ix_consent_programme_id"))
        for target in ("text_id_consent_text", "guardian_id_guardian", "programme_id_programme"):
            batch_op.drop_constraint(batch_op.f(f"fk_consent_{target}"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_consent_relation"), type_="check")
        _change_purposes(batch_op, FIRST)
        for column in ("text_version", "text_id", "guardian_id", "relation", "programme_id"):
            batch_op.drop_column(column)
    op.drop_table("guardian_ask")
    op.drop_table("guardian_link")
    op.drop_table("consent_text")
    op.drop_table("asked_purpose")
    op.drop_table("consent_rules")
