"""Rules about the code that no linter of ours knows: sizes, pure rooms, where time comes from."""

import ast
import subprocess
import sys

from scheduler import paths

MODULES = sorted(paths.PACKAGE.rglob("*.py"))
TEXTS = {module: module.read_text(encoding="utf-8") for module in MODULES}
FILE_LINES = 400
NOT_FOR_THE_ENGINE = ("flask", "sqlalchemy", "werkzeug", "wtforms", "jinja2", "huey")
ENGINE = sorted((paths.PACKAGE / "scheduling" / "engine").rglob("*.py"))
LOADING = """
import importlib, sys
for name in sys.argv[1:]:
    before = set(sys.modules)
    importlib.import_module(name)
    print(name, *{each.partition(".")[0] for each in set(sys.modules) - before})
"""


def _name(module):
    return ".".join(module.relative_to(paths.PACKAGE.parent).with_suffix("").parts)


def _python(code, *arguments):
    """What a fresh interpreter prints."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_file_is_split_before_it_grows_too_long():
    lines = {_name(module): len(text.splitlines()) for module, text in TEXTS.items()}
    assert {name: many for name, many in lines.items() if many > FILE_LINES} == {}


def test_a_module_says_what_lives_in_it():
    silent = [
        _name(module) for module, text in TEXTS.items() if not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_the_engine_loads_without_framework_or_database():
    """In one fresh interpreter, since this one has loaded everything already."""
    names = [_name(module).removesuffix(".__init__") for module in ENGINE]
    done = _python(LOADING, *names)
    loaded = {name: brought for name, *brought in map(str.split, done.splitlines())}
    assert list(loaded) == names
    guilty = {name: set(brought) & set(NOT_FOR_THE_ENGINE) for name, brought in loaded.items()}
    assert {name: found for name, found in guilty.items() if found} == {}


def test_importing_the_package_loads_no_framework():
    code = "import sys, scheduler, scheduler.scheduling; print(*sys.modules)"
    loaded = {module.partition(".")[0] for module in _python(code).split()}
    assert loaded & {"flask", "sqlalchemy", "ortools"} == set()


def test_the_web_loads_no_solver():
    """OR-Tools brings 600 modules; only the job that solves pays for them."""
    code = "import sys, scheduler.app; print('ortools' in sys.modules, 'pandas' in sys.modules)"
    assert _python(code).strip() == "False False"
