"""Which entries of a list have changes that wait for approval."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select

from scheduler.applications.change_models import LastDecidedOn
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db

DECIDED_ON = (State.SUBMITTED, State.ACCEPTED)
"""States in which somebody can approve a change; a returned entry is still being changed."""


def has_open_changes() -> ColumnElement[bool]:
    """Return the condition that a changed field waits where the entry is now."""
    waiting = exists().where(_at_its_level(), LastDecidedOn.open_count > 0)
    return Application.state.in_(DECIDED_ON) & waiting


def open_changes_by_id(application_ids: Collection[int]) -> dict[int, int]:
    """Return how many changed fields wait, by application; those without any are left out."""
    rows = db.session.execute(
        select(Application.id, LastDecidedOn.open_count)
        .join(LastDecidedOn, _at_its_level())
        .where(
            Application.id.in_(application_ids),
            Application.state.in_(DECIDED_ON),
            LastDecidedOn.open_count > 0,
        )
    )
    return {row.id: row.open_count for row in rows}


def _at_its_level() -> ColumnElement[bool]:
    return (LastDecidedOn.application_id == Application.id) & (
        LastDecidedOn.level_id.is_not_distinct_from(Application.level_id)
    )
