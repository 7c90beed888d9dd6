"""What a coordinator does with the programme's own words. No Flask here."""

import datetime as dt

from scheduler.access.permissions import Actor
from scheduler.audit import services as audit
from scheduler.database import held
from scheduler.errors import NotFound
from scheduler.languages import LOCALES
from scheduler.notifications import own_words, templates
from scheduler.notifications.own_words import Words
from scheduler.notifications.templates import MailText, OwnWords
from scheduler.programmes.models import Programme


def find_kind(code: str) -> MailText:
    """Return a kind of mail that can be put into own words; raises `NotFound`."""
    text = templates.adaptable().get(code)
    if text is None:
        raise NotFound
    return text


def save(
    programme: Programme,
    code: str,
    words: Words,
    *,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep the programme's own words of a kind; mails queued from now on speak in them.

    What is blank is the house's text. Raises `Conflict` if somebody saved them since `version`,
    `Refused` with the field for a placeholder that is unknown, malformed or missing.
    """
    held(Programme, programme.id)
    changed = own_words.save(programme.id, code, words, version=version)
    if changed:
        audit.record(
            "programme:messages",
            account_id=actor.account_id,
            subject_type="programme",
            subject_ref=programme.code,
            now=now,
            kind=code,
            fields=changed,
        )


def reset(programme: Programme, code: str, *, version: int, actor: Actor, now: dt.datetime) -> None:
    """Go back to the house's text of a kind, in all languages. Raises `Conflict` as `save` does."""
    blank = dict.fromkeys(LOCALES, OwnWords())
    save(programme, code, blank, version=version, actor=actor, now=now)
