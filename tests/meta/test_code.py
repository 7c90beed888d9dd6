"""Rules about the code that no linter of ours knows: sizes, pure rooms, where time comes from."""

import ast
import subprocess
import sys

import pytest

from scheduler import paths

MODULES = sorted(paths.PACKAGE.rglob("*.py"))
FILE_LINES = 400
NOT_FOR_THE_ENGINE = ("flask", "sqlalchemy", "werkzeug", "wtforms", "jinja2", "huey")
ENGINE = sorted((paths.PACKAGE / "scheduling" / "engine").glob("*.py"))


def _name(module):
    return ".".join(module.relative_to(paths.PACKAGE.parent).with_suffix("").parts)


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_a_file_is_split_before_it_grows_too_long(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_a_module_says_what_lives_in_it(module):
    assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))


@pytest.mark.parametrize("module", ENGINE, ids=_name)
def test_the_engine_loads_without_framework_or_database(module):
    """In a fresh interpreter, since this one has loaded everything already."""
    name = _name(module).removesuffix(".__init__")
    code = f"import sys, {name}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {module.partition(".")[0] for module in done.stdout.split()}
    assert loaded & set(NOT_FOR_THE_ENGINE) == set()


def test_importing_the_package_loads_no_framework():
    code = "import sys, scheduler, scheduler.scheduling; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {module.partition(".")[0] for module in done.stdout.split()}
    assert loaded & {"flask", "sqlalchemy", "ortools"} == set()


def test_the_web_loads_no_solver():
    """OR-Tools brings 600 modules; only the job that solves pays for them."""
    code = "import sys, scheduler.app; print('ortools' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
