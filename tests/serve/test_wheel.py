"""The built wheel, installed in an empty environment, serves pages from another folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from scheduler import paths
from tests.support.servers import free_port, get, start_server

ROOT = paths.PACKAGE.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built through the sdist, as a release is: what the sdist forgets is missing here too."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    left_out = shutil.ignore_patterns(
        ".git", ".venv", "node_modules", "instance", "tests", "__pycache__", ".*_cache", "dist?"
    )
    shutil.copytree(ROOT, source, ignore=left_out)
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The Python of an empty environment with the wheel and, by path, our third-party packages."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    with ZipFile(wheel) as archive:
        archive.extractall(site)
    # A .pth entry is not searched for further .pth files, so our checkout's stays unknown.
    (site / "third_party.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"


def test_it_carries_all_that_is_not_code(wheel):
    with ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    for folder, pattern, name in (
        (ROOT / "templates", "**/*.html", "scheduler/templates"),
        (ROOT / "migrations", "**/*.py", "scheduler/migrations"),
        (paths.PACKAGE / "static" / "dist", "**/*.*", "scheduler/static/dist"),
        (paths.PACKAGE / "translations", "**/*.mo", "scheduler/translations"),
    ):
        there = {
            f"{name}/{place.relative_to(folder).as_posix()}"
            for place in folder.glob(pattern)
            if place.is_file()
            and not place.name.startswith(".")
            and "__pycache__" not in place.parts
        }
        assert there
        assert there - inside == set()
    assert "scheduler/_config.py" in inside


def test_it_claims_no_common_module_names(wheel):
    with ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"scheduler"}


def test_it_serves_the_same_pages_from_another_folder(installed, tmp_path):
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "WARNING",
    }
    command = [str(installed), "-m", "scheduler.serve"]
    with start_server(command, port, cwd=tmp_path, env=environment) as output:
        chinese = get(f"http://127.0.0.1:{port}/sign-in", {"Accept-Language": "zh-CN"})
        style = next(part for part in chinese.text.split('"') if part.endswith(".css"))
        sheet = get(f"http://127.0.0.1:{port}{style}")
        while "Ctrl-C stops it." not in (said := output.read_text()):
            time.sleep(0.05)
    assert 'lang="zh-Hans"' in chinese.text
    assert (sheet.status, len(sheet.text) > 10_000) == (200, True)
    assert "登录" in chinese.text
    assert (tmp_path / "instance" / "scheduler.sqlite3").exists()
    assert f"http://127.0.0.1:{port}/invitations/" in said
    where = subprocess.run(
        [str(installed), "-c", "import scheduler; print(scheduler.__file__)"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert str(installed.parent.parent) in where.stdout
