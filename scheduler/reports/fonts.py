"""Finds a font with Chinese characters among those that are installed; nothing is bundled.

`PDF_FONT` names one; otherwise the system's font folders are searched for well-known names. Noto
and Source Han know the rare characters of people's names (U+4DAE, U+2CB4E, U+20BB7), others may
not: what a font lacks is written as its code point, never as an empty box.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection

PATTERNS = (
    "NotoSansCJK*-Regular.[to]t[cf]",
    "NotoSansCJK*.ttc",
    "SourceHanSans*-Regular.[to]t[cf]",
    "NotoSans[STH][CK]*.[to]tf",
    "NotoSerifCJK*-Regular.ttc",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "STHeiti Light.ttc",
    "wqy-*.ttc",
    "Arial Unicode.ttf",
)
"""The most complete ones first."""

_FACES = {"zh_Hans": ("SC",), "zh_Hant_HK": ("HK", "TC"), "en": ("SC",)}
_FAMILY_NAME = 1


@dataclass(frozen=True, slots=True)
class Font:
    """A font file, and which of the faces in it."""

    file: Path
    face: int = 0


def find_font(locale: str, named: str = "", *, is_bold: bool = False) -> Font | None:
    """Return the regular or bold face for a language, None if no font with ideographs is there."""
    file = Path(named) if named else _installed()
    if file is None or not file.is_file():
        return None
    if is_bold:
        bold = file.with_name(file.name.replace("Regular", "Bold"))
        if bold == file or not bold.is_file():
            return None
        file = bold
    return Font(file, _face(file, locale))


@cache
def _installed() -> Path | None:
    for pattern in PATTERNS:
        for folder in _folders():
            found = sorted(folder.rglob(pattern))
            if found:
                return found[0]
    return None


def _folders() -> Iterator[Path]:
    shared = os.environ.get("XDG_DATA_DIRS") or os.pathsep.join(("/usr/local/share", "/usr/share"))
    home = Path.home()
    places = [home / ".local/share/fonts", home / ".fonts", home / "Library/Fonts"]
    places += [Path(folder) / "fonts" for folder in shared.split(os.pathsep)]
    places += [Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    return (place for place in places if place.is_dir())


@cache
def _face(file: Path, locale: str) -> int:
    """Return the number of the face whose family name ends with the language's mark."""
    if file.suffix != ".ttc":
        return 0
    with TTCollection(str(file), lazy=True) as collection:
        names = [str(font["name"].getDebugName(_FAMILY_NAME)) for font in collection]
    for mark in _FACES.get(locale, ()):
        for number, name in enumerate(names):
            if name.endswith(f" {mark}"):
                return number
    return 0
