"""Who was asked to attend what, and what they answered; of what whom a mail has reminded."""

import datetime as dt
from enum import StrEnum
from functools import partial

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.calendars.models import CalendarEntry
from scheduler.calendars.tokens import new_nonce
from scheduler.database import Model, stored_enum
from scheduler.references import new_reference

NAME_LENGTH = 120


class Answer(StrEnum):
    """How somebody stands to what they were asked."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class AttendanceRequest(Model):
    """That one address was asked to attend one entry; it goes 30 days after the entry.

    `address` is in lower case. `sequence` is that of the last mail; an answer counts from
    `asked_sequence` on, when it was last asked anew. `entry_sequence` and `mark` are the entry's
    when it was last told: the former rises with every change, the latter with time or place.
    `answer_sequence` and `answer_stamp` order answers (RFC 5546 2.1.5): an older one that comes
    late changes nothing.
    """

    __tablename__ = "attendance_request"
    __table_args__ = (UniqueConstraint("entry_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(16), unique=True, default=partial(new_reference, "K", length=10)
    )
    entry_id: Mapped[int] = mapped_column(ForeignKey("calendar_entry.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    locale: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(32), default=new_nonce)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    sequence: Mapped[int] = mapped_column(default=-1)
    asked_sequence: Mapped[int] = mapped_column(default=0)
    entry_sequence: Mapped[int] = mapped_column(default=-1)
    mark: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    answer: Mapped[Answer] = mapped_column(stored_enum(Answer, "answer"), default=Answer.WAITING)
    answered_at: Mapped[dt.datetime | None]
    answer_sequence: Mapped[int | None]
    answer_stamp: Mapped[dt.datetime | None]
    comment: Mapped[str] = mapped_column(String(500), default="")

    entry: Mapped[CalendarEntry] = relationship(lazy="joined", innerjoin=True)


class SentReminder(Model):
    """That a mail reminded an owner of an entry; of one that moves, it may remind again."""

    __tablename__ = "sent_reminder"

    owner_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("calendar_entry.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    starts_at: Mapped[dt.datetime] = mapped_column(primary_key=True)
