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
    "lazy_pgettext:1c,2",
)
WIDTH = 100
HEADER = {
    "Project-Id-Version": "ambassador-scheduler",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
GLOSSARY = {
    "quota": {"zh_Hans": "配额", "zh_Hant_HK": "配額"},
    "guardian": {"zh_Hans": "监护人", "zh_Hant_HK": "監護人"},
}
"""Words that easily get two names; each text with the one says the other."""
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
    if catalogue.metadata.get("Language") != locale:
        found.append("the header is missing, so the catalogue would not be compiled")
    found += [f"nobody uses it any more: {key[1]!r}" for key in entries.keys() - wanted.keys()]
    for key in wanted.keys() & entries.keys():
        found += _faults(wanted[key], entries[key])
        found += _other_words(locale, entries[key])
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


def _other_words(locale: str, entry: polib.POEntry) -> list[str]:
    texts = [text for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]
    return [
        f"says no {names[locale]}: {text!r}"
        for word, names in GLOSSARY.items()
        if re.search(rf"\b{word}", PLACEHOLDER.sub("", entry.msgid), re.IGNORECASE)
        for text in texts
        if names[locale] not in text
    ]


def _placeholders(text: str) -> Counter[str]:
    # Named ones may be repeated or reordered by a language; each must be there.
    return Counter(set(PLACEHOLDER.findall(text)))


def update(template: polib.POFile) -> None:
    """Bring every catalogue up to the template; new texts come in untranslated."""
    wanted = {(entry.msgctxt, entry.msgid): entry for entry in template}
    for locale in LOCALES:
        place = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
        old = polib.pofile(str(place)) if place.exists() else polib.POFile()
        known = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
        new = polib.POFile(wrapwidth=WIDTH)
        new.metadata = {**HEADER, "Language": locale}
        for key in sorted(wanted, key=lambda key: (key[1], key[0] or "")):
            new.append(_brought_up(wanted[key], known.get(key)))
        new.save(str(place))


def _brought_up(source: polib.POEntry, known: polib.POEntry | None) -> polib.POEntry:
    """Return the template's entry with the translation that is there."""
    plural = {0: ""} if source.msgid_plural else {}
    return polib.POEntry(
        msgctxt=source.msgctxt,
        msgid=source.msgid,
        msgid_plural=source.msgid_plural,
        msgstr=known.msgstr if known else "",
        msgstr_plural=(known.msgstr_plural or plural) if known else plural,
        flags=source.flags,
        comment=source.comment,
    )


def main(arguments: list[str]) -> int:
    """Return 1 when a catalogue is not as it must be."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        texts = extract(template)
        if "--update" in arguments:
            update(texts)
        found = [line for locale in LOCALES for line in problems(locale, texts)]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(texts)} texts, {len(LOCALES)} languages, {len(found)} problems")
    return 1 if found and "--update" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
