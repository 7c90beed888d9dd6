"""The outbox: mails as rows of the transaction that caused them."""

import datetime as dt
import secrets
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from scheduler.database import Model, stored_enum


class MailState(StrEnum):
    """`sending` is claimed by a worker; if it dies there, a person decides about the mail."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


def _new_ref() -> str:
    return secrets.token_hex(8)


class Mail(Model):
    """One mail to one address, as code and facts; its text is made in `locale` when it is sent.

    `once_key` makes a notice unique: the same event never mails the same person twice.
    `sealed` are the facts that open something (links with a token): encrypted, gone once sent,
    and masked in `body`, the text that is kept.
    """

    __tablename__ = "mail"
    __table_args__ = (Index(None, "state", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True, default=_new_ref)
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(120), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    locale: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sealed: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    once_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    about: Mapped[str | None] = mapped_column(String(64), index=True)
    state: Mapped[MailState] = mapped_column(stored_enum(MailState, "state"))
    subject_line: Mapped[str | None] = mapped_column(String(250))
    body: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(250))
    created_at: Mapped[dt.datetime]
    next_attempt_at: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
