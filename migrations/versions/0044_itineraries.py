"""Itineraries of tours, their releases; calendar entries that end in another zone."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0041"

ENTRY_KINDS = ("performance", "rehearsal", "audition", "course", "meeting", "visit", "deadline")
TOUR_KINDS = ("travel", "tour")
ITEM_KINDS = (
    "flight", "train", "coach", "ferry", "stay", "school_day", "visit", "talk", "meal", "free",
    "briefing", "hand_over", "medical", "reserve",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("calendar_entry") as batch:
        batch.add_column(
            sa.Column("end_zone", sa.String(length=60), nullable=False, server_default="")
        )
    with op.batch_alter_table("calendar_entry") as batch:
        batch.alter_column("end_zone", server_default=None)
    _allow_kinds((*ENTRY_KINDS, *TOUR_KINDS))
    op.create_table(
        "itinerary_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*ITEM_KINDS, name="kind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("from_airport", sa.String(length=3), nullable=False),
        sa.Column("to_airport", sa.String(length=3), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("to_place", sa.String(length=160), nullable=False),
        sa.Column("starts_wall", sa.DateTime(), nullable=False),
        sa.Column("starts_zone", sa.String(length=60), nullable=False),
        sa.Column("starts_second", sa.Boolean(), nullable=False),
        sa.Column("ends_wall", sa.DateTime(), nullable=False),
        sa.Column("ends_zone", sa.String(length=60), nullable=False),
        sa.Column("ends_second", sa.Boolean(), nullable=False),
        sa.Column("bring", sa.String(length=400), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(_one_of("kind", ITEM_KINDS), name=op.f("ck_itinerary_item_kind")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_itinerary_item_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itinerary_item")),
        sa.UniqueConstraint("ref", name=op.f("uq_itinerary_item_ref")),
    )
    op.create_index(op.f("ix_itinerary_item_programme_id"), "itinerary_item", ["programme_id"])
    op.create_table(
        "itinerary_group",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["itinerary_item.id"],
            name=op.f("fk_itinerary_group_item_id_itinerary_item"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_itinerary_group_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "application_id", name=op.f("pk_itinerary_group")),
    )
    op.create_index(
        op.f("ix_itinerary_group_application_id"), "itinerary_group", ["application_id"]
    )
    op.create_table(
        "itinerary_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("notes", sa.String(length=1000), nullable=False),
        sa.Column("difference", sa.JSON(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_itinerary_release_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["account.id"],
            name=op.f("fk_itinerary_release_published_by_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itinerary_release")),
        sa.UniqueConstraint(
            "programme_id", "number", name=op.f("uq_itinerary_release_programme_id_number")
        ),
    )


def downgrade() -> None:
    op.drop_table("itinerary_release")
    op.drop_table("itinerary_group")
    op.drop_table("itinerary_item")
    # What stands of tours in calendars goes with them: no other kind would be true.
    op.execute("DELETE FROM calendar_entry WHERE kind IN ('travel', 'tour')")
    _allow_kinds(ENTRY_KINDS)
    with op.batch_alter_table("calendar_entry") as batch:
        batch.drop_column("end_zone")


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_calendar_entry_entry_kind")
    with op.batch_alter_table("calendar_entry") as batch:
        batch.drop_constraint(name, type_="check")
    with op.batch_alter_table("calendar_entry") as batch:
        batch.create_check_constraint(name, _one_of("kind", kinds))


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"
