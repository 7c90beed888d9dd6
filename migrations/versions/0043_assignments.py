"""Assignments of people to options by their wishes; class hours by weekday; venues of activities stay."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0030"


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _foreign(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        "wish_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("takers", _words("takers", "pupils", "groups", "staff"), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("goal", _words("goal", "most_wishes", "worst_off"), nullable=False),
        sa.Column("gives_unwished", sa.Boolean(), nullable=False),
        sa.Column("leaves_out", sa.Boolean(), nullable=False),
        sa.Column("school_most", sa.Integer(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("solved_edition", sa.Integer(), nullable=True),
        sa.Column("solved_revision", sa.Integer(), nullable=True),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.CheckConstraint("school_most > 0", name=op.f("ck_wish_assignment_school_most_positive")),
        _foreign("wish_assignment", "programme_id", "programme", "CASCADE"),
        _foreign("wish_assignment", "category_id", "category"),
        _foreign("wish_assignment", "job_id", "job"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_assignment")),
        sa.UniqueConstraint("ref", name=op.f("uq_wish_assignment_ref")),
    )
    op.create_table(
        "assignment_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("least >= 0", name=op.f("ck_assignment_option_least_not_negative")),
        sa.CheckConstraint("most >= least", name=op.f("ck_assignment_option_limits_in_order")),
        _foreign("assignment_option", "assignment_id", "wish_assignment", "CASCADE"),
        _foreign("assignment_option", "activity_id", "planned_activity"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_option")),
        sa.UniqueConstraint(
            "assignment_id", "code", name=op.f("uq_assignment_option_assignment_id_code")
        ),
    )
    op.create_table(
        "assignment_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("barred", sa.JSON(), nullable=False),
        sa.Column("locked_id", sa.Integer(), nullable=True),
        sa.Column("given_id", sa.Integer(), nullable=True),
        sa.Column("given_rank", sa.Integer(), nullable=True),
        sa.Column("is_envious", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN application_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_assignment_participant_of_one"),
        ),
        _foreign("assignment_participant", "assignment_id", "wish_assignment", "CASCADE"),
        _foreign("assignment_participant", "person_id", "person", "CASCADE"),
        _foreign("assignment_participant", "application_id", "application", "CASCADE"),
        _foreign("assignment_participant", "staff_id", "staff_member", "CASCADE"),
        _foreign("assignment_participant", "locked_id", "assignment_option", "SET NULL"),
        _foreign("assignment_participant", "given_id", "assignment_option", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_participant")),
        *(
            sa.UniqueConstraint(
                "assignment_id",
                column,
                name=op.f(f"uq_assignment_participant_assignment_id_{column}"),
            )
            for column in ("person_id", "application_id", "staff_id")
        ),
    )
    op.create_table(
        "assignment_company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("kind", _words("kind", "together", "apart"), nullable=False),
        sa.Column("refs", sa.JSON(), nullable=False),
        _foreign("assignment_company", "assignment_id", "wish_assignment", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_company")),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.execute(
        "DELETE FROM activity_venue WHERE activity_id IN"
        " (SELECT id FROM planned_activity WHERE removed_at IS NOT NULL)"
    )
    _keep_venues(None)
    rows = _class_hours()
    op.drop_table("class_hours")
    _make_class_hours(
        sa.Column("weekday", sa.Integer(), nullable=False, autoincrement=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_class_hours_weekday_is_one")),
        key=("programme_id", "school_id", "weekday"),
    )
    # What was said of all school days holds for each weekday.
    _fill([row | {"weekday": weekday} for row in rows for weekday in range(7)])


INDEXES = {
    "wish_assignment": ("programme_id", "category_id"),
    "assignment_option": ("activity_id",),
    "assignment_participant": (
        "person_id",
        "application_id",
        "staff_id",
        "locked_id",
        "given_id",
    ),
    "assignment_company": ("assignment_id",),
}


def _table(*columns: str) -> sa.TableClause:
    times = {"begins": sa.Time(), "ends": sa.Time()}
    return sa.table(
        "class_hours", *(sa.column(name, times.get(name, sa.Integer())) for name in columns)
    )


COLUMNS = ("programme_id", "school_id", "begins", "ends")


def _class_hours(*more: str) -> list[dict[str, object]]:
    kept = _table(*COLUMNS, *more)
    rows = op.get_bind().execute(sa.select(kept).order_by(*(kept.c[name] for name in more)))
    return [dict(row) for row in rows.mappings()]


def _fill(rows: list[dict[str, object]]) -> None:
    if rows:
        op.bulk_insert(_table(*rows[0]), rows)


def _make_class_hours(*more: Any, key: tuple[str, ...]) -> None:
    op.create_table(
        "class_hours",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("ends > begins", name=op.f("ck_class_hours_hours_in_order")),
        _foreign("class_hours", "programme_id", "programme", "CASCADE"),
        _foreign("class_hours", "school_id", "school"),
        *more,
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_class_hours")),
    )


def _keep_venues(ondelete: str | None) -> None:
    """Let a venue that activities may use be removed with these rows, or not at all."""
    name = op.f("fk_activity_venue_venue_id_venue")
    with op.batch_alter_table("activity_venue") as batch:
        batch.drop_constraint(name, type_="foreignkey")
        batch.create_foreign_key(name, "venue", ["venue_id"], ["id"], ondelete=ondelete)


def downgrade() -> None:
    for table in reversed(INDEXES):
        op.drop_table(table)
    rows = {(row["programme_id"], row["school_id"]): row for row in _class_hours("weekday")[::-1]}
    op.drop_table("class_hours")
    _make_class_hours(key=("programme_id", "school_id"))
    # One weekday has to stand for all: the first that has classes.
    _fill([{name: row[name] for name in COLUMNS} for row in rows.values()])
    _keep_venues("CASCADE")
