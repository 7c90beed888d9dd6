"""What of a list somebody has to look at, whatever its state; what narrows a reviewer's list."""

from collections.abc import Callable

from sqlalchemy import ColumnElement

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.applications.change_queries import has_open_changes
from scheduler.applications.confirmations import is_overdue

Narrowing = Callable[[Actor, int], ColumnElement[bool] | None]

CONDITION_BY_TODO: dict[str, Callable[[], ColumnElement[bool]]] = {
    "changes": has_open_changes,
    "overdue": lambda: is_overdue(clock.now()),
}

_narrowings: list[Narrowing] = []


def narrow(narrowing: Narrowing) -> None:
    """Register what limits a blind reviewer's list in a programme; rooms above do so."""
    if narrowing not in _narrowings:
        _narrowings.append(narrowing)


def narrowed(actor: Actor, programme_id: int) -> list[ColumnElement[bool]]:
    """Return what limits the list of somebody who reviews a programme blind."""
    found = (narrowing(actor, programme_id) for narrowing in _narrowings)
    return [condition for condition in found if condition is not None]
