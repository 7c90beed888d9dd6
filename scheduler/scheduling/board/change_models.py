"""What was changed in a draft by hand: who, when, which groups from where to where."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.accounts.models import Account
from scheduler.database import Model, stored_enum


class ChangeKind(StrEnum):
    """What somebody did to a draft."""

    MOVE = "move"
    TAKE_OUT = "take_out"
    SWAP = "swap"
    LOCK = "lock"
    LOCK_ALL = "lock_all"
    ROOMS = "rooms"
    UNDO = "undo"
    REDO = "redo"
    RESIZE = "resize"


class PlanChange(Model):
    """One change of a draft, with the edition of the plan that it made.

    `moves` holds for each group its ref and its place before and after: venue code, beginning, lock
    and the minutes allotted to it, if any; or None without a place. `is_undone` says that the
    change was taken back; taking it back is a change itself, which names it in `of_id`.
    """

    __tablename__ = "plan_change"
    __table_args__ = (UniqueConstraint("plan_id", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    edition: Mapped[int]
    kind: Mapped[ChangeKind] = mapped_column(stored_enum(ChangeKind, "kind"))
    moves: Mapped[list[Any]]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[dt.datetime]
    is_undone: Mapped[bool] = mapped_column(default=False)
    of_id: Mapped[int | None] = mapped_column(ForeignKey("plan_change.id", ondelete="CASCADE"))

    account: Mapped[Account | None] = relationship()
