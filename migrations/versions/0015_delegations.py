"""delegations of several schools"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("category") as batch:
        batch.add_column(
            sa.Column("is_joint", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("category") as batch:
        batch.alter_column("is_joint", server_default=None)
    with op.batch_alter_table("application") as batch:
        batch.add_column(
            sa.Column("guest_school_ids", sa.JSON(), server_default="[]", nullable=False)
        )
    op.create_table(
        "guest_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "joined",
                "ready",
                "declined",
                "withdrawn",
                "removed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pupils_asked", sa.Integer(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("pupils_asked > 0", name=op.f("ck_guest_part_pupils_asked_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_guest_part_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_guest_part_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_part")),
        sa.UniqueConstraint("ref", name=op.f("uq_guest_part_ref")),
        sa.UniqueConstraint(
            "application_id", "school_id", name=op.f("uq_guest_part_application_id_school_id")
        ),
    )
    op.create_index(op.f("ix_guest_part_school_id"), "guest_part", ["school_id"])
    op.create_index(
        "ix_person_document_index",
        "person",
        ["document_index"],
        sqlite_where=sa.text("document_index IS NOT NULL"),
        postgresql_where=sa.text("document_index IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_person_document_index", table_name="person")
    op.drop_table("guest_part")
    with op.batch_alter_table("application") as batch:
        batch.drop_column("guest_school_ids")
    with op.batch_alter_table("category") as batch:
        batch.drop_column("is_joint")
