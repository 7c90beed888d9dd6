"""Addresses: lower case with hyphens, every parameter with its type, one rule of access each."""

import re

import pytest

from scheduler import paths
from scheduler.access.guard import rule_of
from scheduler.access.permissions import Permission
from tests.conftest import NO_DATABASE, new_app
from tests.meta.access_table import ACCESS

PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")
PARAMETER = re.compile(r"<(?P<converter>[a-z]+)(\([^)]*\))?:(?P<name>[a-z_]+)>")


@pytest.fixture(scope="module")
def rules():
    app = new_app(NO_DATABASE)
    return app, [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_paths_are_lower_case_words_with_hyphens(rules):
    words = {
        (rule.rule, part)
        for rule in rules[1]
        for part in PARAMETER.sub("", rule.rule).split("/")
        if part.strip(".")
    }
    assert {word for word in words if not PART.fullmatch(word[1].strip("."))} == set()


def test_every_parameter_names_its_type(rules):
    untyped = {rule.rule for rule in rules[1] if re.search(r"<[a-z_]+>", rule.rule)}
    assert untyped == set()


def test_no_address_ends_with_a_slash(rules):
    assert [rule.rule for rule in rules[1] if rule.rule != "/" and rule.rule.endswith("/")] == []


def test_no_address_shows_an_integer_key(rules):
    """Public references are codes; a number tells how many there are and invites guessing."""
    keys = {rule.rule for rule in rules[1] if re.search(r"<int:\w*id>", rule.rule)}
    assert keys == set()


def test_the_access_table_is_exactly_what_the_routes_declare(rules):
    app, routes = rules
    declared = {rule.endpoint: str(rule_of(app, rule.endpoint)) for rule in routes}
    assert declared == ACCESS


def test_a_view_without_a_rule_does_not_run():
    app = new_app(NO_DATABASE, SECRET_KEY="for this test only")
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    client = app.test_client()
    answer = client.get("/forgotten")
    assert (answer.status_code, b"secret" in answer.data) == (403, False)


def test_every_permission_is_asked_for_somewhere():
    sources = "".join(
        place.read_text(encoding="utf-8")
        for place in paths.PACKAGE.rglob("*.py")
        if place.name != "permissions.py"
    )
    assert [each for each in Permission if f"Permission.{each.name}" not in sources] == []
