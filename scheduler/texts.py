"""Sentences for refusals: each room registers its own codes, `web` shows them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

# Equal words of two rooms' enums are equal keys: the enum itself tells them apart. A code that
# was stored (a kept import's problem) comes back as its word alone.
_sentences: dict[tuple[type[str], str], LazyString] = {}
_sentences_by_word: dict[str, LazyString] = {}


def add_sentences(sentences: Mapping[Any, LazyString]) -> None:
    """Register a room's codes with their lazily translated sentences (`%(name)s` placeholders)."""
    _sentences.update({_key(code): text for code, text in sentences.items()})
    _sentences_by_word.update({str(code): text for code, text in sentences.items()})


def has_sentence(code: StrEnum) -> bool:
    """Tell whether a code can be explained; a test asks for all of them."""
    return _key(code) in _sentences


def sentence(code: StrEnum, **facts: Any) -> str:
    """Return the sentence of a code in the reader's language, its facts filled in."""
    known = _sentences.get(_key(code)) or _sentences_by_word.get(str(code))
    if known is None:
        return str(_("This is not possible now."))
    text = str(known)
    return text % facts if facts else text


def _key(code: StrEnum) -> tuple[type[str], str]:
    return type(code), str(code)
