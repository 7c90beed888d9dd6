"""Names for the history's references to people, for those who may read them.

Of a substitution it is who left and who came, of a guest school's order who comes first.

The history is kept for good and holds no names, so that a pupil's data can be erased.
"""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from scheduler.access.guard import may
from scheduler.access.permissions import Permission
from scheduler.applications.history_words import PART_ORDER, SUBSTITUTION
from scheduler.applications.models import Application, HistoryEntry, Member
from scheduler.database import db
from scheduler.formats import listed
from scheduler.people.models import Person

Line = tuple[HistoryEntry, dict[str, Any]]
NOBODY = "–"
"""Somebody new who did not come, or whose data was erased."""


def with_names(lines: list[Line], application: Application) -> list[Line]:
    """Return the steps with names in place of references; without either for other readers."""
    refs = {ref for _, changes in lines for key in changes for ref in _refs(key, changes[key])}
    if not refs:
        return lines
    names: dict[str, str] = {}
    if may(Permission.PERSON_READ, application):
        query = select(Person.ref, Person.name).where(Person.ref.in_(refs))
        if not may(Permission.APPLICATION_REVIEW, application):
            query = query.where(_is_known(application))
        names = dict(db.session.execute(query).all())
    return [(entry, _named(changes, names)) for entry, changes in lines]


def guests_reasons(lines: list[Line], application: Application) -> frozenset[int]:
    """Return the keys of the steps whose reason the reader does not see.

    What coordinators write about a guest's pupil is told to the guest alone, by mail; on the
    entry's pages it stands for whoever reviews it.
    """
    leaving = {entry.id: changes[SUBSTITUTION][0] for entry, changes in lines if _is_told(entry)}
    if not leaving or may(Permission.APPLICATION_REVIEW, application):
        return frozenset()
    query = select(Person.ref).where(
        Person.ref.in_(set(leaving.values())), Person.school_id == application.school_id
    )
    own = set(db.session.scalars(query))
    return frozenset(key for key, ref in leaving.items() if ref not in own)


def _is_told(entry: HistoryEntry) -> bool:
    return bool(entry.reason) and SUBSTITUTION in entry.changes


def _is_known(application: Application) -> ColumnElement[bool]:
    """Match whom the school knows: its own people, and guests' pupils while they are in the group.

    A guest's pupil who was only proposed, or has left, is nobody's business but the guest's.
    """
    members = select(Member.person_id).where(Member.application_id == application.id)
    return or_(Person.school_id == application.school_id, Person.id.in_(members))


def _refs(key: str, change: Any) -> list[str]:
    """Return the people whom a change names."""
    if key == SUBSTITUTION:
        return [ref for ref in change if ref]
    # The orders that were noted before they were kept are two None.
    return [ref for order in change for ref in order or ()] if key.startswith(PART_ORDER) else []


def _named(changes: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {key: _people(key, change, names) for key, change in changes.items()}


def _people(key: str, change: Any, names: dict[str, str]) -> Any:
    if not _refs(key, change):
        return change
    if not names:
        return [None, None]
    if key == SUBSTITUTION:
        return [names.get(ref, NOBODY) for ref in change]
    return [listed(names.get(ref, NOBODY) for ref in order) for order in change]
