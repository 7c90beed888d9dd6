"""Write many rows with few statements: the demo has 12,000 of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from scheduler.database import Model, db


def add_all(model: type[Model], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert the rows, all with the same keys, and return their ids in the same order."""
    if not rows:
        return []
    key = model.__table__.c.id
    statement = insert(model).returning(key, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))
