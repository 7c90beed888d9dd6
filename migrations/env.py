"""Alembic's side of the database: the models' metadata, on the application's own engine."""

from alembic import context
from flask import current_app

from scheduler import models
from scheduler.database import UtcDateTime, db

metadata = models.metadata
engine = db.engine


def _plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as what the database knows, so that migrations never break."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_plain_type,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
