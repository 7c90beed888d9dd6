"""Problems, plans and assignments as JSON, to use and test the engine without the application.

A file mirrors the dataclasses: their fields by name, windows as [start, end], fields with a
default may be left out. docs/planning-format.md describes it. Unknown fields are refused, so that
a misspelt rule is not silently ignored.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, asdict, fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from scheduler.scheduling.engine.assigning.problem import (
    NOT_POSSIBLE,
    AssignmentProblem,
    Forbidden,
    Person,
    Place,
    Quota,
)
from scheduler.scheduling.engine.catalogue import RULE_BY_KIND, ProgrammeRule, UnwantedSessions
from scheduler.scheduling.engine.elements import (
    Activity,
    Block,
    Changeover,
    Lock,
    Part,
    Party,
    Room,
    TimeLimit,
    Travel,
    Venue,
    Weights,
    Window,
)
from scheduler.scheduling.engine.plan import Placement, Plan, plan_of
from scheduler.scheduling.engine.problem import Problem
from scheduler.scheduling.engine.shape import ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scheduler.scheduling.engine.assigning.result import AssignmentResult

Made = TypeVar("Made")

HIGHEST_NUMBER = 1_000_000
"""So large may a number of a file be, either way: what they cost together must fit 64 bits."""

# The fields that hold further dataclasses; all others hold what JSON has.
ELEMENTS: Mapping[tuple[type, str], type] = {
    (Problem, "days"): Window,
    (Problem, "venues"): Venue,
    (Problem, "activities"): Activity,
    (Problem, "parties"): Party,
    (Problem, "blocks"): Block,
    (Problem, "time_limits"): TimeLimit,
    (Problem, "travel"): Travel,
    (Problem, "changeovers"): Changeover,
    (Problem, "locks"): Lock,
    (Problem, "rules"): ProgrammeRule,
    (Venue, "windows"): Window,
    (Venue, "closures"): Window,
    (Venue, "rooms"): Room,
    (Activity, "parts"): Part,
    (Party, "busy"): Window,
    (TimeLimit, "windows"): Window,
    (UnwantedSessions, "windows"): Window,
    (AssignmentProblem, "people"): Person,
    (AssignmentProblem, "places"): Place,
    (AssignmentProblem, "quotas"): Quota,
    (AssignmentProblem, "forbidden"): Forbidden,
}
SCALARS: Mapping[str, tuple[type, ...]] = {
    "int": (int,),
    "str": (str,),
    "bool": (bool,),
    "int | None": (int, type(None)),
    "str | None": (str, type(None)),
}


def problem_from_json(text: str) -> Problem:
    """Return the problem in a file's text.

    Raises `ProblemError` with `not_json`, `doubled_field`, `not_an_object`, `unknown_field`,
    `unknown_rule`, `missing_field`, `bad_value` or `too_large` and the `path` in the file
    (`$.activities[3].size`), and with what `shape.py` refuses.
    """
    return _made(Problem, _parsed(text), "$")


def problem_to_json(problem: Problem) -> str:
    return json.dumps(_plain(problem), ensure_ascii=False, indent=1)


def plan_from_json(text: str) -> Plan:
    """Return the plan in a file's text: an object with a list of placements.

    Raises `ProblemError` as `problem_from_json` does.
    """
    content = _parsed(text)
    if not isinstance(content, dict):
        raise ProblemError("not_an_object", kind="plan", path="$")
    if "placements" not in content:
        raise ProblemError("missing_field", kind="plan", field="placements", path="$")
    placements = content["placements"]
    if not isinstance(placements, list):
        raise ProblemError("bad_value", kind="plan", field="placements", path="$.placements")
    return plan_of(
        _made(Placement, placement, f"$.placements[{number}]")
        for number, placement in enumerate(placements)
    )


def plan_to_json(plan: Plan, **facts: object) -> str:
    """Return a plan as JSON, with further facts (a value, a bound) beside the placements."""
    placements = [asdict(placement) for placement in plan.placements]
    return json.dumps({**facts, "placements": placements}, ensure_ascii=False, indent=1)


def assignment_from_json(text: str) -> AssignmentProblem:
    """Return the assignment problem in a file's text.

    Raises `ProblemError` as `problem_from_json` does, and with what `shape.py` refuses.
    """
    return _made(AssignmentProblem, _parsed(text), "$")


def assignment_to_json(result: AssignmentResult) -> str:
    """Return what came of an assignment, its fields by name."""
    return json.dumps(asdict(result), ensure_ascii=False, indent=1)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise ProblemError("not_json", line=error.lineno) from error
    except ProblemError:
        raise
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a deep nest
        raise ProblemError("not_json", line=1) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of two fields of one name the first would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise ProblemError("doubled_field", field=next(n for n in names if names.count(n) > 1))
    return found


def _made(kind: type[Made], content: Any, path: str) -> Made:
    """Build a dataclass from what JSON holds at a path, its parts included."""
    name = kind.__name__.lower()
    if not isinstance(content, dict):
        raise ProblemError("not_an_object", kind=name, path=path)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for field in content:
        if field not in known:
            raise ProblemError("unknown_field", kind=name, field=str(field), path=path)
    for field in known.values():
        if is_required(field) and field.name not in content:
            raise ProblemError("missing_field", kind=name, field=field.name, path=path)
    values = {
        key: _value(kind, key, str(known[key].type), content[key], f"{path}.{key}")
        for key in content
    }
    return kind(**values)


def is_required(field: Field[Any]) -> bool:
    """Tell whether a file has to say what a field holds."""
    return field.default is MISSING and field.default_factory is MISSING


def _value(kind: type, field: str, declared: str, content: Any, path: str) -> Any:
    refusal = ProblemError("bad_value", kind=kind.__name__.lower(), field=field, path=path)
    element = ELEMENTS.get((kind, field))
    if declared == "Weights":
        return _made(Weights, content, path)
    if declared in SCALARS:
        return _scalar(declared, content, refusal)
    if content is None and declared.endswith("| None"):
        return None
    if declared in _LISTS and (made := _LISTS[declared](content)) is not None:
        return made
    if declared in _LISTS or not isinstance(content, list):
        raise refusal
    if element is None:
        raise TypeError(f"{kind.__name__}.{field} is declared in no way that JSON has")
    return tuple(
        _part(element, one, f"{path}[{number}]", refusal) for number, one in enumerate(content)
    )


def _scalar(declared: str, content: Any, refusal: ProblemError) -> Any:
    is_no_number = isinstance(content, bool) and declared != "bool"
    if is_no_number or not isinstance(content, SCALARS[declared]):
        raise refusal
    if type(content) is int and abs(content) > HIGHEST_NUMBER:
        raise ProblemError("too_large", most=HIGHEST_NUMBER, **refusal.facts)
    return content


def _words(content: Any) -> tuple[str, ...] | None:
    """Return a list of words, or None if it is not one; so do the next three."""
    is_list = isinstance(content, list) and all(isinstance(one, str) for one in content)
    return tuple(content) if is_list else None


def _word_lists(content: Any) -> tuple[tuple[str, ...], ...] | None:
    lists = [_words(one) for one in content] if isinstance(content, list) else [None]
    return None if None in lists else tuple(one for one in lists if one is not None)


def _numbers(content: Any) -> tuple[int, ...] | None:
    is_list = isinstance(content, list) and all(type(one) is int for one in content)
    return tuple(content) if is_list else None


def _cost_rows(content: Any) -> tuple[tuple[int, ...], ...] | None:
    """Return a table of costs, in which null stands for what is not possible."""
    if not isinstance(content, list) or not all(isinstance(row, list) for row in content):
        return None
    rows = [_numbers([NOT_POSSIBLE if one is None else one for one in row]) for row in content]
    return None if None in rows else tuple(row for row in rows if row is not None)


_LISTS: Mapping[str, Callable[[Any], Any]] = {
    "tuple[str, ...]": _words,
    "tuple[tuple[str, ...], ...]": _word_lists,
    "tuple[int, ...]": _numbers,
    "Sequence[Sequence[int]] | None": _cost_rows,
}


def _part(element: type, content: Any, path: str, refusal: ProblemError) -> Any:
    if element is Window:
        return _window(content, path, refusal)
    return _rule(content, path) if element is ProgrammeRule else _made(element, content, path)


def _rule(content: Any, path: str) -> ProgrammeRule:
    """Build a rule of the kind that the object names."""
    kind = content.get("kind") if isinstance(content, dict) else None
    if not isinstance(kind, str) or kind not in RULE_BY_KIND:
        raise ProblemError("unknown_rule", kind=str(kind), path=f"{path}.kind")
    facts = {key: value for key, value in content.items() if key != "kind"}
    return _made(RULE_BY_KIND[kind], facts, path)


def _window(pair: Any, path: str, refusal: ProblemError) -> Window:
    if not isinstance(pair, list) or len(pair) != len(fields(Window)):
        raise ProblemError("bad_value", **{**refusal.facts, "path": path})
    start, end = (
        _scalar("int", one, ProblemError("bad_value", **{**refusal.facts, "path": f"{path}[{n}]"}))
        for n, one in enumerate(pair)
    )
    return Window(start, end)


def _plain(thing: Any) -> Any:
    """Return what JSON can hold of a dataclass, without the fields that have their default."""
    if isinstance(thing, Window):
        return [thing.start, thing.end]
    if isinstance(thing, tuple):
        return [_plain(one) for one in thing]
    if not is_dataclass(thing):
        return thing
    values = {field: getattr(thing, field.name) for field in fields(thing)}
    kind = {"kind": thing.kind} if isinstance(thing, ProgrammeRule) else {}
    return kind | {
        field.name: _plain(value)
        for field, value in values.items()
        if value != field.default
        and (field.default_factory is MISSING or value != field.default_factory())
    }
