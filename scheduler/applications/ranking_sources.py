"""Where a category is ranked by others than its reviewers' ranks: rooms above register here."""

from collections.abc import Callable

from scheduler.programmes.approval import ApprovalLevel
from scheduler.programmes.models import Category

Source = Callable[[Category, ApprovalLevel | None], str | None]
_sources: list[Source] = []


def add(source: Source) -> None:
    """Register a function that returns the address of such a ranking, or None."""
    if source not in _sources:
        _sources.append(source)


def ranking_elsewhere(category: Category, level: ApprovalLevel | None) -> str | None:
    """Return the address of the ranking from which a category is decided at a level."""
    found = (source(category, level) for source in _sources)
    return next((address for address in found if address is not None), None)
