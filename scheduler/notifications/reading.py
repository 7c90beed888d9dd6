"""A mail as people read it on pages, what opens something masked; and where a case's mails are."""

from flask import current_app
from sqlalchemy import ColumnElement, or_, select

from scheduler.notifications import templates
from scheduler.notifications.models import Mail, MailCase
from scheduler.notifications.templates import OwnWords, Written


def is_about(ref: str) -> ColumnElement[bool]:
    """Match the mails about a case, alone or among others."""
    return or_(Mail.about == ref, Mail.id.in_(select(MailCase.mail_id).where(MailCase.ref == ref)))


def own_words_of(mail: Mail) -> OwnWords:
    """Return the programme's words that the mail took along."""
    return OwnWords(mail.own_subject or "", mail.own_body or "")


def subject_of(mail: Mail) -> str:
    """Return the subject as it was sent, or as it would be now."""
    if mail.subject_line is not None:
        return mail.subject_line
    own = own_words_of(mail)
    return templates.subject_of(mail.code, mail.facts, locale=mail.locale, own=own)


def text_of(mail: Mail) -> Written | None:
    """Return the text as it was sent, or as it would be now; None if it cannot be written."""
    if mail.body is not None:
        return Written(mail.subject_line or "", mail.body)
    try:
        return templates.write(
            mail.code,
            templates.MaskedFacts(mail.facts) if mail.sealed else mail.facts,
            locale=mail.locale,
            to_name=mail.to_name,
            public_url=current_app.config["PUBLIC_URL"],
            own=own_words_of(mail),
        )
    except (KeyError, ValueError, TypeError):
        return None


def without_name(written: Written, name: str) -> Written:
    """Return the text with the receiver's name masked in its greeting, which is the first line."""
    greeting, end, rest = written.body.partition("\n")
    before, found, after = greeting.rpartition(name) if name else (greeting, "", "")
    if not found:
        return written
    return Written(written.subject, f"{before}{templates.MASK}{after}{end}{rest}")
