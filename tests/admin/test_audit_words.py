"""Whatever the code notes in the audit log has words there."""

import ast
import re
from pathlib import Path

import scheduler
from scheduler.admin.audit_texts import ACTIONS
from scheduler.admin.audit_words import DEEDS, THINGS
from scheduler.applications.workflow import Action
from scheduler.publicity.models import ObjectionState

NOTING = {"record", "_record", "note", "_note"}
ACTION = re.compile(r"[a-z_]+:[a-z_-]+")


def noted():
    """Every action that is written out where something is noted."""
    for path in Path(scheduler.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            function = call.func
            name = getattr(function, "attr", None) or getattr(function, "id", "")
            if name not in NOTING:
                continue
            for part in (each for argument in call.args for each in ast.walk(argument)):
                if isinstance(part, ast.Constant) and ACTION.fullmatch(str(part.value)):
                    yield part.value


def test_each_action_that_is_noted_has_words():
    found = set(noted())
    assert "workdays:confirm" in found
    pairs = (action.split(":") for action in sorted(found))
    assert [f"{t}:{d}" for t, d in pairs if t not in THINGS or d not in DEEDS] == []


def test_so_have_the_steps_of_applications_and_objections():
    words = {*map(str, Action), *map(str, ObjectionState)} - {"open"}
    assert words - set(DEEDS) - set(ACTIONS) == set()
