"""What an edition's copy takes over of the entry form: its fields, without answers."""

from sqlalchemy import inspect, select

from scheduler.database import db
from scheduler.programmes.editions import EditionCopy, on_copy
from scheduler.programmes.form_models import FormField

_OWN = frozenset({"id", "programme_id", "version"})


def copy_form(copy: EditionCopy) -> None:
    """Copy the fields that are still asked, in their order."""
    fields = db.session.scalars(
        select(FormField)
        .where(FormField.programme_id == copy.source.id, FormField.retired_at.is_(None))
        .order_by(FormField.position, FormField.id)
    )
    names = [attribute.key for attribute in inspect(FormField).column_attrs]
    for field in fields:
        kept = {name: getattr(field, name) for name in names if name not in _OWN}
        db.session.add(FormField(programme_id=copy.edition.id, **kept))


on_copy(copy_form)
