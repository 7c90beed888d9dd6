"""Requests to substitute a member of an accepted group, until they are decided on."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from functools import partial

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.accounts.models import Account
from scheduler.applications.models import Application
from scheduler.database import Model, db, stored_enum
from scheduler.organisations.models import School
from scheduler.people.models import Person
from scheduler.references import new_reference

PENDING = "state = 'pending'"


class SubstitutionState(StrEnum):
    """Where a request stands; all but the first are final."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Substitution(Model):
    """One pupil shall leave a group and another one come. `version` is what was decided on.

    Until the decision nothing of it is in the group. `content` holds why, and what was entered
    of whoever comes; it is sealed, and gone with the decision. `coming` is known from the
    beginning where somebody of the school was chosen, else once approved.
    """

    __tablename__ = "substitution"
    __table_args__ = (
        CheckConstraint("(state = 'pending') = (content IS NOT NULL)", name="content_is_pending"),
        Index(
            "uq_substitution_pending_leaving",
            "application_id",
            "leaving_id",
            unique=True,
            sqlite_where=text(PENDING),
            postgresql_where=text(PENDING),
        ),
        Index(None, "application_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "U", length=10)
    )
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    leaving_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    coming_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    coming_index: Mapped[str] = mapped_column(String(64))
    state: Mapped[SubstitutionState] = mapped_column(
        stored_enum(SubstitutionState, "state"), default=SubstitutionState.PENDING
    )
    version: Mapped[int] = mapped_column(default=1)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    application: Mapped[Application] = relationship()
    leaving: Mapped[Person | None] = relationship(foreign_keys=[leaving_id])
    coming: Mapped[Person | None] = relationship(foreign_keys=[coming_id])
    account: Mapped[Account] = relationship()

    @property
    def seen(self) -> str:
        """Return reference and version, as a list of many carries what a decision was made on."""
        return f"{self.ref}.{self.version}"

    @property
    def school(self) -> School:
        """The school that answers for whoever leaves, and asks."""
        return self.leaving.school if self.leaving else self.application.school

    @property
    def is_of_guest(self) -> bool:
        """Tell whether a guest school asks."""
        return self.school.id != self.application.school_id

    @property
    def subject(self) -> Subject:
        """A request is reached through its application; a guest's by the guest school alone."""
        if self.is_of_guest:
            return Subject(school_id=self.school.id)
        return self.application.subject


def end_requests(
    application: Application, *, now: dt.datetime, about: Collection[int] | None = None
) -> None:
    """End what was asked for a group that no longer has a place; nobody decides on it any more.

    With `about`, the keys of people, only what was asked for these, who have left the group.
    """
    only = [] if about is None else [Substitution.leaving_id.in_(about)]
    db.session.execute(
        update(Substitution)
        .where(
            Substitution.application_id == application.id,
            Substitution.state == SubstitutionState.PENDING,
            *only,
        )
        .values(
            state=SubstitutionState.WITHDRAWN,
            content=None,
            decided_at=now,
            version=Substitution.version + 1,
        )
    )
