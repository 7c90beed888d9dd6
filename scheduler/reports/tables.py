"""What a list is to an export: columns, rows that come in portions, and who may have them."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy import Select, func, select

from scheduler.access.permissions import Actor, Permission, Subject, can
from scheduler.database import db
from scheduler.errors import NotAllowed

Cell = str | int | dt.date | dt.datetime | None
Row = Sequence[Cell]

PORTION = 5_000
"""So many rows are read, completed by their look-ups and written before the next ones are."""


class Holding(StrEnum):
    """Whose personal data a list holds; what it demands follows from that (domain.md R9)."""

    NOBODY = "nobody"
    ADULTS = "adults"
    PUPILS = "pupils"

    @property
    def is_personal(self) -> bool:
        """Tell whether copies carry a mark, and many rows need a second person's approval."""
        return self is not Holding.NOBODY


@dataclass(frozen=True, slots=True)
class Column:
    """A heading in the reader's language; instants below it are written in `zone`."""

    heading: str
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A list that the actor may read, with the filters that were asked for, not yet read.

    `about` names the thing that the list belongs to; who else holds `permission` on `subject` may
    approve that it is exported.
    """

    columns: Sequence[Column]
    count: Callable[[], int]
    rows: Callable[[], Iterator[Row]]
    permission: Permission
    subject: Subject | None = None
    about: str = ""


Open = Callable[[Actor, str, Mapping[str, str]], Content]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page as an export knows it.

    `open` takes the actor, the place (what stands in the page's address) and the filters, and
    raises `NotFound` or `NotAllowed` where the page would. `filters` are the names of the page's
    own arguments.
    """

    key: str
    title: LazyString
    holds: Holding
    filters: tuple[str, ...]
    open: Open


def demand(actor: Actor, permission: Permission, subject: Subject | None = None) -> None:
    """Raise `NotAllowed` unless the actor may read the list, as the guard does for its page."""
    if not can(actor, permission, subject):
        raise NotAllowed


def count_of(query: Select[Any]) -> int:
    """Return how many rows a list's query has."""
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    return db.session.scalar(counted) or 0


def portions(query: Select[Any], *, scalars: bool = True) -> Iterator[list[Any]]:
    """Run a list's query once and hand its rows on in portions, so that none waits in memory."""
    result = db.session.execute(query.execution_options(yield_per=PORTION))
    for part in (result.scalars() if scalars else result).partitions(PORTION):
        yield list(part)


def in_portions(
    query: Select[Any], as_rows: Callable[[list[Any]], Iterable[Row]], *, scalars: bool = True
) -> Iterator[Row]:
    """Return the query's rows as cells; `as_rows` sees a portion and may look things up for it."""
    for part in portions(query, scalars=scalars):
        yield from as_rows(part)
