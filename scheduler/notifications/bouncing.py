"""Mails that come back: noted on the mail, and on the address until something arrives there."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.audit import services as audit
from scheduler.database import db, held
from scheduler.notifications.dsn import Report
from scheduler.notifications.models import Mail, MailState, ReturnedAddress

TOLERANCE = dt.timedelta(hours=1)
"""Clocks differ: a report that is older than the last sending by more tells of an earlier one."""

GUESSED_WITHIN = dt.timedelta(days=7)
"""A report that names only an address is about the newest mail sent to it in this time."""

_REASON_LENGTH = 250


class Noted(StrEnum):
    """What became of a report."""

    MARKED = "marked"
    KNOWN = "known already"
    OLD = "older than the last sending"
    NOT_OURS = "about no mail of ours"


def mark(mail_id: int, *, reason: str, now: dt.datetime) -> None:
    """Note that a mail came back, and that its address does not take mail."""
    mail = held(Mail, mail_id)
    reason = " ".join(reason.split())[:_REASON_LENGTH]
    mail.state = MailState.BOUNCED
    mail.bounced_at = now
    mail.last_error = reason
    db.session.flush()
    _mark_address(mail.to_address.lower(), reason, now)
    audit.record("mail:bounce", account_id=None, subject_type="mail", subject_ref=mail.ref, now=now)


def _mark_address(address: str, reason: str, now: dt.datetime) -> None:
    """Add or renew the mark; two mails to one address may come back at the same moment."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    values = {"at": now, "reason": reason}
    insert = dialect.insert(ReturnedAddress).values(address=address, **values)
    keys = [ReturnedAddress.address]
    db.session.execute(insert.on_conflict_do_update(index_elements=keys, set_=values))


def forget(address: str) -> None:
    """Take the mark off an address: it took a mail, or is written to anew."""
    query = delete(ReturnedAddress).where(ReturnedAddress.address == address.lower())
    db.session.execute(query)


def returned_among(addresses: Collection[str]) -> set[str]:
    """Return those of the addresses, as they are written, from which mail comes back."""
    asked = {address.lower() for address in addresses}
    query = select(ReturnedAddress.address).where(ReturnedAddress.address.in_(asked))
    returned = set(db.session.scalars(query))
    return {address for address in addresses if address.lower() in returned}


def note_report(report: Report, *, now: dt.datetime) -> Noted:
    """Mark the mail that a report is about; says what became of it. Repeating it changes nothing.

    A mail is recognised by its own reference, in its Message-ID or in the address to which it
    came back; a report with neither is about the newest mail to the address that it names. Where
    each mail has a return address of its own (`MAIL_BOUNCES_TO`), such a report is a stranger's:
    anybody can write one and name whom they like.
    """
    mail = _mail_of(report, now)
    if mail is None:
        return Noted.NOT_OURS
    if mail.state is MailState.BOUNCED:
        return Noted.KNOWN
    left_at = mail.sent_at or mail.claimed_at
    if left_at is None or mail.state not in {MailState.SENT, MailState.SENDING}:
        return Noted.OLD
    if report.at is not None and report.at < left_at - TOLERANCE:
        return Noted.OLD
    mark(mail.id, reason=report.reason, now=now)
    return Noted.MARKED


def _mail_of(report: Report, now: dt.datetime) -> Mail | None:
    if report.refs:
        query = select(Mail).where(Mail.ref.in_(report.refs)).order_by(Mail.id.desc())
        return db.session.scalars(query.limit(1)).first()
    if current_app.config["MAIL_BOUNCES_TO"]:
        return None
    query = (
        select(Mail)
        .where(
            Mail.to_address.in_(report.addresses),
            Mail.state.in_([MailState.SENT, MailState.BOUNCED]),
            Mail.sent_at > now - GUESSED_WITHIN,
        )
        .order_by(Mail.sent_at.desc(), Mail.id.desc())
    )
    return db.session.scalars(query.limit(1)).first() if report.addresses else None
