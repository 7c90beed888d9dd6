"""The texts of all mails by code. Rooms register theirs in their `mails` module."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from scheduler.formats import bracketed, format_day, format_instant, named

MASK = "…"
SUBJECT_LENGTH = 200
ENTRIES = "entries"
"""The fact with the news of a mail about several cases: each one's code and facts."""

_PERCENT = re.compile(r"%\((\w+)\)s")
_BRACED = re.compile(r"\{(\w+)\}")


class Readers(StrEnum):
    """Whom a kind of mail is for. What is for staff is shown to no school and no family.

    What schools of a joint entry are told of each other (`PARTNER`) is shown to neither on a case:
    each answers for its own pupils.
    """

    STAFF = "staff"
    SCHOOL = "school"
    PARTNER = "partner"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class MailText:
    """A subject and a body with `%(fact)s` placeholders, in the language that is in force.

    A kind with a `label` can be put into a programme's own words; those may use the placeholders
    of the house's text and `more`, and must use the `essential` ones. `line` is what a mail about
    several cases says besides the subject.
    """

    subject: LazyString
    body: LazyString
    readers: Readers = Readers.STAFF
    label: LazyString | None = None
    essential: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    line: LazyString | None = None
    is_answered: bool = False
    """Whether mail programs answer it by a button, and those answers are read."""


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's text in one language, ready to be sent or shown."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A programme's own subject and body with `{placeholder}`; blank means the house's."""

    subject: str = ""
    body: str = ""


class MaskedFacts(dict[str, Any]):
    """Facts that show every missing one as masked: secrets of a mail that is not sent yet."""

    def __missing__(self, name: str) -> str:
        return MASK


_text_by_code: dict[str, MailText] = {}


def add(
    code: str,
    *,
    subject: LazyString,
    body: LazyString,
    readers: Readers = Readers.STAFF,
    label: LazyString | None = None,
    essential: Iterable[str] = (),
    more: Iterable[str] = (),
    line: LazyString | None = None,
    is_answered: bool = False,
) -> None:
    """Register the text of a mail. Facts are shown by the ends of their names:

    `…_at` an ISO instant, as date, time and zone (of the fact `timezone`); `…_on` an ISO date;
    `…link` a path of ours, as a full address; a mapping of locales, as the name in the mail's
    language; a list, as one line each. Everything else is shown as it is.

    With a `label`, coordinators may put it into words of their own (`MailText`): that is all it
    takes, besides a word for each new placeholder in `messages.texts`.
    """
    kept = tuple(essential), tuple(more)
    _text_by_code[code] = MailText(subject, body, readers, label, *kept, line, is_answered)


def codes() -> frozenset[str]:
    """Return every code that has a text; tests compare."""
    return frozenset(_text_by_code)


def find(code: str) -> MailText | None:
    """Return the text of a code, if it is registered."""
    return _text_by_code.get(code)


def adaptable() -> dict[str, MailText]:
    """Return the kinds that can be put into a programme's own words, in the order of their rooms.

    Whoever adds a kind with a label finds it here, on the coordinators' pages, and in tests.
    """
    return {code: text for code, text in _text_by_code.items() if text.label is not None}


def codes_for(*readers: Readers) -> list[str]:
    """Return the codes of mails for these readers."""
    return [code for code, text in _text_by_code.items() if text.readers in readers]


def placeholders(code: str) -> dict[str, str]:
    """Return what own words may fill in: placeholder → fact. The ending of a time is left out."""
    text = _text_by_code[code]
    names = _PERCENT.findall(f"{text.subject} {text.body}")
    return {_placeholder(name): name for name in (*names, *text.essential, *text.more)}


def essentials(code: str) -> list[str]:
    """Return the placeholders that own words must not leave out."""
    return [_placeholder(name) for name in _text_by_code[code].essential]


def house_words(code: str, *, locale: str) -> OwnWords:
    """Return the house's text as coordinators see it, with `{placeholder}`."""
    text = _text_by_code[code]
    facts = {fact: f"{{{name}}}" for name, fact in placeholders(code).items()}
    with force_locale(locale):
        return OwnWords(str(text.subject) % facts, str(text.body) % facts)


def write(
    code: str,
    facts: dict[str, Any],
    *,
    locale: str,
    to_name: str,
    public_url: str,
    own: OwnWords | None = None,
) -> Written:
    """Return the mail's text in `locale`; raises `KeyError` for an unknown code or missing fact."""
    text, own = _text_by_code[code], own or OwnWords()
    with force_locale(locale):
        shown = {name: _shown(name, fact, facts, public_url) for name, fact in facts.items()}
        shown = MaskedFacts(shown) if isinstance(facts, MaskedFacts) else shown
        greeting = _("Dear %(name)s,", name=to_name) if to_name else _("Good day,")
        closing = _closing(text)
        words = _filled(own.body, code, shown) if own.body else str(text.body) % shown
        body = f"{greeting}\n\n{words}\n\n-- \n{closing}\n{public_url}\n"
        subject = _filled(own.subject, code, shown) if own.subject else str(text.subject) % shown
    return Written(" ".join(subject.split())[:SUBJECT_LENGTH], body)


def _closing(text: MailText) -> str:
    closing = _("Ambassador Scheduler sent this mail automatically. Replies are not read.")
    if text.is_answered:
        closing = _(
            "Ambassador Scheduler sent this mail automatically. Words in a reply are not read."
        )
    return str(closing)


def subject_of(
    code: str, facts: dict[str, Any], *, locale: str, own: OwnWords | None = None
) -> str:
    """Return a subject for lists; the code itself where there is no such text any more."""
    masked = MaskedFacts(facts)
    try:
        return write(code, masked, locale=locale, to_name="", public_url="", own=own).subject
    except (KeyError, ValueError, TypeError):
        return code


def _placeholder(fact: str) -> str:
    return fact.removesuffix("_at").removesuffix("_on")


def _filled(words: str, code: str, shown: Mapping[str, str]) -> str:
    """Fill in the placeholders, once: braces within a fact stay what they are."""
    fact_by_name = placeholders(code)
    return _BRACED.sub(lambda found: shown[fact_by_name[found.group(1)]], words)


def _shown(name: str, fact: Any, facts: dict[str, Any], public_url: str) -> str:
    if name == ENTRIES:
        return "\n".join(_entry(each, public_url) for each in fact)
    if isinstance(fact, dict):
        return named(fact)
    if isinstance(fact, list):
        return "\n".join(f"- {_shown(name, each, facts, public_url)}" for each in fact)
    return _one_value(name, fact, facts, public_url)


def _entry(entry: dict[str, Any], public_url: str) -> str:
    """Return the news of one case among several: what, for whom, why, where."""
    text, facts = _text_by_code[entry["code"]], entry["facts"]
    shown = {name: _shown(name, fact, facts, public_url) for name, fact in facts.items()}
    lines = [f"- {' '.join((str(text.subject) % shown).split())}{bracketed(shown['school'])}"]
    if text.line is not None:
        lines.append(str(text.line) % shown)
    lines += [*shown.get("reason", "").splitlines(), shown["link"]]
    return "\n  ".join(line for line in lines if line.strip())


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
