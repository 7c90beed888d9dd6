"""What other rooms show on a school's page: they stand above this room and register here."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from scheduler.organisations.models import School


@dataclass(frozen=True)
class Line:
    """One line of a panel: words, a number or short text, and where it leads."""

    label: str
    value: str
    url: str | None = None


@dataclass(frozen=True)
class Panel:
    """A short list under a heading."""

    title: LazyString | str
    lines: list[Line]


_makers: list[Callable[[School], Panel | None]] = []


def add(make: Callable[[School], Panel | None]) -> None:
    """Register a function that makes a panel for a school, or None when it has nothing to say."""
    if make not in _makers:
        _makers.append(make)


def panels_of(school: School) -> list[Panel]:
    """Return the panels of a school's page."""
    made = (make(school) for make in _makers)
    return [panel for panel in made if panel is not None]
