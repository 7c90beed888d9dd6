"""Where a case can be watched: rooms that keep recordings register here."""

from collections.abc import Callable

from scheduler.applications.models import Application

Finder = Callable[[Application], list[str]]

_finders: list[Finder] = []


def add(find: Finder) -> None:
    """Register a function that returns the https addresses of an entry's recordings."""
    if find not in _finders:
        _finders.append(find)


def video_links(application: Application) -> list[str]:
    """Return the addresses of an entry's recordings; none as long as no room keeps any.

    Pages number them and show neither the address nor a file's name as text: both may name the
    school.
    """
    return [link for find in _finders for link in find(application)]
