"""Files of assignments: read, refused, and the command."""

import json

import pytest

from scheduler.scheduling.engine import ProblemError
from scheduler.scheduling.engine.__main__ import main
from scheduler.scheduling.engine.assigning.problem import (
    NOT_POSSIBLE,
    AssignmentProblem,
    Forbidden,
    Person,
    Place,
    Quota,
)
from scheduler.scheduling.engine.format import assignment_from_json

FILE = {
    "people": [
        {"id": "ann", "wishes": ["choir", "drums"], "classes": ["P"], "claim": 1},
        {"id": "bo", "wishes": ["choir", "drums"]},
    ],
    "places": [{"id": "choir", "most": 2}, {"id": "drums", "least": 1}],
    "quotas": [{"id": "primary", "place": "choir", "people": "P", "kept": 1}],
    "forbidden": [{"person": "bo", "place": "choir"}],
    "together": [],
    "apart": [["ann", "bo"]],
    "rank_costs": [0, 2],
    "unwished_cost": 9,
}


def test_a_file_holds_a_whole_problem():
    assert assignment_from_json(json.dumps(FILE)) == AssignmentProblem(
        people=(
            Person("ann", ("choir", "drums"), ("P",), 1),
            Person("bo", ("choir", "drums")),
        ),
        places=(Place("choir", 2), Place("drums", 1, 1)),
        quotas=(Quota("primary", "choir", "P", kept=1),),
        forbidden=(Forbidden("bo", "choir"),),
        apart=(("ann", "bo"),),
        rank_costs=(0, 2),
        unwished_cost=9,
    )


def test_a_table_of_costs_has_null_for_what_is_not_possible():
    content = {"people": [{"id": "a"}], "places": [{"id": "x"}, {"id": "y"}]}
    problem = assignment_from_json(json.dumps({**content, "costs": [[None, 3]]}))
    assert problem.costs == ((NOT_POSSIBLE, 3),)
    assert assignment_from_json(json.dumps({**content, "costs": None})).costs is None


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"placees": []}, "unknown_field"),
        ({"apart": [["ann", 1]]}, "bad_value"),
        ({"apart": ["ann"]}, "bad_value"),
        ({"together": {}}, "bad_value"),
        ({"rank_costs": [0, "2"]}, "bad_value"),
        ({"rank_costs": [0, True]}, "bad_value"),
        ({"costs": [1, 2]}, "bad_value"),
        ({"costs": [[1.5, 2], [1, 1]]}, "bad_value"),
        ({"people": "ann"}, "bad_value"),
        ({"costs": [[1, 2]]}, "bad_table"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(facts, code):
    with pytest.raises(ProblemError) as refused:
        assignment_from_json(json.dumps({**FILE, **facts}))
    assert refused.value.code == code


@pytest.fixture
def command(capsys, tmp_path):
    def run(content, *words):
        path = tmp_path / "people.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        status = main(["assign", str(path), *words])
        return status, json.loads(capsys.readouterr().out)

    return run


def test_assign_from_the_command_line(command):
    status, told = command(FILE, "--aim", "fairest", "--seconds", "30")
    assert (status, told["status"], told["aim"], told["value"]) == (0, "optimal", "fairest", 2)
    assert told["assigned"] == [
        {"person": "ann", "place": "choir"},
        {"person": "bo", "place": "drums"},
    ]
    assert told["ranks"] == [{"rank": 1, "people": 1}, {"rank": 2, "people": 1}]


def test_what_is_short_from_the_command_line(command):
    status, told = command(
        {
            **FILE,
            "apart": [],
            "places": [{"id": "choir"}, {"id": "drums"}],
            "forbidden": [{"person": "bo", "place": "choir"}, {"person": "ann", "place": "choir"}],
        }
    )
    assert (status, told["status"], told["assigned"]) == (1, "impossible", [])
    assert told["shortage"]["at_most"] == [{"place": "drums", "quota": None, "number": 1}]
    assert (told["shortage"]["needed"], told["shortage"]["available"]) == (2, 1)
