"""The sending of the outbox: claim a mail, commit, hand it over, note the outcome.

The claim is committed before anything leaves the house. A worker that dies in between leaves the
mail in `sending`, where no worker takes it again: a person decides (`services.send_again`). What
became of a mail is committed together with the claim of the next.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.notifications import bouncing, templates
from scheduler.notifications.calendar_parts import opened_part
from scheduler.notifications.messages import compose
from scheduler.notifications.models import Mail, MailState
from scheduler.notifications.reading import own_words_of
from scheduler.notifications.sealing import unseal
from scheduler.notifications.sending import Bounced, Delivery, Never, NotNow, Unknown, delivery_for

logger = logging.getLogger(__name__)

PAUSES = tuple(dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))
"""How long to wait after each failed attempt; the attempt after the last pause is the last one."""


LONGEST_HOLD = dt.timedelta(minutes=5)
"""So long at most a mail gives way to people who press in all at once."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that belongs to this worker, without the row."""

    id: int
    ref: str
    attempts: int
    code: str
    facts: dict[str, Any]
    own: templates.OwnWords
    sealed: bytes | None
    calendar: bytes | None
    locale: str
    to_address: str
    to_name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How to note what became of a mail, and whether the server takes any more now."""

    note: Callable[[], object]
    takes_more: bool = True


def send_due() -> None:
    """Send every mail that is due, one by one; several workers may do so at the same time.

    A worker that was told to end takes no further mail; the rest is sent after its next start.
    What is about an entry also waits while many submit at once: the next minute looks again.
    """
    is_stopping = current_app.extensions.get("is_stopping", bool)
    settings = current_app.config
    way_out = delivery_for(settings["MAIL_URL"], bounces_to=settings["MAIL_BOUNCES_TO"])
    with way_out as delivery:
        outcome: Outcome | None = None
        while mail := _note_and_claim(outcome, claims=not is_stopping()):
            outcome = _send(mail, delivery)


def _note_and_claim(outcome: Outcome | None, *, claims: bool) -> Claimed | None:
    """Note what became of the mail before, and take the next one; None if there is to be none."""
    with transaction():
        if outcome is not None:
            outcome.note()
        takes_more = outcome is None or outcome.takes_more
        return _claim(clock.now()) if claims and takes_more else None


def _claim(now: dt.datetime) -> Claimed | None:
    due = [Mail.state == MailState.QUEUED, Mail.next_attempt_at <= now]
    if current_app.extensions["is_rush"](now=now):
        due.append(Mail.about.is_(None) | (Mail.next_attempt_at <= now - LONGEST_HOLD))
    mail = db.session.scalar(
        select(Mail)
        .where(*due)
        .order_by(Mail.next_attempt_at, Mail.id)
        .limit(1)
        .options(undefer(Mail.sealed), undefer(Mail.calendar))
        .with_for_update(skip_locked=True)
    )
    if mail is None:
        return None
    mail.state = MailState.SENDING
    mail.claimed_at = now
    mail.attempts += 1
    return Claimed(
        id=mail.id,
        ref=mail.ref,
        attempts=mail.attempts,
        code=mail.code,
        facts=mail.facts,
        own=own_words_of(mail),
        sealed=mail.sealed,
        calendar=mail.calendar,
        locale=mail.locale,
        to_address=mail.to_address,
        to_name=mail.to_name,
    )


def _send(mail: Claimed, delivery: Delivery) -> Outcome:
    """Hand one mail over; return how to note what became of it."""
    try:
        secrets = unseal(mail.sealed) if mail.sealed else {}
        kept = _write(mail, dict.fromkeys(secrets, templates.MASK))
        message = compose(
            _write(mail, secrets),
            ref=mail.ref,
            sender=current_app.config["MAIL_SENDER"],
            to_address=mail.to_address,
            to_name=mail.to_name,
            locale=mail.locale,
            public_url=current_app.config["PUBLIC_URL"],
            now=clock.now(),
            calendar=opened_part(mail.calendar),
        )
        delivery.deliver(message, mail.ref)
    except NotNow as error:
        return Outcome(partial(_postpone, mail, _short(error)), takes_more=not error.is_server)
    except Bounced as error:
        return Outcome(partial(bouncing.mark, mail.id, reason=str(error), now=clock.now()))
    except Never as error:
        values: dict[str, Any] = {"state": MailState.FAILED, "last_error": _short(error)}
    except Unknown as error:
        # Perhaps it arrived: left in `sending`, for a person to decide.
        values = {"state": MailState.SENDING, "last_error": _short(error)}
    except Exception as error:
        logger.exception("mail could not be written", extra={"mail": mail.ref, "code": mail.code})
        values = {"state": MailState.FAILED, "last_error": _short(error)}
    else:
        return Outcome(partial(_note_sent, mail, kept, clock.now()))
    return Outcome(partial(_note, mail, **values))


def _note_sent(mail: Claimed, kept: templates.Written, at: dt.datetime) -> None:
    bouncing.forget(mail.to_address)
    _note(
        mail,
        state=MailState.SENT,
        sent_at=at,
        last_error=None,
        sealed=None,
        subject_line=kept.subject,
        body=kept.body,
    )


def _write(mail: Claimed, secrets: dict[str, str]) -> templates.Written:
    return templates.write(
        mail.code,
        {**mail.facts, **secrets},
        locale=mail.locale,
        to_name=mail.to_name,
        public_url=current_app.config["PUBLIC_URL"],
        own=mail.own,
    )


def _postpone(mail: Claimed, error: str) -> None:
    if mail.attempts > len(PAUSES):
        _note(mail, state=MailState.FAILED, last_error=error)
        return
    due = clock.now() + PAUSES[mail.attempts - 1]
    _note(mail, state=MailState.QUEUED, last_error=error, next_attempt_at=due)


def _note(mail: Claimed, **values: Any) -> None:
    db.session.execute(update(Mail).where(Mail.id == mail.id).values(**values))


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:250]
