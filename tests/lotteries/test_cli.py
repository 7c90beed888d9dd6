"""The command on downloaded files: what it says, its exit codes, and that no database is opened."""

import os
import subprocess
import sys

import pytest

from scheduler import paths
from scheduler.lotteries.cli import lottery
from scheduler.lotteries.lists import digest_of, result_of
from tests.lotteries.test_lists import TEXT

SEED = "03 08 11"


@pytest.fixture
def files(tmp_path):
    """The downloads as a browser keeps them: `list`, `result`, and a function that changes them."""
    places = {"list": tmp_path / "L-1-list.txt", "result": tmp_path / "L-1-result.txt"}
    places["list"].write_bytes(TEXT.encode())
    places["result"].write_bytes(result_of(TEXT, SEED).encode())
    return places


@pytest.fixture
def verify(app):
    def run(*arguments):
        return app.test_cli_runner().invoke(lottery, ["verify", *map(str, arguments)])

    return run


def test_it_agrees_with_what_was_published(verify, files):
    done = verify(
        files["list"], SEED, "--result", files["result"], "--sha256", digest_of(TEXT).upper()
    )
    assert done.exit_code == 0
    assert done.stdout == (f"list-sha256 {digest_of(TEXT)}\n3 entries, 1 places given\nAGREES\n")


@pytest.mark.parametrize(
    ("receipt", "line"),
    [
        ("R-C", "R-C: rank 1 of 3, place (GZ)"),
        ("r-b ", "R-B: rank 3 of 3, waiting, no. 2 in CHAMBER"),
    ],
)
def test_it_tells_what_was_drawn_for_a_receipt(verify, files, receipt, line):
    done = verify(files["list"], SEED, "--receipt", receipt)
    assert (done.exit_code, line in done.stdout.splitlines()) == (0, True)


def test_a_receipt_that_is_not_in_the_list_is_an_error(verify, files):
    done = verify(files["list"], SEED, "--receipt", "R-X")
    assert (done.exit_code, done.stderr) == (2, "R-X is not in the list.\n")


def test_another_seed_disagrees(verify, files):
    done = verify(files["list"], "03 08 12", "--result", files["result"])
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (1, "DISAGREES")
    assert done.stderr == "Line 4 of the result should be: seed 03 08 12\n"


def test_a_result_with_two_entries_exchanged_disagrees(verify, files):
    text = files["result"].read_text()
    files["result"].write_text(text.replace("R-C R-C", "R-X R-X"))
    done = verify(files["list"], SEED, "--result", files["result"])
    assert done.exit_code == 1
    assert done.stderr == "Line 5 of the result should be: 1 R-C R-C CHAMBER GZ place GZ\n"


def test_another_list_has_another_check_sum(verify, files):
    files["list"].write_bytes(TEXT.replace("entry R-C R-C CHAMBER GZ\n", "").encode())
    done = verify(files["list"], SEED, "--sha256", digest_of(TEXT))
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (1, "DISAGREES")
    assert done.stderr == f"The list's check sum is not {digest_of(TEXT)}.\n"


@pytest.mark.parametrize("content", [TEXT.replace("\n", "\r\n").encode(), b"\xff\xfe", b""])
def test_a_file_that_was_changed_on_its_way_is_named(verify, files, content):
    files["list"].write_bytes(content)
    done = verify(files["list"], SEED)
    assert done.exit_code == 2
    assert done.stderr.startswith("This is not a list as it was published: ")


def test_it_runs_where_there_is_no_database(files, tmp_path):
    instance = tmp_path / "instance"
    environment = {**os.environ, "INSTANCE_PATH": str(instance)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "lottery", "verify"]
    done = subprocess.run(
        [*command, files["list"], SEED, "--result", files["result"]],
        cwd=paths.PACKAGE.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "AGREES")
    assert not (instance / "scheduler.sqlite3").exists()
