"""The bundle that pages load: complete, ours alone, and with its licences."""

import json
import re
from pathlib import Path

import pytest

from scheduler import front_end

ROOT = Path(__file__).parents[2]
DIST = Path(front_end.__file__).parent / "static" / "dist"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# The name of the SVG language, which nobody fetches.
SVG = "http://www.w3.org/2000/svg"


def manifest():
    return json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))


def test_every_name_carries_its_hash_and_is_there():
    for plain, hashed in manifest().items():
        stem, _, suffix = plain.rpartition(".")
        assert re.fullmatch(rf"{stem}-[0-9A-Z]{{8}}\.{suffix}", hashed)
        assert (DIST / hashed).is_file()


@pytest.mark.parametrize("name", ["app.css", "app.js", "board.js", "icons.svg", "favicon.svg"])
def test_nothing_is_loaded_from_elsewhere(name):
    text = (DIST / manifest()[name]).read_text(encoding="utf-8")
    # Comments and messages of libraries may name a page; what loads something may not.
    loads = re.findall(r"""(?:url\(|import\s*\(?|src=|href=)["']?(https?://[^"')]+)""", text)
    assert [address for address in loads if not address.startswith(SVG)] == []


def test_the_icon_that_browsers_ask_for_unasked_starts_no_session(client):
    with client.get("/favicon.ico") as answer:
        icon = answer.data
    assert answer.status_code == 200
    assert icon == (DIST / manifest()["favicon.ico"]).read_bytes()
    assert icon.startswith(b"\0\0\1\0")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("package", ["bootstrap", "bootstrap-icons", "htmx.org"])
def test_licence_lies_beside_the_bundle(package):
    text = (DIST / "licenses" / f"{package}.txt").read_text(encoding="utf-8")
    assert text.startswith(f"{package} ")
    assert len(text.splitlines()) > 5


def test_lock_file_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {path: facts for path, facts in lock["packages"].items() if path}
    assert [path for path, facts in packages.items() if "resolved" in facts] == []
    assert [path for path, facts in packages.items() if "integrity" not in facts] == []


def test_icons_of_all_templates_are_in_the_sprite():
    sprite = (DIST / manifest()["icons.svg"]).read_text(encoding="utf-8")
    named = re.compile(r"""(?:\bicon\(|symbol=)["']([a-z0-9-]+)["']\s*[,)]""")
    missing = {
        (str(template.relative_to(ROOT)), name)
        for template in TEMPLATES
        for name in named.findall(template.read_text(encoding="utf-8"))
        if f'id="{name}"' not in sprite
    }
    assert missing == set()
