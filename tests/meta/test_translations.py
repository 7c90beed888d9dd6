"""Every text is translated, placeholders survive, and the catalogues compile."""

import io
import sys

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from scheduler import paths

sys.path.insert(0, str(paths.PACKAGE.parent / "scripts"))

import check_translations


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    return check_translations.extract(tmp_path_factory.mktemp("texts") / "messages.pot")


@pytest.mark.parametrize("locale", check_translations.LOCALES)
def test_nothing_is_missing_outdated_fuzzy_or_malformed(texts, locale):
    assert check_translations.problems(locale, texts) == []


@pytest.mark.parametrize("locale", check_translations.LOCALES)
def test_the_catalogue_compiles(locale):
    place = check_translations.CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    with place.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    assert [error for message, errors in catalogue.check() for error in errors] == []
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.tell() > 0


@pytest.mark.parametrize(
    ("source", "translation", "problem"),
    [
        ("%(count)s groups", "%(count)s 个团队", None),
        ("%(count)s groups", "%(cuont)s 个团队", "other placeholders"),
        ("%(count)s groups", "", "not translated"),
    ],
)
def test_the_check_finds_what_it_looks_for(tmp_path, monkeypatch, source, translation, problem):
    import polib

    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = check_translations.HEADER | {"Language": "zh_Hans"}
    catalogue.append(polib.POEntry(msgid=source, msgstr=translation))
    catalogue.save(str(folder / "messages.po"))
    template = polib.POFile()
    template.append(polib.POEntry(msgid=source))
    monkeypatch.setattr(check_translations, "CATALOGUES", tmp_path)
    found = check_translations.problems("zh_Hans", template)
    assert [problem in line for line in found] == ([True] if problem else [])


def test_a_catalogue_without_its_header_is_noticed(tmp_path, monkeypatch):
    import polib

    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    polib.POFile().save(str(folder / "messages.po"))
    monkeypatch.setattr(check_translations, "CATALOGUES", tmp_path)
    found = check_translations.problems("zh_Hans", polib.POFile())
    assert found == ["zh_Hans: the header is missing, so the catalogue would not be compiled"]


@pytest.mark.parametrize(
    ("translation", "faults"), [("还剩 3 个配额", 0), ("还剩 3 个名额", 1)], ids=["quota", "place"]
)
def test_a_quota_is_not_called_a_place(translation, faults):
    entry = check_translations.polib.POEntry(msgid="Quotas left: 3", msgstr=translation)
    assert len(check_translations._other_words("zh_Hans", entry)) == faults
