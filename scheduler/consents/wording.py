"""What a consent text says: proposed wordings, their placeholders, and the body with the facts."""

import datetime as dt
import re
from dataclasses import dataclass
from hashlib import sha256

from flask_babel import force_locale

from scheduler.consents import default_texts_en, default_texts_zh_hans, default_texts_zh_hant
from scheduler.consents.refusals import ConsentRefusal
from scheduler.errors import Refused
from scheduler.formats import format_day, named
from scheduler.languages import LOCALES
from scheduler.organisations.forms import country_name
from scheduler.people.models import ConsentPurpose

DEFAULTS = {
    "en": default_texts_en,
    "zh_Hans": default_texts_zh_hans,
    "zh_Hant_HK": default_texts_zh_hant,
}
PLACEHOLDERS = ("programme", "until", "recipient", "country", "contact")
LONGEST = 4000

_BRACED = re.compile(r"\{([^{}]*)\}")
_COLON = {"en": ": ", "zh_Hans": "：", "zh_Hant_HK": "："}


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What fills the placeholders, the same in all languages until it is written."""

    programme_names: dict[str, str]
    until_on: dt.date
    recipient: str = ""
    country: str = ""
    contact: str = ""

    def written(self, locale: str) -> dict[str, str]:
        """Return the facts by placeholder, in a language."""
        with force_locale(locale):
            return {
                "programme": named(self.programme_names),
                "until": format_day(self.until_on),
                "recipient": self.recipient,
                "country": country_name(self.country) if self.country else "",
                "contact": self.contact,
            }


def default_wordings(purpose: ConsentPurpose) -> dict[str, str]:
    """Return the proposed wording of a purpose in each language, placeholders unfilled."""
    return {locale: _default(locale, purpose) for locale in LOCALES}


def body_of(wording: str, facts: dict[str, str], *, field: str | None = None) -> str:
    """Return the text that guardians read.

    Raises `Refused` for a placeholder that does not exist, and for one that has no fact (a
    recipient's name in a text, say, while none was given).
    """
    for name in _BRACED.findall(wording):
        if name not in facts:
            raise Refused(ConsentRefusal.PLACEHOLDER_UNKNOWN, field=field, shown=f"{{{name}}}")
        if not facts[name]:
            raise Refused(ConsentRefusal.PLACEHOLDER_EMPTY, field=field, shown=f"{{{name}}}")
    return _BRACED.sub(lambda found: facts[found.group(1)], wording)


def digest_of(body: str) -> str:
    """Return the SHA-256 of a body, by which a consent can be shown to belong to it."""
    return sha256(body.encode()).hexdigest()


def _default(locale: str, purpose: ConsentPurpose) -> str:
    module = DEFAULTS[locale]
    parts = module.COMMON | module.TEXTS[purpose]
    return "\n".join(f"{label}{_COLON[locale]}{parts[key]}" for key, label in module.LABELS.items())
