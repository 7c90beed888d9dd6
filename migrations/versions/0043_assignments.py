"""Assignments of people to options by their wishes."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0029"


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


def downgrade() -> None:
    for table in reversed(INDEXES):
        op.drop_table(table)
