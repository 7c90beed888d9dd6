"""Templates: each compiles, imports only what it uses, stays short, and is used somewhere."""

import ast
import re

import pytest
from jinja2 import nodes

from scheduler import paths
from tests.conftest import NO_DATABASE, new_app

LINES = 150
FOLDER = paths.templates()
TEMPLATES = sorted(str(place.relative_to(FOLDER)) for place in FOLDER.rglob("*.html"))


@pytest.fixture(scope="module")
def environment():
    return new_app(NO_DATABASE).jinja_env


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(environment, name):
    assert environment.get_template(name).name == name


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_imports_only_what_it_uses(environment, name):
    tree = environment.parse((FOLDER / name).read_text(encoding="utf-8"))
    imported = set()
    for node in tree.find_all(nodes.FromImport):
        imported |= {each[1] if isinstance(each, tuple) else each for each in node.names}
    imported |= {node.target for node in tree.find_all(nodes.Import)}
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    assert imported - used == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_is_short(name):
    assert len((FOLDER / name).read_text(encoding="utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_keeps_code_and_style_in_the_bundle(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)[^>]*>", text) == []


def test_every_template_is_used(environment):
    named = set()
    for name in TEMPLATES:
        tree = environment.parse((FOLDER / name).read_text(encoding="utf-8"))
        kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
        named |= {
            constant.value
            for node in tree.find_all(kinds)
            for constant in [node.template, *node.template.find_all(nodes.Const)]
            if isinstance(constant, nodes.Const)
        }
    for module in paths.PACKAGE.rglob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        named |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    assert set(TEMPLATES) - named == set()
