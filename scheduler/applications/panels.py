"""What other rooms show on an application's page: they stand above this room and register here."""

from collections.abc import Callable

from scheduler.applications.models import Application
from scheduler.organisations.panels import Panel

_makers: list[Callable[[Application], Panel | None]] = []


def add(make: Callable[[Application], Panel | None]) -> None:
    """Register a function that makes a panel, or None when it has nothing to say."""
    if make not in _makers:
        _makers.append(make)


def panels_of(application: Application) -> list[Panel]:
    """Return the panels of an application's page."""
    made = (make(application) for make in _makers)
    return [panel for panel in made if panel is not None]
