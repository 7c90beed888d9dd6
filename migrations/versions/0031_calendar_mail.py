"""Calendars that go with mails, who is asked to attend what, and reminders by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0043"

ANSWERS = ("waiting", "accepted", "tentative", "declined")
REMINDERS = ("none", "day_before", "two_hours_before")


def upgrade() -> None:
    with op.batch_alter_table("mail") as batch:
        batch.add_column(sa.Column("calendar", sa.LargeBinary(), nullable=True))
    op.create_table(
        "attendance_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("asked_sequence", sa.Integer(), nullable=False),
        sa.Column("entry_sequence", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(*ANSWERS, name="answer", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sequence", sa.Integer(), nullable=True),
        sa.Column("answer_stamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["calendar_entry.id"],
            name=op.f("fk_attendance_request_entry_id_calendar_entry"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_attendance_request_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_request")),
        sa.UniqueConstraint(
            "entry_id", "address", name=op.f("uq_attendance_request_entry_id_address")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_attendance_request_ref")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_attendance_request_token_digest")),
    )
    op.create_index(op.f("ix_attendance_request_account_id"), "attendance_request", ["account_id"])

    with op.batch_alter_table("subscription") as batch:
        batch.add_column(
            sa.Column(
                "reminder_kind",
                sa.Enum(
                    *REMINDERS,
                    name="reminder_kind",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                nullable=False,
                server_default="none",
            )
        )
        batch.add_column(
            sa.Column("reminder_minute", sa.Integer(), nullable=False, server_default="1080")
        )
    with op.batch_alter_table("subscription") as batch:
        batch.alter_column("reminder_kind", server_default=None)
        batch.alter_column("reminder_minute", server_default=None)
    op.create_table(
        "sent_reminder",
        sa.Column("owner_kind", sa.String(length=40), nullable=False),
        sa.Column("owner_key", sa.String(length=80), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["calendar_entry.id"],
            name=op.f("fk_sent_reminder_entry_id_calendar_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "owner_kind", "owner_key", "entry_id", "starts_at", name=op.f("pk_sent_reminder")
        ),
    )
    op.create_index(op.f("ix_sent_reminder_entry_id"), "sent_reminder", ["entry_id"])


def downgrade() -> None:
    op.drop_table("sent_reminder")
    with op.batch_alter_table("subscription") as batch:
        batch.drop_constraint(op.f("ck_subscription_reminder_kind"), type_="check")
        batch.drop_column("reminder_minute")
        batch.drop_column("reminder_kind")
    op.drop_table("attendance_request")
    with op.batch_alter_table("mail") as batch:
        batch.drop_column("calendar")
