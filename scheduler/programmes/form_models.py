"""Fields that coordinators add to a programme's entry form."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum
from scheduler.programmes.form_fields import (
    AskedWhen,
    Audience,
    Condition,
    FieldKind,
    FieldOwner,
    FieldSpec,
    Option,
)
from scheduler.programmes.models import Names, Programme


class FormField(Model):
    """A field that coordinators added to the programme's entry form; `spec` is how it is read.

    The code never changes: answers are kept under it. Categories are named by their codes.
    """

    __tablename__ = "form_field"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(32))
    owner: Mapped[FieldOwner] = mapped_column(stored_enum(FieldOwner, "owner"))
    kind: Mapped[FieldKind] = mapped_column(stored_enum(FieldKind, "kind"))
    names: Mapped[Names] = mapped_column(JSON)
    helps: Mapped[Names] = mapped_column(JSON, default=dict)
    options: Mapped[list[Any]] = mapped_column(JSON, default=list)
    least: Mapped[float | None]
    most: Mapped[float | None]
    condition_field: Mapped[str | None] = mapped_column(String(32))
    condition_values: Mapped[list[str]] = mapped_column(JSON, default=list)
    audience: Mapped[Audience] = mapped_column(
        stored_enum(Audience, "audience"), default=Audience.EVERYBODY
    )
    asked_when: Mapped[AskedWhen] = mapped_column(
        stored_enum(AskedWhen, "asked_when"), default=AskedWhen.ENTRY
    )
    is_required: Mapped[bool] = mapped_column(default=False)
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    programme: Mapped[Programme] = relationship()

    @property
    def subject(self) -> Subject:
        """A field is reached through its programme."""
        return Subject(programme_id=self.programme_id)

    @property
    def spec(self) -> FieldSpec:
        """Return the field as forms and workbooks read it."""
        condition = None
        if self.condition_field is not None:
            condition = Condition(self.condition_field, frozenset(self.condition_values))
        return FieldSpec(
            code=self.code,
            owner=self.owner,
            kind=self.kind,
            names=self.names,
            helps=self.helps,
            options=tuple(Option(**option) for option in self.options),
            least=self.least,
            most=self.most,
            condition=condition,
            audience=self.audience,
            asked_when=self.asked_when,
            is_required=self.is_required,
            categories=frozenset(self.categories),
            is_retired=self.retired_at is not None,
        )
