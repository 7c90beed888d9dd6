"""Compares docs/planning-rules.md with the catalogue of the engine; `--update` writes it."""

import inspect
import sys
from dataclasses import MISSING, fields
from pathlib import Path

from scheduler.scheduling.engine.catalogue import RULE_BY_KIND, ProgrammeRule

FILE = Path(__file__).parents[1] / "docs" / "planning-rules.md"
COMMON = {field.name for field in fields(ProgrammeRule)}
HEAD = """\
# Rules that a programme can state

Made by `python scripts/rule_catalogue.py --update` from the engine's `catalogue`; do not edit.
How they stand in a file: [planning-format.md](planning-format.md). Each has an `id`, the
`activities` that it is about and a `weight`: left out or null it must hold, a number is the price
of one unit, 0 switches it off.

| kind | what it asks for, and what is one unit | further fields |
| --- | --- | --- |
"""


def catalogue() -> str:
    """Return the whole text of the file."""
    return HEAD + "".join(_line(kind, rule) for kind, rule in sorted(RULE_BY_KIND.items()))


def _line(kind: str, rule: type[ProgrammeRule]) -> str:
    said = " ".join((inspect.getdoc(rule) or "").split())
    own = [
        f"`{field.name}`" + ("" if field.default is MISSING else f" ({_plain(field.default)})")
        for field in fields(rule)
        if field.name not in COMMON
    ]
    return f"| `{kind}` | {said} | {', '.join(own)} |\n"


def _plain(default: object) -> str:
    return "any" if default is None else str(default)


if __name__ == "__main__":
    if "--update" in sys.argv:
        FILE.write_text(catalogue(), encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != catalogue():
        sys.exit("docs/planning-rules.md is out of date: python scripts/rule_catalogue.py --update")
