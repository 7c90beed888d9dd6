"""Messages in a programme's own words, mails about several cases, mails that come back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = "state IN ('queued', 'sending', 'sent', 'failed'{})"


def upgrade() -> None:
    with op.batch_alter_table("mail") as batch:
        batch.add_column(sa.Column("own_subject", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("own_body", sa.Text(), nullable=True))
        batch.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_constraint(op.f("ck_mail_state"), type_="check")
        batch.create_check_constraint(op.f("ck_mail_state"), STATES.format(", 'bounced'"))
    op.create_table(
        "mail_case",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["mail.id"],
            name=op.f("fk_mail_case_mail_id_mail"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mail_id", "ref", name=op.f("pk_mail_case")),
    )
    op.create_index(op.f("ix_mail_case_ref"), "mail_case", ["ref"])
    op.create_table(
        "returned_address",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_returned_address")),
    )
    op.create_table(
        "message_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_message_text_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_text")),
        sa.UniqueConstraint("programme_id", "code", name=op.f("uq_message_text_programme_id_code")),
    )
    with op.batch_alter_table("lottery_entry") as batch:
        batch.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    # Whoever was decided on so far was told by the decision's own mail.
    op.execute(
        "UPDATE lottery_entry SET told_at = (SELECT coalesce(applied_at, created_at) FROM lottery"
        " WHERE lottery.id = lottery_entry.lottery_id) WHERE applied IN ('accepted', 'waitlisted')"
    )


def downgrade() -> None:
    """Own wordings are lost; what came back counts as failed."""
    with op.batch_alter_table("lottery_entry") as batch:
        batch.drop_column("told_at")
    op.drop_table("message_text")
    op.drop_table("returned_address")
    op.drop_index(op.f("ix_mail_case_ref"), table_name="mail_case")
    op.drop_table("mail_case")
    op.execute("UPDATE mail SET state = 'failed' WHERE state = 'bounced'")
    with op.batch_alter_table("mail") as batch:
        batch.drop_constraint(op.f("ck_mail_state"), type_="check")
        batch.create_check_constraint(op.f("ck_mail_state"), STATES.format(""))
        batch.drop_column("bounced_at")
        batch.drop_column("own_body")
        batch.drop_column("own_subject")
