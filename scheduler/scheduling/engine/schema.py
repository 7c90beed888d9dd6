"""The files of problems, plans and assignments as JSON Schema (draft 2020-12).

Made from the same dataclasses as the reader (`format.py`), so that neither knows a field that the
other does not. What a schema refuses the reader refuses too; the reader refuses more, such as an
id that does not exist.
"""

from __future__ import annotations

import inspect
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from scheduler.scheduling.engine.assigning.problem import AssignmentProblem
from scheduler.scheduling.engine.catalogue import RULE_BY_KIND, ProgrammeRule
from scheduler.scheduling.engine.elements import Part, Party, Weights, Window
from scheduler.scheduling.engine.format import ELEMENTS, HIGHEST_NUMBER, is_required
from scheduler.scheduling.engine.plan import Placement
from scheduler.scheduling.engine.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from dataclasses import Field

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_WORD: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": -HIGHEST_NUMBER, "maximum": HIGHEST_NUMBER}
_DECLARED: Mapping[str, Schema] = {
    "int": _NUMBER,
    "str": _WORD,
    "bool": {"type": "boolean"},
    "int | None": {**_NUMBER, "type": ["integer", "null"]},
    "str | None": {"type": ["string", "null"]},
    "tuple[str, ...]": {"type": "array", "items": _WORD},
    "tuple[tuple[str, ...], ...]": {"type": "array", "items": {"type": "array", "items": _WORD}},
    "tuple[int, ...]": {"type": "array", "items": {"type": "integer"}},
    "Sequence[Sequence[int]] | None": {
        "type": ["array", "null"],
        "items": {"type": "array", "items": {"type": ["integer", "null"]}},
    },
}

# What a field asks for beyond its type; `shape.py` and the rules' `flaw` refuse the same.
_NARROWER: Mapping[tuple[type, str], Schema] = {
    (Problem, "days"): {"minItems": 1},
    (Problem, "grid_minutes"): {"minimum": 1},
    (Part, "minutes"): {"minimum": 1},
    (Party, "persons"): {"minimum": 1},
    (Party, "rest_minutes"): {"minimum": 0},
    (Party, "activities"): {"uniqueItems": True},
    **{(Weights, field.name): {"minimum": 0} for field in fields(Weights)},
    **{(rule, "weight"): {"minimum": 0} for rule in RULE_BY_KIND.values()},
    **{
        (rule, "activities"): {"minItems": 1, "uniqueItems": True} for rule in RULE_BY_KIND.values()
    },
}


def schema_of(name: str) -> Schema:
    """Return the schema of a "problem", a "plan" or an "assignment" (the problem of one)."""
    return SCHEMAS[name]()


def problem_schema() -> Schema:
    """Return the schema of a file with a problem."""
    return _whole(Problem, "A planning problem")


def plan_schema() -> Schema:
    """Return the schema of a file with a plan; further fields beside its placements are free."""
    placements = {"type": "array", "items": {"$ref": "#/$defs/Placement"}}
    return {
        "$schema": DRAFT,
        "title": "A plan",
        "description": "Where and when each activity is placed.",
        "type": "object",
        "properties": {
            "placements": placements,
            "status": {"description": "Written by `solve`: what is known about the plan."},
            "value": {"description": "Written by `solve`: what the plan costs."},
            "bound": {"description": "Written by `solve`: no valid plan costs less."},
        },
        "required": ["placements"],
        "$defs": {"Placement": _object(Placement)},
    }


def assignment_schema() -> Schema:
    """Return the schema of a file with people to be assigned to places."""
    return _whole(AssignmentProblem, "An assignment problem")


SCHEMAS = {"problem": problem_schema, "plan": plan_schema, "assignment": assignment_schema}


def _whole(kind: type, title: str) -> Schema:
    definitions: dict[str, Schema] = {}
    _define(kind, definitions)
    whole = definitions.pop(kind.__name__)
    return {"$schema": DRAFT, "title": title, **whole, "$defs": definitions}


def _define(kind: type, found: dict[str, Schema]) -> None:
    """Add the definitions of a dataclass and of all that it is made of."""
    if kind.__name__ in found:
        return
    if kind is Window:
        found["Window"] = _window()
        return
    if kind is ProgrammeRule:
        rules = [{"$ref": f"#/$defs/{rule.__name__}"} for rule in RULE_BY_KIND.values()]
        found["ProgrammeRule"] = {"oneOf": rules}
        for rule in RULE_BY_KIND.values():
            found[rule.__name__] = _object(rule)
        return
    found[kind.__name__] = _object(kind)
    for field in fields(kind):
        element = Weights if field.type == "Weights" else ELEMENTS.get((kind, field.name))
        if element is not None:
            _define(element, found)


def _window() -> Schema:
    return {
        "description": "[start, end] in minutes, the end not included.",
        "type": "array",
        "prefixItems": [_NUMBER, _NUMBER],
        "minItems": 2,
        "maxItems": 2,
    }


def _object(kind: type) -> Schema:
    said = (inspect.getdoc(kind) or "").replace("`", "")
    properties = {field.name: _field(kind, field) for field in fields(kind)}
    required = [field.name for field in fields(kind) if is_required(field)]
    if issubclass(kind, ProgrammeRule):
        properties = {"kind": {"const": kind.kind}, **properties}
        required = ["kind", *required]
    return {
        "description": " ".join(said.split()),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _field(kind: type, field: Field[Any]) -> Schema:
    element = ELEMENTS.get((kind, field.name))
    if element is not None:
        found: Schema = {"type": "array", "items": {"$ref": f"#/$defs/{element.__name__}"}}
    elif field.type == "Weights":
        return {"$ref": "#/$defs/Weights"}
    else:
        found = dict(_DECLARED[str(field.type)])
    found |= _NARROWER.get((kind, field.name), {})
    if field.default is not MISSING:
        found["default"] = list(field.default) if field.default == () else field.default
    return found
