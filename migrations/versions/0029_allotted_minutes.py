"""How long a group is on stage in a draft, where that is not what its category says."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0040"

OLD_KINDS = ("move", "take_out", "swap", "lock", "lock_all", "rooms", "undo", "redo")
KINDS = (*OLD_KINDS, "resize")


def _choose_kinds(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("plan_change") as batch:
        batch.drop_constraint(op.f("ck_plan_change_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_plan_change_kind"), f"kind IN ({listed})")


def upgrade() -> None:
    _choose_kinds(KINDS)
    with op.batch_alter_table("slot") as batch:
        batch.add_column(sa.Column("allotted_minutes", sa.Integer(), nullable=True))


def downgrade() -> None:
    # Whose length was changed keeps its times until it is moved; the history calls it a move.
    op.execute("UPDATE plan_change SET kind = 'move' WHERE kind = 'resize'")
    with op.batch_alter_table("slot") as batch:
        batch.drop_column("allotted_minutes")
    _choose_kinds(OLD_KINDS)
