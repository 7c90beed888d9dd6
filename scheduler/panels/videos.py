"""Where a case can be watched: the entry form's video links, and rooms that keep recordings."""

from collections.abc import Callable

from sqlalchemy import select

from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.programmes.form_fields import FieldKind, FieldOwner
from scheduler.programmes.form_models import FormField

Finder = Callable[[Application], list[str]]


def answered_links(application: Application) -> list[str]:
    """Return the links that the group gave in the form's video fields, in the form's order."""
    codes = db.session.scalars(
        select(FormField.code)
        .where(
            FormField.programme_id == application.programme_id,
            FormField.kind == FieldKind.VIDEO,
            FormField.owner == FieldOwner.GROUP,
        )
        .order_by(FormField.position, FormField.id)
    )
    return [application.answers[code] for code in codes if application.answers.get(code)]


_finders: list[Finder] = [answered_links]


def add(find: Finder) -> None:
    """Register a function that returns the https addresses of an entry's recordings."""
    if find not in _finders:
        _finders.append(find)


def video_links(application: Application) -> list[str]:
    """Return the addresses of an entry's recordings.

    Pages number them and show neither the address nor a file's name as text: both may name the
    school.
    """
    return [link for find in _finders for link in find(application)]
