"""Names for the history's references of who left a group and who came, for those who may read them.

The history is kept for good and holds no names, so that a pupil's data can be erased.
"""

from typing import Any

from sqlalchemy import select

from scheduler.access.guard import may
from scheduler.access.permissions import Permission
from scheduler.applications.history_words import SUBSTITUTION
from scheduler.applications.models import Application, HistoryEntry
from scheduler.database import db
from scheduler.people.models import Person

Line = tuple[HistoryEntry, dict[str, Any]]
NOBODY = "–"
"""Somebody new who did not come, or whose data was erased."""


def with_names(lines: list[Line], application: Application) -> list[Line]:
    """Return the steps with names in place of references; without either for other readers."""
    refs = {ref for _, changes in lines for ref in changes.get(SUBSTITUTION, ()) if ref}
    if not refs:
        return lines
    names: dict[str, str] = {}
    if may(Permission.PERSON_READ, application):
        rows = db.session.execute(select(Person.ref, Person.name).where(Person.ref.in_(refs)))
        names = dict(rows.all())
    return [(entry, _named(changes, names)) for entry, changes in lines]


def _named(changes: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    if SUBSTITUTION not in changes:
        return changes
    people = [names.get(ref, NOBODY) for ref in changes[SUBSTITUTION]]
    return changes | {SUBSTITUTION: people if names else [None, None]}
