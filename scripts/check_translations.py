"""Compares the translation catalogues with the texts in code and templates.

Without arguments it fails on a missing, outdated, fuzzy or malformed translation; `--update`
brings new texts into the catalogues (and takes out those that are gone) for translators.
"""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "scheduler" / "translations"
LOCALES = ("zh_Hans", "zh_Hant_HK")
KEYWORDS = (
    "_",
    "_l",
    "lazy_gettext",
    "ngettext:1,2",
    "_n:1,2",
    "lazy_ngettext:1,2",
    "pgettext:1c,2",
)
PLACEHOLDER = re.compile(r"%\([a-zA-Z_]\w*\)[a-z]|%[sd]")


def extract(template: Path) -> polib.POFile:
    """Write the texts of code and templates as a catalogue template, and return it."""
    keywords = [part for word in KEYWORDS for part in ("-k", word)]
    command = [
        sys.executable, "-m", "babel.messages.frontend", "-q", "extract",
        "-F", "babel.cfg", *keywords, "--add-comments", "Translators:",
        "--no-location", "--sort-output", "--omit-header", "-o", str(template), ".",
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT)
    return polib.pofile(str(template))


def problems(locale: str, template: polib.POFile) -> list[str]:
    """Everything that is wrong with a language's catalogue, one line each."""
    place = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    if not place.exists():
        return [f"{locale}: there is no catalogue"]
    catalogue = polib.pofile(str(place), check_for_duplicates=True)
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    wanted = {(entry.msgctxt, entry.msgid): entry for entry in template}
    found = [f"not translated: {wanted[key].msgid!r}" for key in wanted.keys() - entries.keys()]
    found += [f"nobody uses it any more: {key[1]!r}" for key in entries.keys() - wanted.keys()]
    for key in wanted.keys() & entries.keys():
        found += _faults(wanted[key], entries[key])
    return [f"{locale}: {line}" for line in sorted(found)]


def _faults(source: polib.POEntry, entry: polib.POEntry) -> list[str]:
    if entry.fuzzy:
        return [f"marked as fuzzy: {source.msgid!r}"]
    texts = list(entry.msgstr_plural.values()) if source.msgid_plural else [entry.msgstr]
    if not texts or not all(texts):
        return [f"not translated: {source.msgid!r}"]
    expected = _placeholders(source.msgid_plural or source.msgid)
    return [
        f"other placeholders than {sorted(expected)}: {text!r}"
        for text in texts
        if _placeholders(text) != expected
    ]


def _placeholders(text: str) -> Counter[str]:
    # Named ones may be repeated or reordered by a language; each must be there.
    return Counter(set(PLACEHOLDER.findall(text)))


def update(template: Path) -> None:
    """Bring every catalogue up to the template; new texts come in untranslated."""
    for locale in LOCALES:
        place = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
        header = _header(place)
        verb = "update" if place.exists() else "init"
        extra = (
            ["--no-fuzzy-matching", "--ignore-obsolete", "--omit-header"] if place.exists() else []
        )
        subprocess.run(
            [sys.executable, "-m", "babel.messages.frontend", "-q", verb, "-i", str(template),
             "-d", str(CATALOGUES), "-l", locale, "--no-wrap", *extra],
            check=True,
            cwd=ROOT,
        )  # fmt: skip
        if header and not _header(place):  # without one, compiling leaves the catalogue out
            place.write_text(header + place.read_text(encoding="utf-8"), encoding="utf-8")


def _header(place: Path) -> str:
    """Return the catalogue's first entry, which tells its language; empty if it has none."""
    text = place.read_text(encoding="utf-8") if place.exists() else ""
    first, gap, _ = text.partition("\n\n")
    return first + gap if '\nmsgid ""\nmsgstr ""\n"Project-Id-Version' in f"\n{first}" else ""


def main(arguments: list[str]) -> int:
    """Return 1 when a catalogue is not as it must be."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        texts = extract(template)
        if "--update" in arguments:
            update(template)
        found = [line for locale in LOCALES for line in problems(locale, texts)]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(texts)} texts, {len(LOCALES)} languages, {len(found)} problems")
    return 1 if found and "--update" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
