"""List pages: searched, sorted, counted and cut in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import request
from sqlalchemy import Select, func, select

from scheduler.database import db

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list that was searched, sorted and counted in the database."""

    items: Sequence[Row]
    total: int
    number: int
    per_page: int
    sort: str | None = None
    direction: str = "ascending"

    @property
    def pages(self) -> int:
        """At least one, so that an empty list has a page to stand on."""
        return max(1, -(-self.total // self.per_page))

    def url_for(self, **changes: Any) -> str:
        """Return this list's address with page, sorting or filters replaced."""
        # Written by hand: `url_for` takes some names for itself, and anybody can put any name here.
        arguments: dict[str, Any] = {**request.args.to_dict(flat=False)}
        arguments.update({key: value for key, value in changes.items() if value is not None})
        path = quote(request.script_root + request.path, safe="/")
        return f"{path}?{urlencode(arguments, doseq=True)}"


def page_of(
    query: Select[*tuple[Any, ...]],
    *,
    sorts: dict[str, Any],
    default_sort: str,
    per_page: int = 50,
    scalars: bool = True,
    newest_first: bool = False,
) -> Page[Any]:
    """Run a list's query for the page, sort and direction that the address asks for.

    `sorts` maps a column's key to what it sorts by (an expression or a tuple of them); unknown
    keys, pages beyond the end and other nonsense fall back. Two queries: the count and the rows.
    `newest_first` turns the default direction around, for lists of what happened.
    """
    sort, is_down = asked_order(
        request.args, sorts, default_sort=default_sort, newest_first=newest_first
    )
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    total = total or 0
    last = max(1, -(-total // per_page))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    ordered = in_order(query, sorts[sort], is_down=is_down)
    result = db.session.execute(ordered.limit(per_page).offset((number - 1) * per_page))
    items = result.scalars().unique().all() if scalars else result.all()
    direction = "descending" if is_down else "ascending"
    return Page(items, total, number, per_page, sort, direction)


def cut(items: Sequence[Row], *, per_page: int = 50) -> Page[Row]:
    """Return the page that the address asks for of a list that had to be made whole."""
    last = max(1, -(-len(items) // per_page))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    return Page(items[(number - 1) * per_page : number * per_page], len(items), number, per_page)


def asked_order(
    arguments: Mapping[str, str],
    sorts: Mapping[str, Any],
    *,
    default_sort: str,
    newest_first: bool = False,
) -> tuple[str, bool]:
    """Return the sort's key and whether it runs downwards, as a list's address asks for them."""
    sort = arguments.get("sort", default_sort)
    default_direction = "descending" if newest_first else "ascending"
    is_down = arguments.get("direction", default_direction) == "descending"
    return (sort if sort in sorts else default_sort), is_down


def in_order(query: Select[Any], by: Any, *, is_down: bool) -> Select[Any]:
    """Return the query sorted by an expression or a tuple of them, all in the same direction."""
    expressions = by if isinstance(by, tuple) else (by,)
    return query.order_by(*(e.desc() if is_down else e.asc() for e in expressions))
