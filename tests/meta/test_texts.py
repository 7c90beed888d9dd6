"""Every code that may be raised has a sentence of its own, and its facts fill the sentence."""

import ast
from enum import StrEnum
from importlib import import_module

from scheduler import paths, rooms, texts, worker  # noqa: F401 - rooms and worker load all texts


def raised_codes():
    """Every enum member that some module passes to `Refused`."""
    found = set()
    for place in sorted(paths.PACKAGE.rglob("*.py")):
        source = place.read_text(encoding="utf-8")
        if "Refused(" not in source:
            continue
        name = ".".join(place.relative_to(paths.PACKAGE.parent).with_suffix("").parts)
        module = import_module(name)
        for node in ast.walk(ast.parse(source)):
            is_refusal = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
            code = node.args[0] if is_refusal and node.args else None
            if isinstance(code, ast.Attribute) and isinstance(code.value, ast.Name):
                enum = getattr(module, code.value.id, None)
                if isinstance(enum, type) and issubclass(enum, StrEnum):
                    found.add(enum[code.attr])
    return sorted(found, key=lambda code: (type(code).__module__, code))


def _name(code):
    return f"{type(code).__module__}.{type(code).__name__}.{code.name}"


def test_every_refusal_has_a_sentence():
    codes = raised_codes()
    assert len(codes) > 250
    assert [_name(code) for code in codes if not texts.has_sentence(code)] == []


def test_equal_words_of_two_rooms_do_not_share_a_sentence():
    class One(StrEnum):
        TAKEN = "taken_in_tests"

    class Other(StrEnum):
        TAKEN = "taken_in_tests"

    texts.add_sentences({One.TAKEN: "one"})
    texts.add_sentences({Other.TAKEN: "other"})
    assert (texts.sentence(One.TAKEN), texts.sentence(Other.TAKEN)) == ("one", "other")
