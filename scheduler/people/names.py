"""Names of persons as they are written and compared. Names are never converted or normalised.

NFKC and even NFC change compatibility ideographs that stand in people's papers (U+FA19 becomes
U+795E), so only spaces at the edges and variants of the middle dot are touched. Source:
domain.md sections 2 and 8.
"""

import re
import unicodedata

from scheduler.errors import Refused
from scheduler.people.identity import PersonCode

NAME_LENGTH = 80
HAN_LENGTH = 40
LATIN_LENGTH = 120

MIDDLE_DOT = "\u00b7"
_DOT_VARIANTS = str.maketrans(dict.fromkeys("\u2022\u2027\u2219\u22c5\uff65\u0387", MIDDLE_DOT))
_EDGES = " \t\r\n\u00a0\u3000\u200b\u2060\ufeff"
_SPACES = re.compile(r"[ \t\r\n\u00a0\u2000-\u200a\u202f\u3000]+")
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fa5]{2,4}|[A-Za-z]+(?: [A-Za-z]+)*")
# Middle dots, the katakana dot, hyphens, apostrophes, full stop (St. John), iteration marks.
_MARKS = frozenset(f"{MIDDLE_DOT}\u30fb -\u2010\u2011\u2013'\u2019\u02bc.々〇\u30fc")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
COMPOUND_SURNAMES = frozenset(
    {
        *("欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "夏侯", "皇甫", "尉迟", "尉遲"),
        *("公孙", "公孫", "慕容", "长孙", "長孫", "宇文", "司徒", "令狐", "端木", "东方", "東方"),
        *("南宫", "南宮", "西门", "西門", "独孤", "獨孤", "轩辕", "軒轅", "澹台", "澹臺", "万俟"),
        *("单于", "單于", "申屠"),
    }
)
_HAN_PLANES = range(0x20000, 0x40000)
_HAN_RANGES = (range(0x3400, 0xA000), range(0xF900, 0xFB00), _HAN_PLANES)


def clean_name(text: str) -> str:
    """Return the name as it is stored: trimmed, inner spaces single, middle dots as U+00B7.

    Raises `Refused` for digits, emoji, control and private-use characters, and for more than 80
    characters or 40 ideographs (code points, so that rare characters count once).
    """
    if _PLAIN_NAME.fullmatch(text) and len(text) <= HAN_LENGTH:
        return text
    name = _SPACES.sub(" ", text.strip(_EDGES)).translate(_DOT_VARIANTS)
    for character in name:
        _check_character(character)
    if not any(character.isalpha() or ord(character) in _HAN_PLANES for character in name):
        raise Refused(PersonCode.NAME_NO_LETTER, shown=name)
    ideographs = sum(1 for character in name if _is_han(character))
    if len(name) > NAME_LENGTH or ideographs > HAN_LENGTH:
        raise Refused(PersonCode.NAME_TOO_LONG, longest=NAME_LENGTH, longest_han=HAN_LENGTH)
    return name


def given_name(name: str) -> str:
    """Return what a person is called by, as a greeting does: the name without the family name."""
    if _is_han(name[0]) and name.isalpha():
        family = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1  # noqa: PLR2004
        return name[family:] or name
    return name.split(maxsplit=1)[0]


def clean_latin_name(text: str) -> str:
    """Return the name in Latin letters, as in a passport; full-width letters become plain ones.

    Upper and lower case stay as written. Raises `Refused` for letters of another script.
    """
    name = _SPACES.sub(" ", text.strip(_EDGES)).translate(_FULL_WIDTH).translate(_DOT_VARIANTS)
    for character in name:
        _check_character(character)
        if character.isalpha() and not unicodedata.name(character, "").startswith("LATIN"):
            raise Refused(PersonCode.NAME_NOT_LATIN, shown=character)
    if not any(character.isalpha() for character in name):
        raise Refused(PersonCode.NAME_NO_LETTER, shown=name)
    if len(name) > LATIN_LENGTH:
        raise Refused(PersonCode.NAME_TOO_LONG, longest=LATIN_LENGTH, longest_han=HAN_LENGTH)
    return name


def name_key(name: str) -> str:
    """Return a form in which two spellings of one name are equal: no spaces, dots or case.

    It serves to find a person again, never to be shown; traditional and simplified stay apart.
    """
    if name.isalpha() and not name.isascii():
        return name.casefold()
    return "".join(c for c in name.casefold() if c not in _MARKS or c in "々〇\u30fc")


def _check_character(character: str) -> None:
    category = unicodedata.category(character)
    if category[0] in "LM" or character in _MARKS:
        return
    if category == "Co":
        raise Refused(PersonCode.NAME_PRIVATE_USE, shown=f"U+{ord(character):04X}")
    # Ideographs newer than this Python's Unicode tables count as unassigned there.
    if category == "Cn" and ord(character) in _HAN_PLANES:
        return
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    raise Refused(PersonCode.NAME_CHARACTER, shown=shown)


def _is_han(character: str) -> bool:
    return any(ord(character) in block for block in _HAN_RANGES)
