"""The schemas of the engine's files: what they refuse the reader refuses too, with a sentence."""

import ast
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from scheduler.scheduling import engine
from scheduler.scheduling.engine import ProblemError, Weights
from scheduler.scheduling.engine.catalogue import RULE_BY_KIND
from scheduler.scheduling.engine.format import (
    assignment_from_json,
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
)
from scheduler.scheduling.engine.schema import SCHEMAS, schema_of
from scheduler.scheduling.engine.sentences import SENTENCES, sentence
from scheduler.scheduling.situation import situation_of
from tests.scheduling.engine.small import plan, problems
from tests.scheduling.engine.test_assignment_format import FILE as PEOPLE

READERS = {
    "problem": problem_from_json,
    "plan": plan_from_json,
    "assignment": assignment_from_json,
}
DOCUMENT = Path(__file__).parents[3] / "docs" / "planning-format.md"


def mistakes(name, content):
    """Where the schema refuses a content, by path."""
    found = Draft202012Validator(schema_of(name)).iter_errors(content)
    return sorted({one.json_path for one in found})


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_one(name):
    Draft202012Validator.check_schema(schema_of(name))


def examples():
    """The JSON of docs/planning-format.md, with what it is."""
    blocks = DOCUMENT.read_text(encoding="utf-8").split("```json\n")[1:]
    for text in (block.split("```")[0] for block in blocks):
        content = json.loads(text)
        yield "assignment" if "people" in content else "problem", content


def test_the_documents_examples_are_valid():
    found = list(examples())
    assert [name for name, _content in found] == ["problem", "assignment"]
    assert [mistakes(*one) for one in found] == [[], []]


@settings(max_examples=60, derandomize=True)
@given(problems())
def test_what_the_writer_writes_is_valid(drawn):
    assert mistakes("problem", json.loads(problem_to_json(drawn))) == []


def test_a_written_plan_is_valid_with_what_solve_adds():
    written = plan_to_json(plan(x=("A", 10)), status="optimal", value=3, bound=3)
    assert mistakes("plan", json.loads(written)) == []


def test_a_programme_of_the_application_is_valid(festival):
    written = json.loads(problem_to_json(situation_of(festival.programme).problem))
    assert mistakes("problem", written) == []
    assert written["activities"]


def whole():
    """A problem that uses every part of the format."""
    pair = ["x", "y"]
    own = {
        "spread_days": {"days": 2},
        "breaks": {"most_minutes": 90, "break_minutes": 20},
        "not_beside": {"others": pair},
        "numbered": {"numbers": [1, 2]},
        "few_early": {"early_minutes": 60},
    }
    return {
        "days": [[0, 1000]],
        "venues": [
            {
                "id": "A",
                "stage_size": 50,
                "seats": 100,
                "windows": [[0, 300]],
                "closures": [[20, 40]],
                "rooms": [{"kind": "warm_up", "count": 1}],
            }
        ],
        "activities": [
            {
                "id": id_,
                "size": 9,
                "school": "S",
                "region": None,
                "setup": "chairs",
                "parts": [{"room": "stage", "begin": 0, "minutes": 20, "attended": True}],
            }
            for id_ in pair
        ],
        "parties": [{"id": "p", "activities": pair, "persons": 2, "busy": [[500, 510]]}],
        "blocks": [{"id": "b", "activities": pair, "may_pause": True, "max_idle_minutes": None}],
        "time_limits": [{"id": "t", "code": "c", "activities": pair, "windows": [[0, 900]]}],
        "travel": [{"origin": "A", "destination": "A", "minutes": 5}],
        "changeovers": [{"before": "chairs", "after": "chairs", "minutes": 5}],
        "locks": [{"activity": "x", "venue": "A"}],
        "rules": [
            {"kind": kind, "id": kind, "activities": pair, "weight": 3, **own.get(kind, {})}
            for kind in RULE_BY_KIND
        ],
        "weights": {"waiting": 2},
        "grid_minutes": 5,
        "comfort_minutes": 30,
    }


WHOLE = {
    "problem": whole(),
    "plan": {"placements": [{"activity": "x", "venue": "A", "start": 5}]},
    "assignment": {**PEOPLE, "together": [["ann", "bo"]], "apart": []},
}
WRONG = (None, True, -1, 0, 1.5, 10**7, "word", "", [], ["x", "x"], [1], {}, {"odd": 1})


def wrongs(content, path=()):
    """Every copy of a content in which one thing is wrong, or at least other."""
    here = content
    for step in path:
        here = here[step]
    if path:
        yield from (_with(content, path, wrong) for wrong in WRONG)
    if isinstance(here, dict):
        yield _with(content, path, {**here, "odd": 1})
        yield from (
            _with(content, path, {k: v for k, v in here.items() if k != gone}) for gone in here
        )
    steps = here if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
    for step in steps:
        yield from wrongs(content, (*path, step))


def _with(content, path, value):
    if not path:
        return value
    copy = json.loads(json.dumps(content))
    here = copy
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return copy


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_the_schema_refuses_the_reader_refuses_with_a_sentence(name):
    validator = Draft202012Validator(schema_of(name))
    assert mistakes(name, WHOLE[name]) == []
    READERS[name](json.dumps(WHOLE[name]))
    accepted, refused = [], 0
    for content in wrongs(WHOLE[name]):  # the schema is slow: only what was read is put to it
        try:
            READERS[name](json.dumps(content))
        except ProblemError as error:
            assert sentence(error)
            refused += 1
        else:
            accepted.append(content)
    assert refused > 20
    assert [content for content in accepted if not validator.is_valid(content)] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sizee": 1}, "$.activities[1]: A activity has no field “sizee”."),
        ({"size": "9"}, "$.activities[1].size: This is no value for the field “size”"),
        ({"size": 10**9}, "$.activities[1].size: Numbers go from -1000000 to 1000000."),
        (
            {"parts": [{"room": "stage", "begin": 0}]},
            "$.activities[1].parts[0]: The field “min",
        ),
        ({"parts": [7]}, "$.activities[1].parts[0]: Here must stand an object {…}: the part."),
        ({"id": "x"}, "“x” stands there twice (activity)."),
    ],
)
def test_a_refusal_names_the_place(change, said):
    content = whole()
    content["activities"][1] |= change
    with pytest.raises(ProblemError) as error:
        problem_from_json(json.dumps(content))
    assert sentence(error.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "This is no JSON; the mistake is in line 1 or just before."),
        ("9" * 5000, "This is no JSON; the mistake is in line 1 or just before."),
        ('{"days": [],\n"days": []}', "The field “days” stands twice in one object."),
        ('{"days": [[0, NaN]]}', "$: The field “venues” of the problem is missing."),
        ("{\n,", "This is no JSON; the mistake is in line 2 or just before."),
    ],
)
def test_odd_texts_are_refused_in_words(text, said):
    with pytest.raises(ProblemError) as error:
        problem_from_json(text)
    assert sentence(error.value) == said


def refusals():
    """Every code with which the engine refuses a problem."""
    for path in Path(engine.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ProblemError":
                yield from (one.value for one in node.args if isinstance(one, ast.Constant))
            if isinstance(node, ast.FunctionDef) and node.name == "flaw":
                returned = (one for one in ast.walk(node) if isinstance(one, ast.Return))
                words = (each for one in returned for each in ast.walk(one))
                yield from (
                    one.value
                    for one in words
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def test_each_refusal_has_a_sentence_and_each_sentence_a_refusal():
    assert set(refusals()) == set(SENTENCES)


def test_the_schema_knows_what_costs_and_its_prices():
    properties = schema_of("problem")["$defs"]["Weights"]["properties"]
    assert {name: one["default"] for name, one in properties.items()} == asdict(Weights())
