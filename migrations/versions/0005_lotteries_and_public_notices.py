"""Lotteries and their entries; public notices with versions, lines, and objections."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lottery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "frozen",
                "drawn",
                "applying",
                "applied",
                "replaced",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "strata",
            sa.Enum(
                "none",
                "region",
                "district",
                "stage",
                name="strata",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "bundles",
            sa.Enum(
                "none",
                "school",
                "family",
                name="bundles",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("seed_source", sa.String(length=400), nullable=False),
        sa.Column("seed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("list_text", sa.Text(), nullable=True),
        sa.Column("list_digest", sa.String(length=64), nullable=True),
        sa.Column("seed", sa.String(length=200), nullable=True),
        sa.Column("seed_reference", sa.String(length=400), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'draft' OR frozen_at IS NULL", name=op.f("ck_lottery_draft_is_not_frozen")
        ),
        sa.CheckConstraint(
            "(drawn_at IS NULL) = (seed IS NULL)", name=op.f("ck_lottery_drawn_has_seed")
        ),
        sa.CheckConstraint(
            "(frozen_at IS NULL) = (list_text IS NULL)", name=op.f("ck_lottery_frozen_has_list")
        ),
        sa.CheckConstraint(
            "drawn_at IS NULL OR drawn_at >= seed_at", name=op.f("ck_lottery_drawn_after_seed")
        ),
        sa.CheckConstraint(
            "frozen_at IS NULL OR seed_at > frozen_at", name=op.f("ck_lottery_seed_after_freeze")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_lottery_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["lottery.id"], name=op.f("fk_lottery_replaced_by_id_lottery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lottery")),
        sa.UniqueConstraint("ref", name=op.f("uq_lottery_ref")),
    )
    with op.batch_alter_table("lottery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lottery_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "public_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column(
            "day_kind",
            sa.Enum(
                "calendar",
                "working",
                name="day_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("days_off", sa.JSON(), nullable=False),
        sa.Column("shows_pupils", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_down_reason", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "(ends_at IS NULL) = (published_at IS NULL)",
            name=op.f("ck_public_notice_published_has_end"),
        ),
        sa.CheckConstraint(
            "(number = 0) = (published_at IS NULL)",
            name=op.f("ck_public_notice_published_has_number"),
        ),
        sa.CheckConstraint(
            "days BETWEEN 1 AND 60", name=op.f("ck_public_notice_days_within_limits")
        ),
        sa.CheckConstraint(
            "taken_down_at IS NULL OR number > 0",
            name=op.f("ck_public_notice_only_published_taken_down"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_public_notice_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_notice")),
        sa.UniqueConstraint("ref", name=op.f("uq_public_notice_ref")),
    )
    with op.batch_alter_table("public_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_notice_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_public_notice_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "lottery_category",
        sa.Column("lottery_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_lottery_category_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["lottery_id"],
            ["lottery.id"],
            name=op.f("fk_lottery_category_lottery_id_lottery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("lottery_id", "category_id", name=op.f("pk_lottery_category")),
    )
    with op.batch_alter_table("lottery_category", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lottery_category_category_id"), ["category_id"], unique=False
        )

    op.create_table(
        "notice_category",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_notice_category_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["public_notice.id"],
            name=op.f("fk_notice_category_notice_id_public_notice"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice_id", "category_id", name=op.f("pk_notice_category")),
    )
    with op.batch_alter_table("notice_category", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notice_category_category_id"), ["category_id"], unique=False
        )

    op.create_table(
        "notice_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("shows_pupils", sa.Boolean(), nullable=False),
        sa.Column("correction", sa.String(length=1000), nullable=True),
        sa.Column("removed_count", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publisher_name", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "(number = 1) = (correction IS NULL)",
            name=op.f("ck_notice_version_correction_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["public_notice.id"],
            name=op.f("fk_notice_version_notice_id_public_notice"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_version")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq_notice_version_notice_id_number")),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("about", sa.String(length=160), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "upheld",
                "dismissed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handler_name", sa.String(length=120), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (handled_at IS NULL)", name=op.f("ck_objection_handled_has_time")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (name IS NULL AND email IS NULL AND phone IS NULL AND about IS NULL AND reason IS NULL AND answer IS NULL AND digest IS NULL)",
            name=op.f("ck_objection_erased_is_empty"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["public_notice.id"], name=op.f("fk_objection_notice_id_public_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("notice_id", "digest", name=op.f("uq_objection_notice_id_digest")),
        sa.UniqueConstraint("ref", name=op.f("uq_objection_ref")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_objection_notice_id_state_received_at"),
            ["notice_id", "state", "received_at"],
            unique=False,
        )

    op.create_table(
        "lottery_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lottery_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("category_code", sa.String(length=32), nullable=False),
        sa.Column("stratum", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "place",
                "waiting",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("place_of", sa.String(length=40), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "applied",
            sa.Enum(
                "accepted",
                "waitlisted",
                "skipped",
                "refused",
                name="applied",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("refusal", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "(rank IS NULL) = (outcome IS NULL)", name=op.f("ck_lottery_entry_drawn_whole")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_lottery_entry_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["lottery_id"],
            ["lottery.id"],
            name=op.f("fk_lottery_entry_lottery_id_lottery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lottery_entry")),
        sa.UniqueConstraint(
            "lottery_id", "application_id", name=op.f("uq_lottery_entry_lottery_id_application_id")
        ),
        sa.UniqueConstraint("lottery_id", "rank", name=op.f("uq_lottery_entry_lottery_id_rank")),
        sa.UniqueConstraint("receipt", name=op.f("uq_lottery_entry_receipt")),
    )
    with op.batch_alter_table("lottery_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lottery_entry_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "notice_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_ref", sa.String(length=16), nullable=False),
        sa.Column("category_names", sa.JSON(), nullable=False),
        sa.Column("school_name", sa.String(length=160), nullable=False),
        sa.Column("group_name", sa.String(length=80), nullable=False),
        sa.Column("advisers", sa.Text(), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.Column(
            "change",
            sa.Enum(
                "new",
                "changed",
                name="change",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["notice_version.id"],
            name=op.f("fk_notice_line_version_id_notice_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_line")),
        sa.UniqueConstraint(
            "version_id", "position", name=op.f("uq_notice_line_version_id_position")
        ),
    )


def downgrade() -> None:
    op.drop_table("notice_line")
    with op.batch_alter_table("lottery_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lottery_entry_application_id"))

    op.drop_table("lottery_entry")
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_notice_id_state_received_at"))

    op.drop_table("objection")
    op.drop_table("notice_version")
    with op.batch_alter_table("notice_category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_category_category_id"))

    op.drop_table("notice_category")
    with op.batch_alter_table("lottery_category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lottery_category_category_id"))

    op.drop_table("lottery_category")
    with op.batch_alter_table("public_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_public_notice_programme_id"))
        batch_op.drop_index(batch_op.f("ix_public_notice_ends_at"))

    op.drop_table("public_notice")
    with op.batch_alter_table("lottery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lottery_programme_id"))

    op.drop_table("lottery")
