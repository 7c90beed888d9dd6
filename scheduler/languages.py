"""The languages the product speaks, and which one a browser would like."""

from werkzeug.datastructures import LanguageAccept

LOCALES = {"en": "English", "zh_Hans": "简体中文", "zh_Hant_HK": "繁體中文"}
"""Locale code → its own name. English is the source."""

_HTML = {"en": "en", "zh_Hans": "zh-Hans", "zh_Hant_HK": "zh-Hant-HK"}
_TRADITIONAL = ("hant", "hk", "mo", "tw")


def spoken(locale: str) -> str:
    """Return the locale if we speak it, else English: a school's is whatever was entered."""
    return locale if locale in LOCALES else "en"


def html_language(locale: str) -> str:
    """Return the tag for `lang=`, by which browsers choose the right CJK glyphs."""
    return _HTML.get(locale, "en")


def best_locale(accepted: LanguageAccept) -> str:
    """Return the first wish we can serve: any Chinese is one of ours, by script or region."""
    for tag, _quality in accepted:
        parts = tag.replace("_", "-").lower().split("-")
        if parts[0] == "zh":
            is_traditional = any(part in _TRADITIONAL for part in parts[1:])
            return "zh_Hant_HK" if is_traditional else "zh_Hans"
        if parts[0] == "en":
            return "en"
    return "en"
