"""The texts of all mails by code. Rooms register theirs in their `mails` module."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from scheduler.formats import format_day, format_instant, named

MASK = "…"
SUBJECT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class MailText:
    """A subject and a body with `%(fact)s` placeholders, in the language that is in force."""

    subject: LazyString
    body: LazyString


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's text in one language, ready to be sent or shown."""

    subject: str
    body: str


class MaskedFacts(dict[str, Any]):
    """Facts that show every missing one as masked: secrets of a mail that is not sent yet."""

    def __missing__(self, name: str) -> str:
        return MASK


_text_by_code: dict[str, MailText] = {}


def add(code: str, *, subject: LazyString, body: LazyString) -> None:
    """Register the text of a mail. Facts are shown by the ends of their names:

    `…_at` an ISO instant, as date, time and zone (of the fact `timezone`); `…_on` an ISO date;
    `…link` a path of ours, as a full address; a mapping of locales, as the name in the mail's
    language; a list, as one line each. Everything else is shown as it is.
    """
    _text_by_code[code] = MailText(subject, body)


def codes() -> frozenset[str]:
    """Return every code that has a text; tests compare."""
    return frozenset(_text_by_code)


def write(
    code: str, facts: dict[str, Any], *, locale: str, to_name: str, public_url: str
) -> Written:
    """Return the mail's text in `locale`; raises `KeyError` for an unknown code or missing fact."""
    text = _text_by_code[code]
    with force_locale(locale):
        shown = {name: _shown(name, fact, facts, public_url) for name, fact in facts.items()}
        shown = MaskedFacts(shown) if isinstance(facts, MaskedFacts) else shown
        greeting = _("Dear %(name)s,", name=to_name) if to_name else _("Good day,")
        closing = _("Ambassador Scheduler sent this mail automatically. Replies are not read.")
        body = f"{greeting}\n\n{str(text.body) % shown}\n\n-- \n{closing}\n{public_url}\n"
        subject = " ".join((str(text.subject) % shown).split())[:SUBJECT_LENGTH]
    return Written(subject, body)


def subject_of(code: str, facts: dict[str, Any], *, locale: str) -> str:
    """Return a subject for lists; the code itself where there is no such text any more."""
    try:
        return write(code, MaskedFacts(facts), locale=locale, to_name="", public_url="").subject
    except (KeyError, ValueError, TypeError):
        return code


def _shown(name: str, fact: Any, facts: dict[str, Any], public_url: str) -> str:
    if isinstance(fact, dict):
        return named(fact)
    if isinstance(fact, list):
        return "\n".join(f"- {_shown(name, each, facts, public_url)}" for each in fact)
    return _one_value(name, fact, facts, public_url)


def _one_value(name: str, fact: Any, facts: dict[str, Any], public_url: str) -> str:
    if fact == MASK:
        return MASK
    if name.endswith("_at"):
        return format_instant(dt.datetime.fromisoformat(fact), facts.get("timezone"))
    if name.endswith("_on"):
        return format_day(dt.date.fromisoformat(fact))
    if name.endswith("link"):
        return f"{public_url}{fact}"
    return str(fact)
