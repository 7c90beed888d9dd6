"""Every setting is documented, every documented one exists, and the defaults are safe."""

import re
import runpy

import pytest

from scheduler import paths

ROOT = paths.PACKAGE.parent
DOCUMENT = ROOT / "docs" / "deployment.md"


def test_the_document_lists_exactly_the_variables_that_are_read():
    source = paths.settings_file().read_text(encoding="utf-8")
    read = set(re.findall(r'(?:environ\.get|_is_on)\("([A-Z_]+)"', source)) | {"INSTANCE_PATH"}
    settings = (
        DOCUMENT.read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    )
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", settings, re.MULTILINE)) == read


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A function that reads the settings file as a start with these variables would."""
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))

    def read(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(paths.settings_file()))

    return read


def test_secrets_have_no_default(settings):
    first = settings()
    assert len({first["SECRET_KEY"], first["ENCRYPTION_KEY"]} | {""}) == 3


@pytest.mark.parametrize(
    "given", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"]
)
def test_postgresql_addresses_of_any_spelling_get_our_driver(settings, given):
    assert settings(DATABASE_URL=given)["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    ("address", "is_secure"), [("https://a.example", True), ("http://a.example", False)]
)
def test_cookies_are_secure_as_soon_as_the_public_address_is(settings, address, is_secure):
    read = settings(PUBLIC_URL=address)
    assert (read["SESSION_COOKIE_SECURE"], read["REMEMBER_COOKIE_SECURE"]) == (is_secure, is_secure)


def test_an_installation_starts_without_demo(settings, monkeypatch):
    monkeypatch.delenv("DEMO", raising=False)
    assert settings()["DEMO"] is False
