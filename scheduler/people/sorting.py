"""The key by which lists of persons are sorted: stored, editable, and the same on all databases.

Databases sort Chinese by code point or by stroke, so the order of a list would depend on where it
runs. The key is plain lower-case Latin: the name in Latin letters if there is one, else pinyin.
Source of the rules: domain.md section 8.
"""

import unicodedata
from functools import lru_cache

from scheduler.people.names import name_key

LONGEST_KEY = 160

# Read otherwise as a surname than as a word, or unknown to the pinyin tables.
SURNAMES = {
    "万俟": "moqi", "尉迟": "yuchi", "单于": "chanyu", "澹台": "tantai", "长孙": "zhangsun",
    "单": "shan", "單": "shan", "仇": "qiu", "曾": "zeng", "查": "zha", "解": "xie", "区": "ou",
    "區": "ou", "乐": "yue", "樂": "yue", "朴": "piao", "翟": "zhai", "盖": "ge", "蓋": "ge",
    "任": "ren", "华": "hua", "華": "hua", "召": "shao", "缪": "miao", "繆": "miao", "折": "she",
    "黑": "he", "秘": "bi", "冼": "xian", "尹": "yin", "宁": "ning", "甯": "ning", "都": "du",
    "过": "guo", "應": "ying", "应": "ying", "祭": "zhai", "员": "yun", "員": "yun", "种": "chong",
    "句": "gou", "燕": "yan", "逄": "pang", "逯": "lu", "那": "na", "哈": "ha", "隗": "wei",
    "郗": "xi", "繁": "po", "重": "chong", "洗": "xian", "覃": "qin", "卜": "bu", "葛": "ge",
    "𠮷": "ji", "吕": "lyu", "呂": "lyu", "闾": "lyu",
}  # fmt: skip

# 𬭎 and other characters of the extensions are unknown to the tables of older Pythons' packages.
RARE = {"䶮": "yan", "𬭎": "hong", "𬀩": "wei", "𫖯": "fu", "𬱖": "di", "𠮷": "ji"}


def sort_key(name: str, latin_name: str | None = None) -> str:
    """Return the key of a person: `lyu sirui`, `shan yuan`, `maya lim`.

    A suggestion, to be kept in `Person.sort_key`, where people may correct it.
    """
    text = latin_name or name
    if not text.isascii():
        text = _plain_latin(text)
    if any(_is_han(character) for character in text):
        text = _pinyin(text)
    return " ".join(text.casefold().split())[:LONGEST_KEY]


def _plain_latin(text: str) -> str:
    """Drop accents of Latin letters; leave other scripts as they are."""
    letters = (
        unicodedata.normalize("NFD", letter)[0]
        if "LATIN" in unicodedata.name(letter, "")
        else letter
        for letter in text
    )
    return "".join(letters)


def _pinyin(name: str) -> str:
    surname = next((name[:size] for size in (2, 1) if name[:size] in SURNAMES), "")
    given = name_key(name[len(surname) :])
    syllables = [SURNAMES[surname]] if surname else []
    return " ".join([*syllables, *_syllables(given)])


def _syllables(text: str) -> list[str]:
    """Read a given name character by character: as words, names would be misread."""
    if all(_is_han(character) for character in text):
        return [_reading(character) for character in text]
    return _readings(text)


@lru_cache(maxsize=10_000)
def _reading(character: str) -> str:
    return " ".join(_readings(character))


def _readings(text: str) -> list[str]:
    # Its tables take a quarter of a second to load: only where names are written.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    read = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors=_unknown)
    # Passports write ü as YU, but üe as UE (domain.md section 8).
    return [syllable.replace("ve", "ue").replace("v", "yu") for syllable in read]


def _unknown(characters: str) -> str:
    return " ".join(RARE.get(character, character) for character in characters)


def _is_han(character: str) -> bool:
    return "CJK" in unicodedata.name(character, "") or ord(character) >= 0x20000  # noqa: PLR2004
