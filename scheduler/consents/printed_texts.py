"""The texts as printed on a paper form, known again by the short code at its foot.

A code stands for the texts of all purposes in one language, as they were published together. It is
computed, never stored: the published texts themselves say which forms there can be.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from scheduler.database import db
from scheduler.people.consent_models import ConsentText
from scheduler.people.models import ConsentPurpose

_DIGITS = 8


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """What a paper form with this code says, and since when it could be printed."""

    code: str
    locale: str
    published_at: dt.datetime
    texts: dict[ConsentPurpose, ConsentText]


def printed_forms(programme_id: int) -> list[PrintedForm]:
    """Return every form that could have been printed, the newest first."""
    query = (
        select(ConsentText)
        .where(ConsentText.programme_id == programme_id)
        .order_by(ConsentText.published_at, ConsentText.version, ConsentText.id)
    )
    by_locale: defaultdict[str, list[ConsentText]] = defaultdict(list)
    for text in db.session.scalars(query):
        by_locale[text.locale].append(text)
    found = [
        form for locale, texts in sorted(by_locale.items()) for form in _forms_of(locale, texts)
    ]
    return sorted(found, key=lambda form: form.published_at, reverse=True)


def current_form(forms: Iterable[PrintedForm], locale: str) -> PrintedForm | None:
    """Return the form that is printed now in a language."""
    return next((form for form in forms if form.locale == locale), None)


def _forms_of(locale: str, texts: list[ConsentText]) -> list[PrintedForm]:
    found = []
    standing: dict[ConsentPurpose, ConsentText] = {}
    for instant in sorted({text.published_at for text in texts}):
        standing = standing | {t.purpose: t for t in texts if t.published_at == instant}
        found.append(PrintedForm(_code(standing), locale, instant, standing))
    return found


def _code(texts: dict[ConsentPurpose, ConsentText]) -> str:
    """Return eight digits of a SHA-256, in two groups that are read aloud and typed easily."""
    lines = sorted(f"{text.purpose}:{text.version}:{text.digest}" for text in texts.values())
    digits = sha256("\n".join(lines).encode()).hexdigest()[:_DIGITS].upper()
    return f"{digits[:4]}-{digits[4:]}"
