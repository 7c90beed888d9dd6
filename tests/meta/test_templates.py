"""Templates: each compiles, imports only what it uses, stays short, and is used somewhere."""

import ast
import re

import pytest
from jinja2 import nodes

from scheduler import paths
from tests.conftest import NO_DATABASE, new_app

LINES = 150
FOLDER = paths.templates()
TEXTS = {
    str(place.relative_to(FOLDER)): place.read_text(encoding="utf-8")
    for place in sorted(FOLDER.rglob("*.html"))
}
TEMPLATES = list(TEXTS)


@pytest.fixture(scope="module")
def environment():
    return new_app(NO_DATABASE).jinja_env


@pytest.fixture(scope="module")
def trees(environment):
    return {name: environment.parse(text) for name, text in TEXTS.items()}


def test_each_compiles(environment):
    assert [name for name in TEMPLATES if environment.get_template(name).name != name] == []


def test_each_imports_only_what_it_uses(trees):
    assert {name: unused for name, tree in trees.items() if (unused := _unused(tree))} == {}


def _unused(tree):
    imported = set()
    for node in tree.find_all(nodes.FromImport):
        imported |= {each[1] if isinstance(each, tuple) else each for each in node.names}
    imported |= {node.target for node in tree.find_all(nodes.Import)}
    return imported - {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}


def test_each_is_short():
    lines = {name: len(text.splitlines()) for name, text in TEXTS.items()}
    assert {name: many for name, many in lines.items() if many > LINES} == {}


def test_each_keeps_code_and_style_in_the_bundle():
    loose = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)[^>]*>")
    assert {name: found for name, text in TEXTS.items() if (found := loose.findall(text))} == {}


def test_every_template_is_used(trees):
    named = set()
    for tree in trees.values():
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
