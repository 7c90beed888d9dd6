"""Files: what is written is read back alike, what is wrong is named, the commands work."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings

from scheduler.scheduling.engine import Lock, Party, ProblemError, Weights
from scheduler.scheduling.engine.__main__ import main
from scheduler.scheduling.engine.format import (
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
)
from tests.scheduling.engine.small import item, plan, problem, problems, venue

TWO = problem([item("x"), item("y")], parties=(Party("both", ("x", "y")),), weights=Weights(2))


@settings(max_examples=50, derandomize=True)
@given(problems())
def test_a_problem_survives_the_file(drawn):
    assert problem_from_json(problem_to_json(drawn)) == drawn


def test_weights_and_windows_survive_the_file():
    assert problem_from_json(problem_to_json(TWO)) == TWO
    assert json.loads(problem_to_json(TWO))["days"] == [[0, 1000], [1000, 2000]]


def test_a_plan_survives_the_file():
    written = plan(x=("A", 10), y=("B", 30))
    assert plan_from_json(plan_to_json(written, value=7)) == written


def changed(**facts):
    return json.dumps({**json.loads(problem_to_json(TWO)), **facts})


def of_problem(field, path):
    return {"kind": "problem", "field": field, "path": path}


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("{", "not_json", {"line": 1}),
        ("[]", "not_an_object", {"kind": "problem", "path": "$"}),
        (changed(partys=[]), "unknown_field", {"kind": "problem", "field": "partys", "path": "$"}),
        ("{}", "missing_field", {"kind": "problem", "field": "days", "path": "$"}),
        (changed(days=[[0]]), "bad_value", of_problem("days", "$.days[0]")),
        (changed(days=[[0, "9"]]), "bad_value", of_problem("days", "$.days[0][1]")),
        (changed(days=7), "bad_value", of_problem("days", "$.days")),
        (changed(grid_minutes="5"), "bad_value", of_problem("grid_minutes", "$.grid_minutes")),
        (changed(grid_minutes=True), "bad_value", of_problem("grid_minutes", "$.grid_minutes")),
        (changed(blocks=[{"id": "b", "activities": [1]}]), "bad_value", None),
        (changed(locks=[{"activity": "z"}]), "unknown_activity", None),
    ],
)
def test_what_is_wrong_with_a_file_is_named(text, code, facts):
    with pytest.raises(ProblemError) as refused:
        problem_from_json(text)
    assert refused.value.code == code
    assert facts is None or refused.value.facts == facts


@pytest.mark.parametrize(
    ("text", "code"),
    [("[]", "not_an_object"), ("{}", "missing_field"), ('{"placements": 3}', "bad_value")],
)
def test_a_plan_needs_placements(text, code):
    with pytest.raises(ProblemError, match=code):
        plan_from_json(text)


@pytest.fixture
def command(capsys):
    def run(*words):
        status = main([str(word) for word in words])
        return status, *capsys.readouterr()

    return run


def test_the_package_can_be_run():
    words = [sys.executable, "-m", "scheduler.scheduling.engine", "--help"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert done.stdout.startswith("usage: python -m scheduler.scheduling.engine")


@pytest.fixture
def file(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_solve_and_check_from_the_command_line(command, file):
    source = file("problem.json", problem_to_json(TWO))
    status, solved, _ = command("solve", source, "--work", 5, "--seed", 2)
    assert (status, json.loads(solved)["status"]) == (0, "optimal")
    status, checked, _ = command("check", source, file("plan.json", solved))
    assert (status, json.loads(checked)["violations"]) == (0, [])
    assert json.loads(checked)["score"]["value"] == json.loads(solved)["value"]


def test_a_broken_rule_from_the_command_line(command, file):
    source, bad = file("problem.json", problem_to_json(TWO)), plan(x=("A", 0))
    status, checked, _ = command("check", source, file("plan.json", plan_to_json(bad)))
    codes = [one["code"] for one in json.loads(checked)["violations"]]
    assert (status, codes) == (1, ["opening_hours", "unplaced"])
    assert json.loads(checked)["score"] is None


def test_explain_from_the_command_line(command, file):
    locked = problem([item("x", size=60)], [venue("A", size=80)], locks=(Lock("x", start=300),))
    status, told, _ = command("explain", file("problem.json", problem_to_json(locked)))
    assert status == 1
    assert [rule["code"] for rule in json.loads(told)["rules"]] == ["lock", "opening_hours"]


def test_an_impossible_problem_and_a_missing_file(command, file, tmp_path):
    tall = file("problem.json", problem_to_json(problem([item("x", size=60)])))
    status, written, told = command("solve", tall)
    assert (status, written, told.splitlines()[-1]) == (1, "", "impossible")
    status, _, complaint = command("solve", tmp_path / "none.json")
    assert (status, complaint) == (2, f"{tmp_path / 'none.json'}: No such file or directory\n")
    assert command("solve", file("bad.json", "{}"))[0] == 2


def test_a_file_that_is_no_text_is_refused_in_words(command, tmp_path):
    path = tmp_path / "picture.json"
    path.write_bytes(b"\xff\xd8\xff")
    assert command("solve", path) == (2, "", "This is no text in UTF-8.\n")


@pytest.mark.parametrize(
    "words",
    [
        ["--seconds", "0"],
        ["--seconds", "nan"],
        ["--work", "-1"],
        ["--seed", "-1"],
        ["--seed", "99999999999"],
        ["--seed", "many"],
    ],
)
def test_an_option_that_cannot_be_used_ends_with_its_usage(command, file, words, capsys):
    with pytest.raises(SystemExit) as ended:
        command("solve", file("problem.json", problem_to_json(TWO)), *words)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_repair_from_the_command_line_moves_one(command, file):
    shut = replace(TWO, venues=(venue("A", (100, 300)),))
    was = file("plan.json", plan_to_json(plan(x=("A", 110), y=("A", 20))))
    status, written, _ = command(
        "repair", file("problem.json", problem_to_json(shut)), was, "--work", 5
    )
    told = json.loads(written)
    assert (status, told["moved"], told["moves_bound"]) == (0, ["y"], 1)
    assert plan_from_json(written).by_activity["x"].start == 110


def test_elsewhere_from_the_command_line(command, file):
    source = file("problem.json", problem_to_json(TWO))
    now = file("plan.json", plan_to_json(plan(x=("A", 10), y=("A", 200))))
    status, written, _ = command("elsewhere", source, now, "x")
    told = json.loads(written)
    assert status == 0
    assert told["free"] < told["tried"]
    assert told["best"][0]["places"][0]["venue"] == "A"
    status, _, complaint = command("elsewhere", source, now, "z")
    assert (status, complaint) == (2, "The problem has no activity “z”.\n")


def test_tradeoffs_from_the_command_line(command, file):
    source = file("problem.json", problem_to_json(TWO))
    start = file("plan.json", plan_to_json(plan(x=("A", 10), y=("A", 200))))
    status, written, _ = command("tradeoffs", source, "--start", start, "--work", 20)
    told = json.loads(written)
    assert (status, told["status"]) == (0, "optimal")
    assert told["start"]["value"] > told["choices"][0]["value"]
    assert {place["activity"] for place in told["choices"][0]["plan"]} == {"x", "y"}
    tall = file("tall.json", problem_to_json(problem([item("x", size=60)])))
    assert command("tradeoffs", tall)[0] == 1


def test_a_plan_of_other_things_is_checked_all_the_same(command, file):
    source = file("problem.json", problem_to_json(TWO))
    other = file("plan.json", plan_to_json(plan(x=("Z", 10), q=("A", 10))))
    status, written, _ = command("check", source, other)
    assert (status, json.loads(written)["score"]) == (1, None)
    assert json.loads(written)["violations"] != []


def test_the_problem_can_come_from_the_standard_input():
    words = [sys.executable, "-m", "scheduler.scheduling.engine", "explain", "-"]
    done = subprocess.run(
        words, check=True, capture_output=True, text=True, input=problem_to_json(TWO)
    )
    assert json.loads(done.stdout)["verdict"] == "possible"


def test_the_command_writes_the_schema(command):
    status, written, _ = command("schema", "problem")
    assert (status, json.loads(written)["title"]) == (0, "A planning problem")
