"""A guest school's upload, for its part in another school's entry."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0020"

_INDEX = "ix_roster_import_part_id"
_KEY = "fk_roster_import_part_id_guest_part"


def upgrade() -> None:
    with op.batch_alter_table("roster_import") as batch:
        batch.add_column(sa.Column("part_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(_KEY), "guest_part", ["part_id"], ["id"], ondelete="CASCADE")
        batch.create_index(op.f(_INDEX), ["part_id"])


def downgrade() -> None:
    # Without its part an upload would be taken for one of the school's own groups.
    op.execute("DELETE FROM roster_import WHERE part_id IS NOT NULL")
    with op.batch_alter_table("roster_import") as batch:
        batch.drop_index(op.f(_INDEX))
        batch.drop_constraint(op.f(_KEY), type_="foreignkey")
        batch.drop_column("part_id")
