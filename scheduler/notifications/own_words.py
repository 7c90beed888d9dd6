"""A programme's own wording of a kind of mail: checked when it is saved, kept by language.

It is plain text with `{placeholder}`, replaced name by name: nothing in it is ever evaluated.
"""

import re
from collections.abc import Mapping

from sqlalchemy import select

from scheduler.database import db
from scheduler.errors import Conflict, Refused
from scheduler.notifications import templates
from scheduler.notifications.models import MessageText
from scheduler.notifications.refusals import MailRefusal
from scheduler.notifications.templates import OwnWords

LONGEST_BODY = 4000

_PIECE = re.compile(r"\{[^{}\s]*\}|[{}][^{}\s]*")
"""A pair of braces with a word inside, or a brace that has lost its other half."""

Words = Mapping[str, OwnWords]

_IN_USE = "own_words_in_use"
_InUse = tuple[object, dict[int, dict[str, MessageText]]]
"""A transaction, and the own words of the programmes that were asked for in it."""


def field_of(part: str, locale: str) -> str:
    """Return the name of the form's field for the subject or body in a language."""
    return f"{part}_{locale.lower()}"


def find(programme_id: int, code: str) -> MessageText | None:
    """Return the programme's own wording of a kind, if it has any."""
    query = select(MessageText).where(
        MessageText.programme_id == programme_id, MessageText.code == code
    )
    return db.session.scalar(query)


def in_use(programme_id: int, code: str) -> MessageText | None:
    """Return the same to whoever queues mails: a programme is asked once in a transaction.

    A batch so costs as many queries as a single mail; words saved before by the same transaction
    are found, those that another one saves meanwhile are for the next.
    """
    session = db.session()
    known: _InUse | None = session.info.get(_IN_USE)
    if known is None or known[0] is not session.get_transaction():
        # A session's first query begins the transaction under which this is kept.
        session.connection()
        known = (session.get_transaction(), {})
        session.info[_IN_USE] = known
    by_programme = known[1]
    if programme_id not in by_programme:
        by_programme[programme_id] = of_programme(programme_id)
    return by_programme[programme_id].get(code)


def of_programme(programme_id: int) -> dict[str, MessageText]:
    """Return all own wordings of a programme by code."""
    query = select(MessageText).where(MessageText.programme_id == programme_id)
    return {text.code: text for text in db.session.scalars(query)}


def words_in(text: MessageText | None, locale: str) -> OwnWords:
    """Return the own words in a language; blank ones where the house's are used."""
    if text is None:
        return OwnWords()
    return OwnWords(text.subjects.get(locale, ""), text.bodies.get(locale, ""))


def check(code: str, words: Words) -> None:
    """Raise `Refused`, naming the field, for what could not be filled in when a mail is sent.

    That is a placeholder which does not exist, a brace without its other half, an essential
    placeholder that is missing from a body, or a text that is too long.
    """
    for locale, own in words.items():
        for part, text, most in (
            ("subject", own.subject, templates.SUBJECT_LENGTH),
            ("body", own.body, LONGEST_BODY),
        ):
            _check_part(code, text, field=field_of(part, locale), most=most)
        _check_essentials(code, own.body, field=field_of("body", locale))


def save(programme_id: int, code: str, words: Words, *, version: int) -> list[str]:
    """Keep the words and return the fields that changed; without any the house's text is back.

    `version` is the one that was seen, 0 where there was none; raises `Conflict` if it is no
    longer true, `Refused` for what cannot be filled in. Mails that are queued stay as they are.
    """
    check(code, words)
    stored = find(programme_id, code)
    if (stored.version if stored else 0) != version:
        raise Conflict
    changed = [
        field_of(part, locale)
        for locale, own in words.items()
        for part in ("subject", "body")
        if getattr(words_in(stored, locale), part) != getattr(own, part)
    ]
    if changed:
        _store(stored or MessageText(programme_id=programme_id, code=code), words)
    return changed


def _store(text: MessageText, words: Words) -> None:
    text.subjects = {locale: own.subject for locale, own in words.items() if own.subject}
    text.bodies = {locale: own.body for locale, own in words.items() if own.body}
    if text.subjects or text.bodies:
        db.session.add(text)
    else:
        db.session.delete(text)
    db.session.flush()
    db.session().info.pop(_IN_USE, None)


def _check_part(code: str, text: str, *, field: str, most: int) -> None:
    if len(text) > most:
        raise Refused(MailRefusal.TEXT_TOO_LONG, field=field, most=most)
    allowed = [f"{{{name}}}" for name in templates.placeholders(code)]
    for piece in _PIECE.findall(text):
        if piece not in allowed:
            is_whole = piece.startswith("{") and piece.endswith("}")
            refusal = MailRefusal.PLACEHOLDER_UNKNOWN if is_whole else MailRefusal.BRACE_ALONE
            raise Refused(refusal, field=field, shown=piece, allowed=", ".join(allowed))


def _check_essentials(code: str, body: str, *, field: str) -> None:
    for name in templates.essentials(code) if body else ():
        if f"{{{name}}}" not in body:
            raise Refused(MailRefusal.PLACEHOLDER_MISSING, field=field, shown=f"{{{name}}}")
