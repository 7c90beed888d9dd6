"""Put mails into the outbox, and what staff may decide about them there. Sending is a task."""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Insert, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.audit import services as audit
from scheduler.database import AFTER_COMMIT, after_commit, db
from scheduler.errors import NotFound, Refused
from scheduler.notifications import own_words, templates
from scheduler.notifications.calendar_parts import CalendarPart, sealed_part
from scheduler.notifications.models import Mail, MailCase, MailState, MessageText
from scheduler.notifications.reading import text_of
from scheduler.notifications.refusals import MailRefusal
from scheduler.notifications.sealing import seal
from scheduler.task_queue import wake

STUCK_AFTER = dt.timedelta(minutes=10)
"""A mail that is being sent for longer has lost its worker: it went out or not, nobody knows."""

KEY_LENGTH = 120

_ENDED_BADLY = (MailState.FAILED, MailState.BOUNCED)


def queue(
    code: str,
    *,
    to_address: str,
    to_name: str = "",
    locale: str,
    now: dt.datetime,
    facts: dict[str, Any] | None = None,
    secrets: dict[str, str] | None = None,
    about: str | None = None,
    once_key: str | None = None,
    account_id: int | None = None,
    programme_id: int | None = None,
    cases: Collection[str] = (),
    calendar: CalendarPart | None = None,
) -> bool:
    """Add a mail to the caller's transaction; the worker is woken once that is committed.

    `code` names a text in `notifications.templates`, `facts` (JSON) fill its placeholders,
    `secrets` too, but are stored encrypted and only until the mail is sent (links with a token).
    A `once_key` that was used before queues nothing and returns False, also when two processes
    do it at once. `about` is a reference by which staff find the mails of a case, `cases` are
    those of a mail about several. With a `programme_id`, the mail takes along that programme's
    own words as they are now, if it has any. A `calendar` goes with it, stored encrypted.
    """
    own = own_words.words_in(_own_text(programme_id, code), locale)
    values: dict[str, Any] = {
        "to_address": to_address,
        "to_name": " ".join(to_name.split())[:120],
        "account_id": account_id,
        "locale": locale,
        "code": code,
        "facts": facts or {},
        "own_subject": own.subject or None,
        "own_body": own.body or None,
        "sealed": seal(secrets) if secrets else None,
        "calendar": sealed_part(calendar),
        "once_key": _fitting(once_key),
        "about": about,
        "state": MailState.QUEUED,
        "attempts": 0,
        "created_at": now,
        "next_attempt_at": now,
    }
    mail_id = _written(values) if once_key is not None or cases else None
    is_new = mail_id is not None
    if once_key is None and not cases:
        # Written with whatever else the transaction changes: mails to many in one go.
        db.session.add(Mail(**values))
        is_new = True
    if mail_id is not None and cases:
        db.session.add_all(MailCase(mail_id=mail_id, ref=ref) for ref in dict.fromkeys(cases))
        db.session.flush()
    if is_new and _wake_sender not in db.session().info.get(AFTER_COMMIT, ()):
        after_commit(_wake_sender)
    return is_new


def _own_text(programme_id: int | None, code: str) -> MessageText | None:
    text = templates.find(code)
    if programme_id is None or text is None or text.label is None:
        return None
    return own_words.in_use(programme_id, code)


def _written(values: dict[str, Any]) -> int | None:
    """Return the id of the mail; None if its `once_key` was used before."""
    db.session.flush()  # whom the mail is to may be as new as the mail
    mail_id: int | None = db.session.scalar(_insert(db.engine.dialect.name), values)
    return mail_id


@lru_cache
def _insert(dialect_name: str) -> Insert:
    """Return the statement for one mail; a release writes thousands, so it is made once."""
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    table = Mail.__table__
    insert = dialect.insert(table).on_conflict_do_nothing(index_elements=[table.c.once_key])
    returning: Insert = insert.returning(table.c.id)
    return returning


def _fitting(key: str | None) -> str | None:
    """Return the key, or what stands for one that is longer than its column."""
    if key is None or len(key) <= KEY_LENGTH:
        return key
    return sha256(key.encode()).hexdigest()


def told_by(once_keys: Collection[str]) -> set[str]:
    """Return those of the keys under which a mail went out, or will; not those that ended badly."""
    keys = {_fitting(key): key for key in once_keys}
    query = select(Mail.once_key).where(Mail.once_key.in_(keys), Mail.state.not_in(_ENDED_BADLY))
    return {keys[key] for key in db.session.scalars(query)}


def allow_again(once_key: str, *, to_address: str) -> None:
    """Let an event be mailed once more, if its mail came back and the address is another now."""
    db.session.execute(
        update(Mail)
        .where(
            Mail.once_key == _fitting(once_key),
            Mail.state == MailState.BOUNCED,
            Mail.to_address != to_address,
        )
        .values(once_key=None)
    )


def find(ref: str) -> Mail:
    """Return the mail; raises `NotFound`."""
    mail = db.session.scalar(select(Mail).where(Mail.ref == ref))
    if mail is None:
        raise NotFound
    return mail


def is_stuck(mail: Mail, *, now: dt.datetime) -> bool:
    """Tell whether a person must decide: a worker took the mail and never reported back."""
    taken_at = mail.claimed_at or mail.created_at
    return mail.state is MailState.SENDING and taken_at < now - STUCK_AFTER


def send_again(
    mail: Mail, *, actor_id: int | None, now: dt.datetime, to_address: str | None = None
) -> None:
    """Queue a failed, returned or stuck mail once more. A stuck one may thereby arrive twice.

    It goes to `to_address` where that has been corrected meanwhile. Raises `Refused` when the mail
    is none of these, or when it had a private link: that is not kept once a mail was sent.
    """
    _demand_open_end(mail, now=now)
    mail.body = mail.subject_line = None  # it is worded anew, with its links unless they are gone
    if mail.state is MailState.BOUNCED and text_of(mail) is None:
        raise Refused(MailRefusal.LINKS_GONE)
    mail.to_address = to_address or mail.to_address
    mail.sent_at = mail.bounced_at = None
    mail.state = MailState.QUEUED
    mail.attempts = 0
    mail.next_attempt_at = now
    mail.last_error = None
    db.session.flush()
    _record("mail:send_again", mail, actor_id=actor_id, now=now)
    after_commit(_wake_sender)


def send_all_failed_again(*, actor_id: int | None, now: dt.datetime) -> int:
    """Queue every failed mail once more, after a server was away for days; return how many."""
    again = update(Mail).where(Mail.state == MailState.FAILED).returning(Mail.id)
    values = {"state": MailState.QUEUED, "attempts": 0, "next_attempt_at": now, "last_error": None}
    count = len(db.session.execute(again.values(**values)).all())
    audit.record(
        "mail:send_all_failed_again",
        account_id=actor_id,
        subject_type="mail",
        subject_ref="failed",
        now=now,
        count=count,
    )
    after_commit(_wake_sender)
    return count


def settle(mail: Mail, *, was_sent: bool, actor_id: int | None, now: dt.datetime) -> None:
    """Close such a mail without sending: it arrived after all, or it is given up."""
    _demand_open_end(mail, now=now)
    mail.state = MailState.SENT if was_sent else MailState.FAILED
    mail.sent_at = now if was_sent else None
    mail.sealed = None if was_sent else mail.sealed
    db.session.flush()
    _record("mail:settle", mail, actor_id=actor_id, now=now, was_sent=was_sent)


def troubled_count(*, now: dt.datetime) -> int:
    """Return how many mails wait for a person's decision: failed, returned, or stuck."""
    stuck = (Mail.state == MailState.SENDING) & (Mail.claimed_at < now - STUCK_AFTER)
    query = select(func.count()).where(Mail.state.in_(_ENDED_BADLY) | stuck)
    return db.session.scalar(query) or 0


def _demand_open_end(mail: Mail, *, now: dt.datetime) -> None:
    db.session.refresh(mail, with_for_update=True)
    if mail.state not in _ENDED_BADLY and not is_stuck(mail, now=now):
        raise Refused(MailRefusal.NOTHING_TO_DECIDE)


def _record(
    action: str, mail: Mail, *, actor_id: int | None, now: dt.datetime, **facts: Any
) -> None:
    audit.record(
        action, account_id=actor_id, subject_type="mail", subject_ref=mail.ref, now=now, **facts
    )


def _wake_sender() -> None:
    wake("mail")
