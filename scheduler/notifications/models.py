"""The outbox: mails as rows of the transaction that caused them, and what hangs on them."""

import datetime as dt
import secrets
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from scheduler.database import Model, stored_enum


class MailState(StrEnum):
    """`sending` is claimed by a worker; if it dies there, a person decides about the mail.

    `bounced` came back: the receiver's server refused the address, or reported so later.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"


def _new_ref() -> str:
    return secrets.token_hex(8)


class Mail(Model):
    """One mail to one address, as code and facts; its text is made in `locale` when it is sent.

    `own_subject` and `own_body` are the programme's wording, with placeholders, as it was when
    the mail was queued: a later edit changes no mail that is on its way. `about` is the reference
    of the case; a mail about several has them as `MailCase`.

    `once_key` makes a notice unique: the same event never mails the same person twice.
    `sealed` are the facts that open something (links with a token): encrypted, gone once sent,
    and masked in `body`, the text that is kept. `calendar` is a calendar that goes with the mail
    (`calendar_parts`), encrypted too.
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
    own_subject: Mapped[str | None] = mapped_column(String(200))
    own_body: Mapped[str | None] = mapped_column(Text)
    sealed: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    calendar: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
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
    bounced_at: Mapped[dt.datetime | None]


class MailCase(Model):
    """One of several cases that a mail is about."""

    __tablename__ = "mail_case"

    mail_id: Mapped[int] = mapped_column(
        ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True
    )
    ref: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class ReturnedAddress(Model):
    """An address, in lower case, whose mail comes back, until something is sent to it again."""

    __tablename__ = "returned_address"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    at: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(String(250))


class MessageText(Model):
    """A programme's own wording of one kind of mail, by locale; blank means the house's."""

    __tablename__ = "message_text"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(60))
    subjects: Mapped[dict[str, str]]
    bodies: Mapped[dict[str, str]]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
