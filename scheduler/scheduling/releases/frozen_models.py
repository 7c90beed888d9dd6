"""Who asked to publish what moves or cancels something that begins soon, and who confirmed it."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.accounts.models import Account
from scheduler.database import Model, stored_enum
from scheduler.scheduling.models import Plan, Release


class RequestState(StrEnum):
    """A request waits, and ends once: by a second person, by its asker, or by a change."""

    WAITING = "awaiting_confirmation"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    VOID = "void"


_WAITING = f"state = '{RequestState.WAITING}'"


class PublishRequest(Model):
    """The first of two confirmations: of one edition of a draft, against the release that stood.

    It holds for that edition and that release only; nothing needs to be written to make it void.
    `frozen_count` says how many groups within the frozen zone it was about, `release_id` what came
    of it.
    """

    __tablename__ = "publish_request"
    __table_args__ = (
        Index(
            "uq_publish_request_waiting",
            "plan_id",
            unique=True,
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    edition: Mapped[int]
    base_number: Mapped[int]
    notes: Mapped[str] = mapped_column(String(1000), default="")
    frozen_count: Mapped[int]
    state: Mapped[RequestState] = mapped_column(stored_enum(RequestState, "state"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(String(400), default="")
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"), index=True)

    plan: Mapped[Plan] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys=[asked_by])
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])
    release: Mapped[Release | None] = relationship()
